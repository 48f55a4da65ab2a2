"""Read limits on a catalogue's own numbers: "at least 16 GB", "under 1.5 kg", "size 42".

Knows the catalogue's profile and the cues; knows no price and no conversation. A number becomes a
limit only where its unit, a field's name or a word that compares that field tells which field it
is; where that stays open, there is none.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from assistant.understanding.limits.cues import Cues, any_of, read_cues
from assistant.understanding.limits.spans import Span, overlap
from retrieval.english import UNITS
from retrieval.items import Catalogue, CatalogueProfile, Constraint, FieldProfile
from retrieval.units import (
    SIZE_LADDER,
    Quantity,
    converted,
    dimension_of,
    parsed_number,
    unit_named,
    unit_pattern,
)

Op = Literal["<=", ">=", "="]

_YEAR = range(1400, 2101)
_LOOKED = 60  # characters on either side of a number
_PLAUSIBLE = (0.2, 5.0)  # of the least and the most that a field has


@dataclass(frozen=True, slots=True)
class FieldLimit:
    """A limit on a field, with the place in the message that set it."""

    constraint: Constraint
    span: Span
    number: Span  # of the number alone


@dataclass(frozen=True, slots=True)
class _Number:
    """A number of the message, with what stands around it in its part of the message."""

    low: float
    high: float  # the same, but for "between 30 and 50"
    unit: str  # "" for a bare number
    before: str
    after: str
    span: Span


def read_measures(
    message: str, catalogue: Catalogue, profile: CatalogueProfile
) -> list[FieldLimit]:
    """Return every limit on a field that a message sets, in order."""
    text, cues = message.lower().replace("’", "'"), read_cues("en")
    found: list[FieldLimit] = []
    for number in _numbers(text, cues):
        field = _field(number, catalogue, profile, cues)
        if field is None or any(overlap(number.span, one.number) for one in found):
            continue
        if (op := _op(number, field, cues)) is None:
            continue
        span = _said(number, field, cues)
        said = message[slice(*span)].strip()
        found += [
            FieldLimit(one, span, number.span) for one in _constraints(number, field, op, said)
        ]
    return [*found, *_letter_sizes(text, message, profile, cues)]


def _letter_sizes(
    text: str, message: str, profile: CatalogueProfile, cues: Cues
) -> Iterator[FieldLimit]:
    """Yield the sizes in letters that a message asks for: "size M", "in a L", "available in S"."""
    field = next((one for one in profile.fields.values() if one.type == "sizes"), None)
    sizes = any_of(SIZE_LADDER)
    asked = rf"(?<!\w)(?:{any_of(cues.words['sizes'])})\s+(?P<size>{sizes})(?![\w'])"
    if field is None:
        return
    for match in re.finditer(asked, text):
        said = message[match.start() : match.end()]
        yield FieldLimit(
            Constraint(field.name, "=", match["size"], said), match.span(), match.span("size")
        )


def _numbers(text: str, cues: Cues) -> Iterator[_Number]:
    """Yield each number, or two that make a range, with its unit and its surroundings."""
    edges = [0, *(m.end() for m in re.finditer(_parts(cues), text)), len(text)]
    matches = list(_number_pattern(cues).finditer(text))
    for at, match in enumerate(matches):
        start = max(edge for edge in edges if edge <= match.start())
        end = min(edge for edge in edges if edge >= match.end())
        before = max(start, matches[at - 1].end() if at else 0, match.start() - _LOOKED)
        after = min(end, matches[at + 1].start() if at + 1 < len(matches) else end)
        named = match["unit2"] or match["unit"]
        unit = unit_named(named) if named else None
        low = _value(match["low"])
        high = _value(match["high"]) if match["high"] else low
        yield _Number(
            min(low, high),
            max(low, high),
            unit.name if unit else "",
            text[before : match.start()],
            text[match.end() : after],
            match.span(),
        )


@cache
def _number_pattern(cues: Cues) -> re.Pattern[str]:
    words = any_of([*UNITS, *cues.words["zero"]])
    number = rf"[-−]?\d+(?:[.,]\d+)*|\b(?:{words})\b"
    unit = rf"[\s-]*(?P<unit{{n}}>{unit_pattern()})?"
    return re.compile(
        rf"(?<![\w.,$€£¥])(?P<low>{number}){unit.replace('{n}', '')}"
        rf"(?:\s*(?:{any_of(cues.words['and'])})\s*(?P<high>{number}){unit.replace('{n}', '2')})?"
        r"(?![\d.,]*\d)(?!\s?[$€£¥])",
        re.I,
    )


@cache
def _parts(cues: Cues) -> str:
    return "|".join(
        re.escape(one) + (r"(?=\s)" if one in ",;" else "") for one in cues.words["parts"]
    )


def _value(written: str) -> float:
    return float(UNITS[written]) if written in UNITS else parsed_number(written)


def _field(
    number: _Number, catalogue: Catalogue, profile: CatalogueProfile, cues: Cues
) -> FieldProfile | None:
    """Return the field that a number speaks of, None where that is open."""
    scored = []
    for field in profile.fields.values():
        if field.measures and (score := _score(number, field, cues)):
            plain = -len(field.name.split())  # "age" before "safety age minimum"
            scored.append((score, _plausible(number, field, catalogue), plain, field))
    if not scored:
        return None
    scored.sort(key=lambda one: one[:3], reverse=True)
    best = scored[0]
    tied = len(scored) > 1 and scored[1][:3] == best[:3] and best[0] < _NAMED
    return None if tied else best[3]


_NAMED, _COMPARED, _SAME_UNIT = 4, 3, 2


def _score(number: _Number, field: FieldProfile, cues: Cues) -> int:
    """Return how surely a number speaks of a field, 0 when it cannot."""
    around = f"{number.before} | {number.after}"
    named = _NAMED * bool(_says(around, field.names))
    compared = _COMPARED * bool(_says(around, (*field.more, *field.less)))
    if number.unit:
        same = dimension_of(number.unit) == dimension_of(field.unit) != ""
        return named + compared + _SAME_UNIT if same else 0
    if field.type == "sizes":
        return named or _SAME_UNIT * bool(re.search(r"\bin (?:a )?$", number.before))
    if field.role in ("year", "date"):
        year = number.low in _YEAR and number.low.is_integer()
        told = cues.op_before(number.before) or cues.op_after(number.after)
        return (named + compared + _SAME_UNIT * bool(told)) * year
    if dimension_of(field.unit) == "age":
        ages = any_of(cues.words["ages"])
        aged = re.search(rf"(?:{ages})\s+(?:a\s+)?$", number.before)
        return named or compared or (_SAME_UNIT if aged else 0)
    return named


def _says(text: str, words: Sequence[str]) -> bool:
    """Tell whether a text has one of some words, plural or singular."""
    return bool(words) and bool(re.search(rf"(?<!\w)(?:{any_of(words)})(?:e?s)?(?!\w)", text))


def _plausible(number: _Number, field: FieldProfile, catalogue: Catalogue) -> bool:
    """Tell whether a number lies where the field's own values lie, or not far from it."""
    here = [
        bound
        for unit, column in catalogue.quantities.column(field.name).items()
        if (scale := converted(Quantity(1.0, 1.0, unit), field.unit)) is not None
        for bound in (float(column.low.min()) * scale.low, float(column.high.max()) * scale.low)
    ]
    asked = converted(Quantity(number.low, number.high, number.unit), field.unit)
    if asked is None or not here:
        return False
    least, most = _PLAUSIBLE
    return min(here) - abs(min(here)) * (1 - least) <= asked.low <= max(here) * most


