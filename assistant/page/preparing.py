"""A line above the conversation that says what is still being prepared, until nothing is.

Knows Gradio's timer; what to say comes from outside.
"""

from collections.abc import Callable
from typing import Any

import gradio as gr

from assistant.page.markup.cards import line

PreparingText = Callable[[], str]  # what is still to be prepared, in words; "" when nothing is

_EACH = 1.0  # seconds between two looks
_QUICK: dict[str, Any] = {
    "queue": False, "show_progress": "hidden", "api_visibility": "private"
}  # fmt: skip


def show_preparing(page: gr.Blocks, preparing: PreparingText) -> None:
    """Add the line at this place of the page."""
    said = gr.HTML("", elem_id="preparing", visible=False)
    clock = gr.Timer(_EACH)

    def look() -> list[Any]:
        now = preparing()
        return [gr.HTML(line("preparing", now), visible=bool(now)), gr.Timer(active=bool(now))]

    page.load(look, None, [said, clock], **_QUICK)
    clock.tick(look, None, [said, clock], **_QUICK)
