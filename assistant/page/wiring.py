"""What happens on the events of the conversation: messages and buttons. Converts, decides nothing.

◆ gradio. A turn is `turns.py`'s.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr
from gradio.components.chatbot import ExampleMessage

from assistant.page.examples import Example
from assistant.page.markup.troubles import RefusedError, trouble_said
from assistant.page.markup.wording import wording
from assistant.page.page_events import (
    QUICK,
    PageParts,
    deed_said,
    named_catalogue,
    refusals,
    sender,
    sender_language,
    shop_of,
    shop_shown,
)
from assistant.page.panels.profile_panel import memory_drawer
from assistant.page.panels.talks_panel import TalkShown, talks_drawer
from assistant.page.session import (
    Exchange,
    PageConversation,
    exchange_from_message,
    sent,
)
from assistant.page.shops import OpenShop, OpenShops
from assistant.turn.request import Request
from retrieval.errors import MagpieError, MessageError

PLACE = "conversation"  # of the id in the page's address

_WATCHED: dict[str, Any] = {
    "concurrency_limit": None, "show_progress": "hidden", "api_visibility": "private",
    "trigger_mode": "multiple",
}  # fmt: skip


@dataclass(frozen=True)
class _Handlers:
    """What each event does: Gradio's values in and out."""

    shops: OpenShops

    def submitted(self, message: dict[str, Any] | None, session: str, by: gr.Request) -> list[Any]:
        """Send what is in the box; an empty box sends nothing."""
        one = exchange_from_message(message, sender_language(by))
        return [gr.skip()] * 4 if one is None else self._sent(one, session, by)

    def choose(self, chosen: gr.SelectData, session: str, by: gr.Request) -> list[Any]:
        """Send an example."""
        with refusals(by):
            one = _example(shop_of(self.shops, by), chosen.index, sender_language(by))
        return self._sent(sent(one.request()), session, by)

    def follow(self, chosen: gr.SelectData, session: str, by: gr.Request) -> list[Any]:
        """Send a suggestion."""
        return self._sent(sent(Request(words=str(chosen.value))), session, by)

    def arrive(self, by: gr.Request) -> list[Any]:
        """Show the conversation that the page's address names, if it is this user's.

        Where the address names a catalogue that cannot be opened, the page says why, and goes on
        in the first one.
        """
        try:
            shop = self.shops.open(named_catalogue(by))
        except MagpieError as error:
            trouble = trouble_said(error, wording(sender_language(by)))
            told = _talks(self.shops.first, sender(by), "", by, trouble=trouble)
            return [gr.skip(), gr.skip(), gr.skip(), told]
        try:
            now = shop.turns.open(str(by.query_params.get(PLACE, "")), sender(by))
        except MessageError:
            now = shop.turns.open("", sender(by))
        if not now.exchanges:  # whoever was quick has sent something by now: it stays
            return [gr.skip(), gr.skip(), gr.skip(), _talks(shop, now.user, "", by)]
        return _drawn(shop, now, by, _box(busy=now.busy))

    def offer(self, by: gr.Request) -> Any:  # noqa: ANN401 - a change of the chatbot, or none
        """Show the examples of another catalogue than the one with which the page was laid out."""
        shop = shop_shown(self.shops, by)
        if shop is self.shops.first:
            return gr.skip()
        examples = shop.examples[sender_language(by)]
        return gr.Chatbot(examples=[example_message(one, one.words) for one in examples])

    def pressed(self, deed: gr.EventData, session: str, by: gr.Request) -> list[Any]:
        """Carry out what a button of the conversation, or of the list of conversations, says."""
        shop, user, wanted = shop_of(self.shops, by), sender(by), deed_said(deed)
        other, deed_name = wanted["session"], wanted["act"]
        with refusals(by):
            match deed_name:
                case "open":
                    now = shop.turns.open(other, user)
                case "rename":
                    shop.agent.memory.history.rename(user, other, wanted["text"])
                    now = shop.turns.open(session, user)
                case "delete":
                    shop.turns.forget(other, user)
                    now = shop.turns.open("" if other == session else session, user)
                case _:
                    now = shop.turns.press(session, user, deed_name)
        if deed_name == "edit" and now.editing:
            return _drawn(shop, now, by, _box(busy=now.busy, value=_edited(now)))
        emptied = {"value": None} if deed_name in ("keep", "open") else {}
        return _drawn(shop, now, by, _box(busy=now.busy, **emptied))

    def stop(self, session: str, by: gr.Request) -> list[Any]:
        """Stop what is being answered."""
        shop = shop_of(self.shops, by)
        with refusals(by):
            now = shop.turns.stop(session, sender(by))
        return _drawn(shop, now, by, _box(busy=now.busy))

    def start_over(self, by: gr.Request) -> list[Any]:
        """Leave the conversation, and show an empty one."""
        shop = shop_of(self.shops, by)
        return _drawn(shop, shop.turns.open("", sender(by)), by, _box(busy=False, value=None))

    async def watch(self, session: str, by: gr.Request) -> AsyncIterator[list[Any]]:
        """Show a conversation as it grows, and whether it can be stopped."""
        busy, language = None, sender_language(by)
        shop = self.shops.there(named_catalogue(by))
        if not session or shop is None:  # nothing can grow
            yield [gr.skip(), gr.skip()]
            return
        with refusals(by):
            async for now in shop.turns.watch(session, sender(by), str(by.session_hash)):
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
        shop = shop_of(self.shops, by)
        with refusals(by):
            shop.turns.open(session, user)
        memory, known = shop.agent.memory, shop.agent.vocabulary
        told = memory_drawer(memory, known, user, sender_language(by))
        return [_talks(shop, user, session, by), told]

    def _sent(self, one: Exchange, session: str, by: gr.Request) -> list[Any]:
        if one.request is not None:
            one = replace(one, request=replace(one.request, language=sender_language(by)))
        shop = shop_of(self.shops, by)
        with refusals(by):
            now = shop.turns.send(session, sender(by), one)
        return _drawn(shop, now, by, _box(busy=now.busy, value=None))


