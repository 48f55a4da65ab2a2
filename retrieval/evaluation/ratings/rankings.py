"""Rank items for each user, and compute the metrics of the rankings.

Knows exams, scores and metrics; knows no method. Warm items (not withheld: their likes are in the
training data), withheld items (cold) and all items are ranked separately. Ties are broken in a
random order for each user.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.evaluation import metrics
from retrieval.evaluation.ratings.ratings import Exam, Flags
from retrieval.protocols import Vector
from retrieval.recommendation.attention import likeness_to

LEAD = "nDCG@10"
WARM, COLD, ALL = PARTS = ("warm items", "cold items", "all items")
LIST_LENGTH = 10  # items of a list that metrics consider
_SEED = 7

Ranking = tuple[int, list[int]]  # a user, and the positions of items, best first


@dataclass(frozen=True)
class ItemsPart:
    """Some of an exam's items."""

    name: str
    exam: Exam

    @property
    def open(self) -> Flags:
        """Return the candidates to rank, (users, items)."""
        return self.exam.open & self._items

    @property
    def wanted(self) -> Flags:
        """Return the relevant candidates, (users, items)."""
        return self.exam.wanted & self._items

    @property
    def _items(self) -> Flags:
        cold = self.exam.cold
        return {WARM: ~cold, COLD: cold}.get(self.name, np.ones_like(cold))


def rankings(scores: Vector, part: ItemsPart) -> list[Ranking]:
    """Rank the candidates of each user who has a relevant one."""
    dice, found = np.random.default_rng(_SEED), []
    opened, wanted = part.open, part.wanted
    for user in np.flatnonzero(wanted.any(axis=1)):
        there = dice.permutation(np.flatnonzero(opened[user]))
        order = np.argsort(-scores[user, there], kind="stable")
        found.append((int(user), there[order].tolist()))
    return found


def gain(ranking: Ranking, wanted: Flags) -> float:
    """Return the nDCG@10 of a ranking."""
    found, right = _named((ranking[0], ranking[1][:LIST_LENGTH]), wanted)
    return metrics.ndcg_at(found, right, LIST_LENGTH)


def mean_gain(scores: Vector, part: ItemsPart) -> float:
    """Return the mean nDCG@10 over users, 0 when no item is relevant."""
    wanted = part.wanted
    values = [gain(one, wanted) for one in rankings(scores, part)]
    return float(np.mean(values)) if values else 0.0


def measured_values(
    ranked: Sequence[Ranking], part: ItemsPart, scores: Vector
) -> Iterator[tuple[str, list[float]]]:
    """Yield each metric with its values, one per user."""
    wanted = part.wanted
    both = [_named(one, wanted) for one in ranked]
    yield "R@10", [metrics.recall_at(found, right, LIST_LENGTH) for found, right in both]
    yield LEAD, [metrics.ndcg_at(found, right, LIST_LENGTH) for found, right in both]
    yield "MRR", [metrics.reciprocal_rank(found, right) for found, right in both]
    yield "MAP", [metrics.average_precision(found, right) for found, right in both]
    if part.name == COLD:  # also among all items, most of which are warm
        everything = dict(rankings(scores, ItemsPart(ALL, part.exam)))
        yield f"{LEAD} among all", [gain((u, everything[u]), wanted) for u, _ in ranked]
    yield "diversity", _unlike(ranked, part.exam)


def coverage_of_part(ranked: Sequence[Ranking], part: ItemsPart) -> float:
    """Return the share of a part's items that are among the first ten of at least one user."""
    lists = [[str(at) for at in found[:LIST_LENGTH]] for _, found in ranked]
    return metrics.coverage(lists, int(part.open.any(axis=0).sum()))


def _named(ranking: Ranking, wanted: Flags) -> tuple[list[str], frozenset[str]]:
    """Return a ranking and its relevant items as ids, for the metrics."""
    right = np.flatnonzero(wanted[ranking[0]]).tolist()
    return [str(at) for at in ranking[1]], frozenset(map(str, right))


def _unlike(ranked: Sequence[Ranking], exam: Exam) -> list[float]:
    """Return 1 minus the mean likeness of all pairs of items, for each list."""
    shelf, unlike = exam.shelf, []
    for _, found in ranked:
        rows = shelf.stored[found[:LIST_LENGTH]]
        alike = likeness_to(rows, rows, shelf.populations, shelf.dimensions)
        pairs = max(len(alike) * (len(alike) - 1), 1)
        unlike.append(1 - float(alike.sum() - np.trace(alike)) / pairs)
    return unlike
