"""Evaluate retrieval of fashion products by each modality alone and by every fusion.

Knows a shelf, ranking methods, and metrics; makes no query and no vector.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from retrieval.evaluation import metrics
from retrieval.evaluation.intervals import Comparison, figure, paired
from retrieval.evaluation.products.features import fashion_features
from retrieval.evaluation.products.shelf import (
    QUERY_KINDS,
    SHELF_SEED,
    FusionMethod,
    Materials,
    Prepared,
    Shelf,
    make_shelf,
    methods,
    prepare,
)
from retrieval.evaluation.report import Cell, Report, Table, TableRow, Tell
from retrieval.fusion.registry import DEFAULT_FUSION
from retrieval.items import Modality

_LEADING = {"attributes": "nDCG@10", "reworded titles": "R@10", "a photo": "R@1"}
_ALONE = " alone"


@dataclass(frozen=True)
class MethodValues:
    """A method's results: each metric's values, one per query, and the time per query."""

    values: Mapping[str, Sequence[float]]
    ms: float


def run_retrieval(materials: Materials, tell: Tell = lambda line: None) -> Report:
    """Evaluate on the 4,000 held-out test products.

    Raises: CatalogueError when the data cannot be read.
    """
    encoders = materials.encoders
    features = fashion_features(materials.data, materials.cache, encoders, tell)
    test = features.split.test
    shelf = make_shelf(features, test, encoders.dimensions, materials.open_lexical)
    tried = methods(shelf, materials.trained)
    tables = []
    for kind in QUERY_KINDS:
        tell(f"asking: {kind}")
        prepared = prepare(features, test, shelf, encoders, kind, materials.queries)
        tables.append(measure_search(kind, prepared, shelf, tried))
    return Report(
        "Which fusion finds best",
        "magpie evaluate retrieval --data FOLDER",
        f"{encoders.text.name} and {encoders.picture.name}, CPU",
        tuple(tables),
    )


def measure_search(
    kind: str, prepared: Sequence[Prepared], shelf: Shelf, tried: Sequence[FusionMethod]
) -> Table:
    """Rank every product for every query with every method; return the table of metrics."""
    found = {method.name: ranked(method, prepared, shelf) for method in tried}
    silent = [name for name in found if not any(found[name].values["nDCG@10"])]
    for name in silent:
        if name.endswith(_ALONE):
            del found[name]  # a channel that the queries do not have
    lead = _LEADING.get(kind, "nDCG@10")
    single = _best(found, lead, alone=True)
    return Table(
        f"Asked by {kind}",
        f"fashion products, {len(shelf.ids):,} searched by title and picture, "
        f"{len(prepared)} queries",
        "test part (by id hash)",
        SHELF_SEED,
        tuple(_row(name, found, shelf, lead, single) for name in found),
        retrieval_summary(found, lead, single),
    )


def ranked(method: FusionMethod, prepared: Sequence[Prepared], shelf: Shelf) -> MethodValues:
    """Rank every product for each query and compute the metrics; only the ranking is timed."""
    since = perf_counter()
    orders = [np.argsort(-method.scores(one, shelf), kind="stable") for one in prepared]
    spent = 1000 * (perf_counter() - since) / len(prepared)
    both = [
        (_ids(order, one, shelf), one.asked.relevant)
        for order, one in zip(orders, prepared, strict=True)
    ]
    values = {
        "R@1": [metrics.hit_at(found, wanted, 1) for found, wanted in both],
        "R@10": [metrics.recall_at(found, wanted, 10) for found, wanted in both],
        "P@10": [metrics.precision_at(found, wanted, 10) for found, wanted in both],
        "nDCG@10": [metrics.ndcg_at(found, wanted, 10) for found, wanted in both],
        "MRR": [metrics.reciprocal_rank(found, wanted) for found, wanted in both],
        "MAP": [metrics.average_precision(found, wanted) for found, wanted in both],
    }
    return MethodValues(values, spent)


def retrieval_summary(found: Mapping[str, MethodValues], lead: str, single: str) -> str:
    """Compare the default with the best channel and the best fusion, in one sentence."""
    best = _best(found, lead, alone=False)
    told = _paired(found, DEFAULT_FUSION, single, lead)
    more = "no fusion finds more"
    if best != DEFAULT_FUSION:
        more = f"{best} against it: {_paired(found, best, DEFAULT_FUSION, lead)}"
    return f"{lead}: {DEFAULT_FUSION} against the best channel, {single}: {told}; {more}."


def _row(
    name: str, found: Mapping[str, MethodValues], shelf: Shelf, lead: str, single: str
) -> TableRow:
    """Return a method's row; for a fusion, with its gain over the best channel."""
    figures: dict[str, Cell] = {m: figure(v) for m, v in found[name].values.items()}
    if not name.endswith(_ALONE):
        figures[f"{lead} over {single}"] = str(_paired(found, name, single, lead))
    return TableRow(name, figures, found[name].ms, _megabytes(name, shelf))


def _best(found: Mapping[str, MethodValues], lead: str, *, alone: bool) -> str:
    """Return the channel or the fusion with the highest mean."""
    names = [name for name in found if name.endswith(_ALONE) is alone]
    return max(names, key=lambda name: float(np.mean(found[name].values[lead])))


def _paired(found: Mapping[str, MethodValues], one: str, other: str, measured: str) -> Comparison:
    return paired(found[one].values[measured], found[other].values[measured])


def _ids(order: NDArray[np.intp], one: Prepared, shelf: Shelf) -> list[str]:
    """Return all ids, best first, without the product in the query's photo."""
    return [shelf.ids[at] for at in order if shelf.ids[at] != one.asked.own]


def _megabytes(method: str, shelf: Shelf) -> float:
    """Return the size of the vectors that a method reads."""
    channel = method.removesuffix(_ALONE)
    read: tuple[Modality, ...] = ("text", "picture")
    used = [name for name in read if channel in (method, name)]
    return sum(4 * len(shelf.ids) * shelf.dimensions[name] for name in used) / 1e6
