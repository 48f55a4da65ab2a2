"""Foretell friendships that were held out: by content, by the graph, by both.

    python -m benchmarks.friends

The people and their friendships are simulated (`demo/people/profiles.py` states the model), so the
figures show what the methods gain where that model holds, not how real people choose. Each fifth of
the links is asked for once, the other four choose the content and its weight; every person who is
no known friend is a candidate. For cold users all links of a fifth of the people are held out.
Beside the figures stand 95 % intervals (bootstrap over people) and paired randomisation tests.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.build import open_catalogue
from assistant.models import load_encoders
from assistant.settings import load_settings
from retrieval.domain_ranking import common_values
from retrieval.evaluation.intervals import figure, paired
from retrieval.evaluation.metrics import ndcg_at, recall_at
from retrieval.fusion.concatenation import places
from retrieval.index.index import Index, all_vectors
from retrieval.items import MODALITIES
from retrieval.protocols import Vector
from retrieval.recommendation.attention import likeness_to
from retrieval.recommendation.graph import LinkGraph

_SEED, _K, _FOLDS = 30, 10, 5
_WEIGHTS = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0)  # of content beside the graph

Edges = Sequence[tuple[str, str]]
PersonValues = dict[str, list[float]]  # metric → a value for each person
FriendTable = Mapping[str, dict[str, list[float]]]  # method → metric → a value for each person
FriendScores = Callable[[str, Sequence[str]], Vector]  # a person, candidates → scores


@dataclass(frozen=True)
class FriendExam:
    """Known links, and those that are asked for."""

    known: Mapping[str, tuple[str, ...]]
    wanted: Mapping[str, frozenset[str]]


def links_of(edges: Edges) -> dict[str, tuple[str, ...]]:
    """Return who is linked with whom."""
    found: dict[str, set[str]] = {}
    for one, other in edges:
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {id_: tuple(sorted(others)) for id_, others in found.items()}


def friend_exam(known: Edges, wanted: Edges, people: Sequence[str] = ()) -> FriendExam:
    """Return an exam; with `people`, only they are asked."""
    asked = {id_: frozenset(others) for id_, others in links_of(wanted).items()}
    return FriendExam(
        links_of(known), {i: w for i, w in asked.items() if not people or i in people}
    )


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

    def values(self) -> FriendScores:
        """Return the share of common values, rare ones counting more."""
        items, catalogue = self._index.catalogue.items, self._index.catalogue

        def score(one: str, others: Sequence[str]) -> Vector:
            found = common_values(items[one], [items[other] for other in others], catalogue)
            return np.array(found, dtype=np.float32)

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


def summed_scores(*weighted: tuple[float, FriendScores]) -> FriendScores:
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
        "graph": lambda one, others: graph.ties(others, known.get(one, ())),
    }


def most_friends(known: Mapping[str, tuple[str, ...]]) -> FriendScores:
    """Return who has most friends."""
    return lambda one, others: np.array([len(known.get(o, ())) for o in others], np.float32)


def friend_rankings(method: FriendScores, asked: FriendExam, ids: Sequence[str]) -> PersonValues:
    """Return recall and nDCG of each person's ranking."""
    values: dict[str, list[float]] = {"recall@10": [], "nDCG@10": []}
    for one, wanted in sorted(asked.wanted.items()):
        others = [i for i in ids if i != one and i not in asked.known.get(one, ())]
        order = np.argsort(-method(one, others), kind="stable")
        ranked = [others[place] for place in order[:_K]]
        values["recall@10"].append(recall_at(ranked, wanted, _K))
        values["nDCG@10"].append(ndcg_at(ranked, wanted, _K))
    return values


def tuned_content(
    folds: Sequence[Edges], contents: Mapping[str, FriendScores], ids: Sequence[str]
) -> tuple[str, float]:
    """Return which content, with which weight beside the graph, foretells each fold best."""
    gains: dict[tuple[str, float], list[float]] = {}
    for held in folds:
        asked = friend_exam([edge for fold in folds for edge in fold if fold is not held], held)
        graph = graph_methods(asked.known)["graph"]
        for name, content in contents.items():
            for weight in _WEIGHTS:
                both = summed_scores((1.0, graph), (weight, content))
                found = friend_rankings(both, asked, ids)["nDCG@10"]
                gains.setdefault((name, weight), []).append(float(np.mean(found)))
    return max(gains, key=lambda one: float(np.mean(gains[one])))


def print_friends(title: str, rows: FriendTable, against: Sequence[tuple[str, str]]) -> None:
    """Print a table of methods, and comparisons of pairs."""
    print(f"\n{title}")
    for name, values in rows.items():
        told = "   ".join(f"{metric} {figure(found)}" for metric, found in values.items())
        print(f"  {name:32} {told}")
    for one, other in against:
        for metric in ("recall@10", "nDCG@10"):
            gain = paired(rows[one][metric], rows[other][metric])
            print(f"  {one} against {other}, {metric}: {gain}")


