"""Who is linked with whom: a table of pairs beside the catalogue, kept with its index.

Knows two files and ids; knows no score. A link holds both ways. Only those who are in the
catalogue, and let it be told who is linked with them, have links.
"""

import csv
import json
from collections.abc import Collection, Mapping
from pathlib import Path

from retrieval.catalogue.formats.opening import is_database
from retrieval.errors import BAD_VALUE, CatalogueError
from retrieval.files import write_whole

LINKS = "links.json"
Linked = Mapping[str, tuple[str, ...]]  # id → the ids linked with it, sorted


def links_file(source: Path | str) -> Path:
    """Return where the links of a catalogue stand: people.links.csv for people.csv."""
    place = Path(str(source).rpartition("/")[2]) if is_database(source) else Path(source)
    return place.with_name(f"{place.stem}.links.csv")


def read_links(source: Path | str, ids: Collection[str]) -> Linked:
    """Return the links between some ids; none where there is no table.

    Raises: CatalogueError when the table cannot be read, or a row names no two ids.
    """
    place = links_file(source)
    if not place.is_file():
        return {}
    found: dict[str, set[str]] = {}
    try:
        with place.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.reader(lines))[1:]
    except (OSError, ValueError) as error:
        raise CatalogueError(f"{place} cannot be read ({error}): write it as CSV") from error
    for number, row in enumerate(rows, start=2):
        if len(row) < 2 or not all(row[:2]):
            raise CatalogueError(f"{place}, row {number}: give two ids, not {row!r}")
        one, other = row[:2]
        if one != other and one in ids and other in ids:
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    return {id_: tuple(sorted(others)) for id_, others in sorted(found.items())}


def write_kept_links(place: Path, links: Linked) -> None:
    """Keep links with a generation of an index; raise StorageError when the disk refuses."""
    write_whole(place / LINKS, json.dumps(links).encode())


def kept_links(place: Path) -> Linked:
    """Return the links kept with a generation; none where there are none."""
    try:
        kept = json.loads((place / LINKS).read_text("utf-8"))
        return {id_: tuple(others) for id_, others in kept.items()}
    except BAD_VALUE:
        return {}
