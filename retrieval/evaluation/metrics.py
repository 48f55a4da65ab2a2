"""Measures of a ranking, a classification and a set of recommendations, with their intervals.

Pure arithmetic. A measure is taken for each query or user; `figure` and `paired` make of those
values a mean with its 95 % interval and a comparison. Ranks count from 1.
"""

from collections.abc import Collection, Sequence
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
        """Write it as tables do: ".853 (.841 to .866)"."""
        return f"{short(self.value)} ({short(self.low)} to {short(self.high)})"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The mean difference of two methods on the same queries, and how likely chance alone is."""

    gain: Figure
    p: float  # two-sided, of a paired randomisation test

    def __str__(self) -> str:
        """Write it as sentences do: "+.031 (+.012 to +.050, p < .001)"."""
        chance = "p < .001" if self.p < 0.001 else f"p = {short(self.p)}"
        ends = (self.gain.value, self.gain.low, self.gain.high)
        value, low, high = (("+" if one >= 0 else "") + short(one) for one in ends)
        return f"{value} ({low} to {high}, {chance})"


def recall_at(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Return the share of the relevant items among the first k, 0 without any."""
    return _hits(ranked, relevant, k) / len(relevant) if relevant else 0.0


def precision_at(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Return the share of the first k that is relevant; what is not filled up counts as wrong."""
    return _hits(ranked, relevant, k) / k


def hit_at(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Return 1 when any of the first k is relevant, else 0."""
    return float(_hits(ranked, relevant, k) > 0)


def ndcg_at(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Return the normalised discounted cumulative gain of the first k, relevance being 0 or 1.

    Järvelin and Kekäläinen 2002, doi 10.1145/582415.582418.
    """
    wanted = set(relevant)
    gained = sum(1 / np.log2(at + 2) for at, one in enumerate(ranked[:k]) if one in wanted)
    best = sum(1 / np.log2(at + 2) for at in range(min(k, len(wanted))))
    return float(gained / best) if best else 0.0


def reciprocal_rank(ranked: Sequence[str], relevant: Collection[str]) -> float:
    """Return one over the rank of the first relevant item, 0 without one; its mean is MRR."""
    wanted = set(relevant)
    return next((1 / at for at, one in enumerate(ranked, start=1) if one in wanted), 0.0)


def average_precision(ranked: Sequence[str], relevant: Collection[str]) -> float:
    """Return the mean of the precision at each relevant item; its mean over queries is MAP."""
    wanted, found, total = set(relevant), 0, 0.0
    for at, one in enumerate(ranked, start=1):
        if one in wanted:
            found += 1
            total += found / at
    return total / len(wanted) if wanted else 0.0


def coverage(recommended: Sequence[Sequence[str]], items: int) -> float:
    """Return the share of all items that is recommended to anyone."""
    return len({one for several in recommended for one in several}) / items if items else 0.0


def diversity(vectors: NDArray[np.float32]) -> float:
    """Return one minus the mean cosine of all pairs of unit vectors (n, dimension), 0 below two.

    Ziegler et al. 2005, doi 10.1145/1060745.1060754.
    """
    count = len(vectors)
    if count < 2:
        return 0.0
    total = float((vectors.sum(axis=0) ** 2).sum()) - float((vectors**2).sum())
    return 1 - total / (count * (count - 1))


def figure(values: ArrayLike, *, seed: int = 0) -> Figure:
    """Return the mean of values, one a query, with its percentile bootstrap interval.

    Efron 1979, doi 10.1214/aos/1176344552.
    """
    found = np.asarray(values, dtype=np.float64)
    if not len(found):
        return Figure(0.0, 0.0, 0.0)
    low, high = np.quantile(_resampled(found, seed), [0.025, 0.975])
    return Figure(float(found.mean()), float(low), float(high))


def paired(values: ArrayLike, baseline: ArrayLike, *, seed: int = 0) -> Comparison:
    """Compare two methods on the same queries.

    The test swaps the two at random within queries (Fisher's randomisation; Smucker et al. 2007,
    doi 10.1145/1321440.1321528).
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


def _hits(ranked: Sequence[str], relevant: Collection[str], k: int) -> int:
    wanted = set(relevant)
    return sum(one in wanted for one in ranked[:k])


def _resampled(values: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """Return the means of samples drawn with replacement."""
    dice = np.random.default_rng(seed)
    draws = (
        dice.integers(0, len(values), (_CHUNK, len(values))) for _ in range(_RESAMPLES // _CHUNK)
    )
    return np.concatenate([values[several].mean(axis=1) for several in draws])


def short(value: float) -> str:
    """Write a number as tables do: ".853"."""
    return f"{value:.3f}".replace("0.", ".", 1) if abs(value) < 1 else f"{value:.3f}"
