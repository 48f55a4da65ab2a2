"""The data types of retrieval: frozen dataclasses and a few pure functions that read them.

Knows what an item, a query and a candidate are; knows no file format, no model, no store.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Literal

from retrieval.codes.index import CodeIndex
from retrieval.domain import SHOP_DOMAIN, Domain
from retrieval.english import singular
from retrieval.errors import MessageError
from retrieval.field_profile import CatalogueProfile
from retrieval.quantity_columns import QuantityColumns
from retrieval.units import Quantity, read_quantity, sizes_between

Modality = Literal["text", "picture", "speech", "sound"]
MODALITIES: tuple[Modality, ...] = ("text", "picture", "speech", "sound")

NO_CURRENCY = "XXX"  # ISO 4217 for "no currency"

_LOOSE = re.compile(r"-?\d+(?:\.\d+)?")
_WORD = re.compile(r"[^\W_]+")
_SEVERAL = re.compile(r"\s*(?:[,;|/]|\band\b)\s*")


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the forms in which an item is sold: a size, a colour."""

    code: str  # the shop's code for it, one of its own
    options: Mapping[str, str] = field(default_factory=dict)  # lower-case name → value
    price: float | None = None  # in whole units of the item's currency
    stock: float | None = None  # how many there are; 1 and 0 where only yes and no are known
    picture: Path | None = None


def total_stock(counts: Sequence[float]) -> float:
    """Return how many there are of several variants; 1 or 0 where only yes and no are known."""
    return sum(max(0.0, one) for one in counts) if max(counts) > 1 else max(0.0, *counts)


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
    value: float | str | tuple[str, ...] | tuple[float, ...]  # a tuple for in and not in
    said: str = ""
    unit: str = ""  # of a number, as units.toml names it; of a price a currency, "" for any
    strict: bool = False  # the number itself is left out: "under 40" is not 40
    recorded: bool = False  # of an exclusion: what the record does not say is excluded as well

    @property
    def values(self) -> tuple[str, ...]:
        """Return its values, one or several, as text."""
        several = self.value if isinstance(self.value, tuple) else (self.value,)
        return tuple(f"{v:.15g}" if isinstance(v, float) else str(v) for v in several)

    @property
    def numbers(self) -> tuple[float, ...]:
        """Return the numbers that it names, () where its values are text."""
        several = self.value if isinstance(self.value, tuple) else (self.value,)
        return tuple(float(v) for v in several if isinstance(v, float | int))

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
    me: str = ""  # the id of the user's own record, where the catalogue is of people

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
    contributions: Mapping[str, float] = field(default_factory=dict)  # modality, seen, taste, …
    also: tuple[str, ...] = ()  # ids of items folded into this one: they tell the same


