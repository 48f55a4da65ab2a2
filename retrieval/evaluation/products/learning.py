"""Learn how much each channel counts in a fusion, by kind of query, on the validation products.

Knows fusions, queries and a search over a few numbers; sees no test product. Pattern search (Hooke
and Jeeves 1961, doi 10.1145/321062.321069) doubles or halves one weight at a time as long as more
is found, then takes smaller steps. For three numbers up to a common factor, whose best place is
flat, that is enough: it needs no library, and the same data always give the same weights. Kept are
the weights nearest to all alike that lie within the best ones' 95 % interval (after the rule of one
standard error for trees, Breiman et al. 1984): what these products and wordings do not prove is not
carried to other catalogues.
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
LIKE = {"speech": "text"}  # the same encoder's vectors: learned from no recording, weighed alike
_ASKED = {"words": ("attributes", "reworded titles"), "both": ("a photo and words",)}
_STEPS = (4.0, 2.0, 2.0**0.5)  # factors; finer ones than the last change nothing that can be told
_LEAST, _MOST = 1 / 32, 32.0
_SURE = 1.96  # standard errors of a 95 % interval
_DRAWN, _NEAR = 0.5, 0.05  # of a weight's doubling: a step, and what is as good as alike

Worth = Callable[[Weights], float]


@dataclass(frozen=True)
class Learned:
    """The weights of several fusions, and what they find on the products they are learned on."""

    weights: Mapping[str, KindWeights]
    report: Report


def learn(materials: Materials, tell: Tell = lambda line: None) -> Learned:
    """Learn the weights of every fusion that weighs its channels.

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
    """Return the weights under which a fusion finds most; every group of queries counts alike."""

    def worth(weights: Weights) -> float:
        return float(np.mean([np.mean(_found(fusion, weights, one, shelf)) for one in groups]))

    best = climb(dict.fromkeys(LEARNED, 1.0), worth)
    values = [_found(fusion, best, one, shelf) for one in groups]
    error = float(np.sqrt(sum(np.var(one) / len(one) for one in values))) / len(groups)
    return toward_alike(best, worth, slack=_SURE * error)


def climb(start: Weights, worth: Worth) -> Weights:
    """Return the weights of the highest worth that steps from `start` lead to."""
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
    """Return the weights nearest to all alike that steps from the best lead to at no more loss.

    Each step draws one weight toward the middle of all, in logarithms, the one that costs least.
    What is kept adds up to the number of channels.
    """
    enough, kept = worth(best) - slack, _whole(best)
    while True:
        near = [_whole(one) for one in _nearer(kept)]
        worths = [worth(one) for one in near]
        if not worths or max(worths) < enough:
            return kept
        kept = near[worths.index(max(worths))]


def _nearer(weights: Weights) -> Iterator[Weights]:
    """Yield the same weights with one of them a step nearer to their geometric mean."""
    logarithms = {name: np.log2(weight) for name, weight in weights.items()}
    middle = np.mean(list(logarithms.values()))
    for name, own in logarithms.items():
        away = float(middle - own)
        if abs(away) > _NEAR:
            moved = min(_DRAWN, abs(away)) * np.sign(away)
            yield {**weights, name: float(2 ** (own + moved))}


def _whole(weights: Weights) -> Weights:
    """Scale weights so that they add up to the number of channels."""
    total = sum(weights.values()) / len(weights)
    return {name: round(weight / total, 3) for name, weight in weights.items()}


def in_full(words: Weights, both: Weights) -> KindWeights:
    """Return the weights of all kinds of queries and all channels from what was learned.

    A photo alone has one channel, whose weight changes no order: it has what all have together. So
    has a sound, wherever a query has one.
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
    """Lay out what weights find, beside none and those that were known."""

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
