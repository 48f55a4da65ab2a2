"""One row of a table becomes a line: fields that were read, with what was wrong in them.

Knows fields; knows no file format, and not which lines are one product.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from retrieval.catalogue.cells import (
    Complaints,
    NamedFile,
    cell_files,
    cell_text,
    flattened,
    last_step,
    printable,
    prose,
)
from retrieval.catalogue.columns import Columns
from retrieval.catalogue.drafts import is_sale_state, sale_state
from retrieval.catalogue.formats.table import Problem, Record, plain_name
from retrieval.catalogue.headers import split_header, with_unit
from retrieval.catalogue.offer import Offer, read_offer
from retrieval.catalogue.vocabulary import cell_words
from retrieval.catalogue.web.address import RemoteFile
from retrieval.errors import BAD_VALUE
from retrieval.items import Item, normal
from retrieval.units import dimension_of, read_quantity

CODE_FIELDS = ("sku", "gtin", "mpn", "isbn")
_KEYS = ("id", "group", "parent", "row kind", "variant code", "url")
_FILES = ("pictures", "recordings", "videos")
_NO_TEXT = re.compile(r"[\0\ud800-\udfff]")  # zero bytes, and bytes that are not UTF-8
_REMOVED = "bytes that are no text stood in it: they are removed"
_NUMBERED = range(1, 7)  # "option 1 name" to "option 6 name"


@dataclass(frozen=True, slots=True)
class Row:
    """An item and where its catalogue holds it."""

    number: int  # as a person counts; in a CSV file the header is row 1
    item: Item


@dataclass(frozen=True, slots=True)
class RowContext:
    """What has to be known to read the rows of one table."""

    columns: Columns
    folder: Path  # what paths in cells start from
    decimal: str  # the mark before decimals in prices, "" where it is not known
    now: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table, read."""

    number: int
    texts: Mapping[str, str]  # title, description, category, brand, keys and codes, by field
    offer: Offer
    attributes: Mapping[str, str]
    options: Mapping[str, str]  # by which this variant differs, where the row names them
    numbered: Mapping[int, tuple[str, str]] = field(default_factory=dict)  # option's name, value
    files: Mapping[str, tuple[NamedFile, ...]] = field(default_factory=dict)
    variant_picture: Path | RemoteFile | None = None
    state: str = ""  # "draft" or "sold", "" where the row does not say


def read_line(number: int, record: Record, reading: RowContext) -> Iterator[Line | Problem]:
    """Yield a row's problems and, last, its line, unless it has no id or cannot be read at all."""
    try:
        found = list(_read(number, record, reading))
    except BAD_VALUE as error:
        reason = f"cannot be read ({type(error).__name__}: {error}): the row is left out"
        found = [Problem(number, "row", reason, "", "write its values as plain text and numbers")]
    yield from found


def _read(number: int, record: Record, reading: RowContext) -> Iterator[Line | Problem]:
    for column, cell in record.items():
        if isinstance(cell, str) and _NO_TEXT.search(cell):
            yield Problem(number, column, _REMOVED, printable(cell), "write it as UTF-8")
    columns, export = reading.columns, reading.columns.export
    filled = {name: record[at] for name, at in columns.fields.items() if at in record}
    cells = {**columns.said, **filled}
    facts = {
        name: record[at]
        for name, at in columns.attributes.items()
        if at in record and not (at == columns.fields.get("status") and is_sale_state(record[at]))
    }
    if export.written_newlines:
        cells = {name: _with_newlines(cell) for name, cell in cells.items()}
    texts = {
        name: cell_text(cells[name]) if name in cells else "" for name in (*_KEYS, *CODE_FIELDS)
    }
    if not texts["id"]:
        cure = "give each row an id of its own"
        yield Problem(number, "id", "is missing: the row is left out", "", cure)
        return
    texts["title"] = " ".join(prose(cells.get("title")).split())
    several = export.several_categories
    texts["category"] = last_step(cells.get("category"), several=several)
    texts["brand"] = prose(cells.get("brand"))
    texts["description"] = _description(cells)
    offer = read_offer(cells, reading.decimal, reading.now)
    files, complaints = _files(cells, reading.folder)
    for complaint in (*offer.complaints, *complaints):
        yield Problem(number, *complaint)
    own_picture, _ = cell_files(cells.get("variant picture"), "pictures", reading.folder)
    flat = (pair for name, cell in facts.items() for pair in flattened(name, cell))
    yield Line(
        number=number,
        texts=texts,
        offer=offer,
        attributes={
            bare: value
            for bare, value in (_with_unit(*pair) for pair in flat if _says_something(pair[1]))
            if not _weighs_nothing(value)
        },
        options=dict(flattened("attributes", cells.get("options") or {})),
        numbered=_numbered(cells),
        files=files,
        state=sale_state(cells),
        variant_picture=next((one for one in own_picture if not isinstance(one, bytes)), None),
    )


def _says_something(value: str) -> bool:
    return bool(value) and normal(value) not in cell_words().empty


def _with_unit(name: str, value: str) -> tuple[str, str]:
    """Return a field and its value with the unit that stands in the header: "weight (kg)"."""
    bare, unit = split_header(name)
    return bare, with_unit(value, unit)


def _weighs_nothing(value: str) -> bool:
    """Tell whether a cell says 0 g, as exports do where nobody has weighed the thing."""
    quantity = read_quantity(value) if value.startswith("0") else None
    return quantity is not None and quantity.high == 0 and dimension_of(quantity.unit) == "mass"


def _with_newlines(cell: object) -> object:
    return cell.replace("\\n", "\n") if isinstance(cell, str) else cell


def _description(cells: Mapping[str, Any]) -> str:
    """Return the description, after the short one that some shops write beside it."""
    long, short = prose(cells.get("description")), prose(cells.get("short description"))
    if not short or short in long:
        return long
    return f"{short.rstrip('.')}. {long}".strip() if long else short


def _numbered(cells: Mapping[str, Any]) -> dict[int, tuple[str, str]]:
    """Return the options that stand in columns for their names and for their values."""
    found: dict[int, tuple[str, str]] = {}
    if "option 1 name" not in cells:
        return found
    for place in _NUMBERED:
        name, value = (prose(cells.get(f"option {place} {part}")) for part in ("name", "value"))
        if name or value:
            found[place] = (plain_name(name), value)
    return found


def _files(
    cells: Mapping[str, Any], folder: Path
) -> tuple[dict[str, tuple[NamedFile, ...]], Complaints]:
    complaints = Complaints()
    found: dict[str, tuple[NamedFile, ...]] = {}
    for name in _FILES:
        if name not in cells:
            continue
        named = [cells.get(name)] + ([cells.get("more pictures")] if name == "pictures" else [])
        files, wrong = cell_files(named, name, folder)
        complaints += wrong
        found[name] = tuple(files)
    return found, complaints
