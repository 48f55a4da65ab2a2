"""What every way of fusing modalities does, learned or not.

Knows shapes only. All of them read the same stored vectors (retrieval/fusion/concatenation.py), so
that an index serves any of them without being built again. Shared words (BM25) are one more
channel beside the modalities: they are found by words, not by a vector, and fused like the rest.
"""

from collections.abc import Callable, Mapping
from typing import Literal, Protocol

import numpy as np

from retrieval.fusion.concatenation import Dimensions, Parts, Populations
from retrieval.items import Modality
from retrieval.protocols import Vector

Channel = Modality | Literal["words"]
Weights = Mapping[str, float]  # of the channels; one that is not named weighs nothing


class Fusion(Protocol):
    """Turns a query's parts and an item's stored vector into one score, and says from what.

    A score is the sum of its contributions, by definition. It may depend on the items that are
    scored together (ranks and least scores are among them); it never depends on their order.
    A channel that the query or an item lacks, or that weighs nothing, contributes exactly 0.
    """

    @property
    def name(self) -> str:
        """What settings and reports call it."""
        ...

    def aim(self, query: Parts, weights: Weights) -> tuple[Vector, ...]:
        """Return query vectors, (width,); their nearest stored vectors together form the pool."""
        ...

    def contributions(
        self, query: Parts, weights: Weights, stored: Vector, words: Vector
    ) -> dict[Channel, Vector]:
        """Return what each channel adds to the scores of n items scored together, (n,) each.

        `stored` are their vectors (n, width), `words` how much of the query's words each shares,
        (n,), from 0 for none to 1 for all of them.
        """
        ...


def with_words(
    parts: Mapping[Modality, Vector], weights: Weights, words: Vector
) -> dict[Channel, Vector]:
    """Return the modalities' contributions and the weighted one of shared words."""
    found: dict[Channel, Vector] = dict(parts.items())
    found["words"] = np.asarray(weights.get("words", 0.0) * words, dtype=np.float32)
    return found


Family = Callable[[Populations, Dimensions], Fusion]  # what makes a fusion for one index
