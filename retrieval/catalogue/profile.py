"""What are a catalogue's columns? Role, type and unit of each, from its name and its values.

Knows `attributes.toml` (what common attributes are called and mean) and how values look; knows no
message. An attribute that no name tells is read off its values; what few values confirm is a doubt.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from retrieval.field_profile import CatalogueProfile, FieldProfile
from retrieval.items import Catalogue, split_values
from retrieval.units import Quantity, dimension_of, read_quantity, unit_named

_SAMPLE = 5_000  # values of a column that are looked at
_NUMBERS = ("quantity", "range", "number")
_OF_NUMBERS = ("rating", "review count")  # roles
_MOST = 0.8  # of the values must parse for a column to be of a type
_EXAMPLES = 3
_FEW = 40  # distinct values of a column that is one of few values
_YES_NO = frozenset("yes no true false y n 1 0 ja nein oui non sí si".split())
_SIZE = re.compile(r"(?:\d*x{0,4}[sl]|m|\d{1,3}(?:[.,]5)?|one size)", re.I)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ].*)?")
_CODE = re.compile(r"(?=.*\d)[\w./-]{4,}")
_COUNT = re.compile(r"\d+\+? ([^\W\d_]{3,})")  # "64 voices"
_YEARS = (1400, 2100)
_DIGITS = re.compile(r"\d+(?:[.,]\d+)?")  # several in "30 x 20 x 10 cm"
_WORDS = ("more", "less", "most", "least", "high", "low", "things")
_SIDES = frozenset("minimum maximum min max min. max.".split())  # "safety age minimum"
_PREPOSITIONS = frozenset("at by for from in of on to up with".split())  # "serve at"
_WORDY = 8  # words of a value that is prose


def infer_profile(catalogue: Catalogue) -> CatalogueProfile:
    """Return what each field of a catalogue's records is."""
    values: dict[str, list[str]] = {}
    for item in catalogue.items.values():
        for name, value in (("category", item.category), ("brand", item.brand)):
            if value:
                values.setdefault(name, []).append(value)
        for name, value in item.attributes.items():
            if value:
                values.setdefault(name, []).append(value)
    fields = _told_by_units({name: _field(name, found) for name, found in values.items()})
    return CatalogueProfile({**price_profile(catalogue), **fields}, len(catalogue.items))


def _told_by_units(fields: Mapping[str, FieldProfile]) -> dict[str, FieldProfile]:
    """Take the only field in a unit for what is measured so where its name tells nothing: "wt"."""
    told = dict(fields)
    for known in (one for one in _table().values() if one.get("alone_in_unit")):
        dimension = dimension_of(known["unit"])
        alike = [one for one in fields.values() if one.unit and dimension_of(one.unit) == dimension]
        if len(alike) == 1 and not _known(alike[0].name):
            words: dict[str, Any] = {key: tuple(known.get(key, ())) for key in _WORDS}
            names = tuple(dict.fromkeys((*alike[0].names, *known["names"])))
            told[alike[0].name] = replace(alike[0], names=names, **words)
    return told


def price_profile(catalogue: Catalogue) -> dict[str, FieldProfile]:
    """Return what the price is, under its name; nothing where no item has one."""
    prices = [f"{one.price:g}" for one in catalogue.items.values() if one.price is not None]
    return {"price": replace(_field("price", prices), type="number", unit="")} if prices else {}


def corrected_profile(
    profile: CatalogueProfile, corrections: Mapping[str, Mapping[str, Any]]
) -> CatalogueProfile:
    """Return a profile with what its owner has corrected, field by field.

    Raises: ValueError for a field that there is not, and for a key or a value that cannot be.
    """
    fields = dict(profile.fields)
    for name, said in corrections.items():
        if name not in fields:
            known = ", ".join(sorted(fields))
            raise ValueError(f"{name!r} is no field of this catalogue (fields: {known})")
        try:
            fields[name] = fields[name].corrected(said)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{name!r}: {error}") from error
    return replace(profile, fields=fields)