@dataclass(frozen=True)
class Catalogue:
    """All items of one index, and the vocabulary that their records use."""

    name: str
    items: Mapping[str, Item]  # by id
    profile: CatalogueProfile = CatalogueProfile()  # without fields where nobody has inferred it
    domain: Domain = SHOP_DOMAIN  # what it is for
    links: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # id → ids linked with it

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
    def title_words(self) -> Mapping[str, tuple[str, ...]]:
        """For every word of a title, the ids of the items that are called so."""
        table: dict[str, list[str]] = {}
        for item in self.items.values():
            for word in field_values(item, "title"):
                table.setdefault(word, []).append(item.id)
        return {word: tuple(ids) for word, ids in table.items()}

    def values_of(self, name: str) -> Mapping[str, tuple[str, ...]]:
        """Return each normalised value of a field, with the ids of the items that have it."""
        return self.title_words if name == "title" else self.values.get(name, {})

    @cached_property
    def currencies(self) -> Mapping[str, int]:
        """Return the currencies of the prices, the most common first, and how many items have it.

        An item with a price that does not say its currency counts under "".
        """
        said = (item.currency for item in self.items.values() if item.price is not None)
        return dict(Counter(said).most_common())

    @property
    def currency(self) -> str:
        """Return the currency of the prices, "" when there are none or several."""
        return next(iter(self.currencies)) if len(self.currencies) == 1 else ""

    @cached_property
    def codes(self) -> CodeIndex:
        """Return the codes of the items, as messages name them."""
        return CodeIndex(self.items.values(), self.profile)

    @cached_property
    def dates(self) -> Mapping[str, datetime]:
        """Return when each item is from, by id, where its domain has a date and its record one."""
        role, found = self.domain.recency.field, dict[str, datetime]()
        for item in self.items.values() if role else ():
            name = self.domain.field_of(role, item.attributes)
            if name and (at := read_date(item.attributes[name])):
                found[item.id] = at
        return found

    @cached_property
    def with_variants(self) -> frozenset[str]:
        """Return the ids of the items that are sold in variants."""
        return frozenset(id_ for id_, item in self.items.items() if item.variants)

    @cached_property
    def varying(self) -> frozenset[str]:
        """Return the fields by which variants of an item differ."""
        variants = (one for id_ in self.with_variants for one in self.items[id_].variants)
        return frozenset({"price", "stock"}.union(*(one.options for one in variants)))

    @cached_property
    def quantities(self) -> QuantityColumns:
        """Return the fields that hold quantities, as arrays, each read when it is asked for."""
        return QuantityColumns(self.items.values(), field_quantities)


def normal(text: str) -> str:
    """Normalise case, width and spacing, so that two spellings of one value compare equal."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def raw_value(item: Item, name: str) -> str:
    """Return a field as the record spells it, "" when it has none."""
    known = {"id": item.id, "title": item.title, "category": item.category, "brand": item.brand}
    return known[name] if name in known else item.attributes.get(name, "")


def field_values(item: Item, name: str) -> tuple[str, ...]:
    """Return the normalised values of a field; "red, blue" and "red and blue" are two.

    Of a title they are its words, as one of them is called.
    """
    raw = raw_value(item, name)
    if name == "title":
        return tuple(dict.fromkeys(map(singular, _WORD.findall(normal(raw)))))
    if name in ("id", "category", "brand"):
        return (raw if name == "id" else normal(raw),) if raw else ()
    return split_values(raw)


def split_values(raw: str) -> tuple[str, ...]:
    """Return the normalised values of a cell: "red, Blue" and "red and blue" are two.

    A range of letter sizes is each of them: "S-L" is s, m and l.
    """
    parts = [part for part in _SEVERAL.split(normal(raw)) if part]
    each = (one for part in parts for one in (sizes_between(part) or (part,)))
    return tuple(dict.fromkeys(each))


def read_date(value: str) -> datetime | None:
    """Return the time that a record says, "2026-05-12" or "2026-05-12T08:30"; None for another."""
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return found.replace(tzinfo=None)


def field_quantities(item: Item, name: str) -> tuple[Quantity, ...]:
    """Return the quantities of a field: "8 GB" is one, "38, 40-42" are two, none is ()."""
    if name == "price":  # its unit is the currency, so that no limit mixes two
        money = item.currency or NO_CURRENCY
        return () if item.price is None else (Quantity(item.price, item.price, money),)
    raw = raw_value(item, name)
    if not raw:
        return ()
    if whole := read_quantity(raw):
        return (whole,)
    parts = [read_quantity(part) for part in _SEVERAL.split(raw)]
    if found := tuple(part for part in parts if part is not None):
        return found
    loose = _LOOSE.search(raw)  # "12 left"
    return (Quantity(float(loose[0]), float(loose[0])),) if loose else ()


def item_text(item: Item) -> str:
    """Return the text that represents an item (no transcripts, no price)."""
    facts = [f"{name}: {value}" for name, value in item.attributes.items() if value]
    parts: Iterable[str] = (item.title, item.category, item.brand, item.description, *facts)
    return ". ".join(part.strip().rstrip(".") for part in parts if part.strip())
