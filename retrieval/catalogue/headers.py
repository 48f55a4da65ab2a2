"""A column's header → the field's name and the unit that stands in it: "Weight (kg)", "height_cm".

Knows units; knows no value.
"""

import re

from retrieval.units import unit_named

_BRACKETS = re.compile(r"\s*[\[(]\s*(?:in\s+)?([^\])]*?)\s*[\])]\s*$")
_COUNTED = frozenset({"age", "pages", "pieces", "people", "stars"})  # "release year" is no quantity
_SHORTEST = (
    2  # letters of a unit that ends a header without brackets: "size m" is no size in metres
)


def split_header(name: str) -> tuple[str, str]:
    """Return a header without its unit, and the unit, "" where it names none.

    A header that is a unit itself ("pages") stays whole.
    """
    if brackets := _BRACKETS.search(name):
        bare = name[: brackets.start()].strip()
        unit = unit_named(brackets[1])
        return (bare or name), (unit.name if unit else "")
    words = name.split()
    unit = unit_named(words[-1]) if len(words) > 1 and len(words[-1]) >= _SHORTEST else None
    if unit and unit.dimension not in _COUNTED and words[-1] != "in":  # "made in"
        kept = words[:-2] if words[-2] == "in" and len(words) > 2 else words[:-1]
        return " ".join(kept), unit.name
    return name, ""


def with_unit(value: str, unit: str) -> str:
    """Return a bare number with its column's unit: "1.2" under "weight (kg)" is "1.2 kg"."""
    return f"{value} {unit}" if unit and value and value[-1].isdigit() else value
