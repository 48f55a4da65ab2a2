"""Fuse what several classifiers say, after each has spoken: late fusion of class scores.

Pure arithmetic. For one thing to be named, its classes are what a search calls items: each
classifier ranks them all. Classes are numbered by falling frequency in training, and the first of
equals is said: a tie goes to the commoner class.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from retrieval.evaluation.classes import Classes
from retrieval.fusion.reciprocal_rank import K
from retrieval.protocols import Vector

_LEAST = 1e-9  # of a span


def late(scores: Sequence[Vector]) -> Mapping[str, Vector]:
    """Return the fused scores of every late fusion, (n, classes) each, given as many.

    Reciprocal rank: Cormack et al. 2009, doi 10.1145/1571941.1572114. CombSUM and CombMNZ: Fox and
    Shaw, TREC-2, 1994; scores are brought to the span from a row's least to its greatest, and a
    classifier has found a class to which it gives more than the mean.
    """
    spans = [_spanned(one) for one in scores]
    total = np.sum(spans, axis=0, dtype=np.float32)
    hits = np.sum([one > one.mean(axis=1, keepdims=True) for one in scores], axis=0)
    return {
        "reciprocal-rank": np.sum([1 / (K + _ranks(one)) for one in scores], axis=0),
        "combsum": total,
        "combmnz": np.asarray(total * hits, dtype=np.float32),
    }


def highest_class(scores: Vector) -> Classes:
    """Return the class that each row scores highest, (n,)."""
    return np.asarray(scores.argmax(axis=1), dtype=np.int64)


def _spanned(scores: Vector) -> Vector:
    least = scores.min(axis=1, keepdims=True)
    span = scores.max(axis=1, keepdims=True) - least
    return np.asarray((scores - least) / np.maximum(span, _LEAST), dtype=np.float32)


def _ranks(scores: Vector) -> Vector:
    """Return ranks from 1 for the highest of each row, the first of equals before the others."""
    order = np.argsort(-scores, axis=1, kind="stable")
    return np.asarray(np.argsort(order, axis=1, kind="stable") + 1, dtype=np.float32)
