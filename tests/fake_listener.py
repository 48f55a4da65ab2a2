"""A speech engine that hears what it is told to."""

from retrieval.media.recordings import RATE


class Listener:
    """A speech engine that hears what it is told to, and remembers how much it was given."""

    name = "listener"

    def __init__(self, *segments):
        self.segments, self.seconds = list(segments), []

    def hear(self, sound):
        self.seconds.append(len(sound) / RATE)
        return "en", self.segments
