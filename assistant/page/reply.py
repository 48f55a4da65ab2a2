"""A reply on the page, updated by each event: events in, HTML parts out.

Knows the order of a turn's events and how each is displayed; knows no Gradio and no agent.
A reply has four parts that change independently, so that text can stream without moving a card:
the constraints, the text, the cards, and a closing notice.
"""

from dataclasses import dataclass, field, replace

from assistant.answering.questions import Suggestion
from assistant.events import Done, Event, Found, Heard, Ordered, Preparing, Understood, Words
from assistant.page import cards
from assistant.turn.request import Request
from assistant.understanding.acts.intents import FINDS
from retrieval.items import Candidate, Constraint, Preference

LISTENING = "Listening to your recording"
LOOKING = "Looking at your photo"
READING = "Reading your message"
REREADING = "Reading your message more closely"
SEARCHING = "Searching the catalogue"
COMPARING = "Comparing the best matches"
WRITING = "Writing"


@dataclass(frozen=True, slots=True)
class Reply:
    """Everything a reply shows at one moment."""

    waiting: str = ""  # what is happening now, "" when the turn is over
    heard: str = ""
    constraints: tuple[Constraint, ...] = ()
    preferences: tuple[Preference, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    reasons: cards.Reasons = field(default_factory=dict)
    answer: str = ""
    notice: str = ""
    suggestions: tuple[Suggestion, ...] = ()
    language: str = "en"  # ISO 639-1, of the answer
    trouble: str = ""  # why the turn ended early


def first_reply(request: Request) -> Reply:
    """Return the reply that is shown before anything is known."""
    if request.recording:
        return Reply(waiting=LISTENING)
    return Reply(waiting=LOOKING if request.photos else READING)


def after(reply: Reply, event: Event) -> Reply:
    """Return the reply as it looks once this event has happened."""
    match event:
        case Preparing() | Heard():
            return _received(reply, event)
        case Understood():
            reply = replace(reply, constraints=event.constraints, language=event.language)
            if event.intent in FINDS:
                return replace(reply, waiting=SEARCHING)
            return replace(reply, candidates=(), reasons={}, preferences=(), waiting=WRITING)
        case Found(candidates, reasons, preferences):
            found = replace(reply, candidates=candidates, reasons=reasons, preferences=preferences)
            return replace(found, waiting=COMPARING if event.settled else REREADING)
        case Ordered(candidates):
            return replace(reply, candidates=candidates, waiting=WRITING)
        case Words(text):
            return replace(reply, answer=reply.answer + text, waiting=WRITING)
        case Done():
            return _finished(reply, event)


def stopped(reply: Reply, why: str) -> Reply:
    """Return the reply as it stands when a turn ends early."""
    return replace(reply, waiting="", trouble=why)


def parts(reply: Reply, currency: str) -> list[str]:
    """Draw the four parts of a reply, each of which may be empty."""
    above = cards.line("heard", reply.heard) + cards.chips(
        reply.constraints, reply.preferences, currency, reply.language
    )
    words = cards.paragraphs(reply.answer) + cards.line("waiting", reply.waiting)
    below = cards.line("notice", reply.notice) + cards.line("trouble", reply.trouble)
    return [
        above,
        f'<div class="words">{words}</div>' if words else "",
        cards.card_grid(reply.candidates, reply.reasons, settled=not reply.waiting),
        below,
    ]


def _received(reply: Reply, event: Preparing | Heard) -> Reply:
    if isinstance(event, Preparing):
        return replace(reply, waiting=event.what)
    heard = event.transcript
    return replace(reply, heard=heard.words, notice=heard.notice, waiting=READING)


def _finished(reply: Reply, done: Done) -> Reply:
    return replace(
        reply,
        waiting="",
        constraints=done.constraints,
        preferences=done.preferences,
        candidates=done.candidates,
        reasons=done.reasons,
        answer=done.answer,
        notice=done.notice,
        suggestions=done.suggestions,
    )
