"""What happens on the page's events: messages, buttons, panels. Converts and decides nothing.

◆ gradio. Knows the components by what they show; a turn is `turns.py`'s, a deed the panels'.
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.page.examples import Example
from assistant.page.gate import user_of
from assistant.page.markup.wording import OWN
from assistant.page.panels.catalogue_panel import catalogue_drawer
from assistant.page.panels.kept_panel import change_kept, kept_drawer
from assistant.page.panels.profile_panel import act, memory_drawer
from assistant.page.panels.talks_panel import talks_drawer
from assistant.page.session import (
    Exchange,
    PageAgent,
    PageConversation,
    exchange_from_message,
    sent,
)
from assistant.page.turns import Turns
from assistant.page.visitor import visitor_language
from assistant.turn.request import Request
from retrieval.errors import MagpieError, MessageError

PLACE = "conversation"  # of the id in the page's address

_QUICK: dict[str, Any] = {
    "queue": False, "show_progress": "hidden", "api_visibility": "private",
    "trigger_mode": "multiple",
}  # fmt: skip
_WATCHED: dict[str, Any] = {
    "concurrency_limit": None, "show_progress": "hidden", "api_visibility": "private",
    "trigger_mode": "multiple",
}  # fmt: skip
PageExamples = Mapping[str, Sequence[Example]]  # by language

_DEED = ("act", "item", "key", "text", "all", "session")


@dataclass(frozen=True)
class PageParts:
    """The components of the page that events change."""

    page: gr.Blocks
    new: gr.Button
    box: gr.MultimodalTextbox
    chatbot: gr.Chatbot
    talks: gr.HTML
    kept: gr.HTML
    memory: gr.HTML
    catalogue: gr.HTML
    session: gr.State  # the id of the conversation on screen, "" before there is one


@dataclass(frozen=True)
class _Handlers:
    """What each event does: Gradio's values in and out."""

    agent: PageAgent
    turns: Turns
    examples: PageExamples

    def submitted(self, message: dict[str, Any] | None, session: str, by: gr.Request) -> list[Any]:
        """Send what is in the box; an empty box sends nothing."""
        one = exchange_from_message(message, _language(by))
        return [gr.skip()] * 4 if one is None else self._sent(one, session, by)

    def choose(self, chosen: gr.SelectData, session: str, by: gr.Request) -> list[Any]:
        """Send an example."""
        with _refusals():
            one = self._example(chosen.index, _language(by))
        return self._sent(sent(one.request()), session, by)

    def follow(self, chosen: gr.SelectData, session: str, by: gr.Request) -> list[Any]:
        """Send a suggestion."""
        return self._sent(sent(Request(words=str(chosen.value))), session, by)

    def arrive(self, by: gr.Request) -> list[Any]:
        """Show the conversation that the page's address names, if it is this user's."""
        try:
            now = self.turns.open(str(by.query_params.get(PLACE, "")), _user(by))
        except MessageError:
            now = self.turns.open("", _user(by))
        if not now.exchanges:  # whoever was quick has sent something by now: it stays
            return [gr.skip(), gr.skip(), gr.skip(), self._talks(now.user, "", by)]
        return self._drawn(now, by, _box(busy=now.busy))

    def pressed(self, deed: gr.EventData, session: str, by: gr.Request) -> list[Any]:
        """Carry out what a button of the conversation, or of the list of conversations, says."""
        user, wanted = _user(by), _wanted(deed)
        other, deed_name = wanted["session"], wanted["act"]
        with _refusals():
            match deed_name:
                case "open":
                    now = self.turns.open(other, user)
                case "rename":
                    self.agent.memory.history.rename(user, other, wanted["text"])
                    now = self.turns.open(session, user)
                case "delete":
                    self.turns.forget(other, user)
                    now = self.turns.open("" if other == session else session, user)
                case _:
                    now = self.turns.press(session, user, deed_name)
        if deed_name == "edit" and now.editing:
            return self._drawn(now, by, _box(busy=now.busy, value=_edited(now)))
        emptied = {"value": None} if deed_name in ("keep", "open") else {}
        return self._drawn(now, by, _box(busy=now.busy, **emptied))

    def stop(self, session: str, by: gr.Request) -> list[Any]:
        """Stop what is being answered."""
        with _refusals():
            now = self.turns.stop(session, _user(by))
        return self._drawn(now, by, _box(busy=now.busy))

    def start_over(self, by: gr.Request) -> list[Any]:
        """Leave the conversation, and show an empty one."""
        return self._drawn(self.turns.open("", _user(by)), by, _box(busy=False, value=None))

    async def watch(self, session: str, by: gr.Request) -> AsyncIterator[list[Any]]:
        """Show a conversation as it grows, and whether it can be stopped."""
        busy, language = None, _language(by)
        if not session:  # nothing can grow
            yield [gr.skip(), gr.skip()]
            return
        with _refusals():
            async for now in self.turns.watch(session, _user(by), str(by.session_hash)):
                box = gr.skip() if now.busy == busy else _box(busy=now.busy)
                busy = now.busy
                yield [box, now.messages(language)]
        yield [
            gr.skip(),
            gr.skip(),
        ]  # Gradio repeats the last yield at its end, too late

    def settle(self, session: str, by: gr.Request) -> list[Any]:
        """Show what a turn has changed beside the conversation."""
        user = _user(by)
        if not session:
            return [gr.skip(), gr.skip()]
        with _refusals():
            self.turns.open(session, user)
        memory, known = self.agent.memory, self.agent.vocabulary
        told = memory_drawer(memory, known, user, _language(by))
        return [self._talks(user, session, by), told]

    def _example(self, place: object, language: str) -> Example:
        """Return the example that an event names; what is none of ours names none."""
        offered = self.examples.get(language, ())
        if not isinstance(place, int) or not 0 <= place < len(offered):
            raise MessageError(f"there is no example {place!r}")
        return offered[place]

    def _sent(self, one: Exchange, session: str, by: gr.Request) -> list[Any]:
        if one.request is not None:
            one = replace(one, request=replace(one.request, language=_language(by)))
        with _refusals():
            now = self.turns.send(session, _user(by), one)
        return self._drawn(now, by, _box(busy=now.busy, value=None))

    def _drawn(self, now: PageConversation, by: gr.Request, box: gr.MultimodalTextbox) -> list[Any]:
        session = now.session if now.exchanges else ""
        return [box, now.messages(_language(by)), session, self._talks(now.user, session, by)]

    def _talks(self, user: str, session: str, by: gr.Request) -> str:
        memory = self.agent.memory
        listed = memory.history.talks(user, self.agent.catalogue.name)
        return talks_drawer(listed, session, _language(by), on=memory.remembers(user))


