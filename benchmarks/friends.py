"""Foretell friendships that were held out: by content, by the graph, by both.

    python -m benchmarks.friends

The people and their friendships are simulated (`demo/people/profiles.py` states the model), so the
figures show what the methods gain where that model holds, not how real people choose. A tenth of
the links chooses the weights, a fifth is asked for; every person who is no known friend is a
candidate. For cold users all links of a fifth of the people are held out. Beside the figures stand
95 % intervals (bootstrap over people) and paired randomisation tests.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.build import open_catalogue
from assistant.models import load_encoders
from assistant.settings import load_settings
from retrieval.evaluation.intervals import figure, paired
from retrieval.evaluation.metrics import ndcg_at, recall_at
from retrieval.fusion.concatenation import places
from retrieval.index.index import Index, all_vectors
from retrieval.items import MODALITIES, field_values
from retrieval.protocols import Vector
from retrieval.recommendation.attention import likeness_to
from retrieval.recommendation.graph import LinkGraph

_SEED, _K = 30, 10
_TEST, _TUNE, _COLD = 0.2, 0.1, 0.2
_WEIGHTS = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0)  # of content beside the graph

Edges = Sequence[tuple[str, str]]
FriendScores = Callable[[str, Sequence[str]], Vector]  # a person, candidates → scores


@dataclass(frozen=True)
class FriendExam:
    """Known links, and those that are asked for."""

    known: Mapping[str, tuple[str, ...]]
    wanted: Mapping[str, frozenset[str]]


def linked(edges: Edges) -> dict[str, tuple[str, ...]]:
    """Return who is linked with whom."""
    found: dict[str, set[str]] = {}
    for one, other in edges:
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {id_: tuple(sorted(others)) for id_, others in found.items()}


def exam(known: Edges, wanted: Edges, people: Sequence[str] = ()) -> FriendExam:
    """Return an exam; with `people`, only they are asked."""
    asked = {id_: frozenset(others) for id_, others in linked(wanted).items()}
    return FriendExam(linked(known), {i: w for i, w in asked.items() if not people or i in people})


class PeopleContent:
    """How alike people are by what their profiles hold."""

    def __init__(self, index: Index) -> None:
        """Read the vectors and the values once."""
        self.ids = list(index.catalogue.items)
        self._place = {id_: place for place, id_ in enumerate(self.ids)}
        self._index, self._rows = index, all_vectors(index)
        self._items = index.catalogue.items
        self._cosines: dict[tuple[str, ...], Vector] = {}

    def vectors(self, *modalities: str) -> FriendScores:
        """Return the likeness of profiles by some modalities: what the index has of them."""
        table = self._likeness(modalities or MODALITIES)
        return lambda one, others: table[self._place[one], [self._place[o] for o in others]]

    def values(self, *fields: str) -> FriendScores:
        """Return the share of common values, rare ones counting more."""
        names = fields or ("interests", "languages", "place")
        have = {
            i: {(n, v) for n in names for v in field_values(x, n)} for i, x in self._items.items()
        }
        counted: dict[tuple[str, str], int] = {}
        for several in have.values():
            for one in several:
                counted[one] = counted.get(one, 0) + 1
        worth = {one: np.log(len(have) / count) for one, count in counted.items()}

        def score(one: str, others: Sequence[str]) -> Vector:
            return np.array(
                [sum(worth[v] for v in have[one] & have[o]) for o in others], np.float32
            )

        return score

    def _likeness(self, modalities: tuple[str, ...]) -> Vector:
        if modalities not in self._cosines:
            rows = self._rows.copy()
            for name, (block, flag) in places(self._index.dimensions).items():
                if name not in modalities:
                    rows[:, block] = rows[:, flag] = 0
            dimensions, populations = self._index.dimensions, self._index.populations
            self._cosines[modalities] = likeness_to(rows, rows, populations, dimensions)
        return self._cosines[modalities]


def summed(*weighted: tuple[float, FriendScores]) -> FriendScores:
    """Return the sum of standardised scores."""

    def score(one: str, others: Sequence[str]) -> Vector:
        total = np.zeros(len(others), dtype=np.float32)
        for weight, method in weighted:
            found = method(one, others)
            total += weight * (found - found.mean()) / max(float(found.std()), 1e-6)
        return total

    return score


def graph_methods(known: Mapping[str, tuple[str, ...]]) -> dict[str, FriendScores]:
    """Return the measures of the graph over the known links."""
    graph = LinkGraph(known)

    def shared(one: str, others: Sequence[str]) -> Vector:
        return np.array([len(graph.known_to(o, known.get(one, ()))) for o in others], np.float32)

    return {
        "common neighbours": shared,
        "Adamic-Adar": lambda one, others: graph.adamic_adar(others, known.get(one, ())),
        "EASE": lambda one, others: graph.ease(others, known.get(one, ())),
        "graph (both)": lambda one, others: graph.ties(others, known.get(one, ())),
    }


def popular(known: Mapping[str, tuple[str, ...]]) -> FriendScores:
    """Return who has most friends."""
    return lambda one, others: np.array([len(known.get(o, ())) for o in others], np.float32)


def measured(method: FriendScores, asked: FriendExam, ids: Sequence[str]) -> dict[str, list[float]]:
    """Return recall and nDCG of each person's ranking."""
    values: dict[str, list[float]] = {"recall@10": [], "nDCG@10": []}
    for one, wanted in sorted(asked.wanted.items()):
        others = [i for i in ids if i != one and i not in asked.known.get(one, ())]
        order = np.argsort(-method(one, others), kind="stable")
        ranked = [others[place] for place in order[:_K]]
        values["recall@10"].append(recall_at(ranked, wanted, _K))
        values["nDCG@10"].append(ndcg_at(ranked, wanted, _K))
    return values


