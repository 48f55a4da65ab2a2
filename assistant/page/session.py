"""What one browser session sees: its messages so far, and the turn that is running.

Knows Gradio's message shapes, because it converts them, but not Gradio; knows no model and no
store. Each session has its own conversation and its own id; nothing is shared.
"""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypedDict
from urllib.parse import quote

from assistant.events import Event
from assistant.page import cards
from assistant.page.reply import Reply, after, first_reply, parts, stopped
from assistant.turn.request import Request
from retrieval.errors import MagpieError, MessageError
from retrieval.items import Catalogue

if TYPE_CHECKING:
    from assistant.memory.store import Memory

REFUSED = "Sorry, that did not work"

_RECORDINGS = {".wav", ".mp3", ".m4a", ".ogg", ".oga", ".opus", ".webm", ".flac", ".aac", ".mp4"}


class PageAgent(Protocol):
    """What the page asks of an agent."""

    @property
    def memory(self) -> "Memory":
        """What is remembered of each user."""
        ...

    @property
    def catalogue(self) -> Catalogue:
        """What can be recommended, and shown."""
        ...

    def reply(self, request: Request, session: str) -> Iterator[Event]:
        """Run one turn."""
        ...


class ChatbotMessage(TypedDict):
    """One message of Gradio's Chatbot."""

    role: str
    content: list[str]


@dataclass(frozen=True, slots=True)
class PageConversation:
    """What one browser session sees, kept on the server."""

    session: str
    user: str = ""  # whose it is, from the first message on
    currency: str = ""  # of the catalogue's prices
    past: tuple[ChatbotMessage, ...] = ()  # complete, up to the user's latest message
    request: Request | None = None  # being answered now
    reply: Reply | None = None

    def messages(self) -> list[ChatbotMessage]:
        """Return everything as Gradio's Chatbot shows it."""
        if self.reply is None:
            return list(self.past)
        return [
            *self.past,
            ChatbotMessage(role="assistant", content=parts(self.reply, self.currency)),
        ]


def fresh(currency: str) -> PageConversation:
    """Begin a conversation under an id that nobody can guess."""
    return PageConversation(session=secrets.token_hex(8), currency=currency)


def request_from_message(message: Mapping[str, Any]) -> Request:
    """Turn what Gradio's message box hands over into a request.

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
    """Put a request on screen at once, with a line that says what happens to it.

    A conversation stays with the user of its first message; without a name, it is its own user.
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
    """End the running turn where it stands."""
    if conversation.reply is None or not conversation.reply.waiting:
        return conversation
    return replace(conversation, reply=stopped(conversation.reply, why))


def _address(uploaded: Path) -> str:
    """Return where Gradio serves a file that it received, relative to the page."""
    return f"gradio_api/file={quote(str(uploaded))}"


def _names_only(message: str, request: Request) -> str:
    """Name uploads as the user knows them, not by the folder in which Gradio keeps them."""
    recordings = (request.recording,) if request.recording else ()
    for uploaded in (*request.photos, *recordings):
        message = message.replace(str(uploaded), f"“{uploaded.name}”")
    return message
