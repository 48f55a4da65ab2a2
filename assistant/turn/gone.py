"""Shown items that have left the catalogue since: what of a message is still possible.

Pure. The catalogue may be indexed anew while a conversation goes on. An item that is gone keeps its
place on screen, with nothing but its title, so that “the second one” stays the second.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from assistant.answering.remarks import gone
from assistant.turn.state import StepResult
from assistant.understanding.conversation import Conversation, Reading
from retrieval.items import Item

_OF_THE_SHOWN = (
    "compare",
    "why",
    "about",
)  # without an item named, these are about those on screen


@dataclass(frozen=True, kw_only=True)
class Remaining(StepResult):
    """A reading and a conversation without the items that are gone."""

    reading: Reading
    conversation: Conversation
    gone: tuple[Item, ...] = ()  # those that the message speaks of
    over: bool = False  # the message speaks of nothing else


def remaining(reading: Reading, now: Conversation, there: Collection[str]) -> Remaining:
    """Leave out what is no longer `there`, the ids of the catalogue."""
    spoken_of = (*reading.meant, *reading.unlike)
    if not spoken_of and reading.intent in _OF_THE_SHOWN:
        spoken_of = now.shown
    lost = tuple(item for item in spoken_of if item.id not in there)
    shown, meant, unlike = (
        tuple(item for item in items if item.id in there)
        for items in (now.shown, reading.meant, reading.unlike)
    )
    return Remaining(
        reading=replace(reading, meant=meant, unlike=unlike),
        conversation=replace(now, shown=shown),
        gone=lost,
        over=bool(lost) and len(lost) == len(spoken_of) and reading.intent != "search",
        notices=gone(lost),
    )
