"""What earlier turns left behind, and what a message was understood to say.

Two values; knows nothing of how they come about.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.understanding.acts.intents import Intent
from assistant.understanding.dialogue_state import Change, DialogueState
from assistant.understanding.overview import OverviewAsked
from retrieval.codes.index import NamedCode
from retrieval.items import Item

if TYPE_CHECKING:
    from assistant.recommending.facts import Fact


@dataclass(frozen=True, slots=True)
class Conversation:
    """What earlier turns left behind."""

    state: DialogueState = DialogueState()
    shown: tuple[Item, ...] = ()  # on screen, in order
    phrase: str = ""  # what was searched for last
    photos: tuple[Path, ...] = ()  # the photos of that search
    sounds: tuple[Path, ...] = ()  # its recordings in which nobody speaks
    balance: float = 0.5  # between those photos (0) and the phrase (1)
    liked: tuple[str, ...] = ()  # ids of what it is to be more like
    disliked: tuple[str, ...] = ()  # ids of what it is to be less like
    taste: tuple[str, ...] = ()  # ids of what the user likes at all times, the latest first
    me: str = ""  # the id of the user's own record, where the catalogue is of people
    seen: frozenset[str] = frozenset()  # ids shown at any time
    reasons: Mapping[str, tuple["Fact", ...]] = field(default_factory=dict)  # why each was shown
    language: str = ""  # ISO 639-1, of the last message
    order: str = ""  # the field that what is on screen is sorted by, "" for the best match first
    descending: bool = False  # the most of that field first
    turns: int = 0  # how many have been answered


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message was understood to say."""

    intent: Intent
    phrase: str = ""  # what to search for; stands alone
    changes: tuple[Change, ...] = ()
    meant: tuple[Item, ...] = ()  # shown items that the message points at
    unlike: tuple[Item, ...] = ()  # shown items that the user wants less of
    order: str = ""  # the field to sort by, "" for the best match first
    descending: bool = False  # the most of that field first
    missing: str = ""  # a word of what is asked for that no record mentions, or lists
    missing_kind: bool = False  # `missing` is the kind of thing asked for
    others: bool = False  # the user wants other items than those shown
    foreign: str = ""  # an amount named in another currency than the catalogue's
    open: bool = False  # it is left to Magpie what to show
    thing: str = ""  # what is asked for where no value names it, in the user's words
    unclear: tuple[str, ...] = ()  # values of which it is not clear whether they are wanted
    left: tuple[str, ...] = ()  # runs of words that nothing explains, of up to three words
    fields: frozenset[str] = frozenset()  # that it names values of
    overview: OverviewAsked | None = None  # what is asked of many items
    codes: tuple[NamedCode, ...] = ()  # that it names items by, also those of no item
