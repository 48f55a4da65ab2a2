"""Rows of a table under the names that the source gives its columns, and what is wrong with it.

Knows names and places; knows neither files nor what a column means.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

Record = Mapping[str, Any]  # column name → text, number, bytes, list … as the source gives it


_KEPT = 60  # characters of both ends of a long value: of a path, the end tells more
_DEEPEST = 32  # lists and objects inside each other, in one cell


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a catalogue that could not be used."""

    row: int  # 0 when it concerns the whole file
    field: str
    problem: str  # the reason, and what follows from it; the same for all problems of a kind
    value: str = ""  # what stands there, cut where it is long
    cure: str = ""

    def __post_init__(self) -> None:
        """Cut the value to one line of a report."""
        line = " ".join(self.value.split())
        kept = line if len(line) <= 2 * _KEPT else f"{line[:_KEPT]}…{line[-_KEPT:]}"
        object.__setattr__(self, "value", kept)

    @property
    def said(self) -> str:
        """The value, the reason and the cure in one line."""
        reason = f"“{self.value}” {self.problem}" if self.value else self.problem
        return f"{reason}; {self.cure}" if self.cure else reason


Numbered = tuple[int, Record] | Problem  # rows are counted as a person does: a CSV header is row 1
Rows = Callable[[Collection[str] | None], Iterator[Numbered]]


@dataclass(frozen=True, slots=True)
class SourceTable:
    """What a source holds; its rows can be read several times."""

    kind: str  # as a person calls it: "CSV"
    names: tuple[str, ...]  # each once, without those that are not read
    rows: Rows  # its argument: the columns that are needed, None for all; a source may give more
    folder: Path  # what paths in cells start from
    problems: tuple[Problem, ...] = ()  # of the source as a whole
    format: str = ""  # the export's name in columns.toml where the container itself settles it


def plain_name(name: str) -> str:
    """Return a column's name as names are compared: lower case, spaces for underscores."""
    return " ".join(name.replace("_", " ").casefold().split())


def unique_columns(names: Sequence[str]) -> tuple[dict[int, str], tuple[Problem, ...]]:
    """Return the columns that are read, by place, and a problem for each that is not."""
    kept: dict[int, str] = {}
    problems, seen = [], set[str]()
    for place, name in enumerate(names):
        plain = plain_name(name)
        if plain and plain not in seen:
            kept[place] = name
            seen.add(plain)
            continue
        reason = "repeats an earlier one" if plain else "has no name"
        field, cure = name or f"column {place + 1}", "give the column a name of its own"
        problems.append(Problem(1, field, f"the column {reason}: it is not read", name, cure))
    return kept, tuple(problems)


def without_deep_rows(table: SourceTable) -> SourceTable:
    """Return a table without the rows of which a cell is nested so deeply that nobody reads it."""

    def rows(columns: Collection[str] | None) -> Iterator[Numbered]:
        for found in table.rows(columns):
            if isinstance(found, Problem) or all(map(_is_shallow, found[1].values())):
                yield found
            else:
                reason = f"is nested more than {_DEEPEST} deep: the row is left out"
                yield Problem(found[0], "row", reason, "", "write its values side by side")

    return replace(table, rows=rows)


def _is_shallow(cell: object, left: int = _DEEPEST) -> bool:
    if isinstance(cell, Mapping):
        cell = list(cell.values())
    if not isinstance(cell, list | tuple):
        return True
    return left > 0 and all(_is_shallow(one, left - 1) for one in cell)
