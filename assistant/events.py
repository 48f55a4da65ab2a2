"""The events that a turn yields while it runs, as frozen values.

A turn is a generator of events in this order: Preparing*, Heard?, Understood, Found?, Draft?,
Ordered?, Words*, Done (? is optional, * is any number; without a search there is no Found). Where
the language model takes part, `Found` and `Draft` show items and sentences that do not wait for it;
`Ordered` has the same items, reranked, and the words that follow replace the draft. If the rules
cannot read the whole message, Understood, Found and Draft come twice: first from the rules alone,
then after the language model has read it too. The page, the terminal and the JSON commands use only
these events.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from assistant.answering.questions import Suggestion
from assistant.answering.utterances import Claim
from assistant.recommending.evidence import Counterfactual
from retrieval.items import Candidate, Constraint, Item, Preference
from retrieval.protocols import Transcript

# What is done before everything can answer: of a fetch, of loading, of indexing.
Doing = Literal[
    "starting", "waiting", "fetching", "verifying", "quantising", "ready", "loading_encoders",
    "loading_language_model", "loading_speech_model", "opening_pictures", "indexing_once",
    "indexing", "fetching_media", "opened", "keeps_order",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preparing:
    """Something is still being made, and how much of it is done."""

    doing: Doing
    about: str = ""  # the name of the model, file or catalogue that it is done to
    done: float = 0.0
    total: float = 0.0  # 0 when it is not known
    unit: str = ""  # "bytes", "items" or "layers"
    left: float | None = None  # seconds, None when nothing tells
    answers: bool = False  # whether requests are answered already


@dataclass(frozen=True, slots=True)
class Heard:
    """The recording has been transcribed."""

    transcript: Transcript


@dataclass(frozen=True, slots=True)
class Understood:
    """The message has been read and the dialogue state updated."""

    intent: str
    constraints: tuple[Constraint, ...]  # all active constraints, not only new ones
    phrase: str  # the search text, complete without the earlier messages
    language: str = "en"  # ISO 639-1, of the message and of the answer


@dataclass(frozen=True, slots=True)
class Found:
    """Items to show at once, best first."""

    candidates: tuple[Candidate, ...]
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # as in Done
    preferences: tuple[Preference, ...] = ()  # as in Done
    settled: bool = True  # False while the language model is still reading the message


@dataclass(frozen=True, slots=True)
class Ordered:
    """The same items as `Found`, reranked with the language model."""

    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """The whole answer about the items as they stand, until the language model is done."""

    text: str  # as in Words


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of the answer, as plain text without Markdown."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """The complete result of a turn."""

    session: str
    intent: str
    constraints: tuple[Constraint, ...]
    candidates: tuple[Candidate, ...]
    reasons: Mapping[str, tuple[str, ...]]  # item id → reasons, each true of its record
    answer: str
    model: str  # "" when no language model was used
    transcript: str = ""
    notice: str = ""  # what was missing or degraded, as text for the user
    degraded: bool = False  # the language model failed
    language: str = "en"  # ISO 639-1, of the message and of the answer
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    meant: tuple[str, ...] = ()  # ids of the shown items that the message refers to
    without: Mapping[str, tuple[Counterfactual, ...]] = field(default_factory=dict)  # by item id
    claims: tuple[Claim, ...] = ()  # every sentence shown, with the facts that it words
    suggestions: tuple[Suggestion, ...] = ()  # what could be asked next; each leads to items
    preferences: tuple[
        Preference, ...
    ] = ()  # attributes seen in the photos: soft preferences, not stated by the user
    unread: tuple[str, ...] = ()  # words of the message that limit nothing, and only order
    compared: tuple[Item, ...] = ()  # items that the answer sets side by side
    near: tuple[Item, ...] = ()  # where nothing fits: what satisfies all limits but one


Event = Preparing | Heard | Understood | Found | Draft | Ordered | Words | Done
