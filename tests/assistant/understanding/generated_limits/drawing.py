"""A seed → limits in plain words, each with the ids that satisfy it in the raw file."""

import csv
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from tests.assistant.understanding.generated_limits.cells import factor, read_sizes
from tests.assistant.understanding.generated_limits.columns import (
    WRITTEN,
    Column,
    intervals,
    satisfies_raw,
)
from tests.assistant.understanding.generated_limits.shops import SHOPS, Shop
from tests.assistant.understanding.generated_limits.wordings import (
    BEFORE,
    BEHIND,
    HELD,
    YEARS,
    fits,
    in_words,
    worded,
)

DATA = Path(__file__).parents[3] / "data"
EACH = 48  # limits of each shop
_TRIES = 200
_WHOLE = ("°C", "day", "week", "month", "year", "dB", "%", "Hz", "minute")  # said in whole numbers
_FEWEST = 3  # rows of a kind that say something of a column
_SPELLED, _USUAL, _KINDS, _REAL = 0.12, 0.6, 0.6, 0.4  # how often

Row = Mapping[str, str]
Kind = tuple[str, str, frozenset[str]]  # in the plural, in the singular, its cells


@dataclass(frozen=True)
class GeneratedLimit:
    """A message with one limit, and what a person reads in the raw file."""

    path: str  # of the catalogue
    message: str
    columns: tuple[str, ...]  # the limit's, and that of the kind where one is named
    ids: frozenset[str]


@dataclass(frozen=True)
class _Asked:
    """A limit and its amounts as they are written."""

    op: str
    values: tuple[Fraction | str, ...]  # in the first unit of their dimension
    unit: str
    written: tuple[str, ...]  # with the unit
    bare: tuple[str, ...]  # without
    named: bool  # a number without its unit or noun


def generated_limits(seed: int) -> Iterator[GeneratedLimit]:
    """Yield limits, evenly over the shops and their columns."""
    for shop in SHOPS:
        draw = random.Random(f"{seed} {shop.path}")
        rows, seen = raw_rows(shop), set[str]()
        while len(seen) < EACH:
            column = shop.columns[len(seen) % len(shop.columns)]
            limit = next(
                one for _ in range(_TRIES) if (one := _limit(draw, shop, column, rows)) is not None
            )
            if limit.message not in seen:
                seen.add(limit.message)
                yield limit


def raw_rows(shop: Shop) -> list[Row]:
    """Return a shop's raw rows."""
    with (DATA / shop.path).open(encoding="utf-8-sig", newline="") as file:
        return [
            {name: (cell or "").strip() for name, cell in row.items()}
            for row in csv.DictReader(file, delimiter=shop.delimiter)
        ]


def _limit(
    draw: random.Random, shop: Shop, column: Column, rows: Sequence[Row]
) -> GeneratedLimit | None:
    """Return a limit, None where what was drawn leaves nothing to tell apart."""
    kind = _kind(draw, shop, column, rows)
    among = [row for row in rows if kind is None or row[shop.kind] in kind[2]]
    asked = _asked(draw, column, [row[column.name] for row in among])
    if asked is None:
        return None
    kept = [
        row
        for row in among
        if satisfies_raw(column, row[column.name], asked.op, asked.values, asked.unit)
    ]
    if not kept or len(kept) == len(among):
        return None
    frame, limit = _phrase(draw, column, asked)
    if not frame:
        return None
    named = None if kind is None else kind[:2]
    message = worded(draw, frame, limit, named, draw.random() < 0.5)
    columns = (column.name,) if kind is None else (column.name, shop.kind)
    return GeneratedLimit(shop.path, message, columns, frozenset(row[shop.id] for row in kept))


def _kind(draw: random.Random, shop: Shop, column: Column, rows: Sequence[Row]) -> Kind | None:
    """Return a kind of thing that has the column, None for any."""
    kinds = [
        (many, one, frozenset(cells))
        for many, (one, cells) in shop.kinds.items()
        if sum(row[shop.kind] in cells and bool(row[column.name]) for row in rows) >= _FEWEST
    ]
    return draw.choice(kinds) if kinds and draw.random() < _KINDS else None


def _asked(draw: random.Random, column: Column, cells: Sequence[str]) -> _Asked | None:
    """Draw an operator, a unit and values near those of the cells."""
    op = draw.choice(column.ops)
    if column.kind == "sizes":
        sizes = sorted({s for cell in cells if cell for s in read_sizes(cell) if "." not in s})
        size = draw.choice(sizes) if sizes else ""
        return _Asked(op, (size,), "", (size,), (size,), True) if sizes else None
    found = [one for cell in cells for one in intervals(column, cell)]
    ends = [
        (Fraction(end), own) for interval, own in found for end in interval if math.isfinite(end)
    ]
    if not ends:
        return None
    named = bool(column.named) and (not column.frames or draw.random() < 0.4)
    value, own = draw.choice(ends)
    unit = column.unit if named else _unit(draw, column, own)
    scale = Fraction(1) if column.kind == "money" else factor(unit)
    several = (value, draw.choice(ends)[0])[: 1 + (op == "between")]
    numbers = sorted({_near(draw, one / scale, op, column, unit) for one in several})
    real = {end for end, _ in ends}
    if (op == "between") != (len(numbers) > 1) or (unit != "°C" and numbers[0] <= 0):
        return None
    if op == "=" and numbers[0] * scale not in real:
        return None
    return _written(draw, column, op, numbers, unit, named)


