"""What a catalogue is for, as values: a shop's goods, people who look for company, news.

Knows no file, no item and no sentence. Whatever a domain's file does not say is as in a shop.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

_STRICT = {"extra": "forbid"}  # for pydantic, which reads the files: no key that means nothing


@dataclass(frozen=True, slots=True)
class Consent:
    """Who may be found, and what of them may be used."""

    listed: str = ""  # the role that says whether somebody wants to be found
    private: str = ""  # the role that lists the fields that somebody keeps private
    no: tuple[str, ...] = ()  # what `listed` says of those who do not want to be found
    protected: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # ^ field → words of messages: nobody is chosen by it, and it is not kept

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class CardPlan:
    """What a card shows; names of fields or roles."""

    belongs: tuple[str, ...] = ("category", "brand")  # the small line above the title
    line: tuple[str, ...] = ("price",)  # the line below it
    facts: tuple[str, ...] = ()  # the values below that; () for the first short ones

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class Recency:
    """How much newer items are preferred."""

    field: str = ""  # the role of the date, "" where age does not matter
    half_life: float = 7.0  # days after which half of the worth is left
    worth: float = 0.0  # what the newest item gains, in standard deviations of a similarity
    beside: float = 0.3  # the share of it that counts beside words or a photo

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class Variety:
    """How different the items of one screen are."""

    relevance: float = 0.7  # weight of the score against the likeness to earlier choices
    topics: str = ""  # the role by which a screen follows what the user has liked
    calibration: float = 0.0  # weight of that, from 0 to 1
    fold: float = 0.0  # texts of at least this cosine are one story, 0 for never
    fold_days: float = 3.0  # … if they are no more days apart than this

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class Ties:
    """How much it counts that items are linked with those that the user knows."""

    worth: float = 0.0  # the most that links add to a score, in standard deviations
    beside: float = 0.3  # the share of all this that counts beside words or a photo
    shared: tuple[str, ...] = ()  # roles whose values the user and an item may have in common
    shared_worth: float = 0.0  # the most that common values add, rare ones counting more
    unlinked: str = ""  # what somebody writes among the private fields to keep links private

    __pydantic_config__ = _STRICT


@dataclass(frozen=True, slots=True)
class Domain:
    """What a catalogue is for: `retrieval/domains/*.toml`, or a file of its owner's."""

    name: str = "shop"
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # role → names of fields
    signs: tuple[tuple[str, ...], ...] = ()  # roles that together tell that a catalogue is of it
    never: tuple[str, ...] = ()  # fields that tell that it is not
    consent: Consent = Consent()
    card: CardPlan = CardPlan()
    modalities: Mapping[str, float] = field(default_factory=dict)  # factor of a weight, else 1
    recency: Recency = Recency()
    variety: Variety = Variety()
    ties: Ties = Ties()
    digest: int = 0  # quotations in the summary of an answer, 0 for sentences about each item
    examples: tuple[str, ...] = ()  # requests for first-time users
    says: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    # ^ language → words that every catalogue understands → what people say here and mean them by
    periods: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    # ^ language → "first-last" day, counted back from the newest item → words for it
    messages: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    # ^ language → group → name → what is said in place of a shop's message

    __pydantic_config__ = _STRICT

    def field_of(self, role: str, fields: Collection[str]) -> str:
        """Return which of some fields has a role, or is called so; "" for none."""
        return next((name for name in self.roles.get(role, (role,)) if name in fields), "")

    def fields_of(self, roles: Iterable[str], fields: Collection[str]) -> tuple[str, ...]:
        """Return which of some fields have these roles, in the order of the roles."""
        return tuple(dict.fromkeys(filter(None, (self.field_of(one, fields) for one in roles))))


SHOP_DOMAIN = Domain()
