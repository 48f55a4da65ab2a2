"""Add up the cosines as they are: what late fusion does first, weighted or not.

Knows arithmetic only. The modalities' spaces differ in dimension and were not trained together, so
that their vectors cannot be added; the scores can. Each cosine is counted from the catalogue's
mean, which moves all items that have the modality alike and lets one that lacks it be average.
"""

from dataclasses import dataclass

from retrieval.fusion.concatenation import Dimensions, Parts, Populations, aim, spread
from retrieval.fusion.concatenation import contributions as added
from retrieval.fusion.protocol import Channel, Weights, with_words
from retrieval.protocols import Vector


@dataclass(frozen=True)
class Sum:
    """Σ weight · (cosine − mean): a space whose cosines lie further apart speaks louder."""

    populations: Populations
    dimensions: Dimensions
    name: str = "sum"

    def aim(self, query: Parts, weights: Weights) -> tuple[Vector, ...]:
        """Return the one vector whose inner product is the score, without shared words."""
        raw: dict[str, float] = {
            name: weights.get(name, 0.0) * spread(part, self.populations[name])
            for name, part in query.items()
        }
        return (aim(query, raw, self.populations, self.dimensions),)

    def contributions(
        self, query: Parts, weights: Weights, stored: Vector, words: Vector
    ) -> dict[Channel, Vector]:
        """Return what each channel adds to the scores, (n,) each."""
        parts = added(self.aim(query, weights)[0], stored, self.dimensions)
        return with_words(parts, weights, words)
