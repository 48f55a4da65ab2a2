"""What happens on the events of the conversation: messages and buttons. Converts, decides nothing.

◆ gradio. A turn is `turns.py`'s.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from assistant.page.examples import Example
from assistant.page.markup.troubles import RefusedError
from assistant.page.page_events import (
    QUICK,
    PageParts,
    deed_said,
    refusals,
    sender,
    sender_language,
)
from assistant.page.panels.profile_panel import memory_drawer
from assistant.page.panels.talks_panel import talks_drawer
from assistant.page.session import (
    Exchange,
    PageAgent,
    PageConversation,
    exchange_from_message,
    sent,
)
from assistant.page.turns import Turns
from assistant.turn.request import Request
from retrieval.errors import MessageError

PLACE = "conversation"  # of the id in the page's address

_WATCHED: dict[str, Any] = {
    "concurrency_limit": None, "show_progress": "hidden", "api_visibility": "private",
    "trigger_mode": "multiple",
}  # fmt: skip
PageExamples = Mapping[str, Sequence[Example]]  # by language


@dataclass(frozen=True)
class _Handlers:
    """What each event does: Gradio's values in and out."""

    agent: PageAgent
    turns: Turns
    examples: PageExamples

    def submitted(self, message: dict[str, Any] | None, session: str, by: gr.Request) -> list[Any]:
        """Send what is in the box; an empty box sends nothing."""
        one = exchange_from_message(message, sender_language(by))
        return [gr.skip()] * 4 if one is None else self._sent(one, session, by)

    def choose(self, chosen: gr.SelectData, session: str, by: gr.Request) -> list[Any]:
        """Send an example."""
        with refusals(by):
            one = self._example(chosen.index, sender_language(by))
        return self._sent(sent(one.request()), session, by)

    def follow(self, chosen: gr.SelectData, session: str, by: gr.Request) -> list[Any]:
        """Send a suggestion."""
        return self._sent(sent(Request(words=str(chosen.value))), session, by)

    def arrive(self, by: gr.Request) -> list[Any]:
        """Show the conversation that the page's address names, if it is this user's."""
        try:
            now = self.turns.open(str(by.query_params.get(PLACE, "")), sender(by))
        except MessageError:
            now = self.turns.open("", sender(by))
        if not now.exchanges:  # whoever was quick has sent something by now: it stays
            return [gr.skip(), gr.skip(), gr.skip(), self._talks(now.user, "", by)]
        return self._drawn(now, by, _box(busy=now.busy))

    def pressed(self, deed: gr.EventData, session: str, by: gr.Request) -> list[Any]:
        """Carry out what a button of the conversation, or of the list of conversations, says."""
        user, wanted = sender(by), deed_said(deed)
        other, deed_name = wanted["session"], wanted["act"]
        with refusals(by):
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
        with refusals(by):
            now = self.turns.stop(session, sender(by))
        return self._drawn(now, by, _box(busy=now.busy))

    def start_over(self, by: gr.Request) -> list[Any]:
        """Leave the conversation, and show an empty one."""
        return self._drawn(self.turns.open("", sender(by)), by, _box(busy=False, value=None))

    async def watch(self, session: str, by: gr.Request) -> AsyncIterator[list[Any]]:
        """Show a conversation as it grows, and whether it can be stopped."""
        busy, language = None, sender_language(by)
        if not session:  # nothing can grow
            yield [gr.skip(), gr.skip()]
            return
        with refusals(by):
            async for now in self.turns.watch(session, sender(by), str(by.session_hash)):
                box = gr.skip() if now.busy == busy else _box(busy=now.busy)
                busy = now.busy
                yield [box, now.messages(language)]
        yield [
            gr.skip(),
            gr.skip(),
        ]  # Gradio repeats the last yield at its end, too late

    def settle(self, session: str, by: gr.Request) -> list[Any]:
        """Show what a turn has changed beside the conversation."""
        user = sender(by)
        if not session:
            return [gr.skip(), gr.skip()]
        with refusals(by):
            self.turns.open(session, user)
        memory, known = self.agent.memory, self.agent.vocabulary
        told = memory_drawer(memory, known, user, sender_language(by))
        return [self._talks(user, session, by), told]

    def _example(self, place: object, language: str) -> Example:
        """Return the example that an event names; what is none of ours names none."""
        offered = self.examples.get(language, ())
        if not isinstance(place, int) or not 0 <= place < len(offered):
            raise RefusedError("no_example", place=repr(place))
        return offered[place]

    def _sent(self, one: Exchange, session: str, by: gr.Request) -> list[Any]:
        if one.request is not None:
            one = replace(one, request=replace(one.request, language=sender_language(by)))
        with refusals(by):
            now = self.turns.send(session, sender(by), one)
        return self._drawn(now, by, _box(busy=now.busy, value=None))

    def _drawn(self, now: PageConversation, by: gr.Request, box: gr.MultimodalTextbox) -> list[Any]:
        session = now.session if now.exchanges else ""
        return [box, now.messages(sender_language(by)), session, self._talks(now.user, session, by)]

    def _talks(self, user: str, session: str, by: gr.Request) -> str:
        memory = self.agent.memory
        listed = memory.history.talks(user, self.agent.catalogue.name)
        return talks_drawer(listed, session, sender_language(by), on=memory.remembers(user))


def connect(agent: PageAgent, turns: Turns, examples: PageExamples, parts: PageParts) -> None:
    """Wire the events: a message is shown at once, then answered; all of it can be stopped."""
    does, session = _Handlers(agent, turns, examples), [parts.session]
    shown = [parts.box, parts.chatbot, parts.session, parts.talks]
    begun = [
        parts.box.submit(does.submitted, [parts.box, parts.session], shown, **QUICK),
        parts.chatbot.example_select(does.choose, session, shown, **QUICK),
        parts.chatbot.option_select(does.follow, session, shown, **QUICK),
        parts.talks.click(does.pressed, session, shown, **QUICK),
        parts.page.load(does.arrive, None, shown, **QUICK),
        parts.box.stop(does.stop, session, shown, **QUICK),
    ]
    seen = [parts.box, parts.chatbot]
    watched = [one.success(does.watch, session, seen, **_WATCHED) for one in begun]
    for one in watched:
        one.success(does.settle, session, [parts.talks, parts.memory], **QUICK)
    parts.new.click(does.start_over, None, shown, cancels=watched, **QUICK)


def _edited(now: PageConversation) -> dict[str, Any]:
    """Return the last message for the box; of a recording, what was heard."""
    last = now.exchanges[-1]
    heard = last.reply.heard if last.reply else ""
    photos = last.request.photos if last.request else ()
    files = [str(one) for one in photos if one.exists()]
    return {"text": f"{last.words} {heard}".strip(), "files": files}


def _box(*, busy: bool, **value: Any) -> gr.MultimodalTextbox:  # noqa: ANN401 - the box's value
    """Return a change of the message box: it can be stopped while busy, and given a value."""
    return gr.MultimodalTextbox(submit_btn=True, stop_btn=busy, **value)
