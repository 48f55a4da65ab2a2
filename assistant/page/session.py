"""A conversation as the page shows it: what was sent, and the reply to each, as values.

Knows Gradio's message formats, because it converts them, but does not import Gradio; knows no model
and no database. Each conversation has its own id; nothing is shared.
"""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NotRequired, Protocol, TypedDict
from urllib.parse import quote

from assistant.answering.questions import Suggestion
from assistant.events import Event
from assistant.page.markup.sent import (
    SentFile,
    balance_slider,
    in_line,
    request_card,
    turn_buttons,
)
from assistant.page.markup.thumbnails import small_picture
from assistant.page.markup.troubles import trouble_said
from assistant.page.markup.wording import OWN, wording
from assistant.page.reply import Reply, after, first_reply, parts, stopped
from assistant.turn.request import Request
from retrieval.domain import SHOP_DOMAIN, Domain
from retrieval.errors import MagpieError, StoppedError
from retrieval.items import Catalogue
from retrieval.media.recordings import VIDEOS

if TYPE_CHECKING:
    from assistant.memory.store import Memory
    from assistant.understanding.catalogue_values import Vocabulary

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
class Exchange:
    """What the user sent, and the reply to it."""

    words: str
    files: tuple[SentFile, ...] = ()
    request: Request | None = None  # None where it was restored and had files
    reply: Reply | None = None  # None while it waits for the exchange before it
    counts: bool = False  # the agent's memory has this turn

    @property
    def over(self) -> bool:
        """Tell whether the reply is complete, or was broken off."""
        return self.reply is not None and not self.reply.waiting

    @property
    def by_hand(self) -> bool:
        """Tell whether a chip was taken back or changed, in place of a message."""
        return self.request is not None and bool(self.request.given_up)


@dataclass(frozen=True, slots=True)
class PageConversation:
    """One conversation."""

    session: str
    user: str = ""  # the owner
    catalogue: str = ""  # the name of that which it is about
    currency: str = ""  # of the catalogue's prices
    domain: Domain = SHOP_DOMAIN  # what the catalogue is for
    exchanges: tuple[Exchange, ...] = ()
    editing: bool = False  # what is sent next replaces the last exchange

    @property
    def busy(self) -> bool:
        """Tell whether a reply is being written, or waits."""
        return not all(one.over for one in self.exchanges)

    @property
    def can_be_changed(self) -> bool:
        """Tell whether the last message can be edited or sent again."""
        return not self.busy and bool(self.exchanges) and self.exchanges[-1].request is not None

    def messages(self, language: str = OWN) -> list[ChatbotMessage]:
        """Return everything as Gradio's Chatbot shows it, to a visitor of a language."""
        shown: list[ChatbotMessage] = []
        last = len(self.exchanges) - 1
        for place, one in enumerate(self.exchanges):
            asked = request_card(one.words, one.files)
            if one.reply is None:
                shown.append(_message("user", [asked + in_line(place, language)]))
                continue
            shown.append(_message("user", [asked]))
            reply = replace(one.reply, notice="") if self._repeats_notice(place) else one.reply
            changeable = place == last and self.can_be_changed
            final = place == last and not self.busy
            content = parts(reply, self.currency, self.domain, self.catalogue, last=final)
            if changeable:
                content[0] += balance_slider(one.request, language) if one.request else ""
                content[-1] += turn_buttons(language, editing=self.editing, undo=one.by_hand)
            offered = one.reply.suggestions if place == last else ()
            options = [SuggestionButton(value=s.message, label=_label(s)) for s in offered]
            shown.append(_message("assistant", content, options))
        return shown

    def _repeats_notice(self, place: int) -> bool:
        """Tell whether a reply's notice stands below the reply before it, and is of no file."""
        one, before = self.exchanges[place], self.exchanges[place - 1] if place else None
        if before is None or before.reply is None or one.reply is None or one.files:
            return False
        return one.reply.notice == before.reply.notice

    def with_exchange(self, place: int, now: Exchange) -> "PageConversation":
        """Return it with another exchange at a place."""
        before, after_it = self.exchanges[:place], self.exchanges[place + 1 :]
        return replace(self, exchanges=(*before, now, *after_it))


def new_session() -> str:
    """Return an id that nobody can guess."""
    return secrets.token_hex(8)


def exchange_from_message(message: Mapping[str, Any] | None, language: str = "") -> Exchange | None:
    """Convert the content of Gradio's message box, None if it was emptied; None if it is empty.

    `language` is the page's. A message that cannot be answered comes with the reason in place of a
    reply.
    """
    message = message or {}
    given = [Path(one) for one in message.get("files") or ()]
    recordings = [one for one in given if one.suffix.lower() in _RECORDINGS]
    words = message.get("text") or ""
    if not (given or words.strip()):
        return None
    asked = sent(
        Request(
            words=words,
            photos=tuple(one for one in given if one not in recordings),
            recording=recordings[0] if recordings else None,
            language=language,
        )
    )
    if len(recordings) < 2:
        return asked
    also = tuple(SentFile(one.name, "recording", _address(one)) for one in recordings[1:])
    say = wording(language)
    why = say("trouble.refused", why=say("trouble.recordings", count=len(recordings)))
    return replace(asked, files=(*asked.files, *also), reply=stopped(Reply(), why))


def sent(request: Request) -> Exchange:
    """Return a request as it is shown, without a reply yet."""
    files = [_shown(one) for one in request.photos]
    if request.recording and request.recording not in request.photos:
        files.append(SentFile(request.recording.name, "recording", _address(request.recording)))
    return Exchange(request.words, tuple(files), request)


def replies(agent: PageAgent, request: Request, session: str) -> Iterator[Reply]:
    """Answer a request, and yield the reply as it grows."""
    reply, say = first_reply(request), wording(request.language)
    yield reply
    try:
        for event in agent.reply(request, session):
            reply = after(reply, event)
            reply = replace(reply, notice=_names_only(reply.notice, request))
            yield reply
    except StoppedError:
        yield stopped(reply, say("trouble.stopped"))
    except MagpieError as error:
        told = f"{trouble_said(error, say, _names_only(str(error), request))}."
        yield stopped(reply, say("trouble.refused", why=told))


def _message(
    role: str, content: list[str], options: list[SuggestionButton] | None = None
) -> ChatbotMessage:
    return ChatbotMessage(role=role, content=content, options=options or [])


def _shown(photo: Path) -> SentFile:
    """Return a photo with a small copy of it, a video with its address, or a name alone."""
    if photo.suffix.lower() in VIDEOS:
        return SentFile(photo.name, "video", _address(photo))
    return SentFile(photo.name, "photo", small_picture(photo))


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
