"""Fuse separate searches by their min-max normalised scores: CombSUM and CombMNZ.

Knows arithmetic only. Fox and Shaw, "Combination of Multiple Searches", TREC-2, 1994, pp. 243-252:
CombSUM adds the scores, CombMNZ multiplies the sum by the number of searches that found the item.
Scores are divided by their range (greatest minus least) among the items scored together. They are
measured from the catalogue's mean: a search "found" an item if its score is above the mean, and an
item that lacks the modality counts as average.
"""

from dataclasses import dataclass

import numpy as np

from retrieval.fusion.concatenation import Dimensions, Parts, Populations, places
from retrieval.fusion.protocol import Channel, Weights
from retrieval.fusion.reciprocal_rank import separate
from retrieval.fusion.sum import Sum
from retrieval.protocols import Vector

_LEAST = 1e-6  # least range of scores; where all items are equal, noise must not decide


@dataclass(frozen=True)
class CombSum:
    """Σ weight · (cosine − mean) / (greatest − least)."""

    populations: Populations
    dimensions: Dimensions
    name: str = "combsum"

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
            span = _span(apart[name][stored[:, flag] > 0])
            weight = weights.get(name, 0.0) if name in query and span > _LEAST else 0.0
            found[name] = np.asarray(apart[name] * (weight / max(span, _LEAST)), np.float32)
        most = max(float(words.max(initial=0.0)), _LEAST)
        found["words"] = np.asarray(words * (weights.get("words", 0.0) / most), np.float32)
        return found


@dataclass(frozen=True)
class CombMnz:
    """CombSUM of scores above the mean, times the share of the searches that found the item.

    Only searches in modalities that the item has are counted, so a missing modality is not
    penalised.
    """

    populations: Populations
    dimensions: Dimensions
    name: str = "combmnz"

    def aim(self, query: Parts, weights: Weights) -> tuple[Vector, ...]:
        """Return one query vector per modality, for separate searches."""
        return separate(query, weights, self.populations, self.dimensions)

    def contributions(
        self, query: Parts, weights: Weights, stored: Vector, words: Vector
    ) -> dict[Channel, Vector]:
        """Return what each channel adds to the scores, (n,) each."""
        sums = CombSum(self.populations, self.dimensions)
        parts = sums.contributions(query, weights, stored, words)
        found = {name: np.maximum(part, 0.0) for name, part in parts.items()}
        could = np.full(len(stored), float(bool(words.any() and weights.get("words"))))
        for name, (_, flag) in places(self.dimensions).items():
            if name in query and weights.get(name):
                could += stored[:, flag] > 0
        hits = np.sum([part > 0 for part in found.values()], axis=0)
        share = hits / np.maximum(could, 1.0)
        return {name: np.asarray(part * share, np.float32) for name, part in found.items()}


def _span(values: Vector) -> float:
    return float(np.ptp(values)) if len(values) else 0.0
