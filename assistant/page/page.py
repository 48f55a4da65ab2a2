"""The Gradio page: layout, events, launch. Converts data formats and decides nothing.

Knows Gradio; what to show comes from `session.py`, every decision from the agent. Loads nothing
from the network, and serves only uploads and the items' own pictures.
"""

import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.components.chatbot import ExampleMessage

from assistant.page.examples import Example, starting_points
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
from assistant.page.thumbnails import picture_route
from assistant.turn.request import Request
from retrieval.errors import MagpieError, MessageError, SettingsError

FIRST_PORT, LAST_PORT = 7860, 7959  # where Gradio looks for a free one
OUR_FAULT = "Something went wrong on this side, not yours; the terminal says what. Please go on."
STOPPED = "Stopped."

_STATIC = Path(__file__).parent / "static"
_MOST_PASTED = 100_000  # characters; Gradio would turn a longer paste into a file
_UPLOADS_KEPT = (3600, 86_400)  # seconds: how often to look, and how old an upload may become
_USER = re.compile(r"[0-9a-f]{32}")  # a browser's user id: random, so that nobody can guess it
_QUICK: dict[str, Any] = {
    "queue": False, "show_progress": "hidden", "api_visibility": "private"
}  # fmt: skip
_ONE_AT_A_TIME: dict[str, Any] = {
    "concurrency_id": "turn", "concurrency_limit": 1,
    "show_progress": "hidden", "api_visibility": "private",
}  # fmt: skip


def build_page(agent: PageAgent, examples: Sequence[Example] = ()) -> gr.Blocks:
    """Lay out the page and connect it to the agent."""
    page = gr.Blocks(
        title="Magpie", analytics_enabled=False, fill_height=True, delete_cache=_UPLOADS_KEPT
    )
    with page:
        conversation = gr.State(lambda: fresh(agent.catalogue.currency))
        user = gr.BrowserState("", storage_key="magpie-user", secret="magpie")
        with gr.Row(elem_id="top"):
            gr.HTML(_asset("header.html"), elem_id="brand")
            gr.HTML(_asset("memory.html"), elem_id="memory-button")
            new = gr.Button("New conversation", elem_id="new", size="sm", scale=0)
        chatbot, box = _chatbot(examples), _message_box()
        remembered = gr.HTML("", elem_id="memory", js_on_load=_asset("memory.js"))
        turns = _connect(agent, examples, new, box, chatbot, (conversation, user))
        _remember(page, agent, user, remembered, turns)
    return page


def _connect(
    agent: PageAgent,
    examples: Sequence[Example],
    new: gr.Button,
    box: gr.MultimodalTextbox,
    chatbot: gr.Chatbot,
    kept: tuple[gr.State, gr.BrowserState],
) -> list[Any]:
    """Wire the events: a request is shown at once, then answered; it can be stopped."""
    conversation, user = kept
    shown = [box, chatbot, conversation]

    def choose(chosen: gr.SelectData, now: PageConversation, user: str) -> list[Any]:
        return _begun(examples[int(chosen.index)].request(), now, user)

    def follow(chosen: gr.SelectData, now: PageConversation, user: str) -> list[Any]:
        return _begun(Request(words=str(chosen.value)), now, user)

    def answer(now: PageConversation) -> Iterator[list[Any]]:
        for grown in respond(agent, now):
            yield [grown.messages(), grown]

    def start_over() -> list[Any]:
        return [_box(busy=False), [], fresh(agent.catalogue.currency)]

    turns = []
    for begun in (
        box.submit(_submitted, [box, conversation, user], shown, **_QUICK),
        chatbot.example_select(choose, [conversation, user], shown, **_QUICK),
        chatbot.option_select(follow, [conversation, user], shown, **_QUICK),
    ):
        turn = begun.success(answer, [conversation], [chatbot, conversation], **_ONE_AT_A_TIME)
        turn.success(lambda: _box(busy=False), None, [box], **_QUICK)
        turn.failure(lambda now: _ended(now, OUR_FAULT), [conversation], shown, **_QUICK)
        turns.append(turn)
    box.stop(lambda now: _ended(now, STOPPED), [conversation], shown, cancels=turns, **_QUICK)
    new.click(start_over, None, shown, cancels=turns, **_QUICK)
    return turns


def _remember(
    page: gr.Blocks, agent: PageAgent, user: gr.BrowserState, remembered: gr.HTML, turns: list[Any]
) -> None:
    """Wire the taste profile: shown on page load and after each turn, changed by its buttons."""
    memory = agent.memory

    def arrive(user: str) -> list[str]:
        known = user if _USER.fullmatch(user) else secrets.token_hex(16)
        return [known, drawer(memory, agent.vocabulary, known)]

    def show(user: str) -> str:
        return drawer(memory, agent.vocabulary, user)

    def press(deed: gr.EventData, user: str) -> str:
        wanted = {
            name: str(getattr(deed, name, "")) for name in ("act", "item", "key", "text", "all")
        }
        try:
            act(memory, agent.vocabulary, user, wanted)
        except MagpieError as error:
            raise gr.Error(str(error), print_exception=False) from error
        return drawer(memory, agent.vocabulary, user)

    page.load(arrive, [user], [user, remembered], **_QUICK)
    remembered.click(press, [user], [remembered], **_QUICK)
    for turn in turns:
        turn.success(show, [user], [remembered], **_QUICK)


@contextmanager
def open_page(
    agent: PageAgent, *, port: int | None = None, open_browser: bool = False
) -> Iterator[str]:
    """Serve the page to this machine, yield its address, and close it at the end.

    Without a port, the first free one from FIRST_PORT on is taken.

    Raises:
        SettingsError: the port is taken.

    """
    examples = starting_points(agent.catalogue)
    page = build_page(agent, examples)
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
            allowed_paths=[str(one.photo) for one in examples if one.photo],
            app_kwargs={"routes": [pictures]},
            theme=_theme(),
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


def _submitted(message: dict[str, Any], now: PageConversation, user: str) -> list[Any]:
    """Begin a turn with what is in the message box."""
    try:
        return _begun(request_from_message(message), now, user)
    except MessageError as error:
        raise gr.Error(str(error), print_exception=False) from error


def _begun(request: Request, now: PageConversation, user: str) -> list[Any]:
    """Clear the box, show the stop button, and show the request with its status line."""
    if now.reply and now.reply.waiting:
        raise gr.Error("Magpie is still answering: wait, or press stop", print_exception=False)
    begun = accept(request, now, user if _USER.fullmatch(user) else "")
    return [_box(busy=True), begun.messages(), begun]


def _ended(now: PageConversation, why: str) -> list[Any]:
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


def _theme() -> gr.themes.Base:
    """Return a theme of system fonts, so that nothing is fetched."""
    system = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif")
    return gr.themes.Base(
        primary_hue="teal",
        neutral_hue="slate",
        radius_size="lg",
        font=system,
        font_mono=("ui-monospace", "monospace"),
    )


def _asset(name: str) -> str:
    return (_STATIC / name).read_text("utf-8")
