"""What a user is offered, best first, and how much of it was right.

Knows exams, scores and measures; knows no method. Warm items (some users are known to have liked
them or could have been), withheld items (cold) and both together are ranked apart. Equal scores
are put in an order drawn anew for each user.
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
LIST_LENGTH = 10  # items of a list that is judged
_SEED = 7

Ranking = tuple[int, list[int]]  # a user, and the places of items, best first


@dataclass(frozen=True)
class ItemsPart:
    """Some of an exam's items."""

    name: str
    exam: Exam

    @property
    def open(self) -> Flags:
        """Return what is ranked, (users, items)."""
        return self.exam.open & self._items

    @property
    def wanted(self) -> Flags:
        """Return what of it is right, (users, items)."""
        return self.exam.wanted & self._items

    @property
    def _items(self) -> Flags:
        cold = self.exam.cold
        return {WARM: ~cold, COLD: cold}.get(self.name, np.ones_like(cold))


def rankings(scores: Vector, part: ItemsPart) -> list[Ranking]:
    """Rank all that is open to each user of whom something is wanted."""
    dice, found = np.random.default_rng(_SEED), []
    opened, wanted = part.open, part.wanted
    for user in np.flatnonzero(wanted.any(axis=1)):
        there = dice.permutation(np.flatnonzero(opened[user]))
        order = np.argsort(-scores[user, there], kind="stable")
        found.append((int(user), there[order].tolist()))
    return found


def gain(ranking: Ranking, wanted: Flags) -> float:
    """Return the nDCG of a list's first ten."""
    found, right = _named((ranking[0], ranking[1][:LIST_LENGTH]), wanted)
    return metrics.ndcg_at(found, right, LIST_LENGTH)


def mean_gain(scores: Vector, part: ItemsPart) -> float:
    """Return the mean nDCG over users, 0 when nothing is wanted."""
    wanted = part.wanted
    values = [gain(one, wanted) for one in rankings(scores, part)]
    return float(np.mean(values)) if values else 0.0


def measured_values(
    ranked: Sequence[Ranking], part: ItemsPart, scores: Vector
) -> Iterator[tuple[str, list[float]]]:
    """Yield each measure with its values, one a user."""
    wanted = part.wanted
    both = [_named(one, wanted) for one in ranked]
    yield "R@10", [metrics.recall_at(found, right, LIST_LENGTH) for found, right in both]
    yield LEAD, [metrics.ndcg_at(found, right, LIST_LENGTH) for found, right in both]
    yield "MRR", [metrics.reciprocal_rank(found, right) for found, right in both]
    yield "MAP", [metrics.average_precision(found, right) for found, right in both]
    if part.name == COLD:  # ranked among everything, most of it well known
        everything = dict(rankings(scores, ItemsPart(ALL, part.exam)))
        yield f"{LEAD} among all", [gain((u, everything[u]), wanted) for u, _ in ranked]
    yield "diversity", _unlike(ranked, part.exam)


def coverage_of_part(ranked: Sequence[Ranking], part: ItemsPart) -> float:
    """Return the share of a part's items that is among the first ten of anybody."""
    lists = [[str(at) for at in found[:LIST_LENGTH]] for _, found in ranked]
    return metrics.coverage(lists, int(part.open.any(axis=0).sum()))


def _named(ranking: Ranking, wanted: Flags) -> tuple[list[str], frozenset[str]]:
    """Return a ranking and what of it is right as the measures want them."""
    right = np.flatnonzero(wanted[ranking[0]]).tolist()
    return [str(at) for at in ranking[1]], frozenset(map(str, right))


def _unlike(ranked: Sequence[Ranking], exam: Exam) -> list[float]:
    """Return one minus the mean likeness of the pairs of each list's items."""
    shelf, unlike = exam.shelf, []
    for _, found in ranked:
        rows = shelf.stored[found[:LIST_LENGTH]]
        alike = likeness_to(rows, rows, shelf.populations, shelf.dimensions)
        pairs = max(len(alike) * (len(alike) - 1), 1)
        unlike.append(1 - float(alike.sum() - np.trace(alike)) / pairs)
    return unlike
