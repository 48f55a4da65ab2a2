"""Fuse separate searches by their scores, each brought to the span from its worst to its best.

Knows arithmetic only. Fox and Shaw, "Combination of Multiple Searches", TREC-2, 1994, pp. 243-252:
CombSUM adds the scores up, CombMNZ multiplies that by how many searches found the item. Scores are
brought to one span by their least and greatest among the items scored together, and are counted
from the catalogue's mean: what lies above it was found, what lacks the modality is average.
"""

from dataclasses import dataclass

import numpy as np

from retrieval.fusion.concatenation import Dimensions, Parts, Populations, places
from retrieval.fusion.protocol import Channel, Weights
from retrieval.fusion.reciprocal_rank import separate
from retrieval.fusion.sum import Sum
from retrieval.protocols import Vector

_LEAST = 1e-6  # of a span; where all items are alike, noise must not decide


@dataclass(frozen=True)
class CombSum:
    """Σ weight · (cosine − mean) / (greatest − least)."""

    populations: Populations
    dimensions: Dimensions
    name: str = "combsum"

    def aim(self, query: Parts, weights: Weights) -> tuple[Vector, ...]:
        """Return a vector for each modality: the searches are separate ones."""
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
    """CombSUM of what lies above the mean, times the share of the searches that found the item.

    The share is of the searches that could have found it, so that an item is not punished for
    what it lacks.
    """

    populations: Populations
    dimensions: Dimensions
    name: str = "combmnz"

    def aim(self, query: Parts, weights: Weights) -> tuple[Vector, ...]:
        """Return a vector for each modality: the searches are separate ones."""
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
