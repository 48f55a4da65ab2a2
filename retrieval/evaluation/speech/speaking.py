"""Synthesise sentences, add noise to them, and count word errors.

Knows espeak-ng, samples and words; knows no item and no model. A word error rate is the edit
distance in words divided by the number of words spoken.
"""

import re
import shutil
import subprocess
import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Levenshtein

from retrieval.english import UNITS
from retrieval.errors import MissingDependencyError
from retrieval.files import disk
from retrieval.media.recordings import RATE
from retrieval.protocols import Sound

SPEAKER = "espeak-ng"
CURE = f"apt install {SPEAKER}"

_SPELT = {"40": "forty", "2nd": "second", "1st": "first"} | {
    str(number): word for word, number in UNITS.items() if number <= 10
}


def can_speak() -> bool:
    """Tell whether this machine can synthesise speech."""
    return shutil.which(SPEAKER) is not None


def speak(sentence: str, voice: str, place: Path) -> None:
    """Synthesise a sentence into a WAV file, at 150 words per minute.

    Raises: MissingDependencyError when espeak-ng is not installed.
    """
    if not can_speak():
        raise MissingDependencyError(f"spoken lines need {SPEAKER}: {CURE}")
    subprocess.run(  # fixed program, and the text is an argument, never a shell line
        [SPEAKER, "-v", voice, "-s", "150", "-w", str(place), "--", sentence],
        check=True,
        capture_output=True,
    )


def with_noise(sound: Sound, decibels: float, seed: int) -> Sound:
    """Add white noise at a signal-to-noise ratio in decibels, averaged over the whole sound."""
    noise = np.random.default_rng(seed).standard_normal(len(sound))
    power = float(np.square(sound, dtype=np.float64).mean())
    loudness = np.sqrt(power / 10 ** (decibels / 10))
    return np.asarray(np.clip(sound + loudness * noise, -1, 1), dtype=np.float32)


def write_sound(sound: Sound, place: Path) -> None:
    """Write samples at RATE as 16-bit WAV; raise StorageError when that fails."""
    with disk(place), place.open("wb") as file, wave.open(file) as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((sound * 32767).astype("<i2").tobytes())


def words_of(text: str) -> list[str]:
    """Return a text's words, normalised: lower case, no punctuation, numbers spelt out."""
    found = re.findall(r"[\w']+", text.lower().replace("’", "'"))
    return [_SPELT.get(word, word) for word in found]


def word_errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """Return the edit distance in words: insertions, deletions and substitutions."""
    return Levenshtein.distance(said, heard)
