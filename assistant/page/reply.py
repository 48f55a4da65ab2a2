"""A reply on the page, updated by each event: events in, HTML parts out.

Knows the order of a turn's events and how each is displayed; knows no Gradio and no agent.
A reply has four parts that change independently, so that text can stream without moving a card:
the constraints, the text, the cards, and a closing notice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.answering.questions import Suggestion
from assistant.events import (
    Done,
    Draft,
    Event,
    Found,
    Heard,
    Ordered,
    Preparing,
    Understood,
    Words,
)
from assistant.page.markup import cards
from assistant.page.markup.chips import chips, unread_chips
from assistant.page.markup.comparison import comparison_table
from assistant.page.markup.steps import step_said
from assistant.page.markup.why import why_panel
from assistant.page.markup.wording import OWN, wording
from assistant.recommending.evidence import Counterfactual
from assistant.turn.request import Request
from assistant.understanding.acts.intents import FINDS
from retrieval.domain import SHOP_DOMAIN, Domain
from retrieval.items import Candidate, Constraint, Item, Preference


@dataclass(frozen=True, slots=True)
class Reply:
    """Everything a reply shows at one moment."""

    waiting: str = ""  # what is happening now, "" when the turn is over
    heard: str = ""
    constraints: tuple[Constraint, ...] = ()
    preferences: tuple[Preference, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    reasons: cards.Reasons = field(default_factory=dict)
    without: Mapping[str, tuple[Counterfactual, ...]] = field(default_factory=dict)  # by item id
    moved: frozenset[str] = frozenset()  # ids of what has just changed its place
    near: tuple[Item, ...] = ()  # where nothing fits: what comes close
    unread: tuple[str, ...] = ()  # words that limit nothing
    compared: tuple[Item, ...] = ()  # items that stand side by side in a table
    answer: str = ""
    drafted: bool = False  # the answer stands only until the turn is over
    notice: str = ""
    suggestions: tuple[Suggestion, ...] = ()
    language: str = OWN  # ISO 639-1, of the answer
    trouble: str = ""  # why the turn ended early


def first_reply(request: Request) -> Reply:
    """Return the reply that is shown before anything is known."""
    begins = "looking" if request.photos else "reading"
    language = wording(request.language).language
    begun = Reply(language=language)
    return _busy(begun, "listening" if request.recording else begins)


def after(reply: Reply, event: Event) -> Reply:
    """Return the reply as it looks once this event has happened."""
    match event:
        case Preparing() | Heard():
            return _received(reply, event)
        case Understood():
            return _read(reply, event)
        case Found() | Ordered():
            return _with_items(reply, event)
        case Draft(text):
            return replace(reply, answer=text, drafted=True)
        case Words(text):
            # What replaces a draft comes from code in a moment: it gives way to all of it at once.
            answer = reply.answer if reply.drafted else reply.answer + text
            return _busy(replace(reply, answer=answer), "writing")
        case Done():
            return _finished(reply, event)


def _read(reply: Reply, event: Understood) -> Reply:
    reply = replace(reply, constraints=event.constraints, language=event.language)
    if event.intent in FINDS:
        return _busy(reply, "searching")
    answer = "" if reply.drafted else reply.answer
    bare = replace(reply, candidates=(), reasons={}, preferences=(), drafted=False)
    return _busy(replace(bare, answer=answer), "writing")


def _with_items(reply: Reply, event: Found | Ordered) -> Reply:
    if isinstance(event, Ordered):
        moved = _moved(reply.candidates, event.candidates)
        return _busy(replace(reply, candidates=event.candidates, moved=moved), "writing")
    found = replace(
        reply,
        candidates=event.candidates,
        reasons=event.reasons,
        preferences=event.preferences,
    )
    return _busy(found, "comparing" if event.settled else "rereading")


def in_the_queue(reply: Reply, ahead: int) -> Reply:
    """Say how many are served by the language model before this turn."""
    return replace(reply, waiting=wording(reply.language)("waiting.queue", count=ahead))


def _busy(reply: Reply, doing: str) -> Reply:
    """Say what is happening now, in the reply's language."""
    return replace(reply, waiting=wording(reply.language)(f"waiting.{doing}"))


def stopped(reply: Reply, why: str) -> Reply:
    """Return the reply as it stands when a turn ends early."""
    return replace(reply, waiting="", trouble=why)


def parts(
    reply: Reply,
    currency: str,
    domain: Domain = SHOP_DOMAIN,
    catalogue: str = "",
    *,
    last: bool = False,
) -> list[str]:
    """Draw the four parts of a reply, each of which may be empty; the last one can be changed."""
    style = cards.CardStyle(domain, reply.language, catalogue)
    heard = wording(reply.language)("turn.heard", words=reply.heard) if reply.heard else ""
    above = cards.line("heard", heard) + chips(
        reply.constraints, reply.preferences, currency, reply.language, removable=last
    )
    above += unread_chips(reply.unread, reply.language)
    words = cards.paragraphs(reply.answer) + cards.line("waiting", reply.waiting)
    room = " growing" if reply.waiting and len(reply.candidates) > 1 else ""
    below = cards.line("notice", reply.notice) + cards.line("trouble", reply.trouble)
    return [
        above,
        f'<div class="words{room}" lang="{reply.language}">{words}</div>' if words else "",
        cards.card_grid(
            reply.candidates,
            reply.reasons,
            reply.moved,
            {} if reply.waiting else _panels(reply),
            settled=not reply.waiting,
            style=style,
        )
        + cards.near_grid(reply.near, style)
        + comparison_table(reply.compared, catalogue, language=reply.language),
        below,
    ]


def _panels(reply: Reply) -> dict[str, str]:
    """Draw why each item stands where it stands, by its id."""
    return {
        one.item.id: why_panel(
            one, reply.constraints, reply.without.get(one.item.id, ()), reply.language
        )
        for one in reply.candidates
    }


def _received(reply: Reply, event: Preparing | Heard) -> Reply:
    if isinstance(event, Preparing):
        return replace(reply, waiting=step_said(event, wording(reply.language)))
    heard = event.transcript
    return _busy(replace(reply, heard=heard.words, notice=heard.notice), "reading")


def _finished(reply: Reply, done: Done) -> Reply:
    return replace(
        reply,
        waiting="",
        constraints=done.constraints,
        preferences=done.preferences,
        candidates=done.candidates,
        reasons=done.reasons,
        without=done.without,
        near=done.near,
        unread=done.unread,
        compared=done.compared,
        answer=done.answer,
        drafted=False,
        notice=done.notice,
        suggestions=done.suggestions,
    )


def _moved(before: Sequence[Candidate], now: Sequence[Candidate]) -> frozenset[str]:
    """Return the ids of the items that stand at another place than before."""
    pairs = zip(before, now, strict=False)
    return frozenset(new.item.id for old, new in pairs if old.item.id != new.item.id)
