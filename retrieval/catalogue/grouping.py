"""Which rows are one product, and what the values of a column show, in one pass over a table.

Knows columns and cells as they stand; reads no field.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from retrieval.catalogue.cells import cell_text
from retrieval.catalogue.columns import Columns
from retrieval.catalogue.formats.table import Problem, Record, SourceTable
from retrieval.catalogue.offer import PRICE_FIELDS
from retrieval.catalogue.prices import decimal_mark
from retrieval.catalogue.vocabulary import CHILD, PARENT, PLAIN_TABLE, cell_words
from retrieval.items import normal

_APART = frozenset({"id", "sku", "gtin", "mpn", "isbn", "stock", "pictures", "url", *PRICE_FIELDS})
_KEYS = ("id", "group", "parent", "row kind", "sku", "brand", "category")
_EDGES = " ,;|/-–—:·"
_EMPTY_BRACKETS = re.compile(r"[(\[]\s*[,/|-]*\s*[)\]]")

Key = tuple[str, ...]  # () where a row is a product of its own


@dataclass(frozen=True)
class Survey:
    """What one pass over a table showed."""

    decimal: str  # the mark before decimals in its prices, "" where they do not show it
    rows: Mapping[Key, int] = field(default_factory=dict)  # how many rows make each product
    aliases: Mapping[Key, Key] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()  # groups whose rows are several products

    def product(self, key: Key) -> Key:
        """Return the key under which a row's product is counted."""
        return self.aliases.get(key, key)


def survey(table: SourceTable, columns: Columns) -> Survey:
    """Read a table once for its prices' decimal mark and its products' numbers of rows."""
    priced = [columns.fields[name] for name in PRICE_FIELDS if name in columns.fields]
    needed = [*priced, *_key_columns(columns)]
    if not needed:
        return Survey(columns.export.decimal)
    counts: Counter[Key] = Counter()
    aliases: dict[Key, Key] = {}
    prices: dict[str, None] = {}
    for found in table.rows(needed):
        if isinstance(found, Problem):
            continue
        record = found[1]
        prices.update((cell, None) for at in priced if isinstance(cell := record.get(at), str))
        key = row_key(record, columns)
        if key:
            counts[key] += 1
            aliases.update(_aliases(record, columns, key))
    totals: Counter[Key] = Counter()
    for key, count in counts.items():
        totals[aliases.get(key, key)] += count
    decimal = decimal_mark(prices, cell_words().prefixes)
    groups = Counter(key[0] for key in totals)
    shared = frozenset(group for group, several in groups.items() if several > 1)
    return Survey(decimal or columns.export.decimal, totals, aliases, shared)


def row_key(record: Record, columns: Columns) -> Key:
    """Return what the rows of one product have in common, () for a product of one row."""
    fields = columns.fields
    cells = {name: cell_text(record.get(at)) for name, at in fields.items() if name in _KEYS}
    if "parent" in fields:
        kind = normal(cells.get("row kind", ""))
        if kind == PARENT:
            return (f"id:{cells['id']}",)
        return (cells["parent"],) if kind == CHILD and cells["parent"] else ()
    if "group" in fields:
        if fields["group"] == fields["id"]:
            return (cells["id"],) if cells["id"] else ()
        if "variant code" in fields:  # the row itself says that it is a variant of the group
            return (cells["group"],) if cells["group"] else ()
        kinds = (normal(cells.get(name, "")) for name in ("brand", "category"))
        return (cells["group"], *kinds) if cells["group"] else ()
    sizes = _sizes(columns)
    return _alone(record, columns, sizes) if sizes else ()


def without_options(title: str, values: Iterable[str]) -> str:
    """Return a title without the values of options, whole words, and what parted them."""
    for value in sorted(filter(None, values), key=len, reverse=True):
        title = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", " ", title, flags=re.IGNORECASE)
    return " ".join(_EMPTY_BRACKETS.sub(" ", title).split()).strip(_EDGES)


def _key_columns(columns: Columns) -> list[str]:
    fields = columns.fields
    if "parent" in fields or "group" in fields:
        return [fields[name] for name in _KEYS if name in fields]
    if not _sizes(columns):
        return []
    kept = [at for name, at in fields.items() if name not in _APART]
    return [*kept, *columns.attributes.values()]


def _sizes(columns: Columns) -> list[str]:
    """Return the columns of sizes by which rows of a plain table may differ."""
    if columns.export.name != PLAIN_TABLE or "group" in columns.fields:
        return []
    return [at for name, at in columns.attributes.items() if name in cell_words().alone]


def _alone(record: Record, columns: Columns, sizes: list[str]) -> Key:
    """Return all that a row says besides its size, codes, price and files."""
    values = [text for at in sizes if (text := cell_text(record.get(at)))]
    if not values:
        return ()
    fields = [at for name, at in columns.fields.items() if name not in {*_APART, "title"}]
    facts = [at for at in columns.attributes.values() if at not in sizes]
    title = without_options(cell_text(record.get(columns.fields["title"])), values)
    said = "\n".join((title, *(cell_text(record.get(at)) for at in (*fields, *facts))))
    return (hashlib.sha256(said.encode(errors="replace")).hexdigest()[:32],)


def _aliases(record: Record, columns: Columns, key: Key) -> dict[Key, Key]:
    """Return the other names under which variations know their parent."""
    kind = columns.fields.get("row kind")
    if kind is None or normal(cell_text(record.get(kind))) != PARENT:
        return {}
    code = cell_text(record.get(columns.fields.get("sku", "")))
    return {(code,): key} if code else {}
