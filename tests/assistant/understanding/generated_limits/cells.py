"""What a raw cell says, read for itself: numbers, units, ranges, sides, sizes, dates.

Exact fractions throughout, so that no rounding decides whether a value equals a limit.
"""

import math
import re
from fractions import Fraction

# Each unit in the first one of its line: the units that the raw cells and the shoppers use.
FACTORS = {
    "g": "1", "kg": "1000", "lb": "453.59237", "oz": "28.349523125",
    "cm": "1", "mm": "0.1", "m": "100", "in": "2.54", "ft": "30.48",
    "ml": "1", "cl": "10", "l": "1000", "gal": "3785.411784",
    "GB": "1", "TB": "1000", "hour": "60", "minute": "1", "day": "1", "week": "7",
    "month": "365/12", "year": "365", "W": "1", "kW": "1000", "V": "1", "mAh": "1", "Ah": "1000",
    "Hz": "1", "bar": "1", "lm": "1", "K": "1", "dB": "1", "°C": "1", "%": "1", "": "1",
}  # fmt: skip
_SPELLED = {
    '"': "in", "L": "l", "weeks": "week", "days": "day", "months": "month", "years": "year",
    "person": "", "persons": "", "cuin": "", "USD": "", "EUR": "", "GBP": "",
}  # fmt: skip
_NUMBER = r"-?\d+(?:\.\d{3},\d+|[.,]\d+)?"  # "1.049,00" as well
_CELL = re.compile(
    rf"(?:from )?({_NUMBER})\s*(\D*?)\s*(?:(\+)|[–-]({_NUMBER}))?\s*([^\d+]*?)\s*(\+)?"
)
LETTERS = ("XXS", "XS", "S", "M", "L", "XL", "XXL", "XXXL")

Interval = tuple[Fraction | float, Fraction | float]  # from, to; both ends belong to it


def factor(unit: str) -> Fraction:
    """Return how many of its first unit a unit is."""
    return Fraction(FACTORS[unit])


def read_interval(cell: str, unit: str = "") -> tuple[Interval, str] | None:
    """Read "1.2 kg", "3–6 years", "14+", "31 x 26 cm" and "lifetime"; and the cell's own unit.

    Of sides it is the shortest and the longest. A bare number is in `unit`.
    """
    cell = cell.strip()
    if cell == "lifetime":  # longer than any number of years
        return (math.inf, math.inf), unit
    if " x " in cell:
        *numbers, last = cell.split(" x ")
        digits, _, own = last.partition(" ")
        sides = [_number(one) * factor(own) for one in (*numbers, digits)]
        return (min(sides), max(sides)), own
    found = _CELL.fullmatch(cell)
    if found is None:
        return None
    first, inner, more, second, outer, more_too = found.groups()
    own = inner or outer or unit
    own = _SPELLED.get(own, own)
    low = _number(first) * factor(own)
    open_ended = bool(more or more_too or cell.startswith("from "))
    high = math.inf if open_ended else _number(second) * factor(own) if second else low
    return (low, high), own


def read_year(cell: str) -> Interval:
    """Return the year of "2021-03-01" or "2021"."""
    year = Fraction(cell[:4])
    return year, year


def read_sizes(cell: str) -> set[str]:
    """Return the sizes of "37, 40-42" or "S-XL", each by itself."""
    sizes = set[str]()
    for part in cell.split(", "):
        first, _, last = part.partition("-")
        if not last:
            sizes.add(first)
        elif first in LETTERS:
            sizes |= set(LETTERS[LETTERS.index(first) : LETTERS.index(last) + 1])
        else:
            sizes |= {str(size) for size in range(int(first), int(last) + 1)}
    return sizes


def _number(digits: str) -> Fraction:
    if "." in digits and "," in digits:
        digits = digits.replace(".", "")
    return Fraction(digits.replace(",", "."))
