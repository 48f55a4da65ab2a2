"""Late fusion of several classifiers' class scores.

Pure arithmetic; knows no classifier. Each classifier ranks all classes, as a search ranks items.
Classes are numbered by descending frequency in training, and the first of equal scores is
predicted: a tie goes to the more frequent class.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from retrieval.evaluation.classes import Classes
from retrieval.fusion.reciprocal_rank import K
from retrieval.protocols import Vector

_LEAST = 1e-9  # least range of scores


def late(scores: Sequence[Vector]) -> Mapping[str, Vector]:
    """Return the scores of every late fusion, (n, classes) each, from scores of the same shape.

    Reciprocal rank: Cormack et al. 2009, doi 10.1145/1571941.1572114. CombSUM and CombMNZ: Fox and
    Shaw, TREC-2, 1994; scores are min-max normalised per row, and a classifier has "found" a class
    if its score is above the row's mean.
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
    """Return the class with the highest score in each row, (n,)."""
    return np.asarray(scores.argmax(axis=1), dtype=np.int64)


def _spanned(scores: Vector) -> Vector:
    least = scores.min(axis=1, keepdims=True)
    span = scores.max(axis=1, keepdims=True) - least
    return np.asarray((scores - least) / np.maximum(span, _LEAST), dtype=np.float32)


def _ranks(scores: Vector) -> Vector:
    """Return ranks per row, 1 for the highest score; ties in order of position."""
    order = np.argsort(-scores, axis=1, kind="stable")
    return np.asarray(np.argsort(order, axis=1, kind="stable") + 1, dtype=np.float32)
