"""Encode a sound by the mean states of Whisper's encoder: the alternative sound encoder.

Knows faster-whisper's encoder (`pip install -e '.[faster]'`); knows no decoder and no words. The
mean over time of its last layer: Gong, Khurana, Karlinsky and Glass, "Whisper-AT: Noise-Robust
Automatic Speech Recognizers are Also Strong General Audio Event Taggers", arXiv 2307.03183.
"""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.audio import pad_or_trim

from retrieval.media.recordings import RATE
from retrieval.protocols import Sound, Vectors

_STATES = 50  # per second


class PooledWhisper:
    """Means of encoder states, standardised over some sounds."""

    def __init__(self, model: Path, kept: Path) -> None:
        """Open a model's folder; `kept` is the cache folder of means, for interrupted runs."""
        kept.mkdir(parents=True, exist_ok=True)
        self._kept = kept
        self._model = WhisperModel(str(model), device="cpu", compute_type="int8")
        self._middle, self._spread = np.float32(0.0), np.float32(1.0)

    def centre(self, sounds: Sequence[Sound]) -> None:
        """Compute the mean and standard deviation for standardisation from these sounds."""
        states = self._pooled(sounds)
        self._middle, self._spread = states.mean(axis=0), states.std(axis=0) + 1e-6

    def encode(self, sounds: Sequence[Sound]) -> Vectors:
        """Return (len(sounds), width) unit vectors."""
        rows = (self._pooled(sounds) - self._middle) / self._spread
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)

    def _pooled(self, sounds: Sequence[Sound]) -> Vectors:
        return np.stack([self._mean(sound) for sound in sounds])

    def _mean(self, sound: Sound) -> Vectors:
        path = self._kept / f"{sha256(sound.tobytes()).hexdigest()[:24]}.npy"
        if not path.exists():
            np.save(path, self._states(sound).mean(axis=0))
        return np.asarray(np.load(path))

    def _states(self, sound: Sound) -> Vectors:
        """Return the states (time, width), without those of the padding."""
        features = pad_or_trim(self._model.feature_extractor(sound))
        states = np.asarray(self._model.encode(features))[0]
        return states[: max(1, int(_STATES * len(sound) / RATE))].astype(np.float32)
