"""Turn one raw record of a catalogue into an item, or report its problems.

Knows column names, prices, and paths relative to the file; knows no file format. A value that
cannot be used is reported with its row; only a row without an id or a title is dropped.
"""

import glob
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from retrieval.catalogue.headers import split_header, with_unit
from retrieval.catalogue.prices import checked_amount, read_currency, read_price
from retrieval.items import Item

KNOWN = (
    "id",
    "title",
    "description",
    "category",
    "price",
    "currency",
    "brand",
    "pictures",
    "recordings",
    "videos",
    "url",
)
# Other names of a known column; used only where the column itself is missing.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "id": ("item id", "product id", "sku"),
    "title": ("name", "product name", "product title"),
    "pictures": ("image", "images", "picture", "photo", "photos"),
    "recordings": ("recording", "audio"),
    "videos": ("video", "clip", "clips"),
}

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_WEB = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """An item and its row number in the catalogue."""

    number: int  # counted from 1; in a CSV file the header is row 1
    item: Item


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a catalogue that could not be used."""

    row: int  # 0 when it concerns the whole file
    field: str
    problem: str


Record = Mapping[str, Any]  # column name → text, number, bytes, list … as read from the format


def column_fields(names: list[str]) -> dict[str, str]:
    """Return the field of each used column: a known field or an attribute.

    Columns without a name, and columns that repeat an earlier one, are left out.
    """
    plain: dict[str, str] = {}
    for name in names:
        field = _field(name)
        if field and field not in plain.values():
            plain[name] = field
    for known, others in ALIASES.items():
        if known not in plain.values():
            found = next((n for o in others for n, f in plain.items() if f == o), None)
            if found is not None:
                plain[found] = known
    return plain


def read_row(
    number: int, record: Record, columns: Mapping[str, str], folder: Path
) -> Iterator[Row | Problem]:
    """Yield the record's problems, then its row unless the item cannot be used.

    `columns` comes from `column_fields`; paths are relative to `folder`.
    """
    cells = {field: record[name] for name, field in columns.items() if name in record}
    identity, title = (_text(cells.get(field)) for field in ("id", "title"))
    if not identity or not title:
        field = "title" if identity else "id"
        yield Problem(number, field, "missing: the row is left out")
        return
    price, currency, complaints = _price(cells.get("price"), cells.get("currency"))
    yield from (Problem(number, *complaint) for complaint in complaints)
    files: dict[str, list[Path | bytes]] = {}
    for field in ("pictures", "recordings", "videos"):
        files[field], complaints = _files(cells.get(field), field, folder)
        yield from (Problem(number, *complaint) for complaint in complaints)
    item = Item(
        id=identity,
        title=" ".join(title.split()),
        description=_text(cells.get("description")),
        category=_text(cells.get("category")),
        price=price,
        currency=currency,
        brand=_text(cells.get("brand")),
        attributes=_attributes(cells),
        pictures=tuple(files["pictures"]),
        recordings=tuple(path for path in files["recordings"] if isinstance(path, Path)),
        videos=tuple(path for path in files["videos"] if isinstance(path, Path)),
        url=_text(cells.get("url")),
    )
    yield Row(number, item)


def printable(text: str) -> str:
    """Return a text without control characters, lone surrogates and surrounding white space."""
    return _UNPRINTABLE.sub("", text).strip()


Complaints = list[tuple[str, str]]  # field, problem


def _price(price: object, currency: object) -> tuple[float | None, str, Complaints]:
    """Return amount and currency; the currency column takes precedence over a sign in the price."""
    amount, code, complaints = None, "", Complaints()
    try:
        if isinstance(price, int | float | Decimal) and not isinstance(price, bool):
            amount = checked_amount(float(price)) if price == price else None  # NaN: no price
        elif written := _text(price):
            amount, code = read_price(written)
    except (ValueError, OverflowError) as error:
        complaints.append(("price", f"{error}: the item stays without a price"))
    try:
        code = read_currency(_text(currency)) if _text(currency) else code
    except ValueError as error:
        complaints.append(("currency", str(error)))
    return amount, code, complaints


def _files(value: object, field: str, folder: Path) -> tuple[list[Path | bytes], Complaints]:
    """Return the files that a cell names and the encoded pictures that it holds."""
    found: list[Path | bytes] = []
    complaints = Complaints()
    for part in _parts(value):
        if isinstance(part, bytes):
            found.append(part)
            continue
        paths = _matches(part, folder)
        if not paths:
            web = _WEB.match(part)
            problem = "is on the web and is not fetched" if web else "is not there"
            complaints.append((field, f"{part} {problem}"))
        found.extend(paths)
    if field != "pictures" and any(isinstance(part, bytes) for part in found):
        complaints.append((field, f"{field} inside a table are not read: name files"))
    return list(dict.fromkeys(found)), complaints


def _parts(value: object) -> Iterator[str | bytes]:
    """Yield the paths and bytes in a cell: text separated by |, bytes, {bytes, path}, lists."""
    match value:
        case bytes():
            yield value
        case Mapping():
            inside = value.get("bytes") or value.get("path")
            yield from _parts(inside)
        case list() | tuple():
            for part in value:
                yield from _parts(part)
        case _:
            yield from (part.strip() for part in _text(value).split("|") if part.strip())


def _matches(written: str, folder: Path) -> list[Path]:
    """Return the files that match a path or a glob pattern, in order."""
    path = folder / written
    if path.is_file():
        return [path.absolute()]
    if not glob.has_magic(written):
        return []
    found = map(Path, sorted(glob.glob(str(folder / written))))
    return [match.absolute() for match in found if match.is_file()]


def _attributes(cells: Record) -> dict[str, str]:
    """Return every cell outside the known fields, as text; nested objects are flattened."""
    flat: dict[str, str] = {}
    for field, value in cells.items():
        if field not in KNOWN:
            flat.update(_flatten(field, value))
    named = ((*split_header(name), value) for name, value in flat.items() if value)
    return {name: with_unit(value, unit) for name, unit, value in named}


def _flatten(field: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for inner, part in value.items():
            name = _field(_text(inner))
            yield from _flatten(name if field == "attributes" else f"{field} {name}", part)
    else:
        yield field, _text(value)


def _field(name: str) -> str:
    return " ".join(printable(name).replace("_", " ").casefold().split())


def _text(value: object) -> str:
    """Return a cell as printable text: whole numbers without ".0", lists with commas."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            return "" if value != value else f"{value:.15g}"
        case list() | tuple():
            return ", ".join(text for part in value if (text := _text(part)))
        case bytes():
            return ""
        case _:
            return printable(str(value))