def tuned_weight(
    graph: FriendScores, content: FriendScores, asked: FriendExam, ids: Sequence[str]
) -> float:
    """Return the weight of content beside the graph that foretells the links for tuning best."""

    def gain(weight: float) -> float:
        both = summed((1.0, graph), (weight, content))
        return float(np.mean(measured(both, asked, ids)["nDCG@10"]))

    return max(_WEIGHTS, key=gain)


def show(
    title: str, rows: Mapping[str, dict[str, list[float]]], against: Sequence[tuple[str, str]]
) -> None:
    """Print a table of methods, and comparisons of pairs."""
    print(f"\n{title}")
    for name, values in rows.items():
        told = "   ".join(f"{metric} {figure(found)}" for metric, found in values.items())
        print(f"  {name:32} {told}")
    for one, other in against:
        for metric in ("recall@10", "nDCG@10"):
            print(
                f"  {one} against {other}, {metric}: {paired(rows[one][metric], rows[other][metric])}"
            )


def main() -> None:
    """Open the demo of people, and print every table."""
    settings = load_settings(catalogue="people", language_model="none")
    index = open_catalogue(settings, load_encoders(settings, lambda step: None), lambda step: None)
    content, ids = PeopleContent(index), list(index.catalogue.items)
    edges = sorted({(a, b) for a, others in index.catalogue.links.items() for b in others if a < b})
    dice = random.Random(_SEED)
    dice.shuffle(edges)
    tests, tunes = round(_TEST * len(edges)), round(_TUNE * len(edges))
    test, tune, train = edges[:tests], edges[tests : tests + tunes], edges[tests + tunes :]
    print(f"{len(ids)} people, {len(edges)} links: {len(test)} asked for, {len(tune)} for tuning")

    for_tuning = exam(train, tune)
    asked = exam([*train, *tune], test)
    ours = content.values()
    weight = tuned_weight(graph_methods(for_tuning.known)["graph (both)"], ours, for_tuning, ids)
    graphs = graph_methods(asked.known)
    methods = {
        "popularity": popular(asked.known),
        "content: vectors": content.vectors(),
        "content: common values": ours,
        **graphs,
        f"both (content {weight:g})": summed((1.0, graphs["graph (both)"]), (weight, ours)),
    }
    rows = {name: measured(method, asked, ids) for name, method in methods.items()}
    both = list(rows)[-1]
    show("Held-out links", rows, [(both, "graph (both)"), (both, "content: common values")])

    cold = frozenset(dice.sample(ids, round(_COLD * len(ids))))
    left = [edge for edge in edges if cold.isdisjoint(edge)]
    hidden = exam(left, [edge for edge in edges if not cold.isdisjoint(edge)], sorted(cold))
    chosen = {
        "popularity": popular(hidden.known),
        "content: vectors": content.vectors(),
        "content: common values": ours,
    }
    told = {name: measured(method, hidden, ids) for name, method in chosen.items()}
    show(f"Cold: {len(hidden.wanted)} people without a link", told, [
        ("content: common values", "popularity"), ("content: vectors", "popularity"),
    ])  # fmt: skip

    parts: dict[str, FriendScores] = {"all": content.vectors()}
    parts |= {f"{one} alone": content.vectors(one) for one in ("text", "picture", "speech")}
    parts |= {
        f"without {one}": content.vectors(*(m for m in MODALITIES if m != one))
        for one in ("text", "picture", "speech")
    }
    found = {name: measured(method, hidden, ids) for name, method in parts.items()}
    pairs = [("all", f"without {one}") for one in ("text", "picture", "speech")]
    show("What each modality adds to the vectors, for the same cold people", found, pairs)


if __name__ == "__main__":
    main()
