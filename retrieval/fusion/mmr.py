"""Choose a diverse result without near duplicates.

Knows arithmetic only. Maximal marginal relevance: Carbonell and Goldstein, "The Use of MMR,
Diversity-Based Reranking for Reordering Documents and Producing Summaries", SIGIR 1998,
doi 10.1145/290941.291025.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.fusion.concatenation import Dimensions, places
from retrieval.protocols import Vector

LAMBDA = 0.7  # weight of relevance; the rest is the penalty for similarity to an earlier choice


def spread_out(
    scores: Sequence[float], likeness: Vector, *, limit: int, relevance: float = LAMBDA
) -> list[int]:
    """Return the positions of `limit` choices: the best item, then the best marginal ones.

    `likeness` is (n, n), 0 to 1. Scores and likenesses are rescaled to 0 to 1 so that they can be
    compared: scores from the worst to the best, likenesses from the median to that of a duplicate.
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
    """Rescale likenesses: 0 for the median pair or less, 1 for a duplicate."""
    pairs = likeness[np.triu_indices(len(likeness), k=1)]
    usual = float(np.median(pairs)) if len(pairs) else 0.0
    return np.clip((likeness.astype(np.float64) - usual) / max(1.0 - usual, 1e-6), 0.0, 1.0)


def likeness(stored: Vector, dimensions: Dimensions) -> Vector:
    """Return the mean cosine, at least 0, of each pair of stored vectors (n, width), as (n, n).

    The mean is over the modalities that both have; it is 0 if they share none.
    """
    total = np.zeros((len(stored), len(stored)))
    shared = np.zeros_like(total)
    for block, flag in places(dimensions).values():
        total += stored[:, block] @ stored[:, block].T  # zeros where an item lacks the modality
        shared += np.outer(stored[:, flag], stored[:, flag])
    return np.asarray(np.clip(total / np.maximum(shared, 1.0), 0.0, 1.0), dtype=np.float32)
