"""Serve the page: at once, while what answers is still being built.

Knows the page, the terminal and the order of the two; decides nothing.
"""

import threading
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from assistant.beginning import Beginning, let_all_join
from assistant.commands.terminal import complain, progress, say
from assistant.model.warm_up import reading_ahead
from assistant.page.page import open_page

if TYPE_CHECKING:
    from assistant.settings import Settings


def serve_page(settings: "Settings", port: int | None, *, open_browser: bool) -> None:
    """Open the page, then load what answers, and serve until Ctrl-C.

    Raises: MagpieError when the page cannot be served, or nothing can be found.
    """
    agent = Beginning(settings)
    page = open_page(
        agent, settings.home, port=port, open_browser=open_browser, preparing=agent.preparing
    )
    with closing(agent), page as address:  # the page is served by other threads
        say(f"Magpie is at {address} (Ctrl-C ends it)", "bold")
        with progress() as report:
            living = let_all_join(agent, settings, report, complain)
        with reading_ahead(living.model), suppress(KeyboardInterrupt):  # the normal way to end it
            threading.Event().wait()
