"""Read one sheet of an Excel workbook, row after row.

Knows openpyxl; knows not what a column means.
"""

import datetime
import warnings
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from retrieval.catalogue.formats.table import Numbered, Problem, SourceTable, unique_columns
from retrieval.errors import CatalogueError

_FAULTS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})


def read_workbook(path: Path, sheet: str = "") -> SourceTable:
    """Return the table of a sheet whose first filled row names the columns.

    Raises: CatalogueError when it is no workbook, has no such sheet, or several and none chosen.
    """
    with _opened(path) as book:
        chosen = _sheet(book, sheet, path)
        found = next(_filled_rows(book[chosen]), None)
    if found is None:
        raise CatalogueError(f"{path}: the sheet {chosen!r} is empty: name another with --sheet")
    top, header = found
    kept, problems = unique_columns([_name(cell) for cell in header])

    def rows(_: Collection[str] | None) -> Iterator[Numbered]:
        with _opened(path) as book:
            for number, cells in _filled_rows(book[chosen]):
                if number == top:
                    continue
                record = {name: cells[at] for at, name in kept.items() if at < len(cells)}
                for name, cell in record.items():
                    if cell in _FAULTS:
                        reason = "is a fault of a formula: the cell counts as empty"
                        yield Problem(number, name, reason, str(cell), "mend the formula")
                yield number, {name: _cell(cell) for name, cell in record.items()}

    return SourceTable("Excel", tuple(kept.values()), rows, path.parent, problems)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Open a workbook; what openpyxl raises on a damaged one becomes a CatalogueError."""
    from zipfile import BadZipFile
    from zlib import error as ZipDataError  # noqa: N812 - the library's only error

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    damaged = (
        BadZipFile, ZipDataError, InvalidFileException, SyntaxError, LookupError, ValueError,
        TypeError, AttributeError, EOFError, OSError, RuntimeError,
    )  # fmt: skip
    try:
        with warnings.catch_warnings():  # of styles and rules that are not read
            warnings.simplefilter("ignore")
            book = load_workbook(path, read_only=True, data_only=True)
        with closing(book):
            yield book
    except damaged as error:
        reason = " ".join(str(error).split())
        cure = "save it as .xlsx or CSV"
        raise CatalogueError(f"{path} is not an Excel workbook ({reason}): {cure}") from error


def _sheet(book: Any, wanted: str, path: Path) -> str:  # noqa: ANN401
    names: list[str] = [sheet.title for sheet in book.worksheets]
    if wanted in names:
        return wanted
    known = ", ".join(names)
    if wanted:
        raise CatalogueError(f"{path} has no sheet {wanted!r}: its sheets are {known}")
    filled = [name for name in names if next(_filled_rows(book[name]), None) is not None]
    if len(filled) > 1:
        cure = f"choose one with --sheet, as in --sheet {filled[0]!r}"
        raise CatalogueError(f"{path} has several sheets ({', '.join(filled)}): {cure}")
    return (filled or names)[0]


def _filled_rows(sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:  # noqa: ANN401
    sheet.reset_dimensions()  # what some programs write there is wrong
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        if any(cell not in (None, "") for cell in cells):
            yield number, cells


def _name(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def _cell(cell: object) -> object:
    if cell in _FAULTS:
        return None
    if isinstance(cell, datetime.datetime | datetime.date | datetime.time):
        return cell.isoformat().removesuffix("T00:00:00")
    return cell
