"""Read a catalogue: CSV, JSON Lines, Parquet, or a folder of pictures.

Knows file formats; does not know what a record means (`rows.py`) or how it is used. Rows are read
one at a time, so a catalogue may be larger than memory.
"""

import codecs
import csv
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from retrieval.catalogue.rows import Problem, Row, column_fields, printable, read_row
from retrieval.errors import CatalogueError
from retrieval.items import Item

PICTURE_SUFFIXES = (".avif", ".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")

_MARKS = (  # byte order marks, with which a text file declares its encoding
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 1 << 20  # bytes
_SPACES = re.compile(r"[\s_-]+")
_BATCH = 256  # rows of a Parquet file in memory at once


def read_catalogue(path: Path) -> Iterator[Row | Problem]:
    """Yield every usable row and every problem, in the file's order.

    Raises: CatalogueError when the file is missing, empty, of an unknown kind, or holds no item.
    """
    seen: set[str] = set()
    first: Problem | None = None
    for found in _reader(path)(path):
        if isinstance(found, Problem):
            first = first or found
        elif found.item.id in seen:
            found = Problem(found.number, "id", f"{found.item.id} again: the row is left out")
        else:
            seen.add(found.item.id)
        yield found
    if not seen:
        reason = f"row {first.row}, {first.field}: {first.problem}" if first else "it has no rows"
        raise CatalogueError(f"{path} holds no item that can be used ({reason})")


def _reader(path: Path) -> Callable[[Path], Iterator[Row | Problem]]:
    if path.is_dir():
        return _read_folder
    if not path.exists():
        raise CatalogueError(f"{path} does not exist: give a file, or a folder of pictures")
    suffix = path.suffix.lower()
    if suffix not in _READERS:
        kinds = ", ".join(sorted(_READERS))
        raise CatalogueError(f"{path} is no catalogue: use {kinds}, or a folder of pictures")
    try:
        empty = path.stat().st_size == 0
    except OSError as error:
        raise CatalogueError(f"{path} cannot be read ({error.strerror})") from error
    if empty:
        raise CatalogueError(f"{path} is empty: a catalogue needs at least id and title")
    return _READERS[suffix]


def _read_csv(path: Path) -> Iterator[Row | Problem]:
    """Read a table whose first row names the columns."""
    encoding, problems = text_encoding(path)
    yield from problems
    csv.field_size_limit(2**31 - 1)  # allow long descriptions
    with path.open(encoding=encoding, newline="") as lines:
        header = lines.readline()
        lines.seek(0)
        table = csv.reader(lines, delimiter=delimiter(header), strict=True)
        names = csv_header(table, path)
        columns = _columns(names, path)
        yield from _unread_columns(names, columns)
        for number, cells in csv_rows(table):
            if isinstance(cells, str):
                yield Problem(number, "row", cells)
            elif len(cells) > len(names):
                problem = f"{len(cells)} cells under {len(names)} columns: the row is left out"
                yield Problem(number, "row", problem)
            else:
                record = dict(zip(names, cells, strict=False))
                yield from read_row(number, record, columns, path.parent)


def csv_header(table: Iterator[list[str]], path: Path) -> list[str]:
    """Return the columns' names; raise CatalogueError when the first row cannot be read."""
    try:
        return [name.strip() for name in next(table, [])]
    except csv.Error as error:
        raise CatalogueError(f"{path}, row 1: the header cannot be read ({error})") from error


def csv_rows(table: Iterator[list[str]]) -> Iterator[tuple[int, list[str] | str]]:
    """Yield each row's number with its cells or its problem; skip blank lines."""
    number = 1
    while True:
        number += 1
        try:
            cells = next(table, None)
        except csv.Error as error:
            yield number, f"{error}: check its quotes; the row is left out"
            continue
        if cells is None:
            return
        if cells:
            yield number, cells


def delimiter(header: str) -> str:
    """Return the separator that splits the header into the most columns."""
    return max(",;\t", key=lambda mark: len(next(csv.reader([header], delimiter=mark), [])))


def _columns(names: list[str], path: Path) -> dict[str, str]:
    columns = column_fields(names)
    for field in ("id", "title"):
        if field not in columns.values():
            seen = ", ".join(names) or "none"
            raise CatalogueError(f"{path} has no column {field!r} (columns: {seen}): name one so")
    return columns


def _unread_columns(names: list[str], columns: dict[str, str]) -> Iterator[Problem]:
    for place, name in enumerate(names, start=1):
        if name not in columns:
            reason = "repeats an earlier one" if name else "has no name"
            yield Problem(1, name or f"column {place}", f"the column {reason}: it is not read")


def text_encoding(path: Path) -> tuple[str, list[Problem]]:
    """Return the encoding of a text file; one that is not UTF-8 is read as Windows-1252.

    Raises: CatalogueError when it is not a text file.
    """
    with path.open("rb") as raw:
        start = raw.read(4)
    marked = next((name for mark, name in _MARKS if start.startswith(mark)), "utf-8")
    reason = _decoding_fault(path, marked)
    if not reason:
        return marked, []
    if marked != "utf-8" or _decoding_fault(path, "cp1252"):
        raise CatalogueError(f"{path} is not text ({reason}): save it as UTF-8")
    return "cp1252", [Problem(0, "encoding", f"not UTF-8 ({reason}): read as Windows-1252")]


def _decoding_fault(path: Path, encoding: str) -> str:
    """Return why a file cannot be decoded in an encoding, "" when it can."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as raw:
        while chunk := raw.read(_CHUNK):
            try:
                text = decoder.decode(chunk)
            except UnicodeDecodeError as error:
                place = raw.tell() - len(chunk) + error.start
                return f"byte {error.object[error.start]:#04x} at {place}"
            if "\0" in text:
                return "it holds zero bytes"
    return ""


def _read_lines(path: Path) -> Iterator[Row | Problem]:
    """Read one JSON object per line."""
    encoding, problems = text_encoding(path)
    yield from problems
    with path.open(encoding=encoding, newline="\n") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            yield from _json_row(number, line, path.parent)


def _json_row(number: int, line: str, folder: Path) -> list[Row | Problem]:
    try:
        record = json.loads(line)
        if isinstance(record, dict):
            return list(read_row(number, record, column_fields(list(record)), folder))
        reason = f"a {type(record).__name__}, not an object"
    except (ValueError, RecursionError) as error:
        reason = str(error)
    return [Problem(number, "row", f"not a JSON object ({reason}): the row is left out")]


def _read_parquet(path: Path) -> Iterator[Row | Problem]:
    """Read an Apache Parquet table, a few hundred rows at a time."""
    import pyarrow
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as table:
            columns = _columns(table.schema_arrow.names, path)
            number = 0
            for batch in table.iter_batches(_BATCH):
                for record in batch.to_pylist():
                    number += 1
                    yield from read_row(number, record, columns, path.parent)
    except (pyarrow.ArrowException, OSError) as error:
        reason = " ".join(str(error).split())
        raise CatalogueError(f"{path} is not whole Parquet ({reason}): write it again") from error


def _read_folder(folder: Path) -> Iterator[Row | Problem]:
    """Read a folder of pictures: each picture is an item, named after its file."""
    found = (path for path in sorted(folder.rglob("*")) if path.suffix.lower() in PICTURE_SUFFIXES)
    pictures = [path for path in found if path.is_file() and not path.name.startswith(".")]
    if not pictures:
        tables = [path.name for path in sorted(folder.iterdir()) if path.suffix.lower() in _READERS]
        cure = f"give {folder / tables[0]} itself" if tables else "give a file or another folder"
        raise CatalogueError(f"{folder} holds no pictures: {cure}")
    for number, path in enumerate(pictures, start=1):
        inside = path.relative_to(folder)
        yield Row(
            number,
            Item(
                id=printable(inside.as_posix()),
                title=_SPACES.sub(" ", printable(path.stem)).strip() or inside.name,
                category=_SPACES.sub(" ", printable(inside.parent.name)),
                pictures=(path.absolute(),),
            ),
        )


_READERS: dict[str, Callable[[Path], Iterator[Row | Problem]]] = {
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".jsonl": _read_lines,
    ".ndjson": _read_lines,
    ".parquet": _read_parquet,
}
