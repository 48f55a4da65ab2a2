"""Identifiers that a program sends → items and variants.

Knows ids of items, ids of variants, and the codes of both (SKU, GTIN, ISBN); knows no search.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.api.ucp.ucp_products import BETWEEN
from retrieval.items import Catalogue, Item, Variant

_CODES = ("sku", "gtin", "ean", "upc", "isbn", "jan", "mpn")


@dataclass(frozen=True, slots=True)
class Identified:
    """An item that an identifier names, and which variant of it."""

    said: str
    item: Item
    match: Literal["exact", "featured"]
    variant: Variant | None = None  # None where the identifier names the item


def identified(said: str, catalogue: Catalogue) -> tuple[Identified, ...]:
    """Return what an identifier names; a code can name several."""
    if (item := catalogue.items.get(said)) is not None:
        return (Identified(said, item, "featured" if item.variants else "exact"),)
    before, mark, code = said.rpartition(BETWEEN)
    item = catalogue.items.get(before) if mark else None
    for variant in item.variants if item else ():
        if item and variant.code == code:
            return (Identified(said, item, "exact", variant),)
    return tuple(_coded(said, catalogue))


def _coded(said: str, catalogue: Catalogue) -> Iterator[Identified]:
    for item in catalogue.items.values():
        if item.variants:
            same = (one for one in item.variants if one.code == said)
            yield from (Identified(said, item, "exact", one) for one in same)
        elif any(item.attributes.get(name) == said for name in _CODES):
            yield Identified(said, item, "exact")
