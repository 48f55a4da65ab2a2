"""The user's input for one turn, normalised when it is created.

Knows that a video is both a photo and a recording; does not interpret the words.
"""

from dataclasses import dataclass
from pathlib import Path

from retrieval.catalogue.cells import printable
from retrieval.errors import RecordingError
from retrieval.items import Constraint
from retrieval.media.recordings import VIDEOS, tracks


@dataclass(frozen=True, slots=True)
class Request:
    """The user's input; words, photos or recording may be missing, but not all of them.

    The pictures of a video are used as a photo, and its sound as a recording. A recording given
    together with a video replaces the video's own sound.
    """

    words: str = ""
    photos: tuple[Path, ...] = ()  # picture or video files, without duplicates
    recording: Path | None = None
    balance: float | None = None  # 0 is the photo alone, 1 the words alone; None is unchanged
    given_up: tuple[Constraint, ...] = ()  # taken back by hand; the words only say so
    set_instead: tuple[Constraint, ...] = ()  # by hand too, in place of what was given up
    user: str = "me"  # whose conversation and taste profile are used
    language: str = ""  # of the page, ISO 639-1: a voice message is probably in it

    def __post_init__(self) -> None:
        """Clean the words of what cannot be shown, and split videos into photos and a recording."""
        photos, recording = list(self.photos), self.recording
        if recording is not None and "pictures" in (held := _tracks(recording)):
            photos.append(recording)
            recording = recording if "sound" in held else None
        for photo in self.photos:
            if recording is None and "sound" in _tracks(photo):
                recording = photo
        object.__setattr__(self, "words", printable(self.words))
        object.__setattr__(self, "photos", tuple(dict.fromkeys(photos)))
        object.__setattr__(self, "recording", recording)


def _tracks(path: Path) -> frozenset[str]:
    """Return a video's tracks; none for other files, or if it cannot be read (reported later)."""
    if path.suffix.lower() not in VIDEOS:
        return frozenset()
    try:
        return tracks(path)
    except RecordingError:
        return frozenset()
