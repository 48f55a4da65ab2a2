"""Read who chose what: CSV, JSON Lines or Parquet with user, item, a label or rating, and a time.

Knows the columns and what can be wrong with them; knows no model and no metric. What cannot be
used is reported with its row, never guessed; what is left is one interaction a user and item.
"""

import json
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from csv import field_size_limit, reader
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from retrieval.catalogue import csv_header, csv_rows, delimiter, text_encoding
from retrieval.errors import CatalogueError, InteractionsError
from retrieval.rows import Problem, printable

# What files call the columns. A label is 0 or 1; a rating has a scale of its own.
NAMES: Mapping[str, tuple[str, ...]] = {
    "user": ("user", "user id", "userid", "customer", "customer id"),
    "item": ("item", "item id", "itemid", "movie id", "product", "product id", "sku"),
    "label": ("label", "liked", "clicked", "bought"),
    "rating": ("rating", "score", "stars"),
    "time": ("time", "timestamp", "date", "datetime", "when"),
}

_LIKED = 0.75  # of the way from the lowest rating to the highest: 4 of 1 to 5
_MILLISECONDS = 1e11  # seconds since 1970 lie below this until the year 5138
_TRUTH = {"yes": 1.0, "true": 1.0, "no": 0.0, "false": 0.0}

Record = Mapping[str, Any]  # field of NAMES → what the cell holds


@dataclass(frozen=True, slots=True)
class Interaction:
    """One user's say on one item."""

    user: str
    item: str
    value: float  # the rating, or the label; 1 where the file has neither
    time: float | None = None  # seconds since 1970, None where the file does not say


@dataclass(frozen=True, slots=True)
class Interactions:
    """All that a file says, one interaction a user and item, in the file's order."""

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
    for number, record in _records(path):
        if isinstance(record, Problem):
            problems.append(record)
            continue
        rated = rated or "label" not in record
        one = _checked(number, record, items, now, problems)
        if one is not None:
            _keep(number, one, kept, problems)
    if not kept:
        first = f"row {problems[0].row}: {problems[0].problem}" if problems else "it has no rows"
        raise InteractionsError(f"{path} holds no interaction that can be used ({first})")
    found = tuple(one for _, one in sorted(kept.values(), key=lambda pair: pair[0]))
    start = _start(found, rated=rated) if positive_from is None else positive_from
    problems += _of_the_whole(found, start)
    return Interactions(found, start, tuple(sorted(problems, key=lambda problem: problem.row)))


def _checked(
    number: int,
    record: Record,
    items: Collection[str] | None,
    now: float,
    problems: list[Problem],
) -> Interaction | None:
    """Return what a row says, None when it cannot be used; add what is wrong to `problems`."""
    user, item = (_text(record.get(field)) for field in ("user", "item"))
    missing = "user" if not user else "item" if not item else ""
    if missing:
        problems.append(Problem(number, missing, "missing: the row is left out"))
        return None
    if items is not None and item not in items:
        reason = f"{item} is not in the catalogue: the row is left out"
        problems.append(Problem(number, "item", reason))
        return None
    field = "label" if "label" in record else "rating"
    value = _number(record.get(field, 1.0))
    if value is None:
        reason = f"{_text(record.get(field))!r} is no number: the row is left out"
        problems.append(Problem(number, field, reason))
        return None
    said = record.get("time")
    time = _time(said)
    if time is None and _text(said):
        reason = f"{_text(said)!r} is no time: the row is kept without one"
        problems.append(Problem(number, "time", reason))
    if time is not None and time > now:
        reason = f"{_text(said)} lies in the future: the row is left out"
        problems.append(Problem(number, "time", reason))
        return None
    return Interaction(user, item, value, time)


def _keep(
    number: int,
    one: Interaction,
    kept: dict[tuple[str, str], tuple[int, Interaction]],
    problems: list[Problem],
) -> None:
    """Keep one interaction a user and item: the latest, and of equal times the last row."""
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
    """Return when it was, before all others where nobody knows."""
    return -math.inf if one.time is None else one.time


