"""The page's components, and what comes with an event: who sent it, and what it says.

◆ gradio. Knows the components by what they show; decides nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.page.gate import user_of
from assistant.page.markup.troubles import trouble_said
from assistant.page.markup.wording import OWN, wording
from assistant.page.shops import CATALOGUE_PLACE, OpenShop, OpenShops
from assistant.page.visitor import visitor_language
from retrieval.errors import MagpieError

QUICK: dict[str, Any] = {
    "queue": False, "show_progress": "hidden", "api_visibility": "private",
    "trigger_mode": "multiple",
}  # fmt: skip

_DEED = ("act", "item", "key", "text", "all", "session", "path")


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


def deed_said(deed: gr.EventData) -> dict[str, str]:
    """Return what a button says, as the page's script hands it over."""
    return {name: _said(deed, name) for name in _DEED}


def _said(deed: gr.EventData, name: str) -> str:
    try:
        return str(getattr(deed, name, ""))
    except TypeError:  # the event carries no fields at all
        return ""


def sender(by: gr.Request) -> str:
    """Return whose browser sent an event."""
    if by.request is None:
        raise gr.Error("this event was sent by no browser", print_exception=False)
    return user_of(by.request)


def sender_language(by: gr.Request) -> str:
    """Return the language in which a visitor reads the page."""
    return visitor_language(by.request) if by.request else OWN


def named_catalogue(by: gr.Request) -> str:
    """Return the catalogue that the page's address names, "" if it names none."""
    return str(by.query_params.get(CATALOGUE_PLACE, "")) if by.request else ""


def shop_of(shops: OpenShops, by: gr.Request) -> OpenShop:
    """Return the catalogue that a sender is in; where it cannot be opened, Gradio says why."""
    with refusals(by):
        return shops.open(named_catalogue(by))


def shop_shown(shops: OpenShops, by: gr.Request) -> OpenShop:
    """Return the catalogue that a sender is in, the first one where that cannot be opened."""
    try:
        return shops.open(named_catalogue(by))
    except MagpieError:
        return shops.first


@contextmanager
def refusals(by: gr.Request) -> Iterator[None]:
    """Let Gradio say why something was refused, in the sender's language."""
    try:
        yield
    except MagpieError as error:
        told = trouble_said(error, wording(sender_language(by)))
        raise gr.Error(told, print_exception=False) from error
