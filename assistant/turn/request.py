"""What the user hands over in one turn, made normal where it is made.

Knows that a video is both a photo and a recording; reads no meaning.
"""

from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import RecordingError
from retrieval.media.recordings import VIDEOS, tracks


@dataclass(frozen=True, slots=True)
class Request:
    """What the user hands over; any subset may be empty, but not all.

    What a video shows is taken for a photo, and what is heard in it for a recording. A recording
    that is given beside a video counts instead of the video's own sound.
    """

    words: str = ""
    photos: tuple[Path, ...] = ()  # files of pictures or videos, each once
    recording: Path | None = None
    balance: float | None = None  # 0 is the photo alone, 1 the words alone; None leaves it as it is
    user: str = "me"  # whose conversation and taste it is

    def __post_init__(self) -> None:
        """Strip the words, and take videos apart."""
        photos, recording = list(self.photos), self.recording
        if recording is not None and "pictures" in (held := _tracks(recording)):
            photos.append(recording)
            recording = recording if "sound" in held else None
        for photo in self.photos:
            if recording is None and "sound" in _tracks(photo):
                recording = photo
        object.__setattr__(self, "words", self.words.strip())
        object.__setattr__(self, "photos", tuple(dict.fromkeys(photos)))
        object.__setattr__(self, "recording", recording)


def _tracks(path: Path) -> frozenset[str]:
    """Return what a file holds that may be a video; nothing, where its reader will say why."""
    if path.suffix.lower() not in VIDEOS:
        return frozenset()
    try:
        return tracks(path)
    except RecordingError:
        return frozenset()