def _field(name: str, values: Sequence[str]) -> FieldProfile:
    """Return what one field is."""
    sample = values[:_SAMPLE]
    known = _known(name)
    if not known and _share(_DATE.fullmatch(value) for value in sample) >= _MOST:
        known = _attributes()["date"]  # whatever it is the date of
    quantities = [read_quantity(value) for value in sample]
    parsed = [one for one in quantities if one is not None]
    kind = _type(name, sample, parsed, known)
    if known.get("role") in _OF_NUMBERS and kind not in _NUMBERS:
        known = {}  # a "tasting note" is no rating, nor is "PG-13"
    if _role(name, kind, parsed, known) in ("year", "date") and not known.get("most"):
        known = {**_attributes()["year"], **known}  # a column of years under any name
    unit = _unit(parsed, known) if kind in ("quantity", "range", "number", "date") else ""
    doubts = [value for value, one in zip(sample, quantities, strict=True) if one is None]
    return FieldProfile(
        name=name,
        role=_role(name, kind, parsed, known),
        type=kind,
        unit=unit,
        names=tuple(
            dict.fromkeys((name, *_own_names(name), *_known_names(name, known), *_counted(sample)))
        ),
        **{key: tuple((known or _attribute_of(unit)).get(key, ())) for key in _WORDS},
        alone=str(known.get("alone", "")),
        filled=len(values),
        examples=tuple(dict.fromkeys(sample))[:_EXAMPLES],
        unread=tuple(dict.fromkeys(doubts))[:_EXAMPLES] if unit or kind == "quantity" else (),
    )


@cache
def _attribute_of(unit: str) -> Mapping[str, Any]:
    """Return the common attribute that is measured so: of "comfort temp" in °C a temperature."""
    dimension = dimension_of(unit) or None
    alike = (
        known
        for known in _attributes().values()
        if known.get("of_unit") and dimension_of(known["unit"]) == dimension
    )
    return next(alike, {})


def _own_names(name: str) -> Iterator[str]:
    """Yield what else a field is called: its last word, where that is a noun of its own."""
    last = name.split()[-1]
    named = unit_named(last) is None and last not in _SIDES and last not in _PREPOSITIONS
    if last != name and named and "per" not in name.split():
        yield last


