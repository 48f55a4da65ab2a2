"""Serve the page, or programs, or both: at once, while what answers is still being built.

Knows the page, the doors, the terminal and the order of these; decides nothing.
"""

import threading
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, closing, suppress
from typing import TYPE_CHECKING, Any

from assistant.adding import CatalogueAdder
from assistant.beginning import Beginning, let_all_join
from assistant.commands.terminal import complain, progress, say
from assistant.model.warm_up import reading_ahead
from assistant.neighbours import Neighbours

if TYPE_CHECKING:
    from assistant.api.server.api_server import ApiSettings
    from assistant.settings import Settings


def serve_page(
    settings: "Settings", port: int | None, *, open_browser: bool, api_port: int | None = None
) -> None:
    """Open the page, then load what answers, and serve until Ctrl-C; programs too, at their port.

    Raises: MagpieError when the page cannot be served, or nothing can be found.
    """
    from assistant.page.page import PageServices, open_page

    agent = Beginning(settings)
    adder, others = CatalogueAdder(settings, agent.lend), Neighbours(settings, agent.lend)
    services = PageServices(agent.preparing, adder, others.open)
    page = open_page(agent, settings.home, port=port, open_browser=open_browser, services=services)
    with ExitStack() as open_:
        open_.enter_context(closing(agent))
        open_.enter_context(closing(others))
        open_.enter_context(closing(adder))
        say(f"Magpie is at {open_.enter_context(page)} (Ctrl-C ends it)", "bold")
        if api_port is not None:
            from assistant.api.server.api_server import ApiSettings, open_api

            doors = open_api(agent, settings.home, ApiSettings(port=api_port))
            say(f"Programs ask at {open_.enter_context(doors)}")
        _answer_until_stopped(agent, settings)


def serve_programs(settings: "Settings", api: "ApiSettings") -> None:
    """Open the doors, then load what answers, and serve until Ctrl-C.

    Raises: MagpieError when the port cannot be served, or nothing can be found.
    """
    from assistant.api.server.api_server import open_api

    agent = Beginning(settings)
    with closing(agent), open_api(agent, settings.home, api) as address:
        say(f"Programs ask at {address}, what is there stands at {address}/docs", "bold")
        _answer_until_stopped(agent, settings)


def serve_streams(settings: "Settings") -> None:
    """Answer one program by MCP until it closes standard input; nothing else is printed there."""
    from assistant.api.answer_items import PublicAddress
    from assistant.api.server.api_parts import api_parts
    from assistant.api.server.mcp_tools import mcp_server

    agent = Beginning(settings)
    parts = api_parts(agent, PublicAddress())

    @asynccontextmanager
    async def loading(_: object) -> AsyncIterator[dict[str, Any]]:
        """Load what answers once the streams are the protocol's, while requests already wait."""
        joining = threading.Thread(
            target=lambda: let_all_join(agent, settings, lambda step: None, complain), daemon=True
        )
        joining.start()
        yield {}

    with closing(agent), closing(parts):
        mcp_server(parts, lifespan=loading).run("stdio")


def _answer_until_stopped(agent: Beginning, settings: "Settings") -> None:
    """Load what answers, and wait for Ctrl-C; other threads serve."""
    with progress() as report:
        living = let_all_join(agent, settings, report, complain)
    with reading_ahead(living.model), suppress(KeyboardInterrupt):  # the normal way to end it
        threading.Event().wait()
