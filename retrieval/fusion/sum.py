"""Late fusion in its simplest form: the weighted sum of the cosines.

Knows arithmetic only. The modalities' spaces differ in dimension and were not trained together, so
their vectors cannot be added; their scores can. The catalogue's mean is subtracted from each
cosine: this shifts all items that have the modality equally, and an item that lacks it is average.
"""

from dataclasses import dataclass

from retrieval.fusion.concatenation import Dimensions, Parts, Populations, aim, spread
from retrieval.fusion.concatenation import contributions as added
from retrieval.fusion.protocol import Channel, Weights, with_words
from retrieval.protocols import Vector


@dataclass(frozen=True)
class Sum:
    """Σ weight · (cosine − mean); a modality with a wider range of cosines counts more."""

    populations: Populations
    dimensions: Dimensions
    name: str = "sum"

    def aim(self, query: Parts, weights: Weights) -> tuple[Vector, ...]:
        """Return one vector; its inner product with an item is the score without shared words."""
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