def _start(found: Iterable[Interaction], *, rated: bool) -> float:
    """Return the lowest value that counts as liked."""
    values = {one.value for one in found}
    low, high = min(values), max(values)
    if not rated or values <= {0.0, 1.0}:
        return 0.5
    return low + _LIKED * (high - low) if high > low else low


def _of_the_whole(found: tuple[Interaction, ...], start: float) -> Iterator[Problem]:
    """Yield what is wrong with no row but with all of them."""
    if len({one.user for one in found}) == 1:
        yield Problem(0, "user", "one user only: nothing can be learned across users")
    if not any(one.value >= start for one in found):
        yield Problem(0, "rating", f"no value is {start:g} or more: nobody likes anything")
    if not any(one.time is not None for one in found):
        yield Problem(0, "time", "no row has a time: what came later cannot be told")


# -- files


def _records(path: Path) -> Iterator[tuple[int, Record | Problem]]:
    """Yield each row's number with its cells by field, or with what is wrong with it."""
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


def _read_csv(path: Path) -> Iterator[tuple[int, Record | Problem]]:
    encoding, problems = text_encoding(path)
    yield from ((problem.row, problem) for problem in problems)
    field_size_limit(2**31 - 1)
    with path.open(encoding=encoding, newline="") as lines:
        header = lines.readline()
        lines.seek(0)
        table = reader(lines, delimiter=delimiter(header), strict=True)
        names = csv_header(table, path)
        fields = _fields(names, path)
        for number, cells in csv_rows(table):
            if isinstance(cells, str):
                yield number, Problem(number, "row", cells)
            elif len(cells) != len(names):
                reason = f"{len(cells)} cells under {len(names)} columns: the row is left out"
                yield number, Problem(number, "row", reason)
            else:
                yield number, _named(dict(zip(names, cells, strict=True)), fields)


def _read_lines(path: Path) -> Iterator[tuple[int, Record | Problem]]:
    encoding, problems = text_encoding(path)
    yield from ((problem.row, problem) for problem in problems)
    with path.open(encoding=encoding, newline="\n") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield number, _json_record(number, line)


def _json_record(number: int, line: str) -> Record | Problem:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Problem(number, "row", f"not a JSON object ({error}): the row is left out")
    if not isinstance(record, dict):
        return Problem(number, "row", "not a JSON object: the row is left out")
    return _named(record, _columns(list(record)))


def _read_parquet(path: Path) -> Iterator[tuple[int, Record | Problem]]:
    import pyarrow
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as table:
            fields = _fields(table.schema_arrow.names, path)
            number = 0
            for batch in table.iter_batches(4096, columns=list(fields)):
                for record in batch.to_pylist():
                    number += 1
                    yield number, _named(record, fields)
    except pyarrow.ArrowException as error:
        reason = " ".join(str(error).split())
        raise InteractionsError(
            f"{path} is not whole Parquet ({reason}): write it again"
        ) from error


_READERS: dict[str, Callable[[Path], Iterator[tuple[int, Record | Problem]]]] = {
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".jsonl": _read_lines,
    ".ndjson": _read_lines,
    ".parquet": _read_parquet,
}


def _columns(names: Iterable[str]) -> dict[str, str]:
    """Return, for each column that is used, the field it fills; the best known name wins."""
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


def _named(record: Mapping[str, Any], fields: Mapping[str, str]) -> Record:
    return {field: record[name] for name, field in fields.items()}


# -- cells


def _text(value: object) -> str:
    """Return a cell as an id is written: 5 and 5.0 are "5"."""
    if value is None or (isinstance(value, float) and value != value):
        return ""
    return printable(f"{value:.15g}" if isinstance(value, float) else str(value))


def _number(value: object) -> float | None:
    text = _text(value).casefold()
    try:
        number = _TRUTH[text] if text in _TRUTH else float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _time(value: object) -> float | None:
    """Return seconds since 1970 of a number, of ISO 8601, or of a table's own date."""
    if isinstance(value, date):
        moment = value if isinstance(value, datetime) else datetime(*value.timetuple()[:3])
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    number = _number(value)
    if number is not None:
        return number / 1000 if abs(number) > _MILLISECONDS else number
    try:
        moment = datetime.fromisoformat(_text(value))
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
