"""What is to be said, as a value: a message's key and what fills its places.

Knows no language; `render` words utterances from the data files in `languages/`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from assistant.recommending.facts import Fact, Place, fact_json


@dataclass(frozen=True, slots=True)
class Utterance:
    """A message by its key."""

    key: str  # of `languages/*.toml`: "found.kind_all"
    places: Mapping[str, "Part"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Series:
    """Several parts one after another."""

    parts: tuple["Part", ...]
    join: Literal["and", "or", "list", "apart", "quoted", "clauses"] = "list"


@dataclass(frozen=True, slots=True)
class KindName:
    """A kind of thing as the catalogue calls it, in the plural where the language's rule is known.

    A value that names several or is not a noun alone ("Mugs & cups") is left as it is.
    """

    name: str


@dataclass(frozen=True, slots=True)
class FieldName:
    """The name of a field, in the language of the answer where that has a word for it."""

    name: str


@dataclass(frozen=True, slots=True)
class Few:
    """A small number, in words where a person would say it so."""

    count: int


@dataclass(frozen=True, slots=True)
class Day:
    """A date, as the language writes it."""

    at: date


Part = Place | Utterance | Series | KindName | FieldName | Few | Day


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that was shown, the items that it is about, and the facts that it words."""

    sentence: str
    items: tuple[str, ...] = ()  # ids
    facts: tuple[Fact, ...] = ()


def utter(key: str, **places: Part) -> Utterance:
    """Return a message by its key, its places filled."""
    return Utterance(key, places)


def claim_json(claim: Claim) -> dict[str, Any]:
    """Return a sentence with the facts that it words, as JSON can represent it."""
    facts = [fact_json(fact) for fact in claim.facts]
    return {"sentence": claim.sentence, "items": list(claim.items), "facts": facts}
