"""Predict the score of a modality that an item lacks from the modalities that it has.

Knows arithmetic only. Counted as average, an item without a picture would lose to every item whose
picture happens to fit. So its missing score is predicted by regression imputation (Little and Rubin
2002, doi 10.1002/9781119013563), fitted on the best-scoring items that have both. The predicted
score is added to the contributions of the modalities it is predicted from: a missing modality
contributes 0, and contributions still add up to the score.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from retrieval.fusion.protocol import Weights
from retrieval.items import Modality
from retrieval.protocols import Vector

_NEAREST = 50  # items that the regression is fitted on: those with the best known scores
_DOUBT = 10.0  # regularisation: with few items the slope shrinks towards 0

Standard = Mapping[Modality, Vector]  # cosines in standard deviations, (n,), 0 where lacking
Has = Mapping[Modality, NDArray[np.bool_]]


def imputed(standard: Standard, has: Has, weights: Weights) -> dict[Modality, Vector]:
    """Return what each modality adds in place of those that an item lacks, (n,) each.

    `standard` and `has` cover the modalities that the query has.
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
    """Return the regression slope of `values` on `known`, 0 to 1, over items that have both."""
    there = np.flatnonzero(both)
    best = there[np.argsort(-known[there], kind="stable")[:_NEAREST]]
    told, seen = known[best].astype(np.float64), values[best].astype(np.float64)
    return float(np.clip(told @ seen / (told @ told + _DOUBT), 0.0, 1.0))
