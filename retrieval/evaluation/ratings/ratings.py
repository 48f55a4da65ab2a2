"""Split users' likes into training and held-out data.

Knows interactions, the stored vectors of their items, and two splits; knows no method. A global
time split trains on the interactions before a moment and tests on those after it; a per-user split
draws a share of each user's interactions. In both, the items are split into ten folds. Each fold in
turn is withheld (cold start): its interactions are removed from training, as if the items were new.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from retrieval.catalogue.interactions import Interactions
from retrieval.errors import InteractionsError
from retrieval.fusion.concatenation import Dimensions, Populations
from retrieval.protocols import Vector

SPLITS: tuple["How", ...] = ("global time", "per user")
LATER = 0.2  # share of the interactions that are held out
FOLDS = 10  # number of exams; each item is withheld in one of them
LEAST_TESTED_USERS = 20  # with held-out likes; with fewer, metrics are meaningless
_MOST_ITEMS = 6_000  # so that item-to-item weights fit in memory

How = Literal["global time", "per user"]
Places = NDArray[np.intp]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class RatedItems:
    """The items with their stored vectors."""

    ids: tuple[str, ...]
    stored: Vector  # (items, width)
    populations: Populations
    dimensions: Dimensions


@dataclass(frozen=True)
class Ratings:
    """Interactions as positions in lists of users and items, one row per interaction."""

    name: str  # of the data, for the tables
    shelf: RatedItems
    users: Places  # (rows,)
    items: Places  # (rows,)
    liked: Flags  # (rows,)
    times: NDArray[np.float64]  # (rows,), seconds since 1970, or row numbers if not `dated`
    dated: bool  # whether the times are known
    liked_from: float  # the lowest rating that counts as liked
    problems: tuple[str, ...] = ()  # rows that could not be used


@dataclass(frozen=True)
class Exam:
    """One train/test split (an "exam"); every matrix is (users, items)."""

    shelf: RatedItems
    liked: Vector  # training data: 1 where the user likes the item
    open: Flags  # candidates: where the item may be recommended to the user
    wanted: Flags  # ground truth: held-out likes among the candidates
    cold: Flags  # (items,): withheld

    @property
    def likes(self) -> Vector:
        """Return the number of users who like each item in the training data, (items,)."""
        return np.asarray(self.liked.sum(axis=0), dtype=np.float32)


def ratings_of(
    name: str,
    interactions: Interactions,
    stored: Mapping[str, Vector],
    populations: Populations,
    dimensions: Dimensions,
) -> Ratings:
    """Combine interactions with the vectors of their items, by id.

    Raises: InteractionsError when there are no likes, or too many items.
    """
    ids = tuple(dict.fromkeys(one.item for one in interactions.all))
    if len(ids) > _MOST_ITEMS:
        raise InteractionsError(
            f"{name} speaks of {len(ids):,} items, and at most {_MOST_ITEMS:,} can be compared: "
            "leave out those that few users met"
        )
    if not interactions.positives:
        raise InteractionsError(
            f"{name}: no value is {interactions.positive_from:g} or more, so nobody likes anything"
        )
    users = {user: at for at, user in enumerate(dict.fromkeys(o.user for o in interactions.all))}
    places = {id_: at for at, id_ in enumerate(ids)}
    times = [one.time for one in interactions.all]
    dated = all(time is not None for time in times)
    return Ratings(
        name,
        RatedItems(ids, np.stack([stored[id_] for id_ in ids]), populations, dimensions),
        users=np.array([users[one.user] for one in interactions.all]),
        items=np.array([places[one.item] for one in interactions.all]),
        liked=np.array([one.value >= interactions.positive_from for one in interactions.all]),
        times=np.asarray(times if dated else range(len(times)), dtype=np.float64),
        dated=dated,
        liked_from=interactions.positive_from,
        problems=tuple(
            f"row {one.row}: {one.said}" if one.row else one.said for one in interactions.problems
        ),
    )


def exams(ratings: Ratings, how: How, seed: int) -> tuple[Exam, Iterator[Exam]]:
    """Return one exam for tuning, and the test exams: one for each of the ten folds of items.

    The tuning exam splits the training data of the tests again in the same way, so no held-out test
    interaction is used in tuning.

    Raises: InteractionsError when too few users have held-out likes.
    """
    dice = np.random.default_rng(seed)
    before, later = _parted(ratings, np.arange(len(ratings.users)), how, dice)
    earlier, between = _parted(ratings, before, how, dice)
    folds = np.array_split(dice.permutation(len(ratings.shelf.ids)), FOLDS)
    _check_users(ratings, how, _exam(ratings, before, later, folds[0][:0]))
    tuning = _exam(ratings, earlier, between, folds[0])
    return tuning, (_exam(ratings, before, later, fold) for fold in folds)


def _parted(
    ratings: Ratings, rows: Places, how: How, dice: np.random.Generator
) -> tuple[Places, Places]:
    """Split rows into training and held-out rows."""
    if how == "global time":
        ordered = rows[np.argsort(ratings.times[rows], kind="stable")]
        return tuple(np.split(ordered, [round(len(ordered) * (1 - LATER))]))  # type: ignore[return-value]
    drawn = dice.permutation(rows)
    grouped = drawn[np.argsort(ratings.users[drawn], kind="stable")]
    users = ratings.users[grouped]
    starts = np.searchsorted(users, users, side="left")
    sizes = np.searchsorted(users, users, side="right") - starts
    later = np.arange(len(grouped)) - starts < np.round(sizes * LATER)
    return grouped[~later], grouped[later]


def _exam(ratings: Ratings, before: Places, later: Places, cold: Places) -> Exam:
    """Make an exam from rows; items that a user rated in training are not candidates."""
    size = (int(ratings.users.max()) + 1, len(ratings.shelf.ids))
    withheld = np.isin(np.arange(size[1]), cold)
    known = before[~withheld[ratings.items[before]]]
    met = _table(ratings, known, size)
    liked = _table(ratings, known[ratings.liked[known]], size)
    wanted = _table(ratings, later[ratings.liked[later]], size) & ~met
    wanted &= liked.any(axis=1, keepdims=True)  # leave out users without training likes
    return Exam(ratings.shelf, liked.astype(np.float32), ~met, wanted, withheld)


def _table(ratings: Ratings, rows: Places, size: tuple[int, int]) -> Flags:
    table = np.zeros(size, dtype=np.bool_)
    table[ratings.users[rows], ratings.items[rows]] = True
    return table


def _check_users(ratings: Ratings, how: How, exam: Exam) -> None:
    users = int(exam.wanted.any(axis=1).sum())
    if users < LEAST_TESTED_USERS:
        first = f" (of the file: {ratings.problems[0]})" if ratings.problems else ""
        raise InteractionsError(
            f"{ratings.name}, split by {how}: {users} users like something both before and after; "
            f"measuring recommendations needs at least {LEAST_TESTED_USERS}{first}"
        )