def _unit(draw: random.Random, column: Column, own: str) -> str:
    """Draw the unit in which a shopper speaks: mostly the cell's own."""
    if not column.said:
        return ""
    same = [unit for unit in column.said if (unit == "V") == (own == "V")]
    usual = own if own in same else same[0]
    return usual if draw.random() < _USUAL else draw.choice(same)


def _near(draw: random.Random, value: Fraction, op: str, column: Column, unit: str) -> Fraction:
    """Return a number as somebody would say it, near a value or equal to it."""
    plain = value.denominator in (1, 2, 5, 10, 20, 50, 100)
    if plain and (op == "=" or draw.random() < _REAL):
        return value
    whole = unit in _WHOLE or column.kind == "year" or (column.noun not in ("", "{} stars"))
    if column.kind == "year" or not value:
        return value + draw.randint(-3, 3)
    digits = 1 - math.floor(math.log10(abs(value)))
    digits = min(digits, 0) if whole or (column.named and not column.frames) else digits
    step = Fraction(10) ** -digits
    return step * (round(value / step) + draw.choice((-2, -1, 0, 0, 1, 2, 5)))


def _written(
    draw: random.Random,
    column: Column,
    op: str,
    numbers: Sequence[Fraction],
    unit: str,
    named: bool,
) -> _Asked:
    """Write the numbers as digits or in words, with their unit or what they count."""
    pattern = draw.choice(WRITTEN[unit]) if unit and not named else column.noun or "{}"
    if named:
        pattern = "{}"
    if column.kind == "money" and not named:
        pattern = draw.choice(WRITTEN[column.said[0]])
    spaced = pattern == "{}" or (pattern[2:3] == " " and len(pattern) > 6)
    countable = all(one.denominator == 1 and 0 < one < 200 for one in numbers)
    words = spaced and countable and column.kind != "year" and draw.random() < _SPELLED
    bare = tuple(_number(draw, one, column, words=words) for one in numbers)
    written = tuple(_counted(pattern, text) for text in bare)
    scale = Fraction(1) if column.kind == "money" else factor(unit)
    return _Asked(op, tuple(one * scale for one in numbers), unit, written, bare, named)


def _number(draw: random.Random, number: Fraction, column: Column, *, words: bool) -> str:
    """Write a number as digits or in words."""
    if words:
        return in_words(int(number))
    if number.denominator > 1:
        return f"{float(number):.2f}" if column.kind == "money" else f"{float(number):.10g}"
    parted = number >= 2500 and column.kind != "year" and draw.random() < 0.3
    return f"{int(number):,}" if parted else str(int(number))


def _counted(pattern: str, text: str) -> str:
    """Put a number before its unit: "1 week", "2 weeks"."""
    if text in ("1", "one"):
        pattern = pattern.replace("people", "person")
        pattern = pattern[:-1] if pattern.endswith("s") and len(pattern) > 6 else pattern
    return pattern.format(text)


def _phrase(draw: random.Random, column: Column, asked: _Asked) -> tuple[str, str]:
    """Draw a frame and a limit that can stand in it, "" and "" where that cannot be."""
    own = column.compared.get(asked.op, ())
    if own and draw.random() < 0.3:
        return "{}", _filled(draw, draw.choice(own), asked)
    before, behind = _shapes(column, asked)
    frame = draw.choice(column.named if asked.named else column.frames)
    choices = {
        "{before}": before, "{behind}": behind,
        "{dated}": [one for one in before if one.split()[0] in ("after", "before", "since")],
    }  # fmt: skip
    slot = next((one for one in choices if one in frame), "{}")
    frame = frame.replace(slot, "{}")
    shapes = [one for one in choices.get(slot, [*before, *behind]) if fits(frame, one)]
    return (frame, _filled(draw, draw.choice(shapes), asked)) if shapes else ("", "")


def _shapes(column: Column, asked: _Asked) -> tuple[list[str], list[str]]:
    """Return the shapes of an operator that stand before their amount, and the others."""
    if column.kind in ("held", "sizes"):
        return list(HELD["="]), []
    if column.kind == "year":
        every = YEARS[asked.op]
        return [s for s in every if s[0] != "{"], [s for s in every if s[0] == "{"]
    behind = [
        shape
        for shape in BEHIND.get(asked.op, ())
        if "-" not in shape or not any("-" in one or " " in one for one in asked.bare)
    ]
    return list(BEFORE[asked.op]), behind


def _filled(draw: random.Random, shape: str, asked: _Asked) -> str:
    """Fill a shape; of two amounts the first often goes without its unit: "10 to 20 kg"."""
    last = asked.written[-1]
    sign = not last[0].isdigit()  # "$10 to $20"
    once = len(asked.written) > 1 and not sign and draw.random() < 0.6
    split = shape == "{a}-{b}" and " " in asked.written[0]  # nobody writes "60 Hz-140 Hz"
    first = asked.bare[0] if once or (split and not sign) else asked.written[0]
    return shape.format(a=first, b=last)
