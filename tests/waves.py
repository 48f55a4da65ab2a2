"""Samples as WAV files, so that recordings in tests are real ones."""

import wave

import numpy as np


def save_wave(samples, path):
    """Write samples (-1 to 1, 16,000 a second) as 16-bit mono."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path
