"""Read the rows of an interactions table: CSV, JSON Lines or Parquet, cells by field.

Knows files, column names and cell formats; does not know what a row means.
"""

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from csv import field_size_limit, reader
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from retrieval.catalogue.cells import printable
from retrieval.catalogue.formats.csv_table import csv_header, csv_rows, delimiter
from retrieval.catalogue.formats.encoding import text_encoding, text_lines
from retrieval.catalogue.formats.parquet import read_parquet
from retrieval.catalogue.formats.table import Problem
from retrieval.errors import BAD_VALUE, CatalogueError, InteractionsError

# Field → its column names in files. A label is 0 or 1; a rating has its own scale.
NAMES: Mapping[str, tuple[str, ...]] = {
    "user": ("user", "user id", "userid", "customer", "customer id"),
    "item": ("item", "item id", "itemid", "movie id", "product", "product id", "sku"),
    "label": ("label", "liked", "clicked", "bought"),
    "rating": ("rating", "score", "stars"),
    "time": ("time", "timestamp", "date", "datetime", "when"),
}

_MILLISECONDS = 1e11  # larger times are milliseconds; in seconds this is the year 5138
_TRUTH = {"yes": 1.0, "true": 1.0, "no": 0.0, "false": 0.0}

Cells = Mapping[str, Any]  # field of NAMES → what the cell holds


def records(path: Path) -> Iterator[tuple[int, Cells | Problem]]:
    """Yield each row's number with its cells by field, or with its problem.

    Raises: InteractionsError when there is no such file, or no user or item column.
    """
    suffixes = [suffix.lower() for suffix in path.suffixes]
    kind = next((suffix for suffix in reversed(suffixes) if suffix in _READERS), None)
    if not path.is_file():
        raise InteractionsError(f"{path} does not exist: give a file of interactions")
    if kind is None:
        raise InteractionsError(f"{path} is no table: use {', '.join(sorted(_READERS))}")
    try:
        if not path.stat().st_size:
            raise InteractionsError(f"{path} is empty: it needs at least user and item")
        yield from _READERS[kind](path)
    except CatalogueError as error:
        raise InteractionsError(str(error)) from error
    except OSError as error:
        raise InteractionsError(f"{path} cannot be read ({error.strerror})") from error


def _read_csv(path: Path) -> Iterator[tuple[int, Cells | Problem]]:
    encoding, problems = text_encoding(path)
    yield from ((problem.row, problem) for problem in problems)
    field_size_limit(2**31 - 1)
    with path.open(encoding=encoding, newline="") as lines:
        header = next(text_lines(lines), "")
        lines.seek(0)
        mark = delimiter(header)
        names = csv_header(reader(text_lines(lines), delimiter=mark, strict=True), path)
        lines.seek(0)
        fields = _fields(names, path)
        for number, cells in islice(csv_rows(text_lines(lines), mark, len(names)), 1, None):
            if isinstance(cells, Problem):
                yield number, cells
            elif len(cells) != len(names):
                reason = f"{len(cells)} cells under {len(names)} columns: the row is left out"
                yield number, Problem(number, "row", reason)
            else:
                yield number, _named(dict(zip(names, cells, strict=True)), fields)


def _read_lines(path: Path) -> Iterator[tuple[int, Cells | Problem]]:
    encoding, problems = text_encoding(path)
    yield from ((problem.row, problem) for problem in problems)
    with path.open(encoding=encoding, newline="\n") as lines:
        for number, line in enumerate(text_lines(lines), start=1):
            if line.strip():
                yield number, _json_record(number, line)


def _json_record(number: int, line: str) -> Cells | Problem:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Problem(number, "row", f"not a JSON object ({error}): the row is left out")
    if not isinstance(record, dict):
        return Problem(number, "row", "not a JSON object: the row is left out")
    return _named(record, _columns(list(record)))


def _read_parquet(path: Path) -> Iterator[tuple[int, Cells | Problem]]:
    table = read_parquet(path)
    fields = _fields(list(table.names), path)
    for found in table.rows(list(fields)):
        if isinstance(found, Problem):
            yield found.row, found
        else:
            yield found[0], _named(found[1], fields)


_READERS: dict[str, Callable[[Path], Iterator[tuple[int, Cells | Problem]]]] = {
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".jsonl": _read_lines,
    ".ndjson": _read_lines,
    ".parquet": _read_parquet,
}


def _columns(names: Iterable[str]) -> dict[str, str]:
    """Return column → field; if columns compete for a field, the name listed first wins."""
    plain = {" ".join(name.casefold().replace("_", " ").split()): name for name in names}
    found = {}
    for field, known in NAMES.items():
        name = next((plain[one] for one in known if one in plain), None)
        if name is not None:
            found[name] = field
    return found


def _fields(names: list[str], path: Path) -> dict[str, str]:
    fields = _columns(names)
    for field in ("user", "item"):
        if field not in fields.values():
            seen = ", ".join(names) or "none"
            raise InteractionsError(
                f"{path} has no column {field!r} (columns: {seen}): name one so"
            )
    return fields


def _named(record: Mapping[str, Any], fields: Mapping[str, str]) -> Cells:
    return {field: record[name] for name, field in fields.items()}


def as_text(value: object) -> str:
    """Return a cell as an id: both 5 and 5.0 give "5"."""
    if value is None or (isinstance(value, float) and value != value):
        return ""
    return printable(f"{value:.15g}" if isinstance(value, float) else str(value))


def as_number(value: object) -> float | None:
    """Return a cell as a number, None when it is not one."""
    text = as_text(value).casefold()
    try:
        number = _TRUTH[text] if text in _TRUTH else float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def as_time(value: object) -> float | None:
    """Return a time as seconds since 1970, from a number, ISO 8601 text or a date object."""
    try:
        return _seconds(value)
    except BAD_VALUE:  # of another kind, or beyond what a clock can show
        return None


def _seconds(value: object) -> float:
    if isinstance(value, date):
        moment = value if isinstance(value, datetime) else datetime(*value.timetuple()[:3])
    elif (number := as_number(value)) is not None:
        return number / 1000 if abs(number) > _MILLISECONDS else number
    else:
        moment = datetime.fromisoformat(as_text(value))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
