"""What a user keeps for later as HTML: side by side on the page, and as one file to take along.

Knows kept items, records and HTML; knows no Gradio. As in `profile_panel.py`, a deed that no longer
applies changes nothing.
"""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from assistant.page.markup.cards import text
from assistant.page.markup.comparison import comparison_table
from assistant.page.markup.thumbnails import small_picture
from assistant.page.markup.wording import OWN, Wording, wording
from assistant.page.panels.frame import panel_head
from assistant.recommending.evidence import price_text
from retrieval.items import Catalogue, Item

if TYPE_CHECKING:
    from assistant.memory.kept_items import KeptItem
    from assistant.memory.store import Memory

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:46em;margin:2em auto;padding:0 1em;color:#11181c}
article{display:flex;gap:1.2em;padding:1em 0;border-top:1px solid #ddd;break-inside:avoid}
img{width:140px;height:140px;object-fit:contain;flex:none}h2{font-size:1.1em;margin:0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:0 1em;margin:.5em 0 0}dd{margin:0}
dt{color:#566168}
"""


def kept_drawer(memory: "Memory", catalogue: Catalogue, user: str, language: str = OWN) -> str:
    """Draw what a user keeps, with what sets it apart, and the link that saves it as one file."""
    kept = memory.kept.of(user, catalogue.name)
    there = [catalogue.items[one.id] for one in kept if one.id in catalogue.items]
    on, say = "yes" if memory.remembers(user) else "no", wording(language)
    rows = "".join(_row(one, catalogue.items.get(one.id), say) for one in kept)
    listed = f'<ul class="kept-lines">{rows}</ul>' if rows else f"<p>{say('kept.none')}</p>"
    ids = json.dumps([one.id for one in kept])
    return (
        f"{panel_head('kept', say, kept=ids, on=on)}{listed}"
        f"{comparison_table(there, catalogue.name, say('kept.side_by_side'), language)}"
        f"{_saved(there, say)}</section>"
    )


def change_kept(memory: "Memory", catalogue: Catalogue, user: str, deed: Mapping[str, str]) -> None:
    """Carry out what a user does with an item: {"act": "keep" or "let go", "item": id}.

    Raises:
        StorageError: the change cannot be stored.
    """
    item = catalogue.items.get(deed.get("item", ""))
    match deed.get("act"):
        case "keep" if item and memory.remembers(user):
            memory.kept.add(user, catalogue.name, item)
        case "let go":
            memory.kept.remove(user, catalogue.name, deed.get("item", ""))


def _row(kept: "KeptItem", item: Item | None, say: Wording) -> str:
    title = text(item.title if item else kept.title)
    price = price_text(item.price, item.currency) if item else say("kept.gone")
    return (
        f'<li><span dir="auto">{title}</span><span class="card-aside">{text(price)}</span>'
        f'<button type="button" data-act="let go" data-item="{text(kept.id)}"'
        f' aria-label="{say("panel.remove_one", title=title)}">{say("panel.remove")}</button></li>'
    )


def _saved(items: Sequence[Item], say: Wording) -> str:
    """Return a link that saves the items as one HTML file, their pictures inside."""
    if not items:
        return ""
    title = say("kept.title")
    whole = (
        f'<!doctype html><html lang="{say.language}"><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style><h1>{title}</h1>{''.join(map(_article, items))}"
    )
    coded = b64encode(whole.encode()).decode()
    address = f"data:text/html;charset=utf-8;base64,{coded}"
    link = f'<a download="{say("kept.file")}" href="{address}">{say("kept.save")}</a>'
    return f'<p class="memory-export">{link}</p>'


def _article(item: Item) -> str:
    address = small_picture(item.pictures[0]) if item.pictures else ""
    picture = f'<img src="{address}" alt="">' if address else ""
    fields = {"brand": item.brand, "category": item.category, **item.attributes}
    rows = "".join(
        f"<dt>{text(name)}</dt><dd>{text(value)}</dd>"
        for name, value in fields.items()
        if value.strip()
    )
    priced = text(price_text(item.price, item.currency))
    return (
        f"<article>{picture}<div><h2>{text(item.title)}</h2><strong>{priced}</strong>"
        f"<p>{text(item.description)}</p><dl>{rows}</dl></div></article>"
    )
