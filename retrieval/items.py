"""The data types of retrieval: frozen dataclasses and a few pure functions that read them.

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
class Variant:
    """One of the forms in which an item is sold: a size, a colour."""

    code: str  # the shop's code for it, one of its own
    options: Mapping[str, str] = field(default_factory=dict)  # lower-case name → value
    price: float | None = None  # in whole units of the item's currency
    stock: float | None = None  # how many there are; 1 and 0 where only yes and no are known
    picture: Path | None = None


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
    pictures: tuple[Path | bytes, ...] = ()  # files, or encoded bytes from inside a table
    recordings: tuple[Path, ...] = ()
    videos: tuple[Path, ...] = ()  # the index adds their frames to `pictures`
    transcripts: tuple[str, ...] = ()  # words of the recordings, filled in by the index
    url: str = ""
    variants: tuple[Variant, ...] = ()  # attributes join their options: "S, M, L"


@dataclass(frozen=True, slots=True)
class Constraint:
    """A condition that an item must satisfy, with the user's words that asked for it."""

    field: str  # "price", "category", "brand", "id" or an attribute's name
    op: Literal["<=", ">=", "=", "!=", "in", "not in"]
    value: float | str | tuple[str, ...]  # a number for <= and >=, a tuple for in and not in
    said: str = ""

    @property
    def values(self) -> tuple[str, ...]:
        """Return its values, one or several, as text."""
        return self.value if isinstance(self.value, tuple) else (str(self.value),)

    @property
    def wants(self) -> bool:
        """Tell whether items must have one of its values."""
        return self.op in ("=", "in")

    @property
    def excludes(self) -> bool:
        """Tell whether items must have none of its values."""
        return self.op in ("!=", "not in")


@dataclass(frozen=True, slots=True)
class Preference:
    """A soft constraint: raises the score of an item that has it, never excludes one."""

    field: str  # "category", "brand" or an attribute's name
    value: str  # normalised, as `field_values` gives it
    share: float  # of the votes for the field, the share for this value, up to 1


@dataclass(frozen=True, slots=True)
class Query:
    """A search request: any of words, photos and sounds, with constraints."""

    words: str = ""
    photos: tuple[Path, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    balance: float = 0.5  # for photo and words together: 0 is the photo only, 1 the words only
    liked: tuple[str, ...] = ()  # ids of items that results should resemble
    disliked: tuple[str, ...] = ()  # ids of items that results should not resemble
    preferences: tuple[Preference, ...] = ()  # attributes read from photos, most important first
    sounds: tuple[Path, ...] = ()  # recordings without speech
    taste: tuple[str, ...] = ()  # ids of long-term likes; they adjust the order, never exclude

    def __post_init__(self) -> None:
        """Raise MessageError when the balance is outside 0 to 1."""
        if not 0.0 <= self.balance <= 1.0:
            raise MessageError(
                f"balance {self.balance}: give a number from 0 (the photo) to 1 (the words)"
            )


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item and its score for a query."""

    item: Item
    score: float  # the sum of `contributions`; higher fits better, 0 is the catalogue's average
    contributions: Mapping[str, float] = field(default_factory=dict)  # modality, words, seen, taste


@dataclass(frozen=True)
class Catalogue:
    """All items of one index, and the vocabulary that their records use."""

    name: str
    items: Mapping[str, Item]  # by id

    @cached_property
    def values(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """For every field, each normalised value with the ids of the items that have it."""
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
    """Normalise case, width and spacing, so that two spellings of one value compare equal."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def raw_value(item: Item, name: str) -> str:
    """Return a field as the record spells it, "" when it has none."""
    known = {"id": item.id, "title": item.title, "category": item.category, "brand": item.brand}
    return known[name] if name in known else item.attributes.get(name, "")


def field_values(item: Item, name: str) -> tuple[str, ...]:
    """Return the normalised values of a field; "red, blue" and "red and blue" are two."""
    raw = raw_value(item, name)
    if name in ("id", "category", "brand"):
        return (raw if name == "id" else normal(raw),) if raw else ()
    return tuple(dict.fromkeys(part for part in _SEVERAL.split(normal(raw)) if part))


def item_text(item: Item) -> str:
    """Return the text that represents an item (no transcripts, no price)."""
    facts = [f"{name}: {value}" for name, value in item.attributes.items() if value]
    parts: Iterable[str] = (item.title, item.category, item.brand, item.description, *facts)
    return ". ".join(part.strip().rstrip(".") for part in parts if part.strip())
