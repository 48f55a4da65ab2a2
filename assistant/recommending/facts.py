"""A true statement about an item, as a value: what is said, and what it rests on.

Knows no language: `answering` words facts, and nothing parses them back. Each is computed from a
record, from the limits that the user set, from the catalogue, or from the search.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

FactKind = Literal[
    "code",  # the item has the code that the user named
    "has",  # field, value: as the record says it
    "kept",  # field, value, gap, side: a limit on a number that the record keeps
    "price",  # price, limit, gap, side: the same of the price
    "wished",  # field, value: a preference that the record meets
    "first",  # field, value, word, side, count: the least or most of all that fit
    "quote",  # text: a sentence of the description
    "spoken",  # text: a sentence of the recording's transcript
    "photo",  # it looks like the photo
    "sound",  # it sounds like the recording
    "seen",  # values: what the photo seems to show, and the record has
    "near",  # by: the modality that brought it here, where nothing else is known
    "both",  # values: what the item and the user have in common
    "ties",  # count, names: those that the user knows and the item is linked with
    "also",  # count: how many others tell the same
    "liked",  # title: the like without which it would rank lower
    "without",  # part, rank, now: its rank without a part of the query
    "budget",  # title, price: what would be first without the limit on the price
    "unsaid",  # field: the record does not say
    "record",  # text: all that the record says
]


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of money."""

    amount: float  # in whole units of the currency
    currency: str  # ISO 4217, "" when nobody says


@dataclass(frozen=True, slots=True)
class UnitAmount:
    """A number with its unit."""

    amount: float
    unit: str = ""  # as units.toml names it


Place = str | int | float | Money | UnitAmount | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One true statement about an item."""

    kind: FactKind
    source: str  # "title", "description", "attribute colour", "price", "catalogue", "search", …
    places: Mapping[str, Place] = field(default_factory=dict)  # what `FactKind` says of each


def fact_json(fact: Fact) -> dict[str, Any]:
    """Return a fact as JSON can represent it."""
    places = {name: _place_json(place) for name, place in fact.places.items()}
    return {"kind": fact.kind, "source": fact.source, "places": places}


def read_fact(row: Mapping[str, Any]) -> Fact:
    """Return the fact that was written as JSON."""
    places = {name: _read_place(place) for name, place in row["places"].items()}
    return Fact(row["kind"], row["source"], places)


def _place_json(place: Place) -> object:
    match place:
        case Money(amount, currency):
            return {"amount": amount, "currency": currency}
        case UnitAmount(amount, unit):
            return {"amount": amount, "unit": unit}
        case tuple():
            return list(place)
        case _:
            return place


def _read_place(row: Any) -> Place:  # noqa: ANN401 -- whatever JSON has
    if isinstance(row, dict):
        if "currency" in row:
            return Money(row["amount"], row["currency"])
        return UnitAmount(row["amount"], row["unit"])
    place: Place = tuple(row) if isinstance(row, list) else row
    return place
