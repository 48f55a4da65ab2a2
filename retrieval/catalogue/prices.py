"""Read a price as people write it: "12,50 €", "$1,299.00", "USD 12".

Knows separators; knows no item and no file.
"""

import math
import re

from retrieval.catalogue.currencies import CODES, SIGNS

_PRICE = re.compile(
    r"(?P<before>[^\d\s.,+-]{1,3})?\s*(?P<number>[\d.,'\u2019\s]*\d)(?:\s*(?P<after>[^\d\s.,]{1,3}))?"
)
_DASH = re.compile(r"[.,](?:-{1,2}|\u2013|\u2014)")  # "12,-" is how some shops write whole units
_PLAIN = re.compile(r"\d*\.?\d+")
_SPACED = re.compile(r"(?<=\d)['\u2019\s](?=\d{3}(?!\d))")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")


def read_price(written: str) -> tuple[float, str]:
    """Return the amount and its ISO 4217 currency, "" when none is written.

    Raises: ValueError, with the reason, when it is not a price.
    """
    found = _PRICE.fullmatch(_DASH.sub("", written.strip()))
    if found is None:
        raise ValueError(f"{written!r} is not a price: write a number such as 12.50")
    marks = [mark for mark in (found["before"], found["after"]) if mark]
    if len(marks) > 1:
        raise ValueError(f"{written!r} names two currencies")
    currency = read_currency(marks[0]) if marks else ""
    amount = _read_amount(found["number"], written, comma_is_decimal=currency == "EUR")
    return checked_amount(amount), currency


def checked_amount(amount: float) -> float:
    """Return an amount that can be a price; raise ValueError for one that cannot."""
    if not math.isfinite(amount) or amount < 0:
        raise ValueError(f"{amount} is not a price: it must be finite and not negative")
    return amount


def read_currency(written: str) -> str:
    """Return the ISO 4217 code of "€", "eur" or "EUR"; raise ValueError for anything else."""
    mark = written.strip()
    if mark in SIGNS:
        return SIGNS[mark][0]
    if re.fullmatch(r"[A-Z]{3}", mark) or mark.upper() in CODES:
        return mark.upper()
    raise ValueError(f"{written!r} is not a currency: write a code of three letters such as EUR")


def _read_amount(number: str, written: str, *, comma_is_decimal: bool) -> float:
    """Parse a number, distinguishing the decimal from the thousands separator.

    With two kinds of separator, the last one is the decimal separator. With one kind, used once, a
    comma before three digits separates thousands and a point is decimal, except where
    `comma_is_decimal` ("1.299 €").
    """
    digits = _SPACED.sub("", number)
    kinds = set(digits) & {".", ","}
    if len(kinds) == 2:
        decimal = max(".,", key=digits.rfind)
        digits = digits.replace("," if decimal == "." else ".", "").replace(decimal, ".")
    elif kinds and _GROUPED.fullmatch(digits):
        mark = kinds.pop()
        thousands = mark == "," or digits.count(".") > 1 or comma_is_decimal
        digits = digits.replace(mark, "" if thousands and not digits.startswith("0") else ".")
    else:
        digits = digits.replace(",", ".")
    if not _PLAIN.fullmatch(digits):
        raise ValueError(f"{written!r} is not a price: write a number such as 12.50")
    return float(digits)
