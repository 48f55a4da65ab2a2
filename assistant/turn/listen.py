"""A recording → what is said in it; or, where nobody speaks, that it is compared by its sound.

Knows the transcriber, whether an index has sounds to compare with, and that a video is both a photo
and a recording; reads no meaning.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from assistant.events import Request
from retrieval.embed import Encoders, embed_sound
from retrieval.errors import RecordingError
from retrieval.index.index import Index
from retrieval.media.recordings import VIDEOS, tracks
from retrieval.protocols import Transcript

BY_SOUND = "I heard no words in the recording, so I compared it by its sound."


@dataclass(frozen=True, slots=True)
class Listened:
    """What a recording is good for; of neither words nor sound, the transcript says why."""

    transcript: Transcript
    sounds: tuple[Path, ...] = ()  # the recording, where it is to be compared by its sound


def listen(recording: Path, index: Index, encoders: Encoders) -> Listened:
    """Hear a recording; silence and plain noise are neither words nor a sound.

    Raises: RecordingError when it cannot be read, or there is no speech model.
    """
    if encoders.transcriber is None:
        raise RecordingError("no speech model is loaded: type the message instead")
    transcript = encoders.transcriber.transcribe(recording)
    if transcript.words or not index.has_sounds or embed_sound(recording, encoders) is None:
        return Listened(transcript)
    return Listened(replace(transcript, notice=BY_SOUND), (recording,))


def watched(request: Request) -> Request:
    """Take what a video shows for a photo, and what is heard in it for a recording.

    A recording that was given beside a video counts instead of the video's own sound.
    """
    photos, recording = list(request.photos), request.recording
    if recording is not None and "pictures" in (held := _held(recording)):
        photos.append(recording)
        recording = recording if "sound" in held else None
    for photo in request.photos:
        if recording is None and "sound" in _held(photo):
            recording = photo
    return replace(request, photos=tuple(dict.fromkeys(photos)), recording=recording)


def _held(path: Path) -> frozenset[str]:
    """Return what a file holds that may be a video; nothing, where its reader will say why."""
    if path.suffix.lower() not in VIDEOS:
        return frozenset()
    try:
        return tracks(path)
    except RecordingError:
        return frozenset()