def _op(number: _Number, field: FieldProfile, cues: Cues) -> Op | None:
    """Return which side of a number is wanted, None where that is open."""
    if number.low != number.high:
        return "="
    before, after = number.before.rstrip(), number.after
    ors, than = any_of(cues.words["or"]), any_of(cues.words["than"])
    if tail := re.search(rf"(?:^|\s)(?:{ors})\s+([\w ]+)", after):
        side = _direction(tail[1], field) or cues.op_after(after)
        if side not in ("", "exact"):
            return _side(side, turned=False)
    turned = bool(re.search(rf"(?<!\w)(?:{any_of(cues.words['not'])})\s+[\w ]*$", before))
    comparing = re.search(rf"([\w ]*?)(?:{than})\s*$", before)
    if comparing and (side := _direction(comparing[1], field)):
        return _side(side, turned=turned)
    unnamed = re.sub(rf"(?<!\w)(?:{any_of(field.names)})\s*$", "", before)  # "max weight 1.2 kg"
    sides = (cues.op_before(f"{before} "), cues.op_before(unnamed), cues.op_after(after))
    if told := next((one for one in sides if one not in ("", "exact")), ""):
        return _side(told, turned=False)
    if comparing:  # by a word that neither the cues nor this field have
        return None
    side = _direction(before, field, ends=True)
    return _side(side, turned=turned) if side else "="


def _said(number: _Number, field: FieldProfile, cues: Cues) -> Span:
    """Return where a limit stands: its number, and the words beside it that belong to it."""
    own = (*field.names, *field.more, *field.less)
    before = [word for words in cues.before.values() for word in words]
    after = [word for words in cues.after.values() for word in words]
    steering = [word for name in ("not", "than", "or", "filler") for word in cues.words[name]]
    belongs = rf"(?:{any_of([*own, *before, *after, *steering])})(?:e?s)?(?!\w)"
    front = re.search(rf"(?:(?<!\w){belongs}\s*)*$", number.before.rstrip())
    behind = re.match(rf"(?:\s*{belongs})*", number.after)
    start, end = number.span
    kept = len(front[0]) + len(number.before) - len(number.before.rstrip()) if front else 0
    return start - kept, end + (len(behind[0]) if behind else 0)


def _direction(text: str, field: FieldProfile, *, ends: bool = False) -> str:
    """Return the side that a field's own words ask for: "heavier" is more weight."""
    edge = r"\s*$" if ends else ""
    for side, words in (("least", field.more), ("most", field.less)):
        if words and re.search(rf"(?<!\w)(?:{any_of(words)})(?!\w){edge}", text):
            return side
    return ""


def _side(side: str, *, turned: bool) -> Op:
    return "<=" if (side == "most") != turned else ">="


def _constraints(number: _Number, field: FieldProfile, op: Op, said: str) -> Iterator[Constraint]:
    """Yield what a number asks of a field, in the field's unit."""
    asked = converted(Quantity(number.low, number.high, number.unit), field.unit)
    if asked is None:
        return
    unit = field.unit
    if asked.low != asked.high:
        yield Constraint(field.name, ">=", asked.low, said, unit)
        yield Constraint(field.name, "<=", asked.high, said, unit)
        return
    value = asked.low
    if field.role in ("year", "date") and _excludes_its_year(said):
        value += 1 if op == ">=" else -1
    yield Constraint(field.name, op, value, said, unit)


def _excludes_its_year(said: str) -> bool:
    """Tell whether the year itself is left out: "after 2015", "older than 2020"."""
    strict = re.search(r"\b(?:after|before|than|over|under|prior to)\b", said, re.I)
    return bool(strict) and not re.search(r"\b(?:not|no|or)\b", said, re.I)
