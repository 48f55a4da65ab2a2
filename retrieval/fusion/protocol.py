"""The interface of every fusion of modalities, learned or not.

Knows shapes only. All fusions read the same stored vectors (retrieval/fusion/concatenation.py), so
an index works with any of them without being rebuilt. Shared words (BM25) are one more channel
beside the modalities: their score comes from words, not from a vector, and is fused like the rest.
"""

from collections.abc import Callable, Mapping
from typing import Literal, Protocol

import numpy as np

from retrieval.fusion.concatenation import Dimensions, Parts, Populations
from retrieval.items import Modality
from retrieval.protocols import Vector

Channel = Modality | Literal["words"]
Weights = Mapping[str, float]  # by channel; a channel that is not named weighs 0


class Fusion(Protocol):
    """Turns a query's vectors and an item's stored vector into one score and its contributions.

    A score is the sum of its contributions, by definition. It may depend on the items that are
    scored together (as ranks and minimum scores do), but never on their order. A channel that the
    query or an item lacks, or that weighs 0, contributes exactly 0.
    """

    @property
    def name(self) -> str:
        """Its name in settings and reports."""
        ...

    def aim(self, query: Parts, weights: Weights) -> tuple[Vector, ...]:
        """Return query vectors, (width,); the nearest stored vectors of all are the candidates."""
        ...

    def contributions(
        self, query: Parts, weights: Weights, stored: Vector, words: Vector
    ) -> dict[Channel, Vector]:
        """Return what each channel adds to the scores of n items scored together, (n,) each.

        `stored` are their vectors (n, width), `words` the share of the query's words that each
        item has, (n,), from 0 for none to 1 for all of them.
        """
        ...


def with_words(
    parts: Mapping[Modality, Vector], weights: Weights, words: Vector
) -> dict[Channel, Vector]:
    """Return the modalities' contributions with the weighted contribution of shared words."""
    found: dict[Channel, Vector] = dict(parts.items())
    found["words"] = np.asarray(weights.get("words", 0.0) * words, dtype=np.float32)
    return found


Family = Callable[[Populations, Dimensions], Fusion]  # creates a fusion for one index
