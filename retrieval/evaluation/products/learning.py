"""Learn the weight of each channel in a fusion, by kind of query, on the validation products.

Knows fusions, queries and a search over a few numbers; uses no test product. Pattern search (Hooke
and Jeeves 1961, doi 10.1145/321062.321069) multiplies or divides one weight at a time by a factor
while nDCG@10 improves, then uses smaller factors. That is enough for three weights whose common
factor does not matter and whose optimum is flat: it needs no library, and the same data always give
the same weights. The result is regularised: among the weights within the best ones' 95 % interval,
the most equal ones are kept (after the one-standard-error rule for trees, Breiman et al. 1984), so
that differences which these products and wordings do not support are not applied to other
catalogues.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.evaluation.intervals import Figure, figure
from retrieval.evaluation.metrics import ndcg_at
from retrieval.evaluation.products.features import Features, fashion_features
from retrieval.evaluation.products.shelf import (
    SHELF_SEED,
    FusionMethod,
    Materials,
    Prepared,
    Shelf,
    make_shelf,
    prepare,
)
from retrieval.evaluation.report import Report, Table, TableRow, Tell
from retrieval.fusion.protocol import Fusion, Weights
from retrieval.fusion.registry import FAMILIES, PLAIN
from retrieval.fusion.weights import KindWeights, learned

LEARNED = ("text", "picture", "words")  # the channels that the fashion products have
LIKE = {"speech": "text"}  # channel → channel whose weight it gets: both use the text encoder
_ASKED = {"words": ("attributes", "reworded titles"), "both": ("a photo and words",)}
_STEPS = (4.0, 2.0, 2.0**0.5)  # factors; finer ones make no measurable difference
_LEAST, _MOST = 1 / 32, 32.0
_SURE = 1.96  # standard errors of a 95 % interval
_DRAWN, _NEAR = 0.5, 0.05  # in log2 of a weight: a step, and a difference that counts as equal

Worth = Callable[[Weights], float]


@dataclass(frozen=True)
class Learned:
    """The learned weights of several fusions, and their metrics on the validation products."""

    weights: Mapping[str, KindWeights]
    report: Report


def learn(materials: Materials, tell: Tell = lambda line: None) -> Learned:
    """Learn the weights of every fusion that has weights.

    Raises: CatalogueError when the data cannot be read.
    """
    encoders = materials.encoders
    features = fashion_features(materials.data, materials.cache, encoders, tell)
    shelf = make_shelf(
        features, features.split.validation, encoders.dimensions, materials.open_lexical
    )
    asked = {kind: _asked(kind, features, shelf, materials) for kind in _ASKED}
    families = [family for name, family in FAMILIES.items() if name not in PLAIN]
    families += [materials.trained] if materials.trained else []
    found: dict[str, KindWeights] = {}
    rows: dict[str, list[TableRow]] = {kind: [] for kind in _ASKED}
    for family in families:
        fusion = family(shelf.populations, shelf.dimensions)
        best = {}
        for kind, groups in asked.items():
            tell(f"learning: {fusion.name}, asked by {kind}")
            best[kind] = weigh(fusion, groups, shelf)
            before = getattr(learned(fusion.name), kind)
            rows[kind].append(_row(fusion, before, best[kind], groups, shelf))
        found[fusion.name] = in_full(best["words"], best["both"])
    tables = tuple(_table(kind, several, shelf, asked[kind]) for kind, several in rows.items())
    made_by = f"{encoders.text.name} and {encoders.picture.name}, CPU"
    command = "magpie evaluate retrieval --data FOLDER --learn-weights FILE"
    return Learned(found, Report("How much each channel counts", command, made_by, tables))


def weigh(fusion: Fusion, groups: Sequence[Sequence[Prepared]], shelf: Shelf) -> Weights:
    """Return a fusion's best regularised weights; every group of queries counts equally."""

    def worth(weights: Weights) -> float:
        return float(np.mean([np.mean(_found(fusion, weights, one, shelf)) for one in groups]))

    best = climb(dict.fromkeys(LEARNED, 1.0), worth)
    values = [_found(fusion, best, one, shelf) for one in groups]
    error = float(np.sqrt(sum(np.var(one) / len(one) for one in values))) / len(groups)
    return toward_alike(best, worth, slack=_SURE * error)


