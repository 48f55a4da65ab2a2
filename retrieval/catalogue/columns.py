"""Which column of a table fills which field, or why that cannot be told.

Knows names, and looks at cells only to say which column might be meant; reads no cell.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from itertools import islice

from retrieval.catalogue.formats.table import Problem, SourceTable
from retrieval.catalogue.likely_columns import (
    FirstCells,
    likely_category,
    likely_description,
    likely_id,
    likely_price,
    likely_stock,
    likely_title,
    may_be_id,
)
from retrieval.catalogue.vocabulary import (
    PLAIN_TABLE,
    Export,
    Ranks,
    column_name,
    kind_names,
    known_fields,
    letters_of,
)
from retrieval.currencies import CODES, SIGNS
from retrieval.errors import CatalogueError

REQUIRED = ("id", "title")
_SHARED = frozenset(
    {"group", "parent", "variant code"}
)  # fields that may take a column that another takes
_LOOKED_AT = 200  # rows
_CODE = re.compile(r"(?=\S*\d)(?!\D?\d+[.,]\d+\D?$)\S{1,40}")  # what an id looks like; no price
_PRICED = re.compile(r"[\s()\[\]/_]+")  # between the words of "price (eur)"
_REPEATED, _FILLED = 2, 0.9  # times that a type is there on average; share of rows that say one
_TITLE = 4  # letters that titles have on average, at the least


@dataclass(frozen=True, slots=True)
class Columns:
    """What is done with the columns of a table."""

    export: Export
    fields: Mapping[str, str]  # field → column
    attributes: Mapping[str, str]  # attribute's name → column
    ignored: tuple[str, ...]  # columns of the export that say nothing about the thing
    said: Mapping[str, str]  # field → what a header says of every row
    guessed: Mapping[str, str]  # those of `fields` that no name tells


def find_columns(
    table: SourceTable, shown: str, chosen: Export, mapping: Mapping[str, str]
) -> Columns:
    """Return what each column of a table is for.

    `shown` is the source as errors name it; `chosen` is the kind of export; `mapping` has the
    columns that a person chose, by field or by the attribute's name.

    Raises: CatalogueError when a chosen column is not there, or when no column, or one of several,
    can be the id or the title.
    """
    chosen_columns = _chosen_columns(table, shown, mapping)
    fields = {name: column for name, column in chosen_columns.items() if name in known_fields()}
    plain = {column_name(name): name for name in table.names}
    for field, ranks in chosen.fields.items():
        free = {
            letters_of(n): c
            for n, c in plain.items()
            if field in _SHARED or c not in fields.values()
        }
        if field in fields:
            continue
        ranked = (list(dict.fromkeys(map(letters_of, rank))) for rank in ranks)
        found = next((line for rank in ranked if (line := [n for n in rank if n in free])), [])
        if field in REQUIRED and len(found) > 1 and chosen.name == PLAIN_TABLE:
            raise CatalogueError(_several(shown, field, [free[name] for name in found]))
        if found:
            fields[field] = free[found[0]]
    _check_id(table, chosen, chosen_columns, fields)
    fields = _with_kinds(table, chosen, fields, chosen_columns.values())
    header_says = _priced_in(plain, fields, chosen.fields.get("price", ()))
    fields, guessed = _with_guesses(table, chosen, fields, chosen_columns.values())
    for field in REQUIRED:
        if field not in fields:
            raise CatalogueError(_missing(table, shown, field, set(fields.values())))
    taken = {*fields.values(), *chosen_columns.values()}
    if chosen.name == PLAIN_TABLE and "status" not in chosen_columns:
        taken.discard(fields.get("status", ""))  # it may say something of the thing as well
    rest = {name: column for name, column in plain.items() if column not in taken}
    ignored = tuple(column for name, column in rest.items() if chosen.ignores(name))
    attributes = {
        chosen.named.get(name) or (name.partition(chosen.cut)[0] if chosen.cut else name): column
        for name, column in rest.items()
        if column not in ignored
    }
    attributes |= {name: column for name, column in chosen_columns.items() if name not in fields}
    return Columns(chosen, fields, attributes, ignored, header_says, guessed)


def _check_id(
    table: SourceTable, chosen: Export, said: Mapping[str, str], fields: dict[str, str]
) -> None:
    """Take another column for the id where the one of that name is not filled in every row.

    A barcode that some rows lack is no id where every row has an item number. Where no column has
    such a name, the only one that holds another code in every row is the id.
    """
    if chosen.name != PLAIN_TABLE or "id" in said:
        return
    different = _likely(table, "id")
    if fields.get("id") in different:
        return
    taken = set(fields.values()) - {fields.get("id")}
    cells = _first_cells(table)
    free = (name for name in different if name not in taken and may_be_id(name))
    codes = [name for name in free if all(map(_CODE.fullmatch, cells[name]))]
    if codes and ("id" in fields or len(codes) == 1):
        fields["id"] = codes[0]


def _with_kinds(
    table: SourceTable, chosen: Export, fields: dict[str, str], taken: Collection[str]
) -> dict[str, str]:
    """Take for the category the only column that is called a type of something and repeats."""
    own, ends, begins = kind_names()
    lacks = chosen.name == PLAIN_TABLE and "category" not in fields
    lacks = lacks and own.isdisjoint(map(column_name, table.names))
    cells = _first_cells(table) if lacks else {}
    found = []
    for name in (one for one in cells if one not in (*taken, *fields.values())):
        plain, said = column_name(name), [cell for cell in cells[name] if cell]
        called = plain.endswith(ends) or plain.startswith(begins)
        repeated = 1 < len(set(said)) <= len(said) / _REPEATED
        if called and repeated and len(said) >= _FILLED * len(cells[name]):
            found.append(name)
    return {**fields, "category": found[0]} if len(found) == 1 else fields


def _priced_in(plain: Mapping[str, str], fields: dict[str, str], prices: Ranks) -> dict[str, str]:
    """Return the currency that a price's header names: "price_eur", "Preis (€)".

    Where no column is called price, the first such is the price.
    """
    names = {letters_of(name) for rank in prices for name in rank}
    for name, column in plain.items():
        parts = [part for part in _PRICED.split(name) if part]  # none in a header like "/"
        code = _currency(parts[-1]) if letters_of("".join(parts[:-1])) in names else ""
        if (
            code
            and fields.get("price", column) == column
            and ("price" in fields or column not in fields.values())
        ):
            fields["price"] = column
            return {} if "currency" in fields else {"currency": code}
    return {}


def _with_guesses(
    table: SourceTable, chosen: Export, fields: dict[str, str], taken: Collection[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the fields with those that no name tells, and these alone.

    A "description" of a few words is the title where there is no other.
    """
    if chosen.name != PLAIN_TABLE:
        return fields, {}
    found, cells = dict(fields), _first_cells(table)
    if "price" not in found and "sale price" in found:
        found["price"] = found.pop("sale price")
    names = {letters_of(name) for rank in chosen.fields.get("price", ()) for name in rank}
    readers: Mapping[str, Callable[[FirstCells], str]] = {
        "price": lambda free: likely_price(free, names),
        "title": lambda free: likely_title(free, priced="price" in found),
        "id": likely_id,
        "category": likely_category,
        "stock": likely_stock,
        "description": likely_description,
    }
    kinds = kind_names()[0].isdisjoint(map(column_name, table.names))
    for field, likely in readers.items():
        if field in found or (field == "category" and not kinds):
            continue
        used = {*taken, *found.values()}
        column = likely({name: said for name, said in cells.items() if name not in used})
        text = found.get("description", "")
        if field == "title" and not column and likely({text: cells.get(text, [])}):
            column = found.pop("description")
        if column:
            found[field] = column
    titles = cells.get(found.get("title", ""), [])
    if "id" not in found and "price" in found and titles and len(set(titles)) == len(titles):
        found["id"] = found["title"]  # a price list without numbers
    return found, {name: found[name] for name in readers if name in found and name not in fields}