def connect(agent: PageAgent, turns: Turns, examples: PageExamples, parts: PageParts) -> None:
    """Wire the events: a message is shown at once, then answered; all of it can be stopped."""
    does, session = _Handlers(agent, turns, examples), [parts.session]
    shown = [parts.box, parts.chatbot, parts.session, parts.talks]
    begun = [
        parts.box.submit(does.submitted, [parts.box, parts.session], shown, **_QUICK),
        parts.chatbot.example_select(does.choose, session, shown, **_QUICK),
        parts.chatbot.option_select(does.follow, session, shown, **_QUICK),
        parts.talks.click(does.pressed, session, shown, **_QUICK),
        parts.page.load(does.arrive, None, shown, **_QUICK),
        parts.box.stop(does.stop, session, shown, **_QUICK),
    ]
    seen = [parts.box, parts.chatbot]
    watched = [one.success(does.watch, session, seen, **_WATCHED) for one in begun]
    for one in watched:
        one.success(does.settle, session, [parts.talks, parts.memory], **_QUICK)
    parts.new.click(does.start_over, None, shown, cancels=watched, **_QUICK)


def remember(agent: PageAgent, turns: Turns, parts: PageParts) -> None:
    """Wire the taste profile: shown on page load and after each turn, changed by its buttons."""
    memory = agent.memory

    def show(by: gr.Request) -> str:
        return memory_drawer(memory, agent.vocabulary, _user(by), _language(by))

    def press(deed: gr.EventData, by: gr.Request) -> list[str]:
        user, wanted, trouble = _user(by), _wanted(deed), ""
        try:
            if (wanted["act"], wanted["all"]) == ("forget", "yes"):
                turns.forget_all(user)
            act(memory, agent.vocabulary, user, wanted)
        except MagpieError as error:
            trouble = str(error)
        language = _language(by)
        told = memory_drawer(memory, agent.vocabulary, user, language, trouble=trouble)
        return [
            told,
            kept_drawer(memory, agent.catalogue, user, language),
        ]  # to be forgotten lets go

    parts.page.load(show, None, [parts.memory], **_QUICK)
    parts.memory.click(press, None, [parts.memory, parts.kept], **_QUICK)