def climb(start: Weights, worth: Worth) -> Weights:
    """Return the local maximum of `worth` that pattern search finds from `start`."""
    best, most = dict(start), worth(start)
    for step in _STEPS:
        while True:
            near = [
                {**best, name: moved}
                for name in best
                for moved in (best[name] * step, best[name] / step)
                if _LEAST <= moved <= _MOST
            ]
            worths = [worth(one) for one in near]
            if not worths or max(worths) <= most + 1e-9:
                break
            most = max(worths)
            best = near[worths.index(most)]
    return best


def toward_alike(best: Weights, worth: Worth, *, slack: float) -> Weights:
    """Return the most equal weights, reached from the best ones, that lose at most `slack`.

    Each step moves one weight towards the geometric mean of all: the one whose move costs least.
    The returned weights sum to the number of channels.
    """
    enough, kept = worth(best) - slack, _whole(best)
    while True:
        near = [_whole(one) for one in _nearer(kept)]
        worths = [worth(one) for one in near]
        if not worths or max(worths) < enough:
            return kept
        kept = near[worths.index(max(worths))]


def _nearer(weights: Weights) -> Iterator[Weights]:
    """Yield the weights with one of them moved a step towards their geometric mean."""
    logarithms = {name: np.log2(weight) for name, weight in weights.items()}
    middle = np.mean(list(logarithms.values()))
    for name, own in logarithms.items():
        away = float(middle - own)
        if abs(away) > _NEAR:
            moved = min(_DRAWN, abs(away)) * np.sign(away)
            yield {**weights, name: float(2 ** (own + moved))}


def _whole(weights: Weights) -> Weights:
    """Scale weights so that they sum to the number of channels."""
    total = sum(weights.values()) / len(weights)
    return {name: round(weight / total, 3) for name, weight in weights.items()}


def in_full(words: Weights, both: Weights) -> KindWeights:
    """Return the weights of all kinds of queries and all channels from the learned ones.

    A query with only a photo uses one channel, whose weight does not change the order: it gets the
    sum of all weights. So does the sound of a query.
    """
    whole = float(len(LEARNED))
    photo = dict.fromkeys(LEARNED, 0.0) | {"picture": whole}
    likened = (
        {**kind, **{name: kind[like] for name, like in LIKE.items()}, "sound": whole}
        for kind in (words, photo, both)
    )
    return KindWeights(*likened)


def _asked(
    kind: str, features: Features, shelf: Shelf, materials: Materials
) -> list[list[Prepared]]:
    places, encoders = features.split.validation, materials.encoders
    return [
        prepare(features, places, shelf, encoders, one, materials.queries) for one in _ASKED[kind]
    ]


def _found(
    fusion: Fusion, weights: Weights, asked: Sequence[Prepared], shelf: Shelf
) -> list[float]:
    """Return nDCG@10 of each query."""
    method = FusionMethod(fusion.name, fusion, KindWeights(weights, weights, weights))
    values = []
    for one in asked:
        order = np.argsort(-method.scores(one, shelf), kind="stable")[:11]
        ids = [shelf.ids[at] for at in order if shelf.ids[at] != one.asked.own]
        values.append(ndcg_at(ids, one.asked.relevant, 10))
    return values


def _row(
    fusion: Fusion,
    before: Weights,
    after: Weights,
    groups: Sequence[Sequence[Prepared]],
    shelf: Shelf,
) -> TableRow:
    """Return a fusion's row: metrics with the new weights, with equal ones and the old ones."""

    def told(weights: Weights) -> Figure:
        return figure(np.concatenate([_found(fusion, weights, one, shelf) for one in groups]))

    return TableRow(
        fusion.name,
        {
            "nDCG@10, all alike": told(dict.fromkeys(LEARNED, 1.0)),
            "nDCG@10, as known before": told(before),
            "nDCG@10, learned": told(after),
            "learned": ", ".join(f"{name} {weight:g}" for name, weight in after.items()),
        },
    )


def _table(
    kind: str, rows: Sequence[TableRow], shelf: Shelf, groups: Sequence[Sequence[Prepared]]
) -> Table:
    queries = sum(len(one) for one in groups)
    return Table(
        f"Asked by {' and '.join(_ASKED[kind])}",
        f"fashion products, {len(shelf.ids):,} searched by title and picture, {queries} queries",
        "validation part (by id hash)",
        SHELF_SEED,
        tuple(rows),
        "What the weights were chosen on; what they are worth is measured on the test part.",
    )
