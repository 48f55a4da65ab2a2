"""What a turn comes to, and the event that tells it.

Knows the results of the steps; takes none.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.answering.questions import Suggestion
from assistant.events import Done
from assistant.recommending.leads import NothingFits
from assistant.turn.input import Received
from assistant.turn.selection import Selection
from assistant.turn.state import Speaker, StepResult, Stopwatch
from assistant.understanding.conversation import Conversation, Reading
from retrieval.items import Item


@dataclass(frozen=True)
class Answered:
    """The result of a turn, from which its `Done` event is built."""

    intent: str
    conversation: Conversation  # after the turn
    referred: tuple[str, ...]  # ids of the shown items that the message refers to
    steps: tuple[StepResult, ...]
    selection: Selection | None = None
    suggestions: tuple[Suggestion, ...] = ()


def referred_items(reading: Reading) -> tuple[str, ...]:
    """Return the ids of the shown items that a message speaks of."""
    return tuple(item.id for item in (*reading.meant, *reading.unlike))


def done_event(
    session: str,
    received: Received,
    answered: Answered,
    speaker: Speaker,
    clock: Stopwatch,
    reasons: Mapping[str, tuple[str, ...]],
) -> Done:
    """Build the last event of a turn."""
    notices = [one for step in answered.steps for one in step.notices]
    selection = answered.selection
    return Done(
        session=session,
        intent=answered.intent,
        constraints=answered.conversation.state.constraints,
        candidates=selection.candidates if selection else (),
        reasons=reasons,
        answer=speaker.answer,
        model=next((step.model for step in answered.steps if step.model), ""),
        transcript=received.transcript,
        notice=speaker.worded(notices),
        degraded=any(step.failed for step in answered.steps),
        language=received.language,
        timings_ms=clock.timings_ms,
        meant=answered.referred,
        without=selection.without if selection else {},
        claims=speaker.claims,
        suggestions=answered.suggestions,
        preferences=selection.preferences if selection else (),
        unread=selection.unread if selection else (),
        near=_near_misses(selection) if selection else (),
        compared=next((step.compared for step in answered.steps if step.compared), ()),
    )


def _near_misses(selection: Selection) -> tuple[Item, ...]:
    """Return the items that come close where nothing fits."""
    lead = selection.shortlist.lead
    return lead.nearest if isinstance(lead, NothingFits) else ()
