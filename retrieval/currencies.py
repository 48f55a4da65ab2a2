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
# Those that are written with their code; "kr" can be four of them.
_UNSIGNED = (
    "CHF SEK NOK DKK ISK HUF RON BGN RSD ILS AED SAR ZAR EGP MAD THB IDR MYR PHP TWD COP CLP PEN "
    "ARS UYU"
)
CODES = frozenset(code for codes in (*SIGNS.values(), _UNSIGNED.split()) for code in codes)
SIGN_LETTERS = "".join(sign for sign in SIGNS if len(sign) == 1)
# Where these are the money, a comma parts thousands and a point the decimals.
POINT_CURRENCIES = frozenset({"USD", "GBP", "JPY", "CNY", "INR", "AUD", "NZD", "HKD", "SGD", "MXN"})
_MINOR_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "KWD": 3, "BHD": 3, "OMR": 3,
                 "JOD": 3, "TND": 3}  # fmt: skip
_SHOWN = {"USD": "$", "EUR": "€", "GBP": "£", "CNY": "¥", "JPY": "¥", "INR": "₹"}


def sign_of(code: str) -> str:
    """Return the sign that a price in this currency is shown with, "" where the code is clearer."""
    return _SHOWN.get(code, "")


def minor_digits(code: str) -> int:
    """Return how many decimals a currency's amounts have (ISO 4217): 2 for a cent."""
    return _MINOR_DIGITS.get(code, 2)
