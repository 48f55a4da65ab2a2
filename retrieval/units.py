"""Read quantities: "1.2 kg", "27 in", "2–5 years", "30+ h"; and convert between units.

Knows `units.toml`; knows no column and no message. A quantity is a range: one number is a range
whose ends are equal, and an open end is infinite.
"""

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

_NUMBER = r"[-−+]?\d{1,3}(?:[ '’ ]\d{3})+(?:[.,]\d+)?|[-−+]?\d+(?:[.,]\d+)*"
_DATE = re.compile(r"(\d{4})-\d{2}-\d{2}(?:[T ].*)?")
_TO = r"\s*(?:-|–|—|\bto\b|\bbis\b|\bà\b|\ba\b|\buntil\b|\bthrough\b|/)\s*"
_LEAST = r"(?P<least>from|ab|min\.?|à partir de|desde)?\s*"
_BEFORE = r"(?:(?:ca\.?|circa|approx\.?|about|~|≈|up to|bis zu|max\.?|for|size|eu|uk|us)\s*)*"


_YEAR_HOURS = 8760.0

# Sizes of clothes, from small to large.
SIZE_LADDER = ("xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number or a range of numbers with its unit."""

    low: float
    high: float
    unit: str = ""  # as units.toml names it, "" for a bare number

    @property
    def middle(self) -> float:
        """Return the middle of the range, or its finite end."""
        ends = [end for end in (self.low, self.high) if math.isfinite(end)]
        return sum(ends) / len(ends) if ends else self.low


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure."""

    name: str  # "kg"
    dimension: str  # "mass"
    factor: float  # how many of the dimension's first unit it is


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("units.toml").read_text("utf-8"))


@cache
def units() -> Mapping[str, Unit]:
    """Return every unit by each of its names, in lower case."""
    table: dict[str, Unit] = {}
    for dimension, rows in _table().items():
        if isinstance(rows, list):
            continue
        for name, (factor, *others) in rows.items():
            for one in (name, *others):
                table.setdefault(one.casefold(), Unit(name, dimension, factor))
    return table


def unit_named(name: str) -> Unit | None:
    """Return the unit of a name, None when there is none."""
    return units().get(" ".join(name.casefold().split()))


def dimension_of(unit: str) -> str:
    """Return a unit's dimension, "" for a bare number."""
    found = unit_named(unit) if unit else None
    return found.dimension if found else ""


def converted(quantity: Quantity, unit: str) -> Quantity | None:
    """Return a quantity in another unit, None when they measure different things.

    A bare number is taken to be in that unit.
    """
    if not (unit and quantity.unit) or quantity.unit == unit:
        return replace(quantity, unit=unit or quantity.unit)
    here, there = unit_named(quantity.unit), unit_named(unit)
    if here is None or there is None:
        return None
    scale = here.factor / there.factor
    if here.dimension != there.dimension:  # "90 days" in a column of years
        if {here.dimension, there.dimension} != {"age", "duration"}:
            return None
        scale *= _YEAR_HOURS if here.dimension == "age" else 1 / _YEAR_HOURS
    return Quantity(_round(quantity.low * scale), _round(quantity.high * scale), unit)


def _round(value: float) -> float:
    return float(f"{value:.10g}") if math.isfinite(value) else value


@cache
def unit_pattern() -> str:
    """Return a pattern that matches any unit's name, the longest first."""
    names = sorted(units(), key=len, reverse=True)
    return "|".join(
        re.escape(name) + (r"(?![^\W_])" if name[-1].isalnum() else "") for name in names
    )


@cache
def _cell_pattern() -> re.Pattern[str]:
    """Return the pattern of a cell that is one quantity and nothing else."""
    unit = rf"\s*(?P<unit{{n}}>{unit_pattern()})?"
    return re.compile(
        rf"{_LEAST}{_BEFORE}(?P<low>{_NUMBER}){unit.replace('{n}', '')}"
        rf"(?:(?P<open>\s*\+)|{_TO}(?P<high>{_NUMBER}){unit.replace('{n}', '2')})?"
        rf"\s*(?P<more>\+|and up|or more|ab)?\s*(?P<unit3>{unit_pattern()})?\.?",
        re.I,
    )


@cache
def _sides_pattern() -> re.Pattern[str]:
    """Return the pattern of the sides of a thing: "30 x 20 x 10 cm"."""
    side = rf"(?:{_NUMBER})(?:\s*(?:{unit_pattern()}))?"
    return re.compile(rf"{side}(?:\s*[x×*]\s*{side}){{1,2}}", re.I)


def _sides(text: str) -> Quantity | None:
    """Read the sides of a thing as a range from the shortest to the longest."""
    if _sides_pattern().fullmatch(text) is None:
        return None
    parts = [read_quantity(part) for part in re.split(r"\s*[x×*]\s*", text, flags=re.I)]
    unit = next((one.unit for one in reversed(parts) if one and one.unit), "")
    if not unit or any(one is None for one in parts):
        return None
    found = [converted(replace(one, unit=one.unit or unit), unit) for one in parts if one]
    lows = [one.low for one in found if one is not None]
    return Quantity(min(lows), max(lows), unit) if len(lows) == len(parts) else None


@lru_cache(maxsize=200_000)
def read_quantity(text: str) -> Quantity | None:
    """Return the quantity that a cell says, None when it says anything else; a date is its year.

    Of sides, "30 x 20 x 10 cm", it is the range from the shortest to the longest.
    """
    if " x " in text or "×" in text or "*" in text or " X " in text:
        return _sides(text.strip())
    if date := _DATE.fullmatch(text.strip()):
        return Quantity(float(date[1]), float(date[1]))
    if text.strip().casefold() in _table()["endless"]:
        return Quantity(math.inf, math.inf)
    found = _cell_pattern().fullmatch(text.strip())
    if found is None:
        return None
    named = found["unit2"] or found["unit3"] or found["unit"]
    unit = unit_named(named) if named else None
    low = parsed_number(found["low"])
    high = parsed_number(found["high"]) if found["high"] else low
    if found["open"] or found["more"] or found["least"]:
        high = math.inf
    return Quantity(min(low, high), max(low, high), unit.name if unit else "")


def sizes_between(value: str) -> tuple[str, ...]:
    """Return the sizes of a range of letters: "s-l" is s, m and l; () for anything else."""
    first, _, last = (part.strip() for part in value.replace("–", "-").partition("-"))
    if first not in SIZE_LADDER or last not in SIZE_LADDER:
        return ()
    return SIZE_LADDER[SIZE_LADDER.index(first) : SIZE_LADDER.index(last) + 1]


def parsed_number(written: str) -> float:
    """Read "1.299,50", "1,299.50", "1 299" and "12,5" by the last separator.

    One separator used once before three digits is a decimal point where it is a point, and parts
    thousands where it is a comma.
    """
    digits = re.sub(r"[\s'’ ]", "", written).replace("−", "-")
    marks = [mark for mark in digits if mark in ".,"]
    if len(set(marks)) == 2:
        whole, _, decimals = digits.rpartition(marks[-1])
        digits = f"{re.sub('[.,]', '', whole)}.{decimals}"
    elif marks and (len(marks) > 1 or (marks[0] == "," and re.search(r",\d{3}$", digits))):
        digits = digits.replace(marks[0], "")
    return float(digits.replace(",", "."))
