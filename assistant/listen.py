"""A recording → what is said in it; or, where nobody speaks, that it is compared by its sound.

Knows the transcriber, and whether an index has sounds to compare with; reads no meaning.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from retrieval.embed import Encoders, embed_sound
from retrieval.errors import RecordingError
from retrieval.index import Index
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
