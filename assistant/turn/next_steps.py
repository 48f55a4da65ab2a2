"""What the user could ask next: a counted question, and suggestions read before they are offered.

Knows how a message is read and merged; a suggestion whose own reading would lead to nothing, or to
other than what it proposes, is not offered.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from assistant.answering.questions import (
    CountedQuestion,
    Proposal,
    Suggestion,
    counted_question,
    loosening,
    proposals,
)
from assistant.answering.render import render
from assistant.recommending.leads import NothingFits
from assistant.turn.input import Received, typed
from assistant.turn.reading import interpret
from assistant.turn.selection import Selection
from assistant.turn.state import Shop
from assistant.turn.update import updated
from assistant.understanding.conversation import Conversation
from assistant.understanding.dialogue_state import Ask, Drop
from retrieval.filter import satisfying
from retrieval.items import Constraint

_OFFERED = 4
_COUNTED = 2_000  # items that fit, up to which they are counted for a question


@dataclass(frozen=True, slots=True)
class NextSteps:
    """What is asked and suggested after an answer."""

    question: CountedQuestion | None = None
    suggestions: tuple[Suggestion, ...] = ()


def next_steps(selection: Selection, now: Conversation, shop: Shop, language: str) -> NextSteps:
    """Return a question where more items fit than are shown, and what could be asked next."""
    constraints, catalogue = now.state.constraints, shop.catalogue
    shown = [candidate.item for candidate in selection.candidates]
    lead = selection.shortlist.lead
    if isinstance(lead, NothingFits):
        given_up = loosening(lead.tightest) if lead.tightest is not None else ()
        return NextSteps(None, tuple(_that_lead(given_up, now, shop, language)))
    ids = satisfying(catalogue, constraints)
    if not shown or len(ids) > _COUNTED:
        return NextSteps()
    fitting = [catalogue.items[id_] for id_ in sorted(ids)]
    asked = counted_question(fitting, constraints, shop.vocabulary.profile)
    question = asked if constraints and lead is None and len(fitting) > len(shown) else None
    offered = proposals(fitting, shown, asked, constraints)
    there = replace(now, shown=tuple(shown))
    return NextSteps(question, tuple(_that_lead(offered, there, shop, language)))


def _that_lead(
    offered: Iterable[Proposal], now: Conversation, shop: Shop, language: str
) -> Iterator[Suggestion]:
    """Yield the first few proposals whose words are read as what they propose."""
    found = 0
    for proposal in offered:
        message = render([proposal.message], language, 0, shop.catalogue.domain.messages)
        count = _leads_to(proposal, typed(message, language, shop), now, shop)
        if count is not None:
            yield Suggestion(message, count)
            found += 1
        if found == _OFFERED:
            return


def _leads_to(proposal: Proposal, message: Received, now: Conversation, shop: Shop) -> int | None:
    """Return how many items a message leads to, None where it is not read as it is meant."""
    reading = interpret(message, now, shop).quoting(message)
    if proposal.asks is None and not proposal.loosens:
        return 0 if reading.intent == "compare" else None
    if reading.intent not in ("refine", "search") or message.translation.gaps:
        return None
    before = now.state.constraints
    after = updated(now, reading, message, shop.vocabulary.kinds).state.constraints
    ids, changes = satisfying(shop.catalogue, after), reading.changes
    if proposal.loosens:
        dropped = bool(changes) and all(isinstance(change, Drop) for change in changes)
        return len(ids) if ids and dropped else None
    fresh = [change.constraint for change in changes if isinstance(change, Ask)]
    same = len(fresh) == len(changes) == 1 and _means(fresh[0], proposal.asks)
    return len(ids) if ids and same and all(one in after for one in before) else None


def _means(read: Constraint, meant: Constraint | None) -> bool:
    return meant is not None and read.field == meant.field and read.excludes == meant.excludes
