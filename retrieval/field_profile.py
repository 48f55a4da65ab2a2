"""What the columns of a catalogue are, as values: role, type, unit and names of each.

Knows nothing of how that is found out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class FieldProfile:
    """What a field of a catalogue's records is."""

    name: str
    role: str = "attribute"  # category, brand, stock, rating, review count, date, year, code, …
    type: str = "text"  # quantity, number, range, sizes, yes/no, one of few values, …
    unit: str = ""  # in which its numbers are compared, as units.toml names it
    names: tuple[str, ...] = ()  # what shoppers call it, lower case
    more: tuple[str, ...] = ()  # words that ask for more of it: "heavier"
    less: tuple[str, ...] = ()  # words that ask for less of it: "lighter"
    most: tuple[str, ...] = ()  # words that sort by it, the most first: "heaviest"
    least: tuple[str, ...] = ()  # words that sort by it, the least first: "lightest"
    high: tuple[str, ...] = ()  # words that say that it is much: "heavy"
    low: tuple[str, ...] = ()  # words that say that it is little: "light"
    alone: str = ""  # what a number alone asks for: "most", "least", "" for exactly that
    things: tuple[str, ...] = ()  # what an item is that has it, folded: "book" of an ISBN
    filled: int = 0  # items that say something of it
    examples: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()  # values that are not of the type

    @property
    def measures(self) -> bool:
        """Tell whether a number can be asked of it."""
        return self.type in ("quantity", "number", "range", "sizes", "date")

    def corrected(self, said: Mapping[str, object]) -> "FieldProfile":
        """Return the field with some of its facts said otherwise; raise TypeError, ValueError."""
        lists = {"names", "more", "less", "most", "least", "high", "low", "things"}
        unknown = set(said) - {"role", "type", "unit", *lists}
        if unknown:
            raise ValueError(f"{', '.join(sorted(unknown))} cannot be said of a field")
        facts = {
            key: tuple(map(str, value)) if isinstance(value, list) else str(value)
            for key, value in said.items()
        }
        return replace(self, **facts)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class CatalogueProfile:
    """What the fields of a catalogue's records are."""

    fields: Mapping[str, FieldProfile] = field(default_factory=dict)
    items: int = 0
    language: str = ""  # of the texts, ISO 639-1, where the owner says it
