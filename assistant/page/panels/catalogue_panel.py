"""The indexed catalogues as HTML: how many items, what was read and could not be, prices, a map.

Knows the folder of the indexes and HTML; knows no Gradio, loads no encoder and changes nothing. A
name that a page sends names an index in that folder, or nothing.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from assistant.page.markup.cards import text
from assistant.page.markup.charts import item_map, price_table
from assistant.page.markup.troubles import trouble_said
from assistant.page.markup.wording import OWN, Wording, wording
from assistant.page.panels.frame import panel_head
from retrieval.errors import MagpieError
from retrieval.field_profile import CatalogueProfile
from retrieval.index.index import OpenStore
from retrieval.index.manifest import index_folder
from retrieval.index.placement import Placement
from retrieval.index.summary import (
    IndexSummary,
    indexed,
    price_bars,
    problem_table,
    read_problems,
    read_summary,
)
from retrieval.items import Catalogue

FOLDERS = Placement()  # where nothing else is chosen
_SHOWN = 20  # problems; all of them are in the table to download
_MOST = 100_000  # rows of that table
_ALONE = 200  # characters of a line that says how the catalogue was read
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would compute


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """In which catalogue a visitor searches."""

    current: str
    entered: str = ""  # the one that the visitor has just asked for: it is open now
    can_enter: bool = False  # whether another can be searched in


def catalogue_drawer(
    indexes: Path,
    name: str,
    where: Whereabouts,
    language: str = OWN,
    *,
    adding: str = "",
    open_store: OpenStore = FOLDERS.open,
) -> str:
    """Draw the catalogues to choose among, and what is known of one; "" chooses none yet.

    `adding` is what stands below the choice: how another one is added. `open_store` opens their
    stores.
    """
    say = wording(language)
    offered = "".join(
        f'<option value="{text(one)}"{" selected" if one == name else ""}>'
        f"{text(say('catalogue.one', name=one, count=items))}</option>"
        for one, items in indexed(indexes)
    )
    choice = (
        f'<label class="catalogue-choice">{say("catalogue.choose")}'
        f'<select data-act="look">{offered}</select></label>'
    )
    if not name:
        told = ""
    elif not offered:
        told = f"<p>{say('catalogue.none')}</p>"
    else:
        told = _told(indexes, name, where, say, open_store)
    known = {"seen": "yes" if name else "no", "current": where.current, "entered": where.entered}
    head = panel_head("catalogue", say, **known)
    return f"{head}{choice if offered else ''}{adding}{told}</section>"


def problems_route(indexes: Path) -> Route:
    """Return the route `/catalogues/<name>/problems.csv`: what could not be used, as a table."""

    def answer(request: Request) -> Response:
        try:
            table = problem_table(index_folder(indexes, request.path_params["name"]))
            rows = list(read_problems(table, _MOST)) if table else None
        except MagpieError:
            rows = None
        if rows is None:
            return Response("there is no such table", status_code=404)
        kept = {"Content-Disposition": 'attachment; filename="problems.csv"'}
        return Response(_csv(rows), media_type="text/csv; charset=utf-8", headers=kept)

    return Route("/catalogues/{name}/problems.csv", answer)


def _told(indexes: Path, name: str, where: Whereabouts, say: Wording, open_store: OpenStore) -> str:
    """Draw what is known of an index, or why nothing is."""
    try:
        seen = read_summary(index_folder(indexes, name), open_store)
    except MagpieError as error:
        return f'<p class="memory-trouble" role="alert">{text(trouble_said(error, say))}</p>'
    read = f"<p>{text(seen.manifest.read_as[:_ALONE])}</p>" if seen.manifest.read_as else ""
    here = name == where.current
    shown = item_map(seen.points, seen.catalogue.items, say, name if here else "")
    share = say("catalogue.map_share", share=round(100 * seen.seen), count=len(seen.points))
    drawn = f"<h3>{say('catalogue.map')}</h3>{shown}<p>{share}</p>" if seen.points else ""
    return (
        f"<p>{say('catalogue.items', count=seen.manifest.items)}</p>{read}"
        f"{_entrance(name, where, say)}"
        f"{_problems(seen, name, say)}{drawn}{_prices(seen.catalogue, say)}"
        f"{_profile(seen.catalogue.profile, say)}"
    )


def _entrance(name: str, where: Whereabouts, say: Wording) -> str:
    """Draw the button that leads into a catalogue, or say that it is the one that is open."""
    if name == where.current:
        return f"<p>{say('catalogue.here')}</p>"
    if not where.can_enter:
        return ""
    return (
        f'<p><button type="button" data-act="enter" data-text="{text(name)}">'
        f"{say('catalogue.enter')}</button></p>"
    )


def _prices(catalogue: Catalogue, say: Wording) -> str:
    """Draw the prices in the catalogue's most common currency."""
    currency = next(iter(catalogue.currencies), "")
    priced = [
        item.price
        for item in catalogue.items.values()
        if item.price is not None and item.currency == currency
    ]
    bars = price_bars(priced)
    return price_table(bars, currency, say) if bars else ""


def _problems(seen: IndexSummary, name: str, say: Wording) -> str:
    """Draw the first problems, with the link to all of them."""
    rows = list(read_problems(seen.problems, _SHOWN)) if seen.problems else []
    if not rows:
        return f"<p>{say('catalogue.no_problems')}</p>"
    heads = [say(f"catalogue.{one}") for one in ("row", "field", "value", "reason", "cure")]
    link = f'<a download="problems.csv" href="catalogues/{name}/problems.csv">'
    caption = f"{say('catalogue.problems')} {link}{say('catalogue.download')}</a>"
    return _table(heads, rows, caption, say("catalogue.problems"))


def _profile(profile: CatalogueProfile, say: Wording) -> str:
    """Draw what each column was taken to be."""
    rows = [
        (
            one.name,
            one.role,
            ", ".join(filter(None, (one.type, one.unit))),
            f"{say.number(one.filled)} / {say.number(profile.items)}",
            ", ".join(one.examples),
        )
        for one in profile.fields.values()
    ]
    if not rows:
        return ""
    heads = [say(f"catalogue.{one}") for one in ("field", "role", "type", "filled", "examples")]
    caption = f"{say('catalogue.profile')} {say('catalogue.correct')}"
    return _table(heads, rows, caption, say("catalogue.profile"))


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], caption: str, name: str) -> str:
    """Draw a table that scrolls by itself; the caption is HTML, the cells are not."""
    top = "".join(f'<th scope="col">{one}</th>' for one in heads)
    lines = ["".join(f'<td dir="auto">{text(cell)}</td>' for cell in row) for row in rows]
    body = "".join(f"<tr>{one}</tr>" for one in lines)
    return (
        f'<div class="catalogue-table" role="region" aria-label="{name}" tabindex="0"><table>'
        f"<caption>{caption}</caption><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    """Return rows as CSV; what a spreadsheet would compute is marked as text (OWASP)."""
    content = io.StringIO()
    writer = csv.writer(content)
    writer.writerow(("row", "field", "value", "reason", "cure"))
    writer.writerows(
        [f"'{one}" if one.startswith(_FORMULA) else one for one in row] for row in rows
    )
    return content.getvalue().encode("utf-8-sig")
