"""What happens on the events of the panels. Converts and decides nothing; a deed is the panels'.

◆ gradio.
"""

from pathlib import Path

import gradio as gr

from assistant.page.markup.troubles import trouble_said
from assistant.page.markup.wording import wording
from assistant.page.page_events import (
    QUICK,
    PageParts,
    deed_said,
    refusals,
    sender,
    sender_language,
    shop_shown,
)
from assistant.page.panels.adding_panel import CatalogueAdding, adding_form, carry_out_adding
from assistant.page.panels.catalogue_panel import FOLDERS, Whereabouts, catalogue_drawer
from assistant.page.panels.kept_panel import change_kept, kept_drawer
from assistant.page.panels.profile_panel import act, memory_drawer
from assistant.page.shops import OpenShops
from retrieval.errors import MagpieError


def remember(shops: OpenShops, parts: PageParts) -> None:
    """Wire the taste profile: shown on page load and after each turn, changed by its buttons."""

    def show(by: gr.Request) -> str:
        agent = shop_shown(shops, by).agent
        return memory_drawer(agent.memory, agent.vocabulary, sender(by), sender_language(by))

    def press(deed: gr.EventData, by: gr.Request) -> list[str]:
        user, wanted, trouble = sender(by), deed_said(deed), ""
        agent = shop_shown(shops, by).agent
        try:
            if (wanted["act"], wanted["all"]) == ("forget", "yes"):
                shops.forget_all(user)
            act(agent.memory, agent.vocabulary, user, wanted)
        except MagpieError as error:
            trouble = trouble_said(error, wording(sender_language(by)))
        language = sender_language(by)
        told = memory_drawer(agent.memory, agent.vocabulary, user, language, trouble=trouble)
        kept = kept_drawer(agent.memory, agent.catalogue, user, language)
        return [told, kept]  # to be forgotten lets go

    parts.page.load(show, None, [parts.memory], **QUICK)
    parts.memory.click(press, None, [parts.memory, parts.kept], **QUICK)


def keep_items(shops: OpenShops, parts: PageParts) -> None:
    """Wire the shortlist: shown on page load, changed by its buttons and by those of the cards."""

    def list_kept(by: gr.Request) -> str:
        agent = shop_shown(shops, by).agent
        return kept_drawer(agent.memory, agent.catalogue, sender(by), sender_language(by))

    def change(deed: gr.EventData, by: gr.Request) -> str:
        agent = shop_shown(shops, by).agent
        with refusals(by):
            change_kept(agent.memory, agent.catalogue, sender(by), deed_said(deed))
        return list_kept(by)

    parts.page.load(list_kept, None, [parts.kept], **QUICK)
    parts.kept.click(change, None, [parts.kept], **QUICK)


def show_catalogues(
    shops: OpenShops, indexes: Path, adding: CatalogueAdding | None, parts: PageParts
) -> None:
    """Wire the catalogues: their panel is empty until it is opened, as a map takes a while."""

    def draw(chosen: str, by: gr.Request, trouble: str = "", entered: str = "") -> str:
        language, current = sender_language(by), shop_shown(shops, by).name
        form = adding_form(adding.now, wording(language), trouble=trouble) if adding else ""
        opening = adding.open_store if adding else FOLDERS.open
        where = Whereabouts(current, entered, can_enter=shops.can_open)
        return catalogue_drawer(indexes, chosen, where, language, adding=form, open_store=opening)

    def begin(by: gr.Request) -> str:
        return draw("", by)

    def press(deed: gr.EventData, by: gr.Request) -> str:
        wanted, trouble, entered = deed_said(deed), "", ""
        named = wanted["text"] if wanted["act"] in ("look", "enter") else ""
        try:
            if wanted["act"] == "enter":
                entered = shops.open(named).name
            elif adding is not None:
                carry_out_adding(adding, wanted)
        except MagpieError as error:
            trouble = trouble_said(error, wording(sender_language(by)))
        return draw(named or shop_shown(shops, by).name, by, trouble, entered)

    parts.page.load(begin, None, [parts.catalogue], **QUICK)
    parts.catalogue.click(press, None, [parts.catalogue], **QUICK)
