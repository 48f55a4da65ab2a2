"""Read a price as people write it: "12,50 €", "$1,299.00", "USD 12".

Knows separators; knows no item and no file. Whether "1.150" is more than a thousand is decided by
what else stands in its column, by its currency, or not at all.
"""

import math
import re
from collections.abc import Collection, Iterable, Sequence
from functools import cache

from retrieval.currencies import CODES, POINT_CURRENCIES, SIGNS
from retrieval.units import read_quantity

_PRICE = re.compile(
    r"(?P<before>[^\d\s.,+-]{1,3})?\s*(?P<number>[\d.,'\u2019\s]*\d)(?:\s*(?P<after>[^\d\s.,]{1,3}))?"
)
_DASH = re.compile(r"[.,](?:-{1,2}|\u2013|\u2014)")  # "12,-" is how some shops write whole units
_PLAIN_MONEY = re.compile(r"[^\d\s/]{0,3} ?[\d.,]+ ?[^\W\d]{0,3}[^\w\s/]?")
_PLAIN = re.compile(r"\d*\.?\d+")
_SPACED = re.compile(r"(?<=\d)['\u2019\s](?=\d{3}(?!\d))")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")


_NO_PRICE, _NUMBER = "is not a price", "write a number such as 12.50"


class UnreadableCellError(ValueError):
    """A cell that is not what its column holds."""

    def __init__(self, value: str, reason: str, cure: str) -> None:
        """Say what stands there, what is wrong with it and how it can be written."""
        super().__init__(f"{value!r} {reason}: {cure}")
        self.value, self.reason, self.cure = value, reason, cure


def read_price(
    written: str, decimal: str = "", currency: str = "", prefixes: Collection[str] = ()
) -> tuple[float, str]:
    """Return the amount and the ISO 4217 currency that is written with it, "" when none is.

    `decimal` is the mark before decimals, "" where nobody knows; `currency` that of a column
    beside; `prefixes` the words that a price may begin with, as in "from 12".

    Raises: UnreadableCellError when it is not a price, or can be two.
    """
    found = _match(written, prefixes)
    if found is None:
        raise UnreadableCellError(written, _NO_PRICE, _NUMBER)
    marks = [mark for mark in (found["before"], found["after"]) if mark]
    if len(marks) > 1:
        raise UnreadableCellError(written, "names two currencies", "leave one of them")
    try:
        code = read_currency(marks[0]) if marks else ""
    except UnreadableCellError as error:
        raise UnreadableCellError(written, _NO_PRICE, _NUMBER) from error
    digits = _SPACED.sub("", found["number"])
    if not decimal and "," in digits and (code or currency) in POINT_CURRENCIES:
        decimal = "."
    return checked_amount(_read_amount(digits, written, decimal)), code


def without_unit(written: str, per: Sequence[str], counted: Collection[str]) -> tuple[str, str]:
    """Return a price and what it is for: "3.50 / m" is for a metre, "12 € pro 100 g" for 100 g.

    What follows must be a unit, or be `counted`; else the price stays as it is written.
    """
    if not written or _PLAIN_MONEY.fullmatch(written):  # as most cells are
        return written, ""
    found = _per_pattern(tuple(per)).fullmatch(written)
    if found is None:
        return written, ""
    sold = found["for"].strip().rstrip(".")
    quantity = read_quantity(sold if sold[0].isdigit() else f"1 {sold}")
    known = (quantity is not None and quantity.unit) or sold.casefold() in counted
    return (found["price"].strip(), sold) if known else (written, "")


@cache
def _per_pattern(per: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of a price with what it is for."""
    words = "|".join(
        re.escape(one) if one == "/" else rf"(?<!\w){re.escape(one)}(?!\w)" for one in per
    )
    sold = r"(?P<for>\d*\s*[^\W\d].*)"
    return re.compile(rf"(?P<price>[^/]{{0,30}}\d[^/\d]{{0,10}}?)\s*(?:{words})\s*{sold}", re.I)


def decimal_mark(column: Iterable[str], prefixes: Collection[str] = ()) -> str:
    """Return the decimal mark of a column of prices, "" where its values do not show one."""
    shown = set()
    for written in column:
        found = _match(written, prefixes)
        if found is not None:
            shown.add(_shown_mark(_SPACED.sub("", found["number"])))
    shown.discard("")
    return shown.pop() if len(shown) == 1 else ""


def checked_amount(amount: float) -> float:
    """Return an amount that can be a price; raise UnreadableCellError for one that cannot."""
    if not math.isfinite(amount) or amount < 0:
        cure = "write one that is finite and not negative"
        raise UnreadableCellError(f"{amount:g}", _NO_PRICE, cure)
    return amount


def read_currency(written: str) -> str:
    """Return the ISO 4217 code of "€", "eur" or "EUR"; raise UnreadableCellError for others."""
    mark = written.strip()
    if mark in SIGNS:
        return SIGNS[mark][0]
    if re.fullmatch(r"[A-Z]{3}", mark) or mark.upper() in CODES:
        return mark.upper()
    cure = "write a code of three letters such as EUR"
    raise UnreadableCellError(written, "is not a currency", cure)


def _match(written: str, prefixes: Collection[str]) -> re.Match[str] | None:
    text = _DASH.sub("", written.strip())
    folded = text.casefold()
    for prefix in prefixes:
        if folded.startswith(f"{prefix} "):
            text = text[len(prefix) :].strip()
            break
    return _PRICE.fullmatch(text)


def _shown_mark(digits: str) -> str:
    """Return the decimal mark that one number shows, "" where it can be either or has none."""
    kinds = set(digits) & {".", ","}
    if len(kinds) == 2:
        return max(".,", key=digits.rfind)
    if not kinds:
        return ""
    mark = kinds.pop()
    if digits.count(mark) > 1:
        return "," if mark == "." else "."
    return "" if _GROUPED.fullmatch(digits) and not digits.startswith("0") else mark


def _read_amount(digits: str, written: str, decimal: str) -> float:
    """Parse a number. Where it can be two, `decimal` decides; without one it is refused."""
    kinds = set(digits) & {".", ","}
    if len(kinds) == 1:
        mark = kinds.pop()
        shown = _shown_mark(digits) or decimal
        if digits.count(mark) > 1 and not _GROUPED.fullmatch(digits):
            raise UnreadableCellError(written, _NO_PRICE, _NUMBER)
        if not shown:
            whole, parts = digits.replace(mark, ""), digits.replace(mark, ".")
            cure = f"it can be {whole} or {float(parts):g}: write it with its decimals"
            raise UnreadableCellError(written, "is not clear", cure)
        digits = digits.replace(mark, "." if mark == shown else "")
    elif kinds:
        shown = _shown_mark(digits)
        digits = digits.replace("," if shown == "." else ".", "").replace(shown, ".")
    if not _PLAIN.fullmatch(digits):
        raise UnreadableCellError(written, _NO_PRICE, _NUMBER)
    return float(digits)
