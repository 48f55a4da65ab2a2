"""Encode sounds as unit vectors: statistics of the log-mel spectrogram, without trained weights.

Knows samples; knows no file and no words. A sound is described by the mean level of each mel band
(its timbre), the level's variation and its change from frame to frame (its rhythm): Tzanetakis and
Cook, "Musical Genre Classification of Audio Signals", 2002, doi 10.1109/TSA.2002.800560. Each
number is standardised by its mean and standard deviation over many kinds of sounds
(`sound_scale.toml`, made by `python -m benchmarks.sounds --scale`), so that unrelated sounds have
cosines near 0. docs/fusion.md compares this encoder with Whisper's.
"""

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from retrieval.media.recordings import RATE
from retrieval.protocols import Sound, Vectors

Spectrogram = NDArray[np.float64]  # (frames, bands), decibels below the loudest, at least -_DEPTH

_BANDS = 40
_FRAME, _HOP = 512, 160  # samples: 32 ms, every 10 ms
_LOWEST, _HIGHEST = 50.0, 7600.0  # hertz
_DEPTH = 60.0  # decibels below the loudest value; lower levels are raised to this floor
_EDGE = 30.0  # decibels below the loudest frame; quieter frames at both ends are cut off
_LONGEST = 30  # seconds that are used; more do not improve the description
_QUIET = 1e-3  # of full scale; a recording whose loudest frame is below this is silent
# The largest log ratio between a band's variation in plain noise and in white noise. White, pink
# and brown noise stay within 0.15 in three seconds, within 0.3 in one; every sound that the encoder
# was developed on exceeds it in some band, as do 95 % of them with noise added 10 decibels below.
_STEADY = 0.3


class LogMelEncoder:
    """Describes each band's level, its variation and its change from frame to frame."""

    name = "log-mel statistics"
    dimension = 3 * _BANDS

    def encode(self, sounds: Sequence[Sound]) -> Vectors:
        """Return (len(sounds), 120) unit vectors."""
        middle, spread = _scale()
        found = [(statistics(one) - middle) / spread for one in sounds]
        rows = np.reshape(found, (-1, self.dimension))
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.maximum(lengths, 1e-12), dtype=np.float32)


def audible(sound: Sound) -> bool:
    """Tell whether a sound is more than silence or plain noise of any colour.

    In plain noise each band varies as much as in white noise; a steady tone varies less, a changing
    sound more.
    """
    level = np.sqrt(_power(sound).sum(axis=1).max(initial=0.0))
    if level < _QUIET:
        return False
    heard = spectrogram(sound)
    ratio = np.maximum(heard.std(axis=0), 1e-3) / _noise()
    short = max(1.0, np.sqrt(2 * RATE / _HOP / len(heard)))  # fewer frames: less certain
    return bool(np.abs(np.log(ratio)).max() > _STEADY * short)


def statistics(sound: Sound) -> NDArray[np.float64]:
    """Return (120,): each band's mean level minus the mean of all, variation, and change."""
    heard = spectrogram(sound)
    level = heard.mean(axis=0)
    change = np.diff(heard, axis=0) if len(heard) > 1 else np.zeros((1, _BANDS))
    return np.concatenate([level - level.mean(), heard.std(axis=0), change.std(axis=0)])


def spectrogram(sound: Sound) -> Spectrogram:
    """Return the band levels from the first to the last frame louder than `_EDGE`."""
    power = _power(sound)
    loudness = power.sum(axis=1)
    standing = np.flatnonzero(loudness >= loudness.max() * 10 ** (-_EDGE / 10))
    bands = power[standing[0] : standing[-1] + 1] @ _filters().T
    loudest = max(float(bands.max()), 1e-30)
    return np.asarray(10 * np.log10(np.maximum(bands / loudest, 10 ** (-_DEPTH / 10))))


def _power(sound: Sound) -> NDArray[np.float64]:
    """Return the power spectrum (frames, frequencies); each row sums to the frame's power."""
    whole = np.pad(sound[: _LONGEST * RATE], (0, max(0, _FRAME - len(sound))))
    window = np.hanning(_FRAME)
    frames = np.lib.stride_tricks.sliding_window_view(whole, _FRAME)[::_HOP] * window
    scale = 2 / (_FRAME * np.square(window).sum())
    return np.asarray(scale * np.square(np.abs(np.fft.rfft(frames))), dtype=np.float64)


@cache
def _filters() -> NDArray[np.float64]:
    """Return triangular mel filters (bands, frequencies); mel scale by O'Shaughnessy 1987."""
    low, high = 2595 * np.log10(1 + np.array([_LOWEST, _HIGHEST]) / 700)
    edges = 700 * (10 ** (np.linspace(low, high, _BANDS + 2) / 2595) - 1)
    at = np.fft.rfftfreq(_FRAME, 1 / RATE)
    rising = (at - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - at) / np.diff(edges)[1:, None]
    return np.maximum(0.0, np.minimum(rising, falling))


@cache
def _noise() -> NDArray[np.float64]:
    """Return each band's standard deviation in white noise, (bands,) decibels."""
    noise = np.random.default_rng(0).standard_normal(_LONGEST * RATE).astype(np.float32)
    return np.asarray(spectrogram(noise).std(axis=0))


@cache
def _scale() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean and the standard deviation of each number, (120,) both."""
    text = files(__package__).joinpath("sound_scale.toml").read_text("utf-8")
    table = tomllib.loads(text)
    return np.array(table["mean"]), np.array(table["spread"])
