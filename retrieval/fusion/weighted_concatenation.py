"""Weigh standardised cosines on the query's side: one inner product with the joined vectors.

Knows arithmetic only; what it adds up is derived in retrieval/fusion/concatenation.py. Its
contributions are counted in standard deviations of a query's cosines over the catalogue, times
the modality's weight.
"""

from dataclasses import dataclass

from retrieval.fusion.concatenation import Dimensions, Parts, Populations, Vector, aim
from retrieval.fusion.concatenation import contributions as added
from retrieval.fusion.protocol import Channel, Weights, with_words


@dataclass(frozen=True)
class WeightedConcatenation:
    """Σ weight · (cosine − mean) / spread."""

    populations: Populations
    dimensions: Dimensions
    name: str = "weighted-concatenation"

    def aim(self, query: Parts, weights: Weights) -> tuple[Vector, ...]:
        """Return the one vector whose inner product is the score, without shared words."""
        return (aim(query, weights, self.populations, self.dimensions),)

    def contributions(
        self, query: Parts, weights: Weights, stored: Vector, words: Vector
    ) -> dict[Channel, Vector]:
        """Return what each channel adds to the scores, (n,) each."""
        aimed = aim(query, weights, self.populations, self.dimensions)
        parts = added(aimed, stored, self.dimensions)
        return with_words(parts, weights, words)
