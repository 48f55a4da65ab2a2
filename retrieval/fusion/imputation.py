"""Let an item that lacks a modality stand where what it has says that it would stand.

Knows arithmetic only. Counted as average, an item without a picture loses to every rival whose
picture happens to fit. So what it lacks is foretold from what it has (regression imputation: Little
and Rubin 2002, doi 10.1002/9781119013563): by how much those that have both, and fit as well by
the rest, gain from it. That is credited to the modalities it is foretold from: one that is not
there adds 0, and contributions still add up.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from retrieval.fusion.protocol import Weights
from retrieval.items import Modality
from retrieval.protocols import Vector

_NEAREST = 50  # items by whose gain it is judged, those that fit best by what they have
_DOUBT = 10.0  # items' worth of no gain at all, so that a few prove little

Standard = Mapping[Modality, Vector]  # cosines in standard deviations, (n,), 0 where lacking
Has = Mapping[Modality, NDArray[np.bool_]]


def imputed(standard: Standard, has: Has, weights: Weights) -> dict[Modality, Vector]:
    """Return what each modality adds for others that an item lacks, (n,) each.

    `standard` and `has` are of the modalities that the query has.
    """
    found = {name: np.zeros_like(values) for name, values in standard.items()}
    for name, values in standard.items():
        others = [other for other in standard if other != name]
        count = np.sum([has[other] for other in others], axis=0)
        if not weights.get(name) or not np.any(~has[name] & (count > 0)):
            continue
        known = np.sum([standard[other] for other in others], axis=0) / np.maximum(count, 1)
        slope = _slope(known, values, has[name] & (count > 0))
        share = np.where(has[name], 0.0, weights[name] * slope / np.maximum(count, 1))
        for other in others:
            found[other] += (share * standard[other]).astype(np.float32)
    return found


def _slope(known: Vector, values: Vector, both: NDArray[np.bool_]) -> float:
    """Return how much of `known` is found again in `values`, 0 to 1, where items have both."""
    there = np.flatnonzero(both)
    best = there[np.argsort(-known[there], kind="stable")[:_NEAREST]]
    told, seen = known[best].astype(np.float64), values[best].astype(np.float64)
    return float(np.clip(told @ seen / (told @ told + _DOUBT), 0.0, 1.0))
