"""Who liked what, parted into what is learned from and what is to be foretold.

Knows interactions, the stored vectors of the items they are about, and two splits; knows no
method. A global time split learns from what was before a moment and foretells what came after it;
a split per user draws a share of each user's interactions. In either, each tenth of the items in
turn is withheld altogether: nobody is known to have liked them, as if they had been listed today.
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
LATER = 0.2  # of the interactions are to be foretold
FOLDS = 10  # so many exams; each item is withheld in one of them
LEAST_TESTED_USERS = 20  # of whom something can be foretold; with fewer, no figure says anything
_MOST_ITEMS = 6_000  # whose weights among each other fit into memory

How = Literal["global time", "per user"]
Places = NDArray[np.intp]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class RatedItems:
    """The items, and what is known of them from their records."""

    ids: tuple[str, ...]
    stored: Vector  # (items, width)
    populations: Populations
    dimensions: Dimensions


@dataclass(frozen=True)
class Ratings:
    """Interactions as places in lists of users and items, one row each."""

    name: str  # of the data, for the tables
    shelf: RatedItems
    users: Places  # (rows,)
    items: Places  # (rows,)
    liked: Flags  # (rows,)
    times: NDArray[np.float64]  # (rows,), seconds since 1970; the row's number where none are known
    dated: bool  # whether the times are known
    liked_from: float  # the lowest rating that counts as liked
    problems: tuple[str, ...] = ()  # what could not be used


@dataclass(frozen=True)
class Exam:
    """What is learned from, and what is to be foretold; every table is (users, items)."""

    shelf: RatedItems
    liked: Vector  # 1 where the user is known to like the item
    open: Flags  # where the item may be recommended to the user
    wanted: Flags  # liked afterwards, and open
    cold: Flags  # (items,): withheld

    @property
    def likes(self) -> Vector:
        """Return how many users are known to like each item, (items,)."""
        return np.asarray(self.liked.sum(axis=0), dtype=np.float32)


def ratings_of(
    name: str,
    interactions: Interactions,
    stored: Mapping[str, Vector],
    populations: Populations,
    dimensions: Dimensions,
) -> Ratings:
    """Bring interactions and the vectors of their items together, by id.

    Raises: InteractionsError when nobody likes anything, or the items are too many.
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
            f"row {one.row}: {one.problem}" if one.row else one.problem
            for one in interactions.problems
        ),
    )


def exams(ratings: Ratings, how: How, seed: int) -> tuple[Exam, Iterator[Exam]]:
    """Return what to tune on, and what to test on: one exam for each tenth of the items.

    What is tuned on is parted in the same way out of what is learned from, so that no interaction
    that a test foretells is ever tuned on.

    Raises: InteractionsError when of too few users anything can be foretold.
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
    """Return which of some rows are learned from, and which are to be foretold."""
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
    """Lay rows out as tables; what a user is known to have met is not open to them."""
    size = (int(ratings.users.max()) + 1, len(ratings.shelf.ids))
    withheld = np.isin(np.arange(size[1]), cold)
    known = before[~withheld[ratings.items[before]]]
    met = _table(ratings, known, size)
    liked = _table(ratings, known[ratings.liked[known]], size)
    wanted = _table(ratings, later[ratings.liked[later]], size) & ~met
    wanted &= liked.any(axis=1, keepdims=True)  # of whom nothing is known, nothing is foretold
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
