"""The nouns of retrieval: frozen values, and the few pure functions that read them.

Knows what an item, a query and a candidate are; knows no file format, no model, no store.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

from retrieval.errors import MessageError

Modality = Literal["text", "picture", "speech", "sound"]
MODALITIES: tuple[Modality, ...] = ("text", "picture", "speech", "sound")

_SEVERAL = re.compile(r"\s*(?:[,;|/]|\band\b)\s*")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that can be recommended, exactly as its catalogue records it."""

    id: str
    title: str
    description: str = ""
    category: str = ""
    price: float | None = None  # in whole units of `currency`
    currency: str = ""  # ISO 4217, "" when the record does not say
    brand: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)  # lower-case name → value
    pictures: tuple[Path | bytes, ...] = ()  # files, or encoded pictures that came inside a table
    recordings: tuple[Path, ...] = ()
    videos: tuple[Path, ...] = ()  # what they show is in `pictures`, filled in by the index
    transcripts: tuple[str, ...] = ()  # what the recordings say, filled in by the index
    url: str = ""


@dataclass(frozen=True, slots=True)
class Constraint:
    """Something an item must satisfy, with the user's own words that asked for it."""

    field: str  # "price", "category", "brand", "id" or an attribute's name
    op: Literal["<=", ">=", "=", "!=", "in", "not in"]
    value: float | str | tuple[str, ...]  # a number for <= and >=, a tuple for in and not in
    said: str = ""

    @property
    def values(self) -> tuple[str, ...]:
        """Return the values it names, one or several, as text."""
        return self.value if isinstance(self.value, tuple) else (str(self.value),)

    @property
    def wants(self) -> bool:
        """Tell whether it asks for its values."""
        return self.op in ("=", "in")

    @property
    def excludes(self) -> bool:
        """Tell whether it rules its values out."""
        return self.op in ("!=", "not in")


@dataclass(frozen=True, slots=True)
class Preference:
    """Something that fits better when an item has it; never a limit."""

    field: str  # "category", "brand" or an attribute's name
    value: str  # normalised, as `field_values` gives it
    share: float  # how much of the evidence for the field says this value, up to 1


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for: words, photos, sounds, any of them together, under constraints."""

    words: str = ""
    photos: tuple[Path, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    balance: float = 0.5  # with photo and words together: 0 is the photo alone, 1 the words alone
    liked: tuple[str, ...] = ()  # ids of items to be more like
    disliked: tuple[str, ...] = ()  # ids of items to be less like
    preferences: tuple[Preference, ...] = ()  # what photos were seen to show, the first counts most
    sounds: tuple[Path, ...] = ()  # recordings in which nobody speaks
    taste: tuple[str, ...] = ()  # ids of what the user likes at all times; orders, never decides

    def __post_init__(self) -> None:
        """Refuse a balance that lies nowhere between photo and words; raise MessageError."""
        if not 0.0 <= self.balance <= 1.0:
            raise MessageError(
                f"balance {self.balance}: give a number from 0 (the photo) to 1 (the words)"
            )


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item and how well it fits."""

    item: Item
    score: float  # the sum of `contributions`; higher fits better, 0 is the catalogue's average
    contributions: Mapping[str, float] = field(default_factory=dict)  # by modality, words, seen


@dataclass(frozen=True)
class Catalogue:
    """All items of one index, and the vocabulary that their records use."""

    name: str
    items: Mapping[str, Item]  # by id

    @cached_property
    def values(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """For every field, each normalised value and the ids that carry it."""
        table: dict[str, dict[str, list[str]]] = {}
        for item in self.items.values():
            for name in ("category", "brand", *item.attributes):
                for value in field_values(item, name):
                    table.setdefault(name, {}).setdefault(value, []).append(item.id)
        return {name: {v: tuple(ids) for v, ids in found.items()} for name, found in table.items()}

    @cached_property
    def currency(self) -> str:
        """Return the currency of the prices, "" when there are none or several."""
        currencies = {item.currency for item in self.items.values() if item.price is not None}
        return currencies.pop() if len(currencies) == 1 else ""


def normal(text: str) -> str:
    """Fold case, width and spacing, so that two spellings of one value compare equal."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def raw_value(item: Item, name: str) -> str:
    """Return the record's own wording of a field, "" when it has none."""
    known = {"id": item.id, "title": item.title, "category": item.category, "brand": item.brand}
    return known[name] if name in known else item.attributes.get(name, "")


def field_values(item: Item, name: str) -> tuple[str, ...]:
    """Return the normalised values of a field; "red, blue" and "red and blue" are two."""
    raw = raw_value(item, name)
    if name in ("id", "category", "brand"):
        return (raw if name == "id" else normal(raw),) if raw else ()
    return tuple(dict.fromkeys(part for part in _SEVERAL.split(normal(raw)) if part))


def item_text(item: Item) -> str:
    """Return the words that stand for an item in the text modality (no transcript, no price)."""
    facts = [f"{name}: {value}" for name, value in item.attributes.items() if value]
    parts: Iterable[str] = (item.title, item.category, item.brand, item.description, *facts)
    return ". ".join(part.strip().rstrip(".") for part in parts if part.strip())
