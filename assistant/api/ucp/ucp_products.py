"""Items → products of UCP, with their variants, prices, options and pictures.

Knows records and the protocol's shapes; searches nothing. An item without a price is no product:
the protocol requires one, and none is invented.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from assistant.api.answer_items import PublicAddress
from assistant.api.ucp.ucp_records import (
    UcpAvailability,
    UcpBarcode,
    UcpCategory,
    UcpDescription,
    UcpMedia,
    UcpOption,
    UcpOptionValue,
    UcpPrice,
    UcpPriceRange,
    UcpProduct,
    UcpRating,
    UcpSelectedOption,
    UcpVariant,
)
from retrieval.constraints import number
from retrieval.currencies import minor_digits
from retrieval.field_profile import CatalogueProfile
from retrieval.items import NO_CURRENCY, Item, Variant

BETWEEN = "::"  # an item's id and the code of a variant of it

_BARCODES = {"gtin": "GTIN", "ean": "EAN", "upc": "UPC", "isbn": "ISBN", "jan": "JAN"}
_SCALES = (5.0, 10.0, 100.0)
_NO_SLUG = re.compile(r"[^a-z0-9]+")


def variant_id(item: Item, variant: Variant) -> str:
    """Return the id of a variant, one of its own in the whole catalogue."""
    return f"{item.id}{BETWEEN}{variant.code}"


def product_of(
    item: Item,
    variants: Sequence[Variant],
    address: PublicAddress,
    profile: CatalogueProfile,
) -> UcpProduct:
    """Return an item that has a price as a product with some of its variants, in their order."""
    sold = [_variant(item, one, address) for one in variants] or [_only(item)]
    prices = [item.price if one.price is None else one.price for one in item.variants]
    known = [one for one in prices or (item.price,) if one is not None]
    options = [
        UcpOption(name=name, values=[UcpOptionValue(label=one) for one in labels])
        for name, labels in option_labels(item).items()
    ]
    return UcpProduct(
        id=item.id,
        handle=_NO_SLUG.sub("-", item.title.lower()).strip("-") or None,
        title=item.title,
        description=UcpDescription(plain=item.description or item.title),
        url=item.url or None,
        categories=[UcpCategory(value=item.category)] if item.category else None,
        price_range=UcpPriceRange(
            min=_price(min(known, default=0.0), item.currency),
            max=_price(max(known, default=0.0), item.currency),
        ),
        media=list(_media(item, address)) or None,
        options=options or None,
        variants=sold,
        rating=_rating(item, profile),
        metadata=_metadata(item),
    )


def option_labels(item: Item) -> Mapping[str, tuple[str, ...]]:
    """Return the options of an item's variants, each with its values in order."""
    found: dict[str, dict[str, None]] = {}
    for variant in item.variants:
        for name, label in variant.options.items():
            found.setdefault(name, {})[label] = None
    return {name: tuple(labels) for name, labels in found.items()}


def option_choices(options: Mapping[str, str]) -> list[UcpSelectedOption]:
    """Return chosen values of options."""
    return [UcpSelectedOption(name=name, label=label) for name, label in options.items()]


def available_first(variants: Iterable[Variant]) -> list[Variant]:
    """Return variants with those in stock first, else in their order."""
    return sorted(variants, key=lambda one: one.stock is not None and one.stock <= 0)


def _variant(item: Item, variant: Variant, address: PublicAddress) -> UcpVariant:
    price = item.price if variant.price is None else variant.price
    title = " / ".join(variant.options.values()) or item.title
    place = _place_of(variant.picture, item)
    return UcpVariant(
        id=variant_id(item, variant),
        sku=variant.code or None,
        title=title,
        description=UcpDescription(plain=title),
        price=_price(price or 0.0, item.currency),
        availability=_availability(variant.stock),
        options=option_choices(variant.options) or None,
        media=None if place is None else list(_media(item, address, place)) or None,
    )


def _only(item: Item) -> UcpVariant:
    """Return an item that is sold in one form as its only variant, which has the item's id."""
    facts = item.attributes
    barcodes = [UcpBarcode(type=_BARCODES[n], value=facts[n]) for n in _BARCODES if facts.get(n)]
    return UcpVariant(
        id=item.id,
        sku=facts.get("sku") or None,
        barcodes=barcodes or None,
        title=item.title,
        description=UcpDescription(plain=item.description or item.title),
        price=_price(item.price or 0.0, item.currency),
        availability=_availability(number(item, "stock")),
    )


def _price(amount: float, currency: str) -> UcpPrice:
    units = 10 ** minor_digits(currency)
    return UcpPrice(amount=round(amount * units), currency=currency or NO_CURRENCY)


def _availability(stock: float | None) -> UcpAvailability | None:
    """Return whether it can be bought, None where the record does not say."""
    if stock is None:
        return None
    return UcpAvailability(available=stock > 0, status="in_stock" if stock > 0 else "out_of_stock")


def _media(item: Item, address: PublicAddress, *places: int) -> Iterator[UcpMedia]:
    for place in places or range(len(item.pictures)):
        if url := address.picture(item, place):
            yield UcpMedia(url=url, alt_text=item.title)


def _place_of(picture: Path | None, item: Item) -> int | None:
    return item.pictures.index(picture) if picture in item.pictures else None


def _rating(item: Item, profile: CatalogueProfile) -> UcpRating | None:
    roles = {one.role: one.name for one in profile.fields.values()}
    value = number(item, roles["rating"]) if "rating" in roles else None
    scale = next((one for one in _SCALES if value is not None and value <= one), None)
    if value is None or scale is None:
        return None
    count = number(item, roles["review count"]) if "review count" in roles else None
    return UcpRating(value=value, scale_max=scale, count=None if count is None else int(count))


def _metadata(item: Item) -> dict[str, object] | None:
    brand = {"brand": item.brand} if item.brand else {}
    attributes = {"attributes": dict(item.attributes)} if item.attributes else {}
    return {**brand, **attributes} or None
