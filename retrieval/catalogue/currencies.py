"""Currencies: the codes that a sign can mean, and the sign that a price is shown with.

The only table of currency signs; knows no amount and no message.
"""

from collections.abc import Mapping
from types import MappingProxyType

_DOLLARS = ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN")

# Sign → the ISO 4217 codes that it can mean, the default first.
SIGNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "€": ("EUR",),
        "$": _DOLLARS,
        "US$": ("USD",),
        "CA$": ("CAD",),
        "AU$": ("AUD",),
        "£": ("GBP",),
        "¥": ("JPY", "CNY"),
        "₹": ("INR",),
        "₩": ("KRW",),
        "₽": ("RUB",),
        "₺": ("TRY",),
        "₴": ("UAH",),
        "₫": ("VND",),
        "zł": ("PLN",),
        "Kč": ("CZK",),
        "R$": ("BRL",),
    }
)
CODES = frozenset(code for codes in SIGNS.values() for code in codes)
SIGN_LETTERS = "".join(sign for sign in SIGNS if len(sign) == 1)
_SHOWN = {"USD": "$", "EUR": "€", "GBP": "£", "CNY": "¥", "JPY": "¥", "INR": "₹"}


def sign_of(code: str) -> str:
    """Return the sign that a price in this currency is shown with, "" where the code is clearer."""
    return _SHOWN.get(code, "")
