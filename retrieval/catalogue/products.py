"""The lines of one product become one item with its variants.

Knows lines; knows no column and no file. What the lines say alike is said once; what they differ in
is their options, and the item's attributes join these.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from retrieval.catalogue.formats.table import Problem
from retrieval.catalogue.grouping import without_options
from retrieval.catalogue.rows import CODE_FIELDS, Line, Row
from retrieval.catalogue.vocabulary import CHILD, PARENT, cell_words
from retrieval.catalogue.web.address import RemoteFile
from retrieval.items import Item, Variant, normal, total_stock

_NO_OPTION = ("title", "default title")  # what Shopify writes where there is nothing to choose


@dataclass(frozen=True, slots=True)
class ProductLines:
    """The lines of one product."""

    lines: Sequence[Line]
    group: str = ""  # the product's id, where its lines have ids of their own


def make_product(product: ProductLines) -> Iterator[Row | Problem]:
    """Yield the problems of one product and, last, its row, numbered as its first line.

    Files on the web are left out: those that were fetched are paths by now.
    """
    lines, group = product.lines, product.group
    titled = [one for one in lines if one.texts["title"]]
    base = next((one for one in titled if normal(one.texts["row kind"]) != CHILD), None)
    base = base or next(iter(titled), None)
    if base is None:
        reason, cure = "is missing: the row is left out", "give each product a title"
        yield from (Problem(one.number, "title", reason, "", cure) for one in lines)
        return
    sold = _sold(lines)
    variants: list[Variant] = []
    for one in sold:
        variant = _variant(one, sold)
        if variant.code in {two.code for two in variants}:
            reason, cure = "is there twice: the variant is left out", "give each its own code"
            yield Problem(one.number, "variant", reason, variant.code, cure)
        elif (
            variant.options
            or len(sold) > 1
            or variant.code not in (one.texts["id"], one.texts["sku"])
        ):
            variants.append(variant)
    yield Row(lines[0].number, _item(lines, base, sold, tuple(variants), group))


def _item(
    lines: Sequence[Line],
    base: Line,
    sold: Sequence[Line],
    variants: tuple[Variant, ...],
    group: str,
) -> Item:
    priced = [one for one in sold if one.offer.price is not None] or [base]
    there = [one for one in priced if one.offer.stock != 0] or priced
    offer = min(there, key=lambda one: one.offer.price or 0.0).offer
    said = {
        field: next((text for one in (base, *lines) if (text := one.texts[field])), "")
        for field in ("description", "category", "brand", "url")
    }
    recordings, videos = (_files(lines, field) for field in ("recordings", "videos"))
    return Item(
        id=group or base.texts["id"],
        title=_title(base, sold),
        description=said["description"],
        category=said["category"],
        price=offer.price,
        currency=next(
            (c for one in (offer, *(line.offer for line in lines)) if (c := one.currency)), ""
        ),
        brand=said["brand"],
        attributes=_attributes(lines, base, sold, offer.list_price),
        pictures=_files(lines, "pictures"),
        recordings=tuple(one for one in recordings if isinstance(one, Path)),
        videos=tuple(one for one in videos if isinstance(one, Path)),
        url=said["url"],
        variants=variants,
    )


def _sold(lines: Sequence[Line]) -> list[Line]:
    """Return the lines that can be bought, with the options by which they differ, named.

    A picture's line is none of them, nor a parent. A name that the first line has holds for all.
    """
    names: dict[int, str] = {}
    for line in lines:
        names = {at: name for at, (name, _) in line.numbered.items() if name} | names
    if (
        len(lines) == 1
        and normal(lines[0].texts["row kind"]) != CHILD
        and lines[0].texts["row kind"]
    ):
        return list(lines)
    sold = [_named(one, names) for one in lines if len(lines) == 1 or _can_be_bought(one)]
    if len(sold) < 2:
        return sold
    differing = {
        name
        for name in cell_words().options
        if len({normal(one.attributes.get(name, "")) for one in sold}) > 1
    }
    return [
        replace(one, options={**_chosen(one, differing), **one.options}) if differing else one
        for one in sold
    ]


def _can_be_bought(line: Line) -> bool:
    if line.texts["row kind"]:
        return normal(line.texts["row kind"]) != PARENT
    said = (
        line.texts["variant code"],
        *line.options,
        *(value for _, value in line.numbered.values()),
    )
    return line.offer.price is not None or any(said)


def _named(line: Line, names: dict[int, str]) -> Line:
    """Return a line whose numbered options are named."""
    named = {names[at]: value for at, (_, value) in line.numbered.items() if at in names and value}
    options = {name: value for name, value in named.items() if (name, normal(value)) != _NO_OPTION}
    return replace(line, options={**options, **line.options})


def _chosen(line: Line, names: Iterable[str]) -> dict[str, str]:
    return {name: value for name, value in line.attributes.items() if name in names}


def _variant(line: Line, sold: Sequence[Line]) -> Variant:
    texts = line.texts
    code = texts["variant code"] or (texts["sku"] if texts["row kind"] else "") or texts["id"]
    if code == texts["id"] and sum(one.texts["id"] == code for one in sold) > 1:
        code = "/".join((code, *line.options.values()))  # a row without a code of its own
    return Variant(
        code=code,
        options=dict(line.options),
        price=line.offer.price,
        stock=line.offer.stock,
        picture=shown if isinstance(shown := line.variant_picture, Path) else None,
    )


def _title(base: Line, sold: Sequence[Line]) -> str:
    """Return the title that the lines share once what they differ in is taken out."""
    own, several = base.texts["title"], len({one.texts["title"] for one in sold}) > 1
    if not several or base.texts["row kind"]:
        return own
    differing = [
        name
        for name in dict.fromkeys(name for one in sold for name in one.options)
        if len({one.options.get(name) for one in sold}) > 1
    ]
    first = next((one for one in sold if one.number == base.number), sold[0])
    values = [first.options.get(name, "") for name in differing]
    return without_options(own, values) or own


def _attributes(
    lines: Sequence[Line], base: Line, sold: Sequence[Line], list_price: float | None
) -> dict[str, str]:
    """Return what the lines say of the thing: options and codes joined, the rest once."""
    names = dict.fromkeys(name for one in (base, *sold) for name in one.attributes)
    found = {
        name: base.attributes.get(name) or _joined(one.attributes.get(name, "") for one in sold)
        for name in names
    }
    if base.texts["row kind"]:  # of a thing without variants, or of their parent
        found |= {name: value for name, value in base.numbered.values() if name and value}
    for name in dict.fromkeys(name for one in sold for name in one.options):
        found[name] = _joined(one.options.get(name, "") for one in sold)
    for name in CODE_FIELDS:
        if codes := _joined(one.texts[name] for one in lines):
            found[name] = codes
    if list_price is not None:
        found["list price"] = f"{list_price:.15g}"
    if sold_by := next((one.offer.sold_by for one in sold if one.offer.sold_by), ""):
        found["sold by"] = sold_by
    if stock := _stock(sold):
        found["stock"] = stock
    return found


def _stock(sold: Sequence[Line]) -> str:
    """Return how many there are of all variants, else what the first line says."""
    counts = [one.offer.stock for one in sold if one.offer.stock is not None]
    if not counts:
        return next((one.offer.said_stock for one in sold if one.offer.said_stock), "")
    return f"{total_stock(counts):.15g}"


def _joined(values: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(value for value in values if value))


def _files(lines: Sequence[Line], field: str) -> tuple[Path | bytes, ...]:
    files = (file for one in lines for file in one.files.get(field, ()))
    return tuple(dict.fromkeys(file for file in files if not isinstance(file, RemoteFile)))