def _known_names(name: str, known: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a field is commonly called: "pot diam." is a pot diameter, and a diameter."""
    names, words = known.get("names", ()), name.split()
    for start in range(1, len(words)):
        if " ".join(words[start:]) in names:
            yield " ".join((*words[:start], names[0]))
    yield from names


def _type(
    name: str, values: Sequence[str], parsed: Sequence[Quantity], known: Mapping[str, Any]
) -> str:
    """Return the type that most values confirm."""
    plain = [value.casefold() for value in values]
    share = len(parsed) / len(values)
    if name in ("category", "brand"):
        return "one of few values"
    if _share(_DATE.fullmatch(value) for value in values) >= _MOST:
        return "date"
    if known.get("role") == "code" or _are_codes(values):
        return "code"
    if set(plain) <= _YES_NO and not known.get("unit"):
        return "yes/no"
    sizes = known.get("type") == "sizes" and not _measured(parsed)  # no "wheel size (inch)"
    if sizes and _share(_is_sizes(value) for value in values) >= _MOST:
        return "sizes"
    if share >= _MOST:
        if known.get("type") == "range" or _share(q.low != q.high for q in parsed) >= 0.2:
            return "range"
        measured = bool(known.get("unit")) or _measured(parsed)
        return "quantity" if measured and known.get("type") != "number" else "number"
    return _text_type(values)


def _counted(values: Sequence[str]) -> tuple[str, ...]:
    """Return the noun that every value counts and no unit is: of "64 voices" the voices."""
    found = [match[1] for value in values if (match := _COUNT.fullmatch(value.strip()))]
    noun, count = Counter(found).most_common(1)[0] if found else ("", 0)
    several = count >= _MOST * len(values) and len(set(values)) > 1
    return (noun.lower(),) if several and unit_named(noun) is None else ()


def _text_type(values: Sequence[str]) -> str:
    """Tell one of few values from several values, from prose, and from what is counted."""
    if _counted(values):
        return "number"
    parts = [split_values(value) for value in values]
    distinct = {part for several in parts for part in several}
    prose = _share(len(value.split()) > _WORDY for value in values) > 0.2
    sized = _share(len(_DIGITS.findall(value)) > 1 for value in values) >= _MOST
    if prose or sized or len(distinct) > max(_FEW, len(values) / 2):
        return "text"
    several = _share(len(one) > 1 for one in parts) >= 0.2
    return "several values" if several else "one of few values"


def _role(name: str, kind: str, parsed: Sequence[Quantity], known: Mapping[str, Any]) -> str:
    if name in ("category", "brand"):
        return name
    if role := known.get("role"):
        return str(role)
    if kind == "code":
        return "code"
    if kind == "date":
        return "date"
    whole = [one.low for one in parsed if one.low == one.high and not one.unit]
    years = kind == "number" and whole and all(_YEARS[0] <= year <= _YEARS[1] for year in whole)
    return "year" if years and len(whole) == len(parsed) else "attribute"


def _unit(parsed: Sequence[Quantity], known: Mapping[str, Any]) -> str:
    """Return the unit that all values carry, else the one that the attribute usually has."""
    counted, usual = Counter(one.unit for one in parsed if one.unit), str(known.get("unit", ""))
    dimensions = {dimension_of(unit) for unit in counted}
    mixed = len(counted) > 1 and dimension_of(usual) in dimensions  # 36 V beside 1,400 W: power
    return counted.most_common(1)[0][0] if counted and not mixed else usual


def _are_codes(values: Sequence[str]) -> bool:
    """Tell whether values are names for machines: each another, without words."""
    each = len(set(values)) >= 0.95 * len(values) and len(values) > 5
    return (
        each
        and _share(bool(_CODE.fullmatch(value)) for value in values) >= 0.95
        and not (
            _share(read_quantity(value) is not None and len(value) < 8 for value in values) > 0.5
        )
    )


def _measured(parsed: Sequence[Quantity]) -> bool:
    """Tell whether most quantities have a unit."""
    return _share(bool(quantity.unit) for quantity in parsed) >= 0.5


def _is_sizes(value: str) -> bool:
    return all(
        _SIZE.fullmatch(part) or read_quantity(part) is not None for part in split_values(value)
    )


def _share(found: Iterator[object] | Sequence[object]) -> float:
    each = [bool(one) for one in found]
    return sum(each) / len(each) if each else 0.0


@cache
def attribute_called(name: str) -> tuple[str, str]:
    """Return the common attribute that a field of exactly this name is, and its unit.

    "item weight" is a weight; "max rider weight" is none, it only ends with one. ("", "") for none.
    """
    for key, known in _table().items():
        if name in known["names"]:
            return key, str(known.get("unit", ""))
    return "", ""


def _known(name: str) -> Mapping[str, Any]:
    """Return what is known of an attribute of this name: the longest name that it ends with."""
    table = _attributes()
    words = name.split()
    for start in range(len(words)):
        if found := table.get(" ".join(words[start:])):
            return found
    starts = [" ".join(words[:end]) for end in range(len(words) - 1, 0, -1)]
    found = next((table[one] for one in starts if one in table), {})
    unit = unit_named(words[-1])
    return found if unit and found and dimension_of(str(found.get("unit", ""))) else {}


@cache
def _attributes() -> Mapping[str, Mapping[str, Any]]:
    """Return the known attributes by each of their names."""
    return {name: known for known in _table().values() for name in known["names"]}


@cache
def _table() -> Mapping[str, Mapping[str, Any]]:
    """Return the known attributes."""
    return tomllib.loads(files(__package__).joinpath("attributes.toml").read_text("utf-8"))
