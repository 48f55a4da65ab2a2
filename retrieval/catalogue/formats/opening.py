"""A source → its table, by what the source is.

Knows suffixes and addresses; knows not what a column means.
"""

from collections.abc import Callable
from pathlib import Path

from retrieval.catalogue.formats.csv_table import read_csv
from retrieval.catalogue.formats.json_ld import holds_products, json_ld_table, read_page
from retrieval.catalogue.formats.json_table import objects_table, read_json, read_json_lines
from retrieval.catalogue.formats.parquet import read_parquet
from retrieval.catalogue.formats.table import SourceTable
from retrieval.catalogue.formats.workbook import read_workbook
from retrieval.catalogue.formats.xml_feed import read_xml
from retrieval.errors import CatalogueError
from retrieval.files import size_of_file


def is_database(source: Path | str) -> bool:
    """Tell whether a source is a database's URL; only text can be one."""
    return isinstance(source, str) and "://" in source


def open_database(address: str, table: str = "", query: str = "") -> SourceTable:
    """Return a table or a query of a database; raise CatalogueError when it cannot be read."""
    from retrieval.catalogue.formats.database import read_database

    if address.partition("://")[0].casefold() in _WEB:
        raise CatalogueError(f"{address} is on the web and is not fetched: give the file itself")
    return read_database(address, table, query)


def source_name(source: Path | str) -> str:
    """Return a source as it may be shown and kept: a file's whole path, a URL without password."""
    if not is_database(source):
        return str(Path(source).absolute())
    from retrieval.catalogue.formats.database import shown_address

    return shown_address(str(source))


def open_file(path: Path, sheet: str = "") -> SourceTable:
    """Return the table in a file; raise CatalogueError when there is none or it cannot be read."""
    if not path.exists():
        raise CatalogueError(f"{path} does not exist: give a file, or a folder of pictures")
    suffix = path.suffix.lower()
    if suffix not in TABLE_SUFFIXES:
        kinds = ", ".join(sorted(TABLE_SUFFIXES))
        raise CatalogueError(f"{path} is no catalogue: use {kinds}, or a folder of pictures")
    try:
        size = size_of_file(path)
        if not size:
            raise CatalogueError(f"{path} is empty: a catalogue needs at least id and title")
        if size > _MOST_WHOLE and suffix in _WHOLE:
            most = f"at most {_MOST_WHOLE >> 20} MB of its kind: write it as CSV or JSON Lines"
            raise CatalogueError(f"{path} has {size >> 20:,} MB, and is read whole, {most}")
        return read_workbook(path, sheet) if suffix in _WORKBOOKS else _READERS[suffix](path)
    except OSError as error:
        raise CatalogueError(f"{path} cannot be read ({error.strerror})") from error


def _read_json(path: Path) -> SourceTable:
    content, problems = read_json(path)
    if holds_products(content):
        return json_ld_table(content, path, problems)
    lists = [content] if isinstance(content, list) else _lists(content)
    if len(lists) != 1:
        raise CatalogueError(f"{path} holds neither products of schema.org nor one list of objects")
    return objects_table(lists[0], path, problems)


def _lists(content: object) -> list[list[object]]:
    values = content.values() if isinstance(content, dict) else ()
    return [one for one in values if isinstance(one, list) and one and isinstance(one[0], dict)]


_MOST_WHOLE = 512 << 20  # bytes of a file that is read as one
_WEB = frozenset({"http", "https", "ftp", "s3", "file"})
_WORKBOOKS = frozenset({".xlsx", ".xlsm"})
_READERS: dict[str, Callable[[Path], SourceTable]] = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".txt": read_csv,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".json": _read_json,
    ".jsonld": _read_json,
    ".html": read_page,
    ".htm": read_page,
    ".xml": read_xml,
    ".rss": read_xml,
    ".atom": read_xml,
    ".parquet": read_parquet,
}
_WHOLE = frozenset({".json", ".jsonld", ".html", ".htm", *_WORKBOOKS})
TABLE_SUFFIXES = frozenset({*_READERS, *_WORKBOOKS})
