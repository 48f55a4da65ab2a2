"""What a turn changes in a conversation: its state, the search it is at, what is on screen.

Pure. Knows readings, the user's input and selections; searches nothing and says nothing.
"""

from collections.abc import Collection
from dataclasses import replace

from assistant.recommending.shortlist import by_example
from assistant.turn.input import Received
from assistant.turn.selection import Selection
from assistant.understanding.acts.intents import FINDS
from assistant.understanding.conversation import Conversation, Reading
from assistant.understanding.dialogue_state import TurnTo, merge


def updated(
    conversation: Conversation, reading: Reading, received: Received, kinds: Collection[str]
) -> Conversation:
    """Return the conversation after a message; `kinds` are the fields that name a kind of thing."""
    now = _with_wishes(conversation, reading, received, kinds)
    if reading.intent not in FINDS:
        return now
    return replace(now, order=reading.order, descending=reading.descending)


def _with_wishes(
    conversation: Conversation, reading: Reading, received: Received, kinds: Collection[str]
) -> Conversation:
    """Return the conversation with what a message asks for.

    A new search takes its phrase, photos and examples from the message alone; a refinement keeps
    what the message does not replace. Any other intent changes nothing.
    """
    anew = reading.intent == "search"
    state = merge(conversation.state, reading.changes, kinds=frozenset(kinds), anew=anew)
    match reading.intent:
        case "search":
            usual = Conversation().balance
            return replace(
                conversation,
                state=state,
                phrase=reading.phrase,
                photos=received.photos,
                sounds=received.sounds,
                balance=usual if received.balance is None else received.balance,
                liked=(),
                disliked=(),
            )
        case "refine" | "more like" | "less like":
            balance = conversation.balance if received.balance is None else received.balance
            return replace(
                by_example(conversation, reading),
                state=state,
                phrase=reading.phrase or conversation.phrase,
                photos=received.photos or conversation.photos,
                sounds=received.sounds or conversation.sounds,
                balance=balance,
            )
        case "overview":  # "show me those" then speaks of what was counted
            anew = any(isinstance(change, TurnTo) for change in reading.changes)
            state = merge(conversation.state, reading.changes, kinds=frozenset(kinds), anew=anew)
            phrase = reading.phrase if anew else conversation.phrase
            return replace(conversation, state=state, phrase=phrase)
        case _:
            return conversation


def with_shown(conversation: Conversation, selection: Selection) -> Conversation:
    """Record the shown items; if there are none, the user can still refer to the last ones."""
    shown = tuple(candidate.item for candidate in selection.candidates)
    if not shown:
        return conversation
    seen = conversation.seen | {item.id for item in shown}
    return replace(conversation, shown=shown, seen=seen, reasons=dict(selection.reasons))
