"""Concatenate the unit vectors and normalise the result: the simplest concatenation.

Knows arithmetic only. The cosine of two joined vectors is the sum of the modalities' cosines over
√(modalities of the query · modalities of the item): each modality counts more in an item with fewer
of them. The catalogue's mean is subtracted from cosines, so a missing modality counts as average.
"""

from dataclasses import dataclass

import numpy as np

from retrieval.fusion.concatenation import Dimensions, Parts, Populations, places
from retrieval.fusion.protocol import Channel, Weights
from retrieval.fusion.sum import Sum
from retrieval.protocols import Vector


@dataclass(frozen=True)
class UnitConcatenation:
    """Σ weight · (cosine − mean) / √(modalities of the query · modalities of the item)."""

    populations: Populations
    dimensions: Dimensions
    name: str = "concatenation"

    def aim(self, query: Parts, weights: Weights) -> tuple[Vector, ...]:
        """Return `Sum`'s vector: among items with equally many modalities the order is the same."""
        return Sum(self.populations, self.dimensions).aim(query, weights)

    def contributions(
        self, query: Parts, weights: Weights, stored: Vector, words: Vector
    ) -> dict[Channel, Vector]:
        """Return what each channel adds to the scores, (n,) each."""
        parts = Sum(self.populations, self.dimensions).contributions(query, weights, stored, words)
        asked = sum(1 for name in query if weights.get(name))
        flags = [flag for _, flag in places(self.dimensions).values()]
        had = stored[:, flags].sum(axis=1)
        length = np.sqrt(np.maximum(asked * had, 1.0))
        return {
            name: part if name == "words" else np.asarray(part / length, dtype=np.float32)
            for name, part in parts.items()
        }
