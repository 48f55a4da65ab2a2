"""Read CSV and TSV; a quote that is wrong costs the row it stands in, never those after it.

Knows separators and quotes; knows not what a column means.
"""

import csv
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from retrieval.catalogue.formats.encoding import WIDEST, text_encoding, text_lines
from retrieval.catalogue.formats.table import Numbered, Problem, SourceTable, unique_columns
from retrieval.errors import CatalogueError

_LONGEST = 2000  # lines of one row; past them a quote counts as never closed


def read_csv(path: Path) -> SourceTable:
    """Return the table of a CSV file whose first row names the columns.

    Raises: CatalogueError when it is no text, or its header cannot be read.
    """
    csv.field_size_limit(2**31 - 1)  # a long description is no reason to stop
    encoding, problems = text_encoding(path)
    with path.open(encoding=encoding, newline="") as lines:
        mark = delimiter(lines.readline(WIDEST))
        lines.seek(0)
        names = csv_header(csv.reader(text_lines(lines), delimiter=mark, strict=True), path)
    kept, more = unique_columns(names)

    def rows(_: Collection[str] | None) -> Iterator[Numbered]:
        with path.open(encoding=encoding, newline="") as lines:
            for number, cells in islice(csv_rows(text_lines(lines), mark, len(names)), 1, None):
                if isinstance(cells, Problem):
                    yield cells
                    continue
                filled = _trimmed(cells, len(names))
                if len(filled) > len(names):
                    yield _wide(number, cells, len(names))
                else:
                    places = kept.items()
                    yield number, {name: filled[at] for at, name in places if at < len(filled)}

    kind = "TSV" if mark == "\t" else "CSV"
    return SourceTable(kind, tuple(kept.values()), rows, path.parent, (*problems, *more))


def csv_header(table: Iterator[list[str]], path: Path) -> list[str]:
    """Return the columns' names; raise CatalogueError when the first row cannot be read."""
    try:
        return [name.strip() for name in next(table, [])]
    except csv.Error as error:
        raise CatalogueError(f"{path}, row 1: the header cannot be read ({error})") from error


def delimiter(header: str) -> str:
    """Return the separator that parts the header into most columns."""
    return max(",;\t", key=lambda mark: len(next(csv.reader([header], delimiter=mark), [])))


@dataclass
class _Lines:
    """The lines of a file, one row's at a time, with those that are read again."""

    source: Iterator[str]
    again: deque[str] = field(default_factory=deque)
    taken: list[str] = field(default_factory=list)  # by the row that is being read
    width: int = 0  # of these

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if len(self.taken) >= _LONGEST or self.width >= WIDEST:
            raise StopIteration
        line = self.again.popleft() if self.again else next(self.source)
        self.taken.append(line)
        self.width += len(line)
        return line


def csv_rows(
    lines: Iterable[str], mark: str, columns: int
) -> Iterator[tuple[int, list[str] | Problem]]:
    """Yield each row's number with its cells, or with its problem; pass over blank lines.

    The header is row 1. After a wrong quote reading goes on with the next line. Of the lines that
    the wrong row had taken along, only those with a cell for every column are believed to be rows.
    """
    source = _Lines(iter(lines))
    number = doubtful = 0  # doubtful: lines to come that a wrong row had taken along
    while True:
        number += 1
        source.taken, source.width = [], 0
        try:
            cells = next(csv.reader(source, delimiter=mark, strict=True), None)
        except csv.Error as error:
            doubtful = max(doubtful - 1, len(source.taken) - 1)
            source.again.extendleft(reversed(source.taken[1:]))
            reason = f"a quote is wrong ({error}): the row is left out"
            cure = "check its quotes, two for each inside"
            yield number, Problem(number, "row", reason, source.taken[0], cure)
            continue
        if cells is None:
            return
        doubted, doubtful = doubtful > 0, max(0, doubtful - len(source.taken))
        if cells and doubted and len(cells) != columns:
            reason = "as many cells as columns are not there, after a row with a wrong quote"
            value, cure = f"{len(cells)} cells under {columns} columns", "mend that row first"
            yield number, Problem(number, "row", f"{reason}: the row is left out", value, cure)
        elif cells:
            yield number, cells


def _wide(number: int, cells: list[str], columns: int) -> Problem:
    value, cure = f"{len(cells)} cells under {columns} columns", "quote cells with separators"
    return Problem(number, "row", "has more cells than columns: the row is left out", value, cure)


def _trimmed(cells: list[str], count: int) -> list[str]:
    """Return a row without the empty cells that stand past the last column."""
    while len(cells) > count and not cells[-1].strip():
        cells = cells[:-1]
    return cells
