"""Read interactions: a table with user, item, a label or rating, and a time.

Knows what a row means and what can be wrong with it; knows no file format, no model and no
metric. A row that cannot be used is reported with its number, never guessed. The result has one
interaction per user and item.
"""

import math
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from retrieval.catalogue.formats.table import Problem
from retrieval.catalogue.interaction_rows import Cells, as_number, as_text, as_time, records
from retrieval.errors import InteractionsError

_LIKED = 0.75  # liked from this share of the rating scale: from 4 on a scale of 1 to 5


@dataclass(frozen=True, slots=True)
class Interaction:
    """One user's rating or label of one item."""

    user: str
    item: str
    value: float  # the rating, or the label; 1 where the file has neither
    time: float | None = None  # seconds since 1970, None where the file does not say


@dataclass(frozen=True, slots=True)
class Interactions:
    """The interactions of a file, one per user and item, in the file's order."""

    all: tuple[Interaction, ...]
    positive_from: float  # the lowest value that counts as liked
    problems: tuple[Problem, ...]  # by row; row 0 concerns the whole file

    @property
    def positives(self) -> tuple[Interaction, ...]:
        """Return what was liked."""
        return tuple(one for one in self.all if one.value >= self.positive_from)


def read_interactions(
    path: Path,
    *,
    items: Collection[str] | None = None,
    now: float = math.inf,
    positive_from: float | None = None,
) -> Interactions:
    """Read a file of interactions.

    `items` are the ids that the catalogue knows (None: all are known), `now` is in seconds since
    1970. Liked is what is rated at least `positive_from`; without one, a label of 1, or the
    upper quarter of the ratings' scale as the file uses it.

    Raises: InteractionsError when there is no such file, no user or item column, or no usable row.
    """
    kept: dict[tuple[str, str], tuple[int, Interaction]] = {}
    problems: list[Problem] = []
    rated = False
    for number, record in records(path):
        if isinstance(record, Problem):
            problems.append(record)
            continue
        rated = rated or "label" not in record
        one = _checked(number, record, items, now, problems)
        if one is not None:
            _keep(number, one, kept, problems)
    if not kept:
        first = f"row {problems[0].row}: {problems[0].said}" if problems else "it has no rows"
        raise InteractionsError(f"{path} holds no interaction that can be used ({first})")
    found = tuple(one for _, one in sorted(kept.values(), key=lambda pair: pair[0]))
    start = _start(found, rated=rated) if positive_from is None else positive_from
    problems += _of_the_whole(found, start)
    return Interactions(found, start, tuple(sorted(problems, key=lambda problem: problem.row)))


def _checked(
    number: int,
    record: Cells,
    items: Collection[str] | None,
    now: float,
    problems: list[Problem],
) -> Interaction | None:
    """Return a row's interaction, None when it cannot be used; add its problems to `problems`."""
    user, item = (as_text(record.get(field)) for field in ("user", "item"))
    missing = "user" if not user else "item" if not item else ""
    if missing:
        problems.append(Problem(number, missing, "missing: the row is left out"))
        return None
    if items is not None and item not in items:
        reason = f"{item} is not in the catalogue: the row is left out"
        problems.append(Problem(number, "item", reason))
        return None
    field = "label" if "label" in record else "rating"
    value = as_number(record.get(field, 1.0))
    if value is None:
        reason = f"{as_text(record.get(field))!r} is no number: the row is left out"
        problems.append(Problem(number, field, reason))
        return None
    said = record.get("time")
    time = as_time(said)
    if time is None and as_text(said):
        reason = f"{as_text(said)!r} is no time: the row is kept without one"
        problems.append(Problem(number, "time", reason))
    if time is not None and time > now:
        reason = f"{as_text(said)} lies in the future: the row is left out"
        problems.append(Problem(number, "time", reason))
        return None
    return Interaction(user, item, value, time)


def _keep(
    number: int,
    one: Interaction,
    kept: dict[tuple[str, str], tuple[int, Interaction]],
    problems: list[Problem],
) -> None:
    """Keep one interaction per user and item: the latest, or the last row at equal times."""
    before = kept.get((one.user, one.item))
    if before is not None:
        row, other = before
        older = _when(one) < _when(other)
        last, left = (row, number) if older else (number, row)
        reason = f"{one.user} and {one.item} again in row {last}: the row is left out"
        problems.append(Problem(left, "item", reason))
        if older:
            return
    kept[one.user, one.item] = (number, one)


def _when(one: Interaction) -> float:
    """Return the time of an interaction, minus infinity when it is unknown."""
    return -math.inf if one.time is None else one.time


def _start(found: Iterable[Interaction], *, rated: bool) -> float:
    """Return the lowest value that counts as liked."""
    values = {one.value for one in found}
    low, high = min(values), max(values)
    if not rated or values <= {0.0, 1.0}:
        return 0.5
    return low + _LIKED * (high - low) if high > low else low


def _of_the_whole(found: tuple[Interaction, ...], start: float) -> Iterator[Problem]:
    """Yield problems that concern the whole file, not a single row."""
    if len({one.user for one in found}) == 1:
        yield Problem(0, "user", "one user only: nothing can be learned across users")
    if not any(one.value >= start for one in found):
        yield Problem(0, "rating", f"no value is {start:g} or more: nobody likes anything")
    if not any(one.time is not None for one in found):
        yield Problem(0, "time", "no row has a time: what came later cannot be told")
