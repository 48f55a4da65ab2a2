"""Sum standardised cosines with the query's weights: one inner product with the joined vectors.

Knows arithmetic only; retrieval/fusion/concatenation.py derives the formula. A contribution is
measured in standard deviations of a query's cosines over the catalogue, times the modality's
weight. The inner product finds the candidates; for them, the score of a missing modality is
predicted from the others (imputation.py).
"""

from dataclasses import dataclass

import numpy as np

from retrieval.fusion.concatenation import Dimensions, Parts, Populations, aim, places
from retrieval.fusion.concatenation import contributions as added
from retrieval.fusion.imputation import imputed
from retrieval.fusion.protocol import Channel, Weights, with_words
from retrieval.protocols import Vector


@dataclass(frozen=True)
class WeightedConcatenation:
    """Σ weight · (cosine − mean) / spread, predicted where an item lacks a modality."""

    populations: Populations
    dimensions: Dimensions
    name: str = "weighted-concatenation"

    def aim(self, query: Parts, weights: Weights) -> tuple[Vector, ...]:
        """Return one vector; its inner product is the score without shared words or imputation."""
        return (aim(query, weights, self.populations, self.dimensions),)

    def contributions(
        self, query: Parts, weights: Weights, stored: Vector, words: Vector
    ) -> dict[Channel, Vector]:
        """Return what each channel adds to the scores, (n,) each."""
        used = [name for name in query if weights.get(name)]
        ones: dict[str, float] = dict.fromkeys(used, 1.0)
        aimed = aim(query, ones, self.populations, self.dimensions)
        standard = added(aimed, stored, self.dimensions)
        flags = {name: flag for name, (_, flag) in places(self.dimensions).items()}
        has = {name: stored[:, flags[name]] > 0 for name in used}
        lent = imputed({name: standard[name] for name in used}, has, weights)
        for name in used:
            standard[name] = np.asarray(weights[name] * standard[name] + lent[name], np.float32)
        return with_words(standard, weights, words)