def in_folds(edges: Edges, contents: Mapping[str, FriendScores], ids: Sequence[str]) -> None:
    """Hold out each fifth of the links once; the other four choose content and its weight."""
    folds = [edges[start::_FOLDS] for start in range(_FOLDS)]
    found: dict[str, dict[str, list[float]]] = {}
    chosen = []
    for test in folds:
        others = [fold for fold in folds if fold is not test]
        name, weight = tuned_content(others, contents, ids)
        chosen.append(f"{name} {weight:g}")
        asked = friend_exam([edge for fold in others for edge in fold], test)
        graphs = graph_methods(asked.known)
        methods = {
            "popularity": most_friends(asked.known),
            **contents,
            **graphs,
            "content + graph": summed_scores((1.0, graphs["graph"]), (weight, contents[name])),
        }
        for method, scores in methods.items():
            gather_folds(found.setdefault(method, {}), friend_rankings(scores, asked, ids), asked)
    rows = {name: per_person(values) for name, values in found.items()}
    pairs = [("content + graph", other) for other in ("graph", "Adamic-Adar", "common values")]
    print_friends(
        f"Each fifth of the links held out once; chosen: {', '.join(chosen)}", rows, pairs
    )


def when_cold(
    edges: Edges, methods: Mapping[str, FriendScores | None], ids: Sequence[str]
) -> FriendTable:
    """Hide all links of each fifth of the people once; None stands for popularity."""
    dice, order = random.Random(_SEED), list(ids)
    dice.shuffle(order)
    found: dict[str, dict[str, list[float]]] = {name: {} for name in methods}
    for place in range(_FOLDS):
        cold = frozenset(order[place::_FOLDS])
        left = [edge for edge in edges if cold.isdisjoint(edge)]
        asked = friend_exam(left, [edge for edge in edges if edge not in set(left)], sorted(cold))
        for name, method in methods.items():
            chosen = method or most_friends(asked.known)
            gather_folds(found[name], friend_rankings(chosen, asked, ids), asked)
    return {name: per_person(values) for name, values in found.items()}


def gather_folds(
    kept: dict[str, list[float]], values: Mapping[str, list[float]], asked: FriendExam
) -> None:
    """Add each person's values to those of other folds."""
    for metric, found in values.items():
        for person, value in zip(sorted(asked.wanted), found, strict=True):
            kept.setdefault(f"{metric}|{person}", []).append(value)


def per_person(kept: Mapping[str, list[float]]) -> dict[str, list[float]]:
    """Return each metric's values, one a person: the mean over the folds that asked for it."""
    found: dict[str, list[float]] = {}
    for key in sorted(kept):
        found.setdefault(key.partition("|")[0], []).append(float(np.mean(kept[key])))
    return found


def in_real_life() -> None:
    """Measure the graph alone on 78 real friendships: Zachary's karate club, as networkx ships it.

    Zachary, "An Information Flow Model for Conflict and Fission in Small Groups", 1977.
    """
    import networkx

    edges = sorted((f"{a:02}", f"{b:02}") for a, b in networkx.karate_club_graph().edges)
    ids = sorted({one for edge in edges for one in edge})
    random.Random(_SEED).shuffle(edges)
    found: dict[str, dict[str, list[float]]] = {}
    for start in range(_FOLDS):
        test = edges[start::_FOLDS]
        asked = friend_exam([edge for edge in edges if edge not in test], test)
        methods = {"popularity": most_friends(asked.known), **graph_methods(asked.known)}
        for name, method in methods.items():
            gather_folds(found.setdefault(name, {}), friend_rankings(method, asked, ids), asked)
    rows = {name: per_person(values) for name, values in found.items()}
    print_friends("Real: the karate club", rows, [("graph", "popularity")])


def main() -> None:
    """Open the demo of people, and print every table."""
    settings = load_settings(catalogue="people", language_model="none")
    index = open_catalogue(settings, load_encoders(settings, lambda step: None), lambda step: None)
    content, ids = PeopleContent(index), list(index.catalogue.items)
    edges = sorted({(a, b) for a, others in index.catalogue.links.items() for b in others if a < b})
    random.Random(_SEED).shuffle(edges)
    print(f"{len(ids)} people, {len(edges)} links, all simulated")
    values, text = content.values(), content.vectors("text")
    contents = {
        "vectors": content.vectors(),
        "common values": values,
        "values + text": summed_scores((1.0, values), (1.0, text)),
    }
    in_folds(edges, contents, ids)
    told: dict[str, FriendScores | None] = {"popularity": None, **contents}
    pairs = [(name, "popularity") for name in contents]
    print_friends(
        "Cold: each fifth of the people without a link", when_cold(edges, told, ids), pairs
    )
    in_real_life()
    spoken = ("text", "picture", "speech")
    parts: dict[str, FriendScores | None] = {"all": content.vectors()}
    parts |= {f"{one} alone": content.vectors(one) for one in spoken}
    parts |= {
        f"without {one}": content.vectors(*(m for m in MODALITIES if m != one)) for one in spoken
    }
    pairs = [("all", f"without {one}") for one in spoken]
    print_friends("Cold, by the vectors of some modalities", when_cold(edges, parts, ids), pairs)


if __name__ == "__main__":
    main()
