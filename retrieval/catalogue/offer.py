"""What a row asks for the thing, and how many there are.

Knows prices, sales and words for availability; knows no product and no file.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from retrieval.catalogue.cells import Complaints, cell_text
from retrieval.catalogue.prices import (
    UnreadableCellError,
    checked_amount,
    read_currency,
    read_price,
    without_unit,
)
from retrieval.catalogue.vocabulary import cell_words

PRICE_FIELDS = ("price", "sale price", "list price")
_FIELDS = frozenset({*PRICE_FIELDS, "currency", "stock", "availability"})


@dataclass(frozen=True, slots=True)
class Offer:
    """A price that counts, what it was before, and the stock."""

    price: float | None = None
    list_price: float | None = None  # only where it is higher
    currency: str = ""
    stock: float | None = None  # 1 and 0 where only yes and no are said
    sold_by: str = ""  # what the price is for: "m", "100 g"; "" for one thing
    said_stock: str = ""  # the stock's words where they are neither number nor yes nor no
    complaints: Complaints = field(default_factory=list)


def read_offer(cells: Mapping[str, Any], decimal: str, now: datetime) -> Offer:
    """Return what the cells of a row say; `decimal` is the mark before decimals, "" if unknown."""
    if cells.keys().isdisjoint(_FIELDS):
        return Offer()
    complaints = Complaints()
    beside = _currency(cells.get("currency"), complaints)
    amounts, codes, words = {}, [], cell_words()
    bare = {name: without_unit(cell_text(cells.get(name)), words.per, words.counted)
            for name in PRICE_FIELDS}  # fmt: skip
    cells = {**cells, **{name: price for name, (price, sold) in bare.items() if sold}}
    for name in PRICE_FIELDS:
        amounts[name], code = _amount(cells.get(name), name, decimal, beside, complaints)
        codes.append(code)
    price, sale, before = (amounts[name] for name in PRICE_FIELDS)
    if sale is not None and _on_sale(cells, now, complaints):
        if price is None or sale < price:
            price, before = sale, price if price is not None else before
        elif sale > price:
            reason, cure = "is above the price: the price counts", f"the price is {price:g}"
            complaints.append(("sale price", reason, f"{sale:g}", cure))
    if price is None or before is None or before <= price:
        before = None
    stock, said = _stock(cells.get("stock"), cells.get("availability"))
    currency = beside or next((code for code in codes if code), "")
    sold_by = next((sold for _, sold in bare.values() if sold), "")
    return Offer(price, before, currency, stock, sold_by, said, complaints)


def _currency(cell: object, complaints: Complaints) -> str:
    try:
        return read_currency(cell_text(cell)) if cell_text(cell) else ""
    except UnreadableCellError as error:
        complaints.append(("currency", error.reason, error.value, error.cure))
        return ""


def _amount(
    cell: object, name: str, decimal: str, currency: str, complaints: Complaints
) -> tuple[float | None, str]:
    """Return an amount and the currency that is written with it."""
    loss = "the item stays without a price" if name == "price" else "it is not used"
    try:
        if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
            return (checked_amount(float(cell)) if cell == cell else None), ""  # NaN: no price
        if written := cell_text(cell):
            return read_price(written, decimal, currency, cell_words().prefixes)
    except UnreadableCellError as error:
        complaints.append((name, f"{error.reason}: {loss}", cell_text(cell), error.cure))
    except OverflowError:  # of a whole number with hundreds of digits
        complaints.append((name, f"is too large: {loss}", cell_text(cell), "check the number"))
    return None, ""


def _on_sale(cells: Mapping[str, Any], now: datetime, complaints: Complaints) -> bool:
    """Tell whether the sale price is valid now; a time that cannot be read ends it."""
    start, _, end = cell_text(cells.get("sale dates")).partition("/")
    start, end = (
        start or cell_text(cells.get("sale starts")),
        end or cell_text(cells.get("sale ends")),
    )
    try:
        return (not start or _time(start) <= now) and (not end or now <= _time(end, whole_day=True))
    except ValueError:
        reason, cure = "are no times: the sale price is not used", "write them as 2026-01-31"
        complaints.append(("sale dates", reason, f"{start}/{end}", cure))
        return False


def _time(written: str, *, whole_day: bool = False) -> datetime:
    moment = datetime.fromisoformat(written.strip())
    if whole_day and len(written.strip()) <= len("2026-01-31"):
        moment = moment.replace(hour=23, minute=59, second=59)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _stock(stock: object, availability: object) -> tuple[float | None, str]:
    """Return how many there are, and the words that say it where they cannot be read.

    A number counts, unless words beside it say that there are none.
    """
    words = [_available(cell) for cell in (stock, availability)]
    count = _number(stock)
    if words[1] is not None:
        count = 0.0 if words[1] == 0 else count if count else words[1]
    elif count is None:
        count = words[0] if words[0] is not None else _number(availability)
    said = cell_text(stock) or cell_text(availability)
    return count, "" if count is not None or _plain(said) in cell_words().unknown else said


def _number(cell: object) -> float | None:
    if isinstance(cell, bool):
        return float(cell)
    try:
        number = float(cell_text(cell).replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _available(cell: object) -> float | None:
    words, plain = cell_words(), _plain(cell_text(cell))
    if plain in words.available or plain == "1":
        return 1.0
    return 0.0 if plain in words.unavailable or plain == "0" else None


def _plain(said: str) -> str:
    """Return words as columns.toml has them: with their spaces, or without any."""
    plain = " ".join(said.rpartition("/")[2].casefold().split())
    joined = plain.translate({ord(mark): None for mark in " _-"})
    words = cell_words()
    return joined if joined in words.available | words.unavailable else plain
