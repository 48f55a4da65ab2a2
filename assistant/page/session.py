"""The state of one browser session: its messages so far, and the turn that is running.

Knows Gradio's message formats, because it converts them, but does not import Gradio; knows no model
and no database. Each session has its own conversation and its own id; nothing is shared.
"""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NotRequired, Protocol, TypedDict
from urllib.parse import quote

from assistant.answering.questions import Suggestion
from assistant.events import Event
from assistant.page import cards
from assistant.page.reply import Reply, after, first_reply, parts, stopped
from assistant.turn.request import Request
from retrieval.errors import MagpieError, MessageError
from retrieval.items import Catalogue

if TYPE_CHECKING:
    from assistant.memory.store import Memory
    from assistant.understanding.catalogue_values import Vocabulary

REFUSED = "Sorry, that did not work"

_RECORDINGS = {".wav", ".mp3", ".m4a", ".ogg", ".oga", ".opus", ".webm", ".flac", ".aac", ".mp4"}


class PageAgent(Protocol):
    """The part of an agent that the page uses."""

    @property
    def memory(self) -> "Memory":
        """The stored conversations and opinions of all users."""
        ...

    @property
    def catalogue(self) -> Catalogue:
        """The items that can be recommended and shown; they may be others after a turn."""
        ...

    @property
    def vocabulary(self) -> "Vocabulary":
        """The values that these items use."""
        ...

    def reply(self, request: Request, session: str) -> Iterator[Event]:
        """Run one turn."""
        ...


class SuggestionButton(TypedDict):
    """A button below a message of Gradio's Chatbot."""

    value: str  # the message that it sends
    label: str


class ChatbotMessage(TypedDict):
    """One message of Gradio's Chatbot."""

    role: str
    content: list[str]
    options: NotRequired[list[SuggestionButton]]


@dataclass(frozen=True, slots=True)
class PageConversation:
    """The state of one browser session, kept on the server."""

    session: str
    user: str = ""  # the owner, known from the first message on
    currency: str = ""  # of the catalogue's prices
    past: tuple[ChatbotMessage, ...] = ()  # complete, up to the user's latest message
    request: Request | None = None  # being answered now
    reply: Reply | None = None

    def messages(self) -> list[ChatbotMessage]:
        """Return everything as Gradio's Chatbot shows it."""
        if self.reply is None:
            return list(self.past)
        content = parts(self.reply, self.currency)
        options = [
            SuggestionButton(value=s.message, label=_label(s)) for s in self.reply.suggestions
        ]
        return [*self.past, ChatbotMessage(role="assistant", content=content, options=options)]


def fresh(currency: str) -> PageConversation:
    """Begin a conversation with an id that nobody can guess."""
    return PageConversation(session=secrets.token_hex(8), currency=currency)


def request_from_message(message: Mapping[str, Any]) -> Request:
    """Convert the content of Gradio's message box into a request.

    Raises:
        MessageError: there are several recordings.

    """
    given = [Path(one) for one in message.get("files") or ()]
    recordings = [one for one in given if one.suffix.lower() in _RECORDINGS]
    if len(recordings) > 1:
        raise MessageError(f"{len(recordings)} recordings in one message: send one at a time")
    return Request(
        words=message.get("text") or "",
        photos=tuple(one for one in given if one not in recordings),
        recording=recordings[0] if recordings else None,
    )


def accept(request: Request, conversation: PageConversation, user: str = "") -> PageConversation:
    """Show a request at once, with a status line.

    A conversation belongs to the user of its first message; without a user, its session id is used.
    """
    owner = conversation.user or user or conversation.session
    conversation, request = replace(conversation, user=owner), replace(request, user=owner)
    photos = [(one.name, _address(one)) for one in request.photos]
    apart = request.recording if request.recording not in request.photos else None
    recording = _address(apart) if apart else ""
    asked = ChatbotMessage(
        role="user", content=[cards.request_card(request.words, photos, recording)]
    )
    past = (*conversation.messages(), asked)
    return replace(conversation, past=past, request=request, reply=first_reply(request))


def respond(agent: PageAgent, conversation: PageConversation) -> Iterator[PageConversation]:
    """Answer the accepted request, and yield the conversation as it grows."""
    request, reply = conversation.request, conversation.reply
    if request is None or reply is None:
        return
    try:
        for event in agent.reply(request, conversation.session):
            reply = after(reply, event)
            reply = replace(reply, notice=_names_only(reply.notice, request))
            yield replace(conversation, reply=reply)
    except MagpieError as error:
        reply = stopped(reply, f"{REFUSED} — {_names_only(str(error), request)}.")
        yield replace(conversation, reply=reply)


def halt(conversation: PageConversation, why: str) -> PageConversation:
    """Stop the running turn, and keep what is shown so far."""
    if conversation.reply is None or not conversation.reply.waiting:
        return conversation
    return replace(conversation, reply=stopped(conversation.reply, why))


def _label(suggestion: Suggestion) -> str:
    """Return what a suggestion's button says: its message, and how many items then fit."""
    return f"{suggestion.message} ({suggestion.count})" if suggestion.count else suggestion.message


def _address(uploaded: Path) -> str:
    """Return where Gradio serves a file that it received, relative to the page."""
    return f"gradio_api/file={quote(str(uploaded))}"


def _names_only(message: str, request: Request) -> str:
    """Replace the paths of uploads by their file names, as the user knows only those."""
    recordings = (request.recording,) if request.recording else ()
    for uploaded in (*request.photos, *recordings):
        message = message.replace(str(uploaded), f"“{uploaded.name}”")
    return message
