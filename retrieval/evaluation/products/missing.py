"""Measure each fusion when some of the items lack pictures, texts or recordings.

Knows features, shelves and metrics; knows no store. One modality is removed at a time: pictures or
names of items that have both, or recordings of items that have a picture and a spoken name
(transcribed without errors; `speech/spoken.py` measures transcription errors). The items that lack
it at a share of a quarter also lack it at a half. Populations and word counts are computed from the
remaining data, as in a real index.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from retrieval.evaluation import metrics
from retrieval.evaluation.intervals import figure, paired, short
from retrieval.evaluation.products.features import Features, stored_vectors
from retrieval.evaluation.products.shelf import SHELF_SEED, FusionMethod, Prepared, Shelf, methods
from retrieval.evaluation.report import Table, TableRow
from retrieval.fusion.concatenation import describe
from retrieval.fusion.protocol import Family
from retrieval.fusion.registry import DEFAULT_FUSION, FAMILIES
from retrieval.fusion.weights import KindWeights, learned
from retrieval.index.index import OpenLexicalIndex
from retrieval.items import Modality
from retrieval.protocols import Vector

GONE: Mapping[Modality, str] = {"picture": "pictures", "text": "names", "speech": "recordings"}
MISSING_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
ASKED = {"attributes": "nDCG@10", "reworded titles": "R@10"}
BLIND = "pictures ignored"  # the default fusion as if no item had one

ValuesByShare = Mapping[str, Mapping[float, list[float]]]  # by method and share, one per query


@dataclass(frozen=True)
class Trial:
    """One kind of query over shelves with increasing shares of one modality removed."""

    gone: Modality
    kind: str
    values: ValuesByShare
    ms: Mapping[str, float]  # by method, per query
    shelf: Shelf  # with nothing removed

    @property
    def measure(self) -> str:
        """Return the name of the metric."""
        return ASKED[self.kind]


@dataclass(frozen=True)
class SearchedProducts:
    """The searchable products, and the data to make reduced shelves from them."""

    features: Features
    places: Sequence[int]
    whole: Shelf  # with nothing removed
    open_lexical: OpenLexicalIndex

    def without(self, gone: Modality, share: float) -> Shelf:
        """Return a shelf where a share of the items, drawn with a fixed seed, lacks a modality."""
        rows = list(self.places)
        lacks = np.random.default_rng(SHELF_SEED).permutation(len(rows)) < round(share * len(rows))
        parts: dict[Modality, Vector] = {
            "text": self.features.text[rows],
            "picture": self.features.picture[rows],
        }
        if gone == "speech":
            parts["speech"] = parts.pop("text")
        parts[gone] = np.where(lacks[:, None], np.float32(0), parts[gone])
        stored = stored_vectors(parts, self.whole.dimensions)
        names = [self.features.products[at].name for at in rows]
        if gone != "picture":
            names = ["" if lack else name for lack, name in zip(lacks, names, strict=True)]
        populations = describe([stored], self.whole.dimensions)
        words = self.open_lexical(names)
        return replace(self.whole, stored=stored, populations=populations, lexical=words)


def attempt(
    gone: Modality,
    kind: str,
    prepared: Sequence[Prepared],
    shelves: Mapping[float, Shelf],
    trained: Family | None = None,
) -> Trial:
    """Rank the items of every shelf for every query with every method."""
    values: dict[str, dict[float, list[float]]] = {}
    spent: dict[str, list[float]] = {}
    for share, shelf in shelves.items():
        asked = [replace(one, shared=shelf.lexical.scores(one.asked.words)) for one in prepared]
        for method in tried(shelf, trained):
            since = perf_counter()
            ranked = [ten_best(method, one, shelf) for one in asked]
            spent.setdefault(method.name, []).append(perf_counter() - since)
            found = list(_values(ASKED[kind], ranked, asked))
            values.setdefault(method.name, {})[share] = found
    ms = {name: 1000 * sum(s) / len(s) / len(prepared) for name, s in spent.items()}
    return Trial(gone, kind, values, ms, shelves[MISSING_SHARES[0]])


def tried(shelf: Shelf, trained: Family | None = None) -> list[FusionMethod]:
    """Return each channel alone, every fusion, and the default as if there were no pictures."""
    blind = FAMILIES[DEFAULT_FUSION](shelf.populations, shelf.dimensions)
    words = {**learned(DEFAULT_FUSION).words, "picture": 0.0}
    return [*methods(shelf, trained), FusionMethod(BLIND, blind, KindWeights(words, words, words))]


def ten_best(method: FusionMethod, one: Prepared, shelf: Shelf) -> list[str]:
    """Return the ten ids with the highest scores, best first; ties keep the items' order."""
    order = np.argsort(-method.scores(one, shelf), kind="stable")[:10]
    return [shelf.ids[at] for at in order]


def table_of_losses(trial: Trial) -> Table:
    """Return the table of each method's metric by the share removed."""
    megabytes = trial.shelf.stored.nbytes / 1e6
    rows = tuple(
        TableRow(
            name,
            {f"{share:.0%}": figure(found) for share, found in by_share.items()},
            trial.ms[name],
            megabytes,
        )
        for name, by_share in trial.values.items()
    )
    gone = GONE[trial.gone]
    return Table(
        f"{gone.capitalize()} gone, asked by {trial.kind}: {trial.measure}",
        data(trial),
        "test part (by id hash)",
        SHELF_SEED,
        rows,
        _falls(trial),
        across=f"share of {gone} gone",
    )


def _values(
    measure: str, ranked: Sequence[list[str]], asked: Sequence[Prepared]
) -> Iterator[float]:
    score = metrics.ndcg_at if measure == "nDCG@10" else metrics.recall_at
    for found, one in zip(ranked, asked, strict=True):
        yield score(found, one.asked.relevant, 10)


def data(trial: Trial) -> str:
    """Describe a trial's data and its size."""
    count = len(next(iter(trial.values.values()))[MISSING_SHARES[0]])
    return f"fashion products, {len(trial.shelf.ids):,} searched, {count} queries"


def _falls(trial: Trial) -> str:
    """State the default's loss, and the best fusion at a share of a half, in one sentence."""
    none, half, all_gone = (
        float(np.mean(trial.values[DEFAULT_FUSION][s])) for s in (0.0, 0.5, 1.0)
    )
    at_half = {name: float(np.mean(trial.values[name][0.5])) for name in FAMILIES}
    best = max(at_half, key=lambda name: at_half[name])
    against = "no fusion finds more at a half"
    if best != DEFAULT_FUSION:
        gain = paired(trial.values[best][0.5], trial.values[DEFAULT_FUSION][0.5])
        against = f"at a half {best} against it: {gain}"
    return (
        f"{trial.measure} of {DEFAULT_FUSION} goes from {short(none)} to {short(half)} with "
        f"half of the {GONE[trial.gone]} gone and {short(all_gone)} with all; {against}."
    )
