"""Products of the Agentic Commerce Protocol: read from products.jsonl, and written.

Knows the protocol's words; amounts are in minor units there ("1299" is 12.99 USD). What an ACP
product cannot say, pictures on this machine among it, is left out.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from retrieval.catalogue.formats.table import Numbered, Problem, SourceTable
from retrieval.currencies import minor_digits
from retrieval.files import write_whole
from retrieval.items import Item, Variant

ACP = "acp"  # its name in columns.toml
_LOOKED_AT = 50  # rows
_NAMES = (
    "id", "title", "description", "url", "brand", "pictures", "group", "variant code", "category",
    "price", "list price", "currency", "stock", "gtin", "options", "variant picture", "attributes",
)  # fmt: skip


def acp_table(table: SourceTable) -> SourceTable:
    """Return a table with a row for each variant of the products in a table of ACP."""

    def rows(_: Collection[str] | None) -> Iterator[Numbered]:
        for found in table.rows(None):
            if isinstance(found, Problem):
                yield found
            else:
                for record in _variant_rows(found[1]):
                    yield found[0], record

    return replace(table, names=_NAMES, rows=rows, format=ACP)


def holds_variants(table: SourceTable) -> bool:
    """Tell whether the first rows of a table have lists of variants, as ACP's products do."""
    rows = (one[1] for one in table.rows(None) if not isinstance(one, Problem))
    return any(_objects(row.get("variants")) for row in islice(rows, _LOOKED_AT))


def write_acp(items: Iterable[Item], path: Path) -> None:
    """Write items as products.jsonl; raise StorageError when that fails."""
    lines = (json.dumps(_product(item), ensure_ascii=False) for item in items)
    write_whole(path, "".join(f"{line}\n" for line in lines).encode())


def _variant_rows(product: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    whole = {
        "id": product.get("id"),
        "group": product.get("id"),
        "title": product.get("title"),
        "description": _description(product.get("description")),
        "url": product.get("url"),
        "brand": product.get("brand"),
        "pictures": _pictures(product.get("media")),
        "attributes": product.get("attributes"),
    }
    variants = _objects(product.get("variants"))
    for variant in variants or [{}]:
        listed, price = variant.get("list_price"), variant.get("price")
        options = _objects(variant.get("variant_options") or variant.get("options"))
        pictures = _pictures(variant.get("media"))
        yield {
            **whole,
            "variant code": variant.get("id"),
            "description": whole["description"] or _description(variant.get("description")),
            "url": whole["url"] or variant.get("url"),
            "category": _category(variant.get("categories") or product.get("categories")),
            "price": _amount(price),
            "list price": _amount(listed),
            "currency": price.get("currency") if isinstance(price, Mapping) else None,
            "stock": _stock(variant.get("availability")),
            "gtin": [_value(one) for one in _listed(variant.get("barcodes"))],
            "options": {
                str(one.get("name")): one.get("value") or one.get("label")
                for one in options
                if one.get("name")
            },
            "variant picture": pictures[0] if pictures else None,
        }


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [one for one in _listed(value) if isinstance(one, Mapping)]


def _amount(price: object) -> object:
    """Return a price in whole units; what is none is handed on, so that it is reported."""
    if not isinstance(price, Mapping):
        return price
    amount, code = price.get("amount"), str(price.get("currency") or "").upper()
    if isinstance(amount, int) and not isinstance(amount, bool):
        digits = minor_digits(code)
        return round(amount / 10**digits, digits)
    return str(amount) if amount is not None else None


def _stock(availability: object) -> object:
    if not isinstance(availability, Mapping):
        return availability
    said = (availability.get(name) for name in ("quantity", "status", "available"))
    return next((one for one in said if one is not None), None)


def _description(said: object) -> object:
    if isinstance(said, Mapping):
        return next((said[kind] for kind in ("plain", "html", "markdown") if said.get(kind)), None)
    return said


def _category(categories: object) -> object:
    first = categories[0] if isinstance(categories, list) and categories else categories
    return _value(first)


def _value(one: object) -> object:
    return one.get("value") or one.get("name") if isinstance(one, Mapping) else one


def _pictures(media: object) -> list[str]:
    pictures = (one for one in _objects(media) if one.get("type", "image") == "image")
    return [str(one["url"]) for one in pictures if one.get("url")]


def _product(item: Item) -> dict[str, Any]:
    stock = item.attributes.get("stock", "")
    count = float(stock) if stock.replace(".", "", 1).isdigit() else None
    single = Variant(item.id, {}, item.price, count)
    product = {
        "id": item.id,
        "title": item.title,
        "description": {"plain": item.description} if item.description else None,
        "url": item.url,
        "brand": item.brand,
        "variants": [_variant(one, item) for one in item.variants or (single,)],
    }
    return {name: value for name, value in product.items() if value}


def _variant(variant: Variant, item: Item) -> dict[str, Any]:
    digits = minor_digits(item.currency)
    said = {
        "id": variant.code,
        "title": item.title,
        "price": variant.price is not None
        and {"amount": round(variant.price * 10**digits), "currency": item.currency},
        "availability": variant.stock is not None
        and {"available": variant.stock > 0, "quantity": variant.stock},
        "categories": item.category and [{"value": item.category}],
        "variant_options": [
            {"name": name, "value": value} for name, value in variant.options.items()
        ],
    }
    return {name: value for name, value in said.items() if value not in (False, "", [], None)}
