"""The Gradio page: layout, events, launch. Converts data formats and decides nothing.

Knows Gradio; what to show comes from `session.py`, every decision from the agent. Loads nothing
from the network, and serves only uploads and the items' own pictures.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.components.chatbot import ExampleMessage
from starlette.middleware import Middleware

from assistant.page.examples import Example, starting_points
from assistant.page.gate import gates, signing_key, user_of
from assistant.page.preparing import PreparingText, show_preparing
from assistant.page.profile_panel import act, drawer
from assistant.page.session import (
    PageAgent,
    PageConversation,
    accept,
    fresh,
    halt,
    request_from_message,
    respond,
)
from assistant.page.theme import system_theme
from assistant.page.thumbnails import picture_route
from assistant.page.uploads import UPLOADS_KEPT, private_uploads
from assistant.turn.request import Request
from retrieval.errors import MagpieError, MessageError, SettingsError

FIRST_PORT, LAST_PORT = 7860, 7959  # where Gradio looks for a free one
OUR_FAULT = "Something went wrong on this side, not yours; the terminal says what. Please go on."
STOPPED = "Stopped."

_STATIC = Path(__file__).parent / "static"
_MOST_PASTED = 100_000  # characters; Gradio would turn a longer paste into a file
_QUICK: dict[str, Any] = {
    "queue": False, "show_progress": "hidden", "api_visibility": "private"
}  # fmt: skip
_ONE_AT_A_TIME: dict[str, Any] = {
    "concurrency_id": "turn", "concurrency_limit": 1,
    "show_progress": "hidden", "api_visibility": "private",
}  # fmt: skip


def build_page(
    agent: PageAgent, examples: Sequence[Example] = (), preparing: PreparingText | None = None
) -> gr.Blocks:
    """Lay out the page and connect it to the agent; `preparing` says what is still to join it."""
    page = gr.Blocks(
        title="Magpie", analytics_enabled=False, fill_height=True, delete_cache=UPLOADS_KEPT
    )
    with page:
        conversation = gr.State(lambda: fresh(agent.catalogue.currency))
        with gr.Row(elem_id="top"):
            gr.HTML(_asset("header.html"), elem_id="brand")
            gr.HTML(_asset("memory.html"), elem_id="memory-button")
            new = gr.Button("New conversation", elem_id="new", size="sm", scale=0)
        if preparing is not None:
            show_preparing(page, preparing)
        chatbot, box = _chatbot(examples), _message_box()
        remembered = gr.HTML("", elem_id="memory", js_on_load=_asset("memory.js"))
        turns = _connect(agent, examples, new, box, chatbot, conversation)
        _remember(page, agent, remembered, turns)
    return page


def _connect(
    agent: PageAgent,
    examples: Sequence[Example],
    new: gr.Button,
    box: gr.MultimodalTextbox,
    chatbot: gr.Chatbot,
    conversation: gr.State,
) -> list[Any]:
    """Wire the events: a request is shown at once, then answered; it can be stopped."""
    shown = [box, chatbot, conversation]

    def choose(chosen: gr.SelectData, now: PageConversation, by: gr.Request) -> list[Any]:
        return _begun(examples[int(chosen.index)].request(), now, by)

    def follow(chosen: gr.SelectData, now: PageConversation, by: gr.Request) -> list[Any]:
        return _begun(Request(words=str(chosen.value)), now, by)

    def answer(now: PageConversation, by: gr.Request) -> Iterator[list[Any]]:
        _check_owner(now, by)
        for grown in respond(agent, now):
            yield [grown.messages(), grown]

    def start_over() -> list[Any]:
        return [_box(busy=False), [], fresh(agent.catalogue.currency)]

    turns = []
    for begun in (
        box.submit(_submitted, [box, conversation], shown, **_QUICK),
        chatbot.example_select(choose, [conversation], shown, **_QUICK),
        chatbot.option_select(follow, [conversation], shown, **_QUICK),
    ):
        turn = begun.success(answer, [conversation], [chatbot, conversation], **_ONE_AT_A_TIME)
        turn.success(lambda: _box(busy=False), None, [box], **_QUICK)
        turn.failure(_broken_off, [conversation], shown, **_QUICK)
        turns.append(turn)
    box.stop(_stopped, [conversation], shown, cancels=turns, **_QUICK)
    new.click(start_over, None, shown, cancels=turns, **_QUICK)
    return turns


def _remember(page: gr.Blocks, agent: PageAgent, remembered: gr.HTML, turns: list[Any]) -> None:
    """Wire the taste profile: shown on page load and after each turn, changed by its buttons."""
    memory = agent.memory

    def show(by: gr.Request) -> str:
        return drawer(memory, agent.vocabulary, _user(by))

    def press(deed: gr.EventData, by: gr.Request) -> str:
        wanted = {
            name: str(getattr(deed, name, "")) for name in ("act", "item", "key", "text", "all")
        }
        try:
            act(memory, agent.vocabulary, _user(by), wanted)
        except MagpieError as error:
            raise gr.Error(str(error), print_exception=False) from error
        return show(by)

    page.load(show, None, [remembered], **_QUICK)
    remembered.click(press, None, [remembered], **_QUICK)
    for turn in turns:
        turn.success(show, None, [remembered], **_QUICK)


@contextmanager
def open_page(
    agent: PageAgent,
    home: Path,
    *,
    port: int | None = None,
    open_browser: bool = False,
    preparing: PreparingText | None = None,
) -> Iterator[str]:
    """Serve the page to this machine, yield its address, and close it at the end.

    Without a port, the first free one from FIRST_PORT on is taken. `home` has the key by which
    browsers are known again.

    Raises:
        SettingsError: the port is taken.
        StorageError: the key can be neither read nor written.

    """
    examples = starting_points(agent.catalogue)
    with private_uploads():
        page = build_page(agent, examples, preparing)
        shown = [str(one.photo) for one in examples if one.photo]
        yield from _served(page, agent, shown, gates(signing_key(home)), port, open_browser)


def _served(
    page: gr.Blocks,
    agent: PageAgent,
    examples: list[str],
    guards: list[Middleware],
    port: int | None,
    open_browser: bool,
) -> Iterator[str]:
    pictures = picture_route(lambda id: agent.catalogue.items.get(id))
    try:
        _, address, _ = page.launch(
            server_name="127.0.0.1",
            server_port=port,
            inbrowser=open_browser,
            prevent_thread_lock=True,
            quiet=True,
            share=False,
            footer_links=[],
            run_history=False,
            enable_monitoring=False,
            ssr_mode=False,
            pwa=False,
            mcp_server=False,
            max_file_size="40mb",
            allowed_paths=examples,
            app_kwargs={"routes": [pictures], "middleware": guards},
            theme=system_theme(),
            css=_asset("page.css"),
            js=_asset("page.js"),
            head=_asset("head.html"),
            favicon_path=str(_STATIC / "feather.svg"),
        )
    except OSError as error:
        taken = f"port {port}" if port else f"every port from {FIRST_PORT} to {LAST_PORT}"
        raise SettingsError(f"{taken} is taken: choose another with --port") from error
    try:
        yield address
    finally:
        page.close(verbose=False)


def _chatbot(examples: Sequence[Example]) -> gr.Chatbot:
    """Return a Chatbot that shows our HTML, sanitised, and never reads Markdown or LaTeX."""
    return gr.Chatbot(
        elem_id="chat",
        label="Conversation",
        show_label=False,
        container=False,
        scale=1,
        height="100%",
        autoscroll=False,
        layout="bubble",
        buttons=[],
        feedback_options=None,
        render_markdown=False,
        sanitize_html=True,
        allow_tags=False,
        latex_delimiters=[],
        group_consecutive_messages=False,
        placeholder=_asset("welcome.html"),
        examples=[_example_message(one) for one in examples],
    )


def _message_box() -> gr.MultimodalTextbox:
    return gr.MultimodalTextbox(
        elem_id="box",
        label="Message",
        show_label=False,
        placeholder="Describe it, show it, say it",
        sources=["upload", "microphone"],
        file_types=["image", "audio", "video"],
        file_count="multiple",
        max_lines=6,
        max_plain_text_length=_MOST_PASTED,
        autofocus=True,
    )


def _submitted(message: dict[str, Any], now: PageConversation, by: gr.Request) -> list[Any]:
    """Begin a turn with what is in the message box."""
    try:
        return _begun(request_from_message(message), now, by)
    except MessageError as error:
        raise gr.Error(str(error), print_exception=False) from error


def _user(by: gr.Request) -> str:
    """Return whose browser sent an event."""
    if by.request is None:
        raise gr.Error("this event was sent by no browser", print_exception=False)
    return user_of(by.request)


def _check_owner(now: PageConversation, by: gr.Request) -> None:
    """Refuse a conversation that another browser began: its number in a request proves nothing."""
    if now.user not in ("", _user(by)):
        raise gr.Error("this conversation is another browser's", print_exception=False)


def _begun(request: Request, now: PageConversation, by: gr.Request) -> list[Any]:
    """Clear the box, show the stop button, and show the request with its status line."""
    _check_owner(now, by)
    if now.reply and now.reply.waiting:
        raise gr.Error("Magpie is still answering: wait, or press stop", print_exception=False)
    begun = accept(request, now, _user(by))
    return [_box(busy=True), begun.messages(), begun]


def _stopped(now: PageConversation, by: gr.Request) -> list[Any]:
    return _ended(now, STOPPED, by)


def _broken_off(now: PageConversation, by: gr.Request) -> list[Any]:
    return _ended(now, OUR_FAULT, by)


def _ended(now: PageConversation, why: str, by: gr.Request) -> list[Any]:
    _check_owner(now, by)
    ended = halt(now, why)
    return [_box(busy=False), ended.messages(), ended]


def _box(*, busy: bool) -> gr.MultimodalTextbox:
    """Return a change of the message box: emptied for a turn, or ready for the next one."""
    if busy:
        return gr.MultimodalTextbox(value=None, submit_btn=False, stop_btn=True)
    return gr.MultimodalTextbox(submit_btn=True, stop_btn=False)


def _example_message(example: Example) -> ExampleMessage:
    if example.photo is None:
        return ExampleMessage(text=example.words)
    photo = str(example.photo)
    return ExampleMessage(text=example.words, files=[photo], icon=photo)


def _asset(name: str) -> str:
    return (_STATIC / name).read_text("utf-8")
