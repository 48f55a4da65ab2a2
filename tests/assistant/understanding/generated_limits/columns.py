"""What a column is, what may be asked of it, and what satisfies that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from tests.assistant.understanding.generated_limits.cells import (
    Interval,
    read_interval,
    read_sizes,
    read_year,
)

EVERY = ("<", "<=", ">", ">=", "between", "=")
UPPER = ("<", "<=")

# How shoppers write each unit.
WRITTEN = {
    "kg": ("{} kg", "{}kg", "{} kilos"), "g": ("{} g", "{} grams", "{}g"), "lb": ("{} lb", "{} lbs"),
    "cm": ("{} cm", "{}cm", "{} centimetres"), "mm": ("{} mm", "{}mm"), "m": ("{} m", "{} metres"),
    "in": ("{} inch", "{} inches", '{}"'), "ft": ("{} ft", "{} feet"),
    "ml": ("{} ml", "{}ml"), "cl": ("{} cl",), "l": ("{} litres", "{} l", "{} liters"), "gal": ("{} gallons",),
    "GB": ("{} GB", "{}GB", "{} gigabytes"), "TB": ("{} TB", "{}TB"),
    "hour": ("{} hours", "{} h", "{} hrs"), "minute": ("{} minutes",), "day": ("{} days",), "week": ("{} weeks",),
    "month": ("{} months",), "year": ("{} years",),
    "W": ("{} W", "{} watts"), "kW": ("{} kW",), "V": ("{} V", "{} volts"), "mAh": ("{} mAh", "{}mAh"),
    "Hz": ("{} Hz", "{}Hz"), "bar": ("{} bar",), "lm": ("{} lumen", "{} lm", "{} lumens"),
    "K": ("{} K", "{} kelvin"), "dB": ("{} dB", "{} decibels"), "°C": ("{} °C", "{}°C", "{} degrees"),
    "%": ("{} %", "{}%", "{} percent"),
    "USD": ("${}", "{} dollars", "{} USD"), "EUR": ("€{}", "{} euros", "{} EUR"), "GBP": ("£{}", "{} pounds"),
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column that holds a number, as a person reads it in the raw file.

    In a frame the limit stands at {}; at {before} only one whose words all stand before its amount,
    at {behind} only one whose words stand behind it, at {dated} only "after", "before" and "since".
    """

    name: str
    kind: str = "quantity"  # or count, money, year, sizes, sides, held: a range that has the number
    unit: str = ""  # of a bare cell
    said: Sequence[str] = ()  # units in which shoppers speak of it, the usual ones first
    noun: str = ""  # what a number counts: "{} pages"
    frames: Sequence[str] = ()  # the amount has its unit or its noun
    named: Sequence[str] = ()  # the amount may be a bare number, in the cell's own unit
    compared: Mapping[str, Sequence[str]] = field(default_factory=dict)  # op → more shapes
    ops: Sequence[str] = EVERY
    alone: bool = True  # it may be asked for with no kind of thing named


def intervals(column: Column, cell: str) -> list[tuple[Interval, str]]:
    """Return what a cell says of a quantity, with its unit; nothing where it says nothing."""
    if not cell.strip():
        return []
    if column.kind == "year":
        return [(read_year(cell), "")]
    found = read_interval(cell, column.unit)
    return [found] if found else []


def satisfies_raw(
    column: Column, cell: str, op: str, asked: Sequence[Fraction | str], unit: str
) -> bool:
    """Tell whether a raw cell satisfies a limit; of several sizes one must, a missing never does.

    All of a range must keep a limit, but a range has every number in it. `unit` is asked for.
    """
    if column.kind == "sizes":
        return bool(cell.strip()) and not read_sizes(cell).isdisjoint(map(str, asked))
    first, last = asked[0], asked[-1]
    assert not isinstance(first, str)
    assert not isinstance(last, str)
    for (low, high), own in intervals(column, cell):
        kept = {
            ">=": low >= first, ">": low > first, "<=": high <= last, "<": high < last,
            "=": low <= first <= high, "between": low >= first and high <= last,
        }  # fmt: skip
        if kept[op] and (own == "V") == (unit == "V"):  # a column of power has volts and watts
            return True
    return False
