"""The Gradio page: layout and launch; its events are wired in `wiring.py`.

◆ gradio. Loads nothing from the network, and serves only uploads and the items' own pictures.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import gradio as gr
from starlette.middleware import Middleware
from starlette.routing import Route

from assistant.page.examples import Example
from assistant.page.gate import gates, signing_key
from assistant.page.markup.thumbnails import picture_route
from assistant.page.markup.wording import OWN
from assistant.page.page_events import PageParts
from assistant.page.panel_wiring import keep_items, remember, show_catalogues
from assistant.page.panels.adding_panel import CatalogueAdding, adding_route
from assistant.page.panels.catalogue_panel import problems_route
from assistant.page.panels.uploads import UPLOADS_KEPT, private_uploads
from assistant.page.preparing import NowPreparing, show_preparing
from assistant.page.session import PageAgent
from assistant.page.shops import OpenCatalogue, OpenShop, OpenShops
from assistant.page.theme import system_theme
from assistant.page.visitor import InLanguage, language_choice, page_texts, visitor_language
from assistant.page.wiring import connect, example_message
from retrieval.errors import SettingsError

FIRST_PORT, LAST_PORT = 7860, 7959  # where Gradio looks for a free one

INDEXES = "indexes"  # the folder of the catalogues, at home

_STATIC = Path(__file__).parent / "static"
_MOST_PASTED = 100_000  # characters; Gradio would turn a longer paste into a file


@dataclass(frozen=True)
class PageServices:
    """What the page may ask of the program that serves it, beside its agent; None: it may not."""

    preparing: NowPreparing | None = None  # what is still to join the agent
    adding: CatalogueAdding | None = None
    open_agent: OpenCatalogue | None = None  # opens other catalogues


NO_SERVICES = PageServices()


def build_page(shops: OpenShops, indexes: Path, services: PageServices = NO_SERVICES) -> gr.Blocks:
    """Lay out the page and connect it to the agents."""
    page = gr.Blocks(
        title="Magpie", analytics_enabled=False, fill_height=True, delete_cache=UPLOADS_KEPT
    )
    with page:
        with gr.Row(elem_id="top"):
            gr.HTML(_asset("header.html"), elem_id="brand")
            gr.HTML(_buttons(), elem_id="panel-buttons")
            new = gr.Button("[[top.new]]", elem_id="new", size="sm", scale=0)
        if services.preparing is not None:
            show_preparing(page, services.preparing)
        chatbot, box = _chatbot(shops.first.examples[OWN]), _message_box()
        talks = _panel("talks")
        kept = _panel("kept")
        memory = _panel("memory")
        catalogue = _panel("catalogue")
        parts = PageParts(page, new, box, chatbot, talks, kept, memory, catalogue, gr.State(""))
        connect(shops, parts)
        remember(shops, parts)
        keep_items(shops, parts)
        show_catalogues(shops, indexes, services.adding, parts)
    return page


@contextmanager
def open_page(
    agent: PageAgent,
    home: Path,
    *,
    port: int | None = None,
    open_browser: bool = False,
    services: PageServices = NO_SERVICES,
) -> Iterator[str]:
    """Serve the page to this machine, yield its address, and close it at the end.

    Without a port, the first free one from FIRST_PORT on is taken. `home` has the key by which
    browsers are known again.

    Raises:
        SettingsError: the port is taken.
        StorageError: the key can be neither read nor written.

    """
    shops = OpenShops(agent, services.open_agent)
    with private_uploads():
        page = build_page(shops, home / INDEXES, services)
        shown = [str(one.photo) for one in shops.first.examples[OWN] if one.photo]
        routes = [picture_route(shops.item), problems_route(home / INDEXES)]
        routes += [adding_route(services.adding, visitor_language)] if services.adding else []
        guards = [
            *gates(signing_key(home)),
            Middleware(InLanguage, texts=lambda language: _texts(language, shops.first)),
        ]
        try:
            yield from _served(page, routes, shown, guards, port, open_browser)
        finally:
            shops.close()


def _served(
    page: gr.Blocks,
    routes: list[Route],
    examples: list[str],
    guards: list[Middleware],
    port: int | None,
    open_browser: bool,
) -> Iterator[str]:
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
            app_kwargs={"routes": routes, "middleware": guards},
            theme=system_theme(),
            css=_asset("page.css"),
            js="() => {" + _asset("page.js") + _asset("gallery.js") + "}",
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


def _panel(name: str) -> gr.HTML:
    """Return an empty panel; what all panels do stands before what this one does."""
    script = _asset("panel.js") + _asset(f"{name}.js")
    return gr.HTML("", elem_id=name, js_on_load=script)


def _chatbot(examples: Sequence[Example]) -> gr.Chatbot:
    """Return a Chatbot that shows our HTML, sanitised, and never reads Markdown or LaTeX."""
    return gr.Chatbot(
        elem_id="chat",
        label="[[box.conversation]]",
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
        # each visitor gets the words in their language
        examples=[example_message(one, f"[[started.{n}]]") for n, one in enumerate(examples)],
    )


def _message_box() -> gr.MultimodalTextbox:
    return gr.MultimodalTextbox(
        elem_id="box",
        label="[[box.message]]",
        show_label=False,
        placeholder="[[box.placeholder]]",
        sources=["upload", "microphone"],
        file_types=["image", "audio", "video"],
        file_count="multiple",
        max_lines=6,
        max_plain_text_length=_MOST_PASTED,
        autofocus=True,
    )


def _texts(language: str, shop: OpenShop) -> dict[str, str]:
    """Return what fills the places of the page in a language."""
    shown = {f"started.{n}": one.words for n, one in enumerate(shop.examples[language])}
    return page_texts(language) | shown


def _buttons() -> str:
    return _asset("panel_buttons.html").replace("[[choice]]", language_choice())


def _asset(name: str) -> str:
    return (_STATIC / name).read_text("utf-8")
