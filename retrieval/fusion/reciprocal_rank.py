"""Fuse separate searches by rank alone: scores of different kinds need no common scale.

Knows arithmetic only. Cormack, Clarke and Buettcher, "Reciprocal Rank Fusion outperforms Condorcet
and Individual Rank Learning Methods", SIGIR 2009, doi 10.1145/1571941.1572114. An item that lacks
a modality gets the rank of an item with the catalogue's mean cosine. Contributions are measured
from that rank, so a missing modality adds 0. Everything is multiplied by K + 1, so that the first
rank is worth exactly the weight. Ranks are among the items scored together.
"""

from dataclasses import dataclass

import numpy as np

from retrieval.fusion.concatenation import Dimensions, Parts, Populations, aim, places
from retrieval.fusion.protocol import Channel, Weights
from retrieval.fusion.sum import Sum
from retrieval.protocols import Vector

K = 60  # the paper's value
_DIGITS = 6  # of cosines; items that differ less share a rank


@dataclass(frozen=True)
class ReciprocalRank:
    """Σ weight · (1 / (K + rank) − 1 / (K + rank of an average item))."""

    populations: Populations
    dimensions: Dimensions
    name: str = "reciprocal-rank"

    def aim(self, query: Parts, weights: Weights) -> tuple[Vector, ...]:
        """Return one query vector per modality, for separate searches."""
        return separate(query, weights, self.populations, self.dimensions)

    def contributions(
        self, query: Parts, weights: Weights, stored: Vector, words: Vector
    ) -> dict[Channel, Vector]:
        """Return what each channel adds to the scores, (n,) each."""
        ones: dict[str, float] = dict.fromkeys(query, 1.0)
        apart = Sum(self.populations, self.dimensions).contributions(query, ones, stored, words)
        found: dict[Channel, Vector] = {}
        for name, (_, flag) in places(self.dimensions).items():
            gain = np.zeros(len(stored), dtype=np.float32)
            there = stored[:, flag] > 0
            if name in query and weights.get(name):
                gain[there] = weights[name] * _gains(apart[name][there])
            found[name] = gain
        shared = np.where(words > 0, _worth(_ranks(words)), 0.0)
        found["words"] = np.asarray(weights.get("words", 0.0) * shared, dtype=np.float32)
        return found


def separate(
    query: Parts, weights: Weights, populations: Populations, dimensions: Dimensions
) -> tuple[Vector, ...]:
    """Return one query vector for each modality whose weight is not 0."""
    return tuple(
        aim({name: part}, {name: 1.0}, populations, dimensions)
        for name, part in query.items()
        if weights.get(name)
    )


def _gains(above: Vector) -> Vector:
    """Return the reciprocal-rank gains over an average item, from cosines minus the mean."""
    average = 1.0 + np.count_nonzero(above.round(_DIGITS) > 0)
    return np.asarray(_worth(_ranks(above)) - _worth(np.float32(average)), dtype=np.float32)


def _ranks(values: Vector) -> Vector:
    """Return ranks, 1 for the highest value; equal values share the best rank."""
    rounded = values.round(_DIGITS)
    rising = np.sort(rounded)
    better = len(rising) - np.searchsorted(rising, rounded, side="right")
    return np.asarray(1.0 + better, dtype=np.float32)


def _worth(ranks: Vector | np.float32) -> Vector:
    return np.asarray((K + 1) / (K + ranks), dtype=np.float32)
