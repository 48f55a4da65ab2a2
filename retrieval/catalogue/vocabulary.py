"""What columns are called in what shops export: the table columns.toml, read once.

Knows names; knows no file and no cell.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from retrieval.catalogue.formats.table import plain_name
from retrieval.errors import CatalogueError

PLAIN_TABLE = "plain"  # the name of a table of no known kind
PARENT, CHILD = "variable", "variation"  # kinds of rows, as WooCommerce calls them

Ranks = tuple[tuple[str, ...], ...]  # names of columns: the first line that has one in a table


@dataclass(frozen=True, slots=True)
class Export:
    """How one kind of export calls its columns."""

    name: str
    title: str  # as a person calls it
    fields: Mapping[str, Ranks]
    signs: tuple[frozenset[str], ...] = ()  # a table that has all of one of these is of this kind
    decimal: str = ""  # the mark before decimals where the values of a column do not show it
    ignored: frozenset[str] = frozenset()
    ignored_starts: tuple[str, ...] = ()
    named: Mapping[str, str] = field(default_factory=dict)  # columns under a clearer name
    cut: str = ""  # a column's name ends here
    written_newlines: bool = False  # a line break is written as \n
    several_categories: bool = False  # of one thing, with commas between

    def ignores(self, plain: str) -> bool:
        """Tell whether a column says nothing about the thing."""
        ignored = plain in self.ignored or plain.startswith(self.ignored_starts)
        return ignored and plain not in self.named


@dataclass(frozen=True, slots=True)
class CellWords:
    """Words inside cells."""

    prefixes: frozenset[str]  # of prices
    per: tuple[str, ...]  # between a price and what it is for
    counted: frozenset[str]  # what a price may be for beside units
    available: frozenset[str]
    unavailable: frozenset[str]
    unknown: frozenset[str]
    empty: frozenset[str]  # what a cell says that says nothing
    draft: frozenset[str]  # what a status says of what is not sold
    unpublished: frozenset[str]
    sold: frozenset[str]  # what a status says of what is sold, and nothing else
    options: frozenset[str]  # columns by which the rows of one product may differ
    alone: frozenset[str]  # … where nothing else names the product


def export_named(name: str) -> Export:
    """Return an export by its name; raise CatalogueError when there is none."""
    exports = _exports()
    plain = plain_name(name.replace(".", " ").replace("-", " ")).replace(" ", "_")
    if plain not in exports:
        known = ", ".join(exports)
        raise CatalogueError(f"{name!r} is no format: use one of {known}, or none to have it seen")
    return exports[plain]


def recognised_export(names: Iterable[str]) -> Export:
    """Return the export that a table's columns are signs of, PLAIN_TABLE when of none."""
    plain = frozenset(map(column_name, names))
    exports = _exports()
    signed = (one for one in exports.values() if any(sign <= plain for sign in one.signs))
    return next(signed, exports[PLAIN_TABLE])


def column_name(name: str) -> str:
    """Return a column's name as columns.toml has it: without the prefix of Merchant feeds."""
    return plain_name(name).removeprefix("g:")


def letters_of(name: str) -> str:
    """Return a column's name without what shops write differently: "Artikel-Nr." is artikelnr."""
    return "".join(mark for mark in name if mark.isalnum())


@cache
def known_fields() -> frozenset[str]:
    """Return every field that a column can fill; any other name is an attribute's."""
    return frozenset(field for export in _exports().values() for field in export.fields)


@cache
def kind_names() -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]:
    """Return how columns of kinds are called, and what other names of them end and begin with."""
    table = _table()["kinds"]
    return frozenset(table["own"]), tuple(table["ends"]), tuple(table["begins"])


@cache
def header_words(field: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words that a header of a field may have, and those that it never has."""
    table = _table()["likely"][field]
    return frozenset(table["words"]), frozenset(table["never"])


@cache
def cell_words() -> CellWords:
    """Return the words inside cells."""
    table = _table()
    words = {name: frozenset(found) for name, found in table["words"].items()}
    variants = {name: frozenset(found) for name, found in table["variants"].items()}
    return CellWords(
        prefixes=words["from"],
        per=tuple(table["words"]["per"]),
        counted=words["counted"],
        available=words["available"],
        unavailable=words["unavailable"],
        unknown=words["unknown"],
        empty=words["empty"],
        draft=words["draft"],
        unpublished=words["unpublished"],
        sold=words["sold"],
        options=variants["options"],
        alone=variants["alone"],
    )


@cache
def _exports() -> dict[str, Export]:
    table = _table()
    common = _ranks(table["fields"])
    found = {name: _export(name, one, common) for name, one in table["formats"].items()}
    return {**found, PLAIN_TABLE: Export(PLAIN_TABLE, "", common)}


def _export(name: str, entry: Mapping[str, Any], common: Mapping[str, Ranks]) -> Export:
    return Export(
        name=name,
        title=entry["title"],
        fields={**common, **_ranks(entry["fields"])},
        signs=tuple(map(frozenset, entry["signs"])),
        decimal=entry.get("decimal", ""),
        ignored=frozenset(entry.get("ignored", ())),
        ignored_starts=tuple(entry.get("ignored_starts", ())),
        named=entry.get("named", {}),
        cut=entry.get("cut", ""),
        written_newlines=entry.get("written_newlines", False),
        several_categories=entry.get("several_categories", False),
    )


def _ranks(fields: Mapping[str, list[list[str]]]) -> dict[str, Ranks]:
    return {field: tuple(map(tuple, ranks)) for field, ranks in fields.items()}


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("columns.toml").read_text("utf-8"))