def _currency(said: str) -> str:
    """Return the ISO 4217 code of a code or a sign, "" for none."""
    return said.upper() if said.upper() in CODES else SIGNS.get(said.upper(), ("",))[0]


def _chosen_columns(table: SourceTable, shown: str, mapping: Mapping[str, str]) -> dict[str, str]:
    """Return the columns that a person chose, as the table spells them."""
    plain = {column_name(name): name for name in table.names}
    found = {}
    for field, wanted in mapping.items():
        column = wanted if wanted in table.names else plain.get(column_name(wanted))
        if column is None:
            seen = ", ".join(table.names) or "none"
            cure = f"--map {field}=COLUMN takes one of: {seen}"
            raise CatalogueError(f"{shown} has no column {wanted!r}: {cure}")
        found[column_name(field)] = column
    return found


def _several(shown: str, field: str, names: list[str]) -> str:
    cure = f"say which with --map {field}={_argument(names[0])}"
    return f"{shown} has several columns that can be the {field} ({', '.join(names)}): {cure}"


def _missing(table: SourceTable, shown: str, field: str, taken: set[str]) -> str:
    seen = ", ".join(table.names) or "none"
    likely = [name for name in _likely(table, field) if name not in taken]
    might = f"; it might be {' or '.join(likely)}" if likely else ""
    example = _argument(likely[0]) if likely else "COLUMN"
    cure = f"name one so, or say which it is with --map {field}={example}"
    return f"{shown} has no column {field!r} (columns: {seen}){might}: {cure}"


def _likely(table: SourceTable, field: str) -> list[str]:
    """Return the columns whose first cells are all there and look like the field's."""
    found = []
    for name, cells in _first_cells(table).items():
        if not all(cells) or "://" in cells[0]:
            continue
        different = len(set(cells)) == len(cells)
        wordy = sum(sum(map(str.isalpha, cell)) for cell in cells) >= _TITLE * len(cells)
        if different if field == "id" else wordy:
            found.append(name)
    return found


def _first_cells(table: SourceTable) -> dict[str, list[str]]:
    """Return the first cells of each column, as text."""
    rows = (one[1] for one in table.rows(None) if not isinstance(one, Problem))
    records = list(islice(rows, _LOOKED_AT))
    cells = {n: [str(one.get(n) or "").strip() for one in records] for n in table.names}
    return cells if records else {}


def _argument(name: str) -> str:
    return f'"{name}"' if " " in name else name
