"""What comes out of a turn while it runs: frozen values.

A turn is a generator of events in this order: Heard?, Understood, Found, Ordered?, Words*, Done.
`Found` puts items on screen before the language model has written a word; `Ordered` holds the
same items in a better order. Where the model is to read the message too, Understood and Found come
first as code alone reads it, and once more as both do. The page, the terminal and the JSON commands
read nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.answering.claims import Claim
from assistant.recommending.evidence import Counterfactual
from retrieval.items import Candidate, Constraint, Preference
from retrieval.protocols import Transcript


@dataclass(frozen=True, slots=True)
class Heard:
    """The recording has been transcribed."""

    transcript: Transcript


@dataclass(frozen=True, slots=True)
class Understood:
    """The message has been read and the state brought up to date."""

    intent: str
    constraints: tuple[Constraint, ...]  # all that hold now, not only what is new
    phrase: str  # what is searched for, in words that stand alone


@dataclass(frozen=True, slots=True)
class Found:
    """Items to show at once, best first."""

    candidates: tuple[Candidate, ...]
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # as in Done
    preferences: tuple[Preference, ...] = ()  # as in Done
    settled: bool = True  # False while the language model still reads the message


@dataclass(frozen=True, slots=True)
class Ordered:
    """The same items as `Found`, in the order the language model prefers."""

    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of the answer, checked, as Markdown-free plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """The whole turn."""

    session: str
    intent: str
    constraints: tuple[Constraint, ...]
    candidates: tuple[Candidate, ...]
    reasons: Mapping[str, tuple[str, ...]]  # item id → why it is here, each true of its record
    answer: str
    model: str  # "" when no language model took part
    transcript: str = ""
    notice: str = ""  # what was missing or degraded, in words for the user
    language: str = "en"  # ISO 639-1, of the message and of the answer
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    meant: tuple[str, ...] = ()  # ids of the shown items that the message spoke of
    without: Mapping[str, tuple[Counterfactual, ...]] = field(default_factory=dict)  # by item id
    claims: tuple[Claim, ...] = ()  # every sentence said, and those of the model that were dropped
    preferences: tuple[
        Preference, ...
    ] = ()  # what the photos were seen to show: soft, nobody said it


Event = Heard | Understood | Found | Ordered | Words | Done