def connect(shops: OpenShops, parts: PageParts) -> None:
    """Wire the events: a message is shown at once, then answered; all of it can be stopped."""
    does, session = _Handlers(shops), [parts.session]
    shown = [parts.box, parts.chatbot, parts.session, parts.talks]
    begun = [
        parts.box.submit(does.submitted, [parts.box, parts.session], shown, **QUICK),
        parts.chatbot.example_select(does.choose, session, shown, **QUICK),
        parts.chatbot.option_select(does.follow, session, shown, **QUICK),
        parts.talks.click(does.pressed, session, shown, **QUICK),
        parts.page.load(does.arrive, None, shown, **QUICK),
        parts.box.stop(does.stop, session, shown, **QUICK),
    ]
    parts.page.load(does.offer, None, parts.chatbot, **QUICK)
    seen = [parts.box, parts.chatbot]
    watched = [one.success(does.watch, session, seen, **_WATCHED) for one in begun]
    for one in watched:
        one.success(does.settle, session, [parts.talks, parts.memory], **QUICK)
    parts.new.click(does.start_over, None, shown, cancels=watched, **QUICK)


def example_message(example: Example, words: str) -> ExampleMessage:
    """Return an example as Gradio's Chatbot shows it, in some words."""
    if example.photo is None:
        return ExampleMessage(text=words)
    photo = str(example.photo)
    return ExampleMessage(text=words, files=[photo], icon=photo)


def _example(shop: OpenShop, place: object, language: str) -> Example:
    """Return the example that an event names; what is none of ours names none."""
    offered = shop.examples.get(language, ())
    if not isinstance(place, int) or not 0 <= place < len(offered):
        raise RefusedError("no_example", place=repr(place))
    return offered[place]


def _drawn(
    shop: OpenShop, now: PageConversation, by: gr.Request, box: gr.MultimodalTextbox
) -> list[Any]:
    session = now.session if now.exchanges else ""
    return [box, now.messages(sender_language(by)), session, _talks(shop, now.user, session, by)]


def _talks(shop: OpenShop, user: str, session: str, by: gr.Request, *, trouble: str = "") -> str:
    memory, language = shop.agent.memory, sender_language(by)
    listed, now = memory.history.talks(user, shop.name), TalkShown(shop.name, session, trouble)
    return talks_drawer(listed, now, language, on=memory.remembers(user))


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
