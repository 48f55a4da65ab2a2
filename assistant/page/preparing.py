"""A line above the conversation that says what is still being prepared, until nothing is.

Knows Gradio's timer; what is being prepared comes from outside, as a value.
"""

from collections.abc import Callable
from typing import Any

import gradio as gr

from assistant.events import Preparing
from assistant.page.markup.cards import line
from assistant.page.markup.steps import preparing_said
from assistant.page.markup.wording import wording
from assistant.page.page_events import sender_language

NowPreparing = Callable[[], Preparing | None]  # what is still being prepared; None: nothing

_EACH = 1.0  # seconds between two looks
_QUICK: dict[str, Any] = {
    "queue": False, "show_progress": "hidden", "api_visibility": "private"
}  # fmt: skip


def show_preparing(page: gr.Blocks, preparing: NowPreparing) -> None:
    """Add the line at this place of the page."""
    said = gr.HTML("", elem_id="preparing", visible=False)
    clock = gr.Timer(_EACH)

    def look(by: gr.Request) -> list[Any]:
        now = preparing_said(preparing(), wording(sender_language(by)))
        return [gr.HTML(line("preparing", now), visible=bool(now)), gr.Timer(active=bool(now))]

    page.load(look, None, [said, clock], **_QUICK)
    clock.tick(look, None, [said, clock], **_QUICK)
