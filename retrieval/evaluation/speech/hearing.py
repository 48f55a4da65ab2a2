"""Synthesise sentences, clean and in noise, and transcribe them; transcripts are cached.

Knows voices, noise and a transcriber; knows no item. The cache is a file, so that an interrupted
run continues where it stopped.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from retrieval.errors import StorageError
from retrieval.evaluation.intervals import Figure, figure
from retrieval.evaluation.speech.speaking import (
    speak,
    with_noise,
    word_errors,
    words_of,
    write_sound,
)
from retrieval.files import disk, write_whole
from retrieval.media.recordings import Recording, read_recording
from retrieval.protocols import Transcriber

VOICES = ("en-us", "en-gb", "en-us+f3")
NOISE_LEVELS: Mapping[str, float | None] = {"clean": None, "20 dB": 20, "10 dB": 10, "5 dB": 5}

_SEED = 7
_LONGEST = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class HeardDescription:
    """One spoken description with its transcript."""

    said: str
    words: str  # of the transcript, "" when nothing was heard
    seconds: float  # of Whisper's computation

    @property
    def errors(self) -> int:
        """Count the word errors: substitutions, deletions and insertions."""
        return word_errors(words_of(self.said), words_of(self.words))


def record(words: str, voice: str, decibels: float | None, folder: Path) -> Path:
    """Return a recording of words, with noise unless `decibels` is None.

    Raises: MissingDependencyError when espeak-ng is not installed.
    """
    place = folder / "spoken.wav"
    speak(words, voice, place)
    if decibels is not None:
        sound = read_recording(place, longest=_LONGEST)
        write_sound(with_noise(sound, decibels, _SEED), place)
    return place


@dataclass(frozen=True)
class Studio:
    """Synthesises and transcribes descriptions, with a cache of transcripts."""

    transcriber: Transcriber
    kept: Path  # a JSON file
    record: Callable[[str, str, float | None, Path], Path] = record

    def hear(
        self, descriptions: Sequence[str], noise: str, tell: Callable[[str], None]
    ) -> list[HeardDescription]:
        """Return the transcripts of descriptions, spoken by the voices in turn; new ones are made.

        Raises:
            MissingDependencyError: espeak-ng is not installed.
            StorageError: the cached transcripts are damaged, or cannot be written.
        """
        known = self._known()
        found = []
        with TemporaryDirectory() as folder:
            for at, words in enumerate(descriptions):
                voice = VOICES[at % len(VOICES)]
                key = self._key(words, voice, noise)
                if key not in known:
                    place = self.record(words, voice, NOISE_LEVELS[noise], Path(folder))
                    since = perf_counter()
                    heard = self.transcriber.transcribe(Recording(place)).words
                    known[key] = {"words": heard, "seconds": perf_counter() - since}
                    self._keep(known)
                    tell(f"hearing, {noise}: {at + 1} of {len(descriptions)}")
                found.append(HeardDescription(words, **known[key]))
        return found

    def _key(self, words: str, voice: str, noise: str) -> str:
        whole = "|".join((self.transcriber.name, voice, noise, words))
        return sha256(whole.encode()).hexdigest()[:16]

    def _known(self) -> dict[str, dict[str, Any]]:
        if not self.kept.exists():
            return {}
        try:
            found: dict[str, dict[str, Any]] = json.loads(self.kept.read_text("utf-8"))
        except ValueError as error:
            raise StorageError(f"{self.kept} is damaged ({error}): delete it") from error
        return found

    def _keep(self, known: Mapping[str, Mapping[str, Any]]) -> None:
        with disk(self.kept):
            self.kept.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self.kept, json.dumps(known, indent=1).encode())


def rate(several: Sequence[HeardDescription]) -> Figure:
    """Return the word error rate over all spoken words, with its interval over recordings."""
    lengths = [len(words_of(one.said)) for one in several]
    return figure([one.errors * len(several) / sum(lengths) for one in several])
