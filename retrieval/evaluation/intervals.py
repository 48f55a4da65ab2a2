"""Means with bootstrap intervals, and significance tests between two methods.

Pure arithmetic on one value per query or user; does not know which metric it is.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

_RESAMPLES = 2_000
_CHUNK = 200  # resamples in memory at once


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean with its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """Format it for tables: ".853 (.841 to .866)"."""
        return f"{short(self.value)} ({short(self.low)} to {short(self.high)})"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The mean difference of two methods on the same queries, with interval and p-value."""

    gain: Figure
    p: float  # two-sided, of a paired randomisation test

    def __str__(self) -> str:
        """Format it for sentences: "+.031 (+.012 to +.050, p < .001)"."""
        chance = "p < .001" if self.p < 0.001 else f"p = {short(self.p)}"
        ends = (self.gain.value, self.gain.low, self.gain.high)
        value, low, high = (("+" if one >= 0 else "") + short(one) for one in ends)
        return f"{value} ({low} to {high}, {chance})"


def figure(values: ArrayLike, *, seed: int = 0) -> Figure:
    """Return the mean of values, one per query, with its percentile bootstrap interval.

    Efron 1979, doi 10.1214/aos/1176344552.
    """
    found = np.asarray(values, dtype=np.float64)
    if not len(found):
        return Figure(0.0, 0.0, 0.0)
    low, high = np.quantile(_resampled(found, seed), [0.025, 0.975])
    return Figure(float(found.mean()), float(low), float(high))


def paired(values: ArrayLike, baseline: ArrayLike, *, seed: int = 0) -> Comparison:
    """Compare two methods on the same queries.

    The test swaps the two methods' values at random within queries (Fisher's randomisation; Smucker
    et al. 2007, doi 10.1145/1321440.1321528).
    """
    gains = np.asarray(values, dtype=np.float64) - np.asarray(baseline, dtype=np.float64)
    gain = figure(gains, seed=seed)
    if not gains.any():
        return Comparison(gain, 1.0)
    dice = np.random.default_rng(seed)
    signs = (dice.integers(0, 2, (_CHUNK, len(gains))) * 2 - 1 for _ in range(_RESAMPLES // _CHUNK))
    by_chance = np.concatenate([several @ gains for several in signs]) / len(gains)
    as_large = int((np.abs(by_chance) >= abs(gain.value) - 1e-12).sum())
    return Comparison(gain, (as_large + 1) / (_RESAMPLES + 1))


def short(value: float) -> str:
    """Format a number for tables: ".853"."""
    return f"{value:.3f}".replace("0.", ".", 1) if abs(value) < 1 else f"{value:.3f}"


def _resampled(values: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """Return the means of bootstrap samples (drawn with replacement)."""
    dice = np.random.default_rng(seed)
    draws = (
        dice.integers(0, len(values), (_CHUNK, len(values))) for _ in range(_RESAMPLES // _CHUNK)
    )
    return np.concatenate([values[several].mean(axis=1) for several in draws])
