"""A shelf (the searchable products of one split), encoded queries, and the methods that rank.

Knows features, queries and fusions; knows no metric and no store. All products of a split are
scored exactly, so the comparison is between fusions and not between approximations. Titles and
pictures are searched; the attribute columns are not, because the queries are made from them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval.embed import Encoders, QueryVectors, query_parts
from retrieval.evaluation.products.features import Features, Product, stored_vectors
from retrieval.evaluation.products.queries import (
    Asked,
    attribute_queries,
    composed_queries,
    photo_queries,
    reworded_titles,
)
from retrieval.fusion.concatenation import Dimensions, Populations, describe
from retrieval.fusion.protocol import Family, Fusion, Weights
from retrieval.fusion.registry import FAMILIES
from retrieval.fusion.weights import KindWeights, learned
from retrieval.index.index import OpenLexicalIndex
from retrieval.protocols import LexicalIndex, Vector

SHELF_SEED = 7
QUERY_KINDS: Mapping[str, Callable[[Sequence[Product], int, int], list[Asked]]] = {
    "attributes": attribute_queries,
    "reworded titles": reworded_titles,
    "a photo": photo_queries,
    "a photo and words": composed_queries,
}


@dataclass(frozen=True)
class Materials:
    """The inputs of an evaluation on the fashion products."""

    data: Path
    cache: Path  # of the products' vectors
    encoders: Encoders
    open_lexical: OpenLexicalIndex
    trained: Family | None = None  # a fusion made by `magpie train fusion`, compared too
    queries: int = 400  # per kind


@dataclass(frozen=True)
class Shelf:
    """The searchable products, stored as in an index."""

    ids: tuple[str, ...]
    stored: Vector  # (n, width)
    dimensions: Dimensions
    populations: Populations
    lexical: LexicalIndex


@dataclass(frozen=True)
class Prepared:
    """A query with its vectors and each product's score for shared words."""

    asked: Asked
    vectors: QueryVectors
    shared: Vector  # (n,)


@dataclass(frozen=True)
class FusionMethod:
    """A fusion with weights; for one modality alone, all other weights are 0."""

    name: str
    fusion: Fusion
    weights: KindWeights | None = None  # None: the learned ones

    def scores(self, one: Prepared, shelf: Shelf) -> Vector:
        """Return the score of every product, (n,)."""
        parts, weights = query_parts(one.vectors, 0.5), self._weights(one.vectors)
        added = self.fusion.contributions(parts, weights, shelf.stored, one.shared)
        return np.asarray(sum(added.values()), dtype=np.float32)

    def _weights(self, vectors: QueryVectors) -> Weights:
        known = self.weights or learned(self.fusion.name)
        if (vectors.words is None) == (vectors.photo is None):
            return known.both
        return known.photo if vectors.words is None else known.words


def make_shelf(
    features: Features,
    places: Sequence[int],
    dimensions: Dimensions,
    open_lexical: OpenLexicalIndex,
) -> Shelf:
    """Join the vectors of some products, as in an index."""
    rows = list(places)
    stored = stored_vectors(
        {"text": features.text[rows], "picture": features.picture[rows]}, dimensions
    )
    some = [features.products[at] for at in rows]
    return Shelf(
        tuple(one.id for one in some),
        stored,
        dimensions,
        describe([stored], dimensions),
        open_lexical([one.name for one in some]),
    )


def prepare(
    features: Features,
    places: Sequence[int],
    shelf: Shelf,
    encoders: Encoders,
    kind: str,
    count: int,
) -> list[Prepared]:
    """Draw the queries of a kind and encode them."""
    asked = QUERY_KINDS[kind]([features.products[at] for at in places], count, SHELF_SEED)
    words, photos = [one.words for one in asked], [one.photo for one in asked]
    said = encoders.text.encode(words) if any(words) else None
    captions = encoders.picture.encode_words(words) if any(words) else None
    there = [photo for photo in photos if photo is not None]
    seen = encoders.picture.encode(there) if there else None
    return [
        Prepared(
            one,
            QueryVectors(
                words=None if said is None else said[at],
                caption=None if captions is None else captions[at],
                photo=None if seen is None else seen[at],
            ),
            shelf.lexical.scores(one.words),
        )
        for at, one in enumerate(asked)
    ]


def methods(shelf: Shelf, trained: Family | None = None) -> list[FusionMethod]:
    """Return each channel alone, then every fusion, and last the trained one."""
    plain = FAMILIES["sum"](shelf.populations, shelf.dimensions)
    alone = [
        FusionMethod(f"{channel} alone", plain, KindWeights(weights, weights, weights))
        for channel, weights in ((c, {c: 1.0}) for c in ("text", "picture", "words"))
    ]
    families = [*FAMILIES.values(), *([trained] if trained else [])]
    made = [family(shelf.populations, shelf.dimensions) for family in families]
    return [*alone, *(FusionMethod(fusion.name, fusion) for fusion in made)]
