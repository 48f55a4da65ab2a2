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
from assistant.recommending.evidence import price_text
from retrieval.items import Catalogue, Item

if TYPE_CHECKING:
    from assistant.memory.kept_items import KeptItem
    from assistant.memory.store import Memory

_NONE = "Nothing yet. Press Keep on a card, and it waits for you here, whatever you look for next."
_FILE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Shortlist</title><style>
body{font:15px/1.5 system-ui,sans-serif;max-width:46em;margin:2em auto;padding:0 1em;color:#11181c}
article{display:flex;gap:1.2em;padding:1em 0;border-top:1px solid #ddd;break-inside:avoid}
img{width:140px;height:140px;object-fit:contain;flex:none}h2{font-size:1.1em;margin:0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:0 1em;margin:.5em 0 0}dd{margin:0}
dt{color:#566168}</style>"""


def kept_drawer(memory: "Memory", catalogue: Catalogue, user: str) -> str:
    """Draw what a user keeps, with what sets it apart, and the link that saves it as one file."""
    kept = memory.kept.of(user, catalogue.name)
    there = [catalogue.items[one.id] for one in kept if one.id in catalogue.items]
    on = "yes" if memory.remembers(user) else "no"
    rows = "".join(_row(one, catalogue.items.get(one.id)) for one in kept)
    listed = f'<ul class="kept-lines">{rows}</ul>' if rows else f"<p>{_NONE}</p>"
    ids = text(json.dumps([one.id for one in kept]))
    return (
        f'<section role="dialog" aria-labelledby="kept-title" data-kept="{ids}" data-on="{on}">'
        '<header><h2 id="kept-title" tabindex="-1">Shortlist</h2>'
        '<button type="button" data-act="close" aria-label="Close">×</button></header>'
        f"{listed}{comparison_table(there, 'Side by side; what differs stands first')}"
        f"{_saved(there)}</section>"
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


def _row(kept: "KeptItem", item: Item | None) -> str:
    title = text(item.title if item else kept.title)
    price = price_text(item.price, item.currency) if item else "no longer in this catalogue"
    return (
        f'<li><span dir="auto">{title}</span><span class="card-aside">{text(price)}</span>'
        f'<button type="button" data-act="let go" data-item="{text(kept.id)}"'
        f' aria-label="Remove: {title}">Remove</button></li>'
    )


def _saved(items: Sequence[Item]) -> str:
    """Return a link that saves the items as one HTML file, their pictures inside."""
    if not items:
        return ""
    whole = _FILE + "<h1>Shortlist</h1>" + "".join(map(_article, items))
    coded = b64encode(whole.encode()).decode()
    link = f'<a download="shortlist.html" href="data:text/html;charset=utf-8;base64,{coded}">'
    return f'<p class="memory-export">{link}Save as one file</a> to print or to send</p>'


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
