"""Choose what to show so that near duplicates do not fill the screen.

Knows arithmetic only. Maximal marginal relevance: Carbonell and Goldstein, "The Use of MMR,
Diversity-Based Reranking for Reordering Documents and Producing Summaries", SIGIR 1998,
doi 10.1145/290941.291025.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.fusion.concatenation import Dimensions, places
from retrieval.protocols import Vector

LAMBDA = 0.7  # of relevance; the rest is what a choice loses by being like an earlier one


def spread_out(
    scores: Sequence[float], likeness: Vector, *, limit: int, relevance: float = LAMBDA
) -> list[int]:
    """Return the places of `limit` choices, the best first and each next the best marginal one.

    `likeness` is (n, n), 0 to 1. Both are brought to 0 to 1 among themselves, so that they can be
    weighed: a score between the worst and the best, a likeness between the usual and a double's.
    Where all scores are equal, likeness alone decides.
    """
    if not len(scores):
        return []
    values = np.asarray(scores, dtype=np.float64)
    span = float(np.ptp(values))
    fit = (values - values.min()) / span if span > 0 else np.zeros_like(values)
    chosen = [int(values.argmax())]
    double = _beyond_usual(likeness)
    nearest = double[chosen[0]]
    while len(chosen) < min(limit, len(values)):
        gain = relevance * fit - (1 - relevance) * nearest
        gain[chosen] = -np.inf
        chosen.append(int(gain.argmax()))
        nearest = np.maximum(nearest, double[chosen[-1]])
    return chosen


def _beyond_usual(likeness: Vector) -> NDArray[np.float64]:
    """Return 0 for the middle likeness of two or less, 1 for a double's."""
    pairs = likeness[np.triu_indices(len(likeness), k=1)]
    usual = float(np.median(pairs)) if len(pairs) else 0.0
    return np.clip((likeness.astype(np.float64) - usual) / max(1.0 - usual, 1e-6), 0.0, 1.0)


def likeness(stored: Vector, dimensions: Dimensions) -> Vector:
    """Return how alike stored vectors (n, width) are, (n, n): the mean cosine, at least 0.

    The mean is over the modalities that both have; two that share none are not alike.
    """
    total = np.zeros((len(stored), len(stored)))
    shared = np.zeros_like(total)
    for block, flag in places(dimensions).values():
        total += stored[:, block] @ stored[:, block].T  # zeros where an item lacks the modality
        shared += np.outer(stored[:, flag], stored[:, flag])
    return np.asarray(np.clip(total / np.maximum(shared, 1.0), 0.0, 1.0), dtype=np.float32)
