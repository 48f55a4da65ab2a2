"""The problems of an indexing run: all of them in a file, their kinds and the first in memory.

Knows problems and the disk; knows nothing of what is wrong. A catalogue of a million rows may have
a million problems: each is written when it is met.
"""

import csv
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TextIO

from retrieval.catalogue.formats.table import Problem
from retrieval.errors import MagpieError
from retrieval.files import disk

LISTED = 1000  # problems in memory
_KINDS = 200  # after which the others count as one kind
_OTHERS = Problem(0, "others", "of further kinds")
_COLUMNS = ("row", "field", "value", "reason", "cure")


@dataclass(slots=True)
class ProblemKind:
    """Problems of one field that have the same reason."""

    first: Problem
    rows: int = 0
    last: int = -1  # the last row that was counted


class ProblemReport:
    """Takes problems one by one, and writes them into a CSV file in the order they are met."""

    def __init__(self, place: Path) -> None:
        """Begin without a file; the one of an earlier run stays until `close`."""
        self.count = 0
        self.kinds: dict[tuple[str, str], ProblemKind] = {}
        self.first: list[Problem] = []
        self._place, self._half = place, place.with_name(f"{place.name}.part")
        self._file: TextIO | None = None

    @property
    def file(self) -> Path | None:
        """The file with all problems; None when there are none."""
        return self._place if self.count else None

    def add(self, problem: Problem) -> None:
        """Write a problem and count it.

        Raises: StorageError when the disk is full or not writable.
        """
        kind = self._kind(problem)
        kind.rows += problem.row != kind.last
        kind.last = problem.row
        if self.count < LISTED:
            self.first.append(problem)
        self.count += 1
        with disk(self._place):
            if self._file is None:
                self._file = self._half.open("w", encoding="utf-8-sig", newline="")
                csv.writer(self._file).writerow(_COLUMNS)
            row, field, reason, value, cure = astuple(problem)
            csv.writer(self._file).writerow((row, field, value, reason, cure))

    def close(self) -> None:
        """Put the file in the place of the earlier run's; without problems, there is none."""
        with disk(self._place):
            if self._file is None:
                self._place.unlink(missing_ok=True)
            elif not self._file.closed:
                self._file.close()
                self._half.replace(self._place)

    def _kind(self, problem: Problem) -> ProblemKind:
        key = (problem.field, problem.problem)
        if key not in self.kinds and len(self.kinds) >= _KINDS:
            problem, key = _OTHERS, (_OTHERS.field, _OTHERS.problem)
        return self.kinds.setdefault(key, ProblemKind(problem))


def media_fault(column: str, place: str, error: MagpieError, what: str = "it") -> tuple[str, ...]:
    """Part an error's line, "place reason: cure", into what a problem has."""
    line = str(error).removeprefix(place).removeprefix(Path(place).name).strip()
    reason, _, cure = line.rpartition(": ")
    return (column, f"{reason or cure}: {what} is left out", place, cure if reason else "")
