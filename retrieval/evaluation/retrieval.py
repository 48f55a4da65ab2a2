"""How well each modality alone, and every fusion of them, finds fashion products.

Knows features, queries, fusions and measures; knows no store. All products of a part are scored
exactly, so what is compared is the fusion and not an approximation. Titles and pictures are
searched, the attribute columns are not: they are what the queries are made of.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from retrieval.embed import Encoders, QueryVectors, query_parts
from retrieval.evaluation import metrics
from retrieval.evaluation.features import Features, fashion_features, stored_vectors
from retrieval.evaluation.metrics import Comparison
from retrieval.evaluation.queries import (
    Asked,
    attribute_queries,
    composed_queries,
    photo_queries,
    reworded_titles,
)
from retrieval.evaluation.report import Cell, Report, Row, Table
from retrieval.fusion.concatenation import Dimensions, Populations, Vector, describe
from retrieval.fusion.families import DEFAULT, FAMILIES
from retrieval.fusion.protocol import Fusion, Weights
from retrieval.fusion.weights import KindWeights, learned
from retrieval.items import Modality
from retrieval.protocols import Words

SEED = 7
KINDS = ("attributes", "reworded titles", "a photo", "a photo and words")
_LEADING = {"attributes": "nDCG@10", "reworded titles": "R@10", "a photo": "R@1"}
OpenWords = Callable[[Sequence[str]], Words]
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Shelf:
    """The products that are searched, as an index stores them."""

    ids: tuple[str, ...]
    stored: Vector  # (n, width)
    dimensions: Dimensions
    populations: Populations
    words: Words


@dataclass(frozen=True)
class Prepared:
    """A query with its vectors and how much of its words each product shares."""

    asked: Asked
    vectors: QueryVectors
    shared: Vector  # (n,)


@dataclass(frozen=True)
class Method:
    """A fusion under weights; one modality alone is a fusion in which nothing else weighs."""

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


def run(
    data: Path,
    cache: Path,
    encoders: Encoders,
    open_words: OpenWords,
    *,
    queries: int = 400,
    tell: Tell = lambda line: None,
) -> Report:
    """Measure on the 4,000 test products, of which nothing was trained or tuned on.

    Raises: CatalogueError when the data cannot be read.
    """
    features = fashion_features(data, cache, encoders, tell)
    shelf = make_shelf(features, features.split.test, encoders.dimensions, open_words)
    tables = []
    for kind in KINDS:
        tell(f"asking: {kind}")
        prepared = prepare(features, features.split.test, shelf, encoders, kind, queries)
        tables.append(measure(kind, prepared, shelf, methods(shelf)))
    return Report(
        "Which fusion finds best",
        "magpie evaluate retrieval --data FOLDER",
        f"{encoders.text.name} and {encoders.picture.name}, 2 CPU cores",
        tuple(tables),
    )


def make_shelf(
    features: Features, places: Sequence[int], dimensions: Dimensions, open_words: OpenWords
) -> Shelf:
    """Join the vectors of some products, as an index would."""
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
        open_words([one.name for one in some]),
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
    draw = {
        "attributes": attribute_queries,
        "reworded titles": reworded_titles,
        "a photo": photo_queries,
        "a photo and words": composed_queries,
    }[kind]
    asked = draw([features.products[at] for at in places], count, SEED)
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
            shelf.words.scores(one.words),
        )
        for at, one in enumerate(asked)
    ]


def methods(shelf: Shelf) -> list[Method]:
    """Return each channel alone, then every fusion."""
    plain = FAMILIES["sum"](shelf.populations, shelf.dimensions)
    alone = [
        Method(f"{channel} alone", plain, KindWeights(weights, weights, weights))
        for channel, weights in ((c, {c: 1.0}) for c in ("text", "picture", "words"))
    ]
    made = [
        Method(name, family(shelf.populations, shelf.dimensions))
        for name, family in FAMILIES.items()
    ]
    return [*alone, *made]


def measure(
    kind: str, prepared: Sequence[Prepared], shelf: Shelf, tried: Sequence[Method]
) -> Table:
    """Rank every product for every query by every method, and lay the figures side by side."""
    values: dict[str, dict[str, list[float]]] = {}
    rows = []
    for method in tried:
        since = perf_counter()
        found = values[method.name] = dict(_ranked_values(method, prepared, shelf))
        if not any(found["nDCG@10"]) and method.name.endswith("alone"):
            del values[method.name]  # a channel that the queries do not have
            continue
        spent = 1000 * (perf_counter() - since) / len(prepared)
        figures: dict[str, Cell] = {name: metrics.figure(v) for name, v in found.items()}
        rows.append(Row(method.name, figures, spent, _megabytes(method, shelf)))
    return Table(
        f"Asked by {kind}",
        f"fashion products, {len(shelf.ids):,} searched by title and picture, "
        f"{len(prepared)} queries",
        "test part (by id hash)",
        SEED,
        tuple(rows),
        says(kind, values),
    )


def says(kind: str, values: Mapping[str, Mapping[str, Sequence[float]]]) -> str:
    """Say in a sentence how the default compares with the best channel and the best fusion."""
    lead = _LEADING.get(kind, "nDCG@10")
    means = {name: float(np.mean(found[lead])) for name, found in values.items()}
    single = max((n for n in means if n.endswith("alone")), key=lambda name: means[name])
    best = max((n for n in means if not n.endswith("alone")), key=lambda name: means[name])
    told = _told(metrics.paired(values[DEFAULT][lead], values[single][lead]))
    more = "no fusion finds more"
    if best != DEFAULT:
        gained = metrics.paired(values[best][lead], values[DEFAULT][lead])
        more = f"{best} against it: {_told(gained)}"
    return f"{lead}: {DEFAULT} against the best channel, {single}: {told}; {more}."


def _told(compared: Comparison) -> str:
    p = "p < .001" if compared.p < 0.001 else f"p = {compared.p:.3f}"
    gain = compared.gain
    return f"{gain.value:+.3f} ({gain.low:+.3f} to {gain.high:+.3f}, {p})"


def _ranked_values(
    method: Method, prepared: Sequence[Prepared], shelf: Shelf
) -> Iterator[tuple[str, list[float]]]:
    """Yield each measure with its values, one a query."""
    ranked = [_best(method.scores(one, shelf), one, shelf) for one in prepared]
    right = [one.asked.relevant for one in prepared]
    both = list(zip(ranked, right, strict=True))
    yield "R@1", [metrics.hit_at(found, wanted, 1) for found, wanted in both]
    yield "R@10", [metrics.recall_at(found, wanted, 10) for found, wanted in both]
    yield "P@10", [metrics.precision_at(found, wanted, 10) for found, wanted in both]
    yield "nDCG@10", [metrics.ndcg_at(found, wanted, 10) for found, wanted in both]
    yield "MRR", [metrics.reciprocal_rank(found, wanted) for found, wanted in both]
    yield "MAP", [metrics.average_precision(found, wanted) for found, wanted in both]


def _best(scores: Vector, one: Prepared, shelf: Shelf) -> list[str]:
    """Return all ids, best first, without the product whose photo was shown to be changed."""
    order = np.argsort(-scores, kind="stable")
    return [shelf.ids[at] for at in order if shelf.ids[at] != one.asked.own]


def _megabytes(method: Method, shelf: Shelf) -> float:
    """Return what the vectors that a method reads take."""
    channel = method.name.removesuffix(" alone")
    read: tuple[Modality, ...] = ("text", "picture")
    used = [name for name in read if channel in (method.name, name)]
    return sum(4 * len(shelf.ids) * shelf.dimensions[name] for name in used) / 1e6