def keep_items(agent: PageAgent, parts: PageParts) -> None:
    """Wire the shortlist: shown on page load, changed by its buttons and by those of the cards."""

    def list_kept(by: gr.Request) -> str:
        return kept_drawer(agent.memory, agent.catalogue, _user(by), _language(by))

    def change(deed: gr.EventData, by: gr.Request) -> str:
        with _refusals():
            change_kept(agent.memory, agent.catalogue, _user(by), _wanted(deed))
        return list_kept(by)

    parts.page.load(list_kept, None, [parts.kept], **_QUICK)
    parts.kept.click(change, None, [parts.kept], **_QUICK)


def show_catalogues(agent: PageAgent, indexes: Path, parts: PageParts) -> None:
    """Wire the catalogues: their panel is empty until it is opened, as a map takes a while."""

    def begin(by: gr.Request) -> str:
        return catalogue_drawer(indexes, "", agent.catalogue.name, _language(by))

    def look(deed: gr.EventData, by: gr.Request) -> str:
        current = agent.catalogue.name
        chosen = _wanted(deed)["text"] or current
        return catalogue_drawer(indexes, chosen, current, _language(by))

    parts.page.load(begin, None, [parts.catalogue], **_QUICK)
    parts.catalogue.click(look, None, [parts.catalogue], **_QUICK)


def _wanted(deed: gr.EventData) -> dict[str, str]:
    return {name: _said(deed, name) for name in _DEED}


def _said(deed: gr.EventData, name: str) -> str:
    try:
        return str(getattr(deed, name, ""))
    except TypeError:  # the event carries no fields at all
        return ""


def _edited(now: PageConversation) -> dict[str, Any]:
    """Return the last message for the box; of a recording, what was heard."""
    last = now.exchanges[-1]
    heard = last.reply.heard if last.reply else ""
    photos = last.request.photos if last.request else ()
    files = [str(one) for one in photos if one.exists()]
    return {"text": f"{last.words} {heard}".strip(), "files": files}


def _user(by: gr.Request) -> str:
    """Return whose browser sent an event."""
    if by.request is None:
        raise gr.Error("this event was sent by no browser", print_exception=False)
    return user_of(by.request)


def _language(by: gr.Request) -> str:
    """Return the language in which a visitor reads the page."""
    return visitor_language(by.request) if by.request else OWN


@contextmanager
def _refusals() -> Iterator[None]:
    """Let Gradio say why something was refused."""
    try:
        yield
    except MagpieError as error:
        raise gr.Error(str(error), print_exception=False) from error


def _box(*, busy: bool, **value: Any) -> gr.MultimodalTextbox:  # noqa: ANN401 - the box's value
    """Return a change of the message box: it can be stopped while busy, and given a value."""
    return gr.MultimodalTextbox(submit_btn=True, stop_btn=busy, **value)
