"""Read Product and ProductGroup of schema.org, from a JSON-LD file or from a page's scripts.

Knows schema.org's words and turns them into columns of its own (`columns.toml`, schema_org);
each variant of a group is a row, and the rows of a group name it.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from retrieval.catalogue.formats.encoding import text_encoding
from retrieval.catalogue.formats.json_table import not_json
from retrieval.catalogue.formats.markup import json_ld_blocks
from retrieval.catalogue.formats.table import Numbered, Problem, SourceTable
from retrieval.errors import BAD_VALUE, CatalogueError

_PRODUCTS, _GROUPS = frozenset({"Product", "IndividualProduct", "ProductModel"}), "ProductGroup"
_FACTS = ("color", "size", "material", "pattern", "weight", "width", "height", "depth")
_GTINS = ("gtin", "gtin13", "gtin14", "gtin12", "gtin8", "isbn")
_DEEPEST = 60  # levels of nesting that are searched


def json_ld_table(content: Any, path: Path, problems: list[Problem]) -> SourceTable:  # noqa: ANN401
    """Return one row for each product or variant in a JSON-LD document."""
    records: list[dict[str, Any]] = []
    problems = list(problems)
    for number, node in enumerate(_products(content), start=1):
        try:
            records += _rows(node)
        except BAD_VALUE as error:
            reason, cure = (
                f"cannot be read ({error}): it is left out",
                "write it as schema.org does",
            )
            problems.append(Problem(0, f"product {number}", reason, "", cure))
    names = tuple(dict.fromkeys(name for record in records for name in record))

    def rows(_: Collection[str] | None) -> Iterator[Numbered]:
        yield from enumerate(records, start=1)

    return SourceTable("JSON-LD", names, rows, path.parent, tuple(problems), format="schema_org")


def read_page(path: Path) -> SourceTable:
    """Return the products in an HTML page's JSON-LD; raise CatalogueError where there is none."""
    encoding, problems = text_encoding(path)
    blocks = json_ld_blocks(path.read_text(encoding))
    found: list[Any] = []
    for number, block in enumerate(blocks, start=1):
        try:
            found.append(json.loads(block))
        except (ValueError, RecursionError) as error:
            problems.append(not_json(number, "script", block, error))
    table = json_ld_table(found, path, problems)
    if not table.names:
        raise CatalogueError(f"{path} holds no product as JSON-LD: give the shop's export instead")
    return table


def holds_products(content: Any) -> bool:  # noqa: ANN401
    """Tell whether a JSON document holds a product of schema.org."""
    return next(_products(content), None) is not None


def _products(content: object, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """Yield the products and groups in a document, not those inside of others."""
    if depth > _DEEPEST:
        return
    if isinstance(content, list):
        for one in content:
            yield from _products(one, depth + 1)
    elif isinstance(content, dict):
        if _types(content) & {*_PRODUCTS, _GROUPS}:
            yield content
            return
        for one in content.values():
            yield from _products(one, depth + 1)


def _types(node: Mapping[str, Any]) -> set[str]:
    return {str(one).rpartition("/")[2].removeprefix("schema:") for one in _list(node.get("@type"))}


def _rows(node: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if _GROUPS not in _types(node):
        parent = node.get("isVariantOf")
        within = parent if isinstance(parent, dict) else {}
        group = node.get("inProductGroupWithID") or _first(within, "productGroupID", "@id")
        options = [str(one).rpartition("/")[2] for one in _list(within.get("variesBy"))]
        yield _filled({**_row(node, options), "group": group})
        return
    group = _first(node, "productGroupID", "@id", "sku", "url", "name")
    options = [str(one).rpartition("/")[2] for one in _list(node.get("variesBy"))]
    variants = [one for one in _list(node.get("hasVariant")) if isinstance(one, dict)]
    base = {**_row(node, ()), "id": group, "group": group}
    if not variants:
        yield _filled(base)
    for variant in variants:
        own = _row(variant, options)
        own["variant code"] = own.pop("id")
        shared = ("title", "description", "brand", "category", "url")
        kept = {name: base.get(name) or own.get(name) for name in shared}
        facts = {**base.get("attributes", {}), **own.get("attributes", {})}
        yield _filled({**base, **own, **kept, "attributes": facts, "pictures": base["pictures"]})


def _row(node: Mapping[str, Any], options: Collection[str]) -> dict[str, Any]:
    """Return a product's own cells; `options` are the properties by which variants differ."""
    offer = _offer(node)
    facts = {name: _text(node.get(name)) for name in _FACTS}
    for one in _list(node.get("additionalProperty")):
        if isinstance(one, dict) and one.get("name"):
            facts[str(one["name"])] = _text(one.get("value"))
    rating = node.get("aggregateRating")
    if isinstance(rating, dict):
        facts["rating"] = _text(rating.get("ratingValue"))
        facts["reviews"] = _text(_first(rating, "reviewCount", "ratingCount"))
    own = ("sku", "productID", *_GTINS, "mpn", "@id", "url")
    return {
        "id": _first(node, *own),
        "title": node.get("name"),
        "description": node.get("description"),
        "brand": _text(node.get("brand")) or _text(node.get("manufacturer")),
        "category": _text(next(iter(_list(node.get("category"))), None)),
        "pictures": [_address(one) for one in _list(node.get("image"))],
        "url": _address(node.get("url")),
        "price": _price(offer),
        "currency": _first(offer, "priceCurrency") or _first(_specified(offer), "priceCurrency"),
        "stock": str(offer.get("availability") or "").rpartition("/")[2],
        "sku": node.get("sku"),
        "gtin": _first(node, *_GTINS[:-1]),
        "isbn": node.get("isbn"),
        "mpn": node.get("mpn"),
        "options": {name: facts.pop(name) for name in options if facts.get(name)},
        "attributes": facts,
    }


def _offer(node: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the offer that counts: an aggregate, else the first."""
    offers = [one for one in _list(node.get("offers")) if isinstance(one, dict)]
    return offers[0] if offers else {}


def _price(offer: Mapping[str, Any]) -> object:
    price = _first(offer, "price", "lowPrice") or _first(_specified(offer), "price", "minPrice")
    if price is None and (inner := _offer(offer)):
        return _price(inner)
    return price


def _specified(offer: Mapping[str, Any]) -> Mapping[str, Any]:
    found: object = next(iter(_list(offer.get("priceSpecification"))), None)
    return found if isinstance(found, dict) else {}


def _first(node: Mapping[str, Any], *names: str) -> Any:  # noqa: ANN401
    return next((node[name] for name in names if node.get(name) not in (None, "")), None)


def _text(value: object) -> str:
    """Return a value, a thing's name, or a quantity with its unit."""
    if isinstance(value, dict):
        unit = _first(value, "unitText", "unitCode")
        said = _first(value, "name", "value")
        return f"{said} {unit}" if unit and said is not None else str(said or "")
    if isinstance(value, list):
        return ", ".join(text for one in value if (text := _text(one)))
    return "" if value is None else str(value)


def _address(value: object) -> str:
    if isinstance(value, dict):
        return str(_first(value, "contentUrl", "url", "@id") or "")
    return "" if value is None else str(value)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _filled(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if value not in (None, "", [], {})}
