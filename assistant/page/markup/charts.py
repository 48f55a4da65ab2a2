"""Numbers as HTML: a histogram as a table with bars, a map of items as a list that is drawn.

Pure; knows how to draw, and nothing of where the numbers come from. On the map each item is an
option of a list, so that arrow keys and screen readers go through it; the page's script shows the
title and the picture of the one that is pointed at or chosen.
"""

from collections.abc import Mapping, Sequence

from assistant.page.markup.cards import picture_address, text
from assistant.page.markup.wording import Wording
from assistant.recommending.evidence import price_text
from retrieval.index.summary import MapPoint, PriceBar
from retrieval.items import Item

_WIDE, _HIGH, _EDGE = 360, 260, 10  # of the map, in its own units


def price_table(bars: Sequence[PriceBar], currency: str, say: Wording) -> str:
    """Draw how many items cost how much."""
    most = max(one.items for one in bars)
    rows = "".join(
        f'<tr><th scope="row">{text(_span(one, currency))}</th>'
        f'<td><progress max="{most}" value="{one.items}" aria-hidden="true"></progress></td>'
        f"<td>{say.number(one.items)}</td></tr>"
        for one in bars
    )
    caption = say("catalogue.prices")
    return f'<table class="bars"><caption>{caption}</caption><tbody>{rows}</tbody></table>'


def item_map(
    points: Sequence[MapPoint], items: Mapping[str, Item], say: Wording, pictured: str
) -> str:
    """Draw a map of items; `pictured` is their catalogue where it is open, else ""."""
    kinds = {kind: n for n, kind in enumerate(dict.fromkeys(i.category for i in items.values()))}
    drawn = "".join(
        _point(n, one, items[one.item], kinds, pictured)
        for n, one in enumerate(points)
        if one.item in items
    )
    return (
        f'<svg class="item-map" viewBox="0 0 {_WIDE} {_HIGH}" role="listbox" tabindex="0"'
        f' aria-label="{say("catalogue.map")}">{drawn}</svg>'
        '<p class="item-seen" aria-live="polite"><img alt="" hidden><span dir="auto">'
        f"{say('catalogue.map_hint')}</span></p>"
    )


def _point(number: int, at: MapPoint, item: Item, kinds: Mapping[str, int], pictured: str) -> str:
    x = _EDGE + at.x * (_WIDE - 2 * _EDGE)
    y = _EDGE + at.y * (_HIGH - 2 * _EDGE)
    address = picture_address(item, pictured) if pictured and item.pictures else ""
    picture = f' data-picture="{address}"' if address else ""
    told = " · ".join(filter(None, (item.title, price_text(item.price, item.currency))))
    return (
        f'<circle id="item-{number}" role="option" aria-selected="false" aria-label="{text(told)}"'
        f'{picture} class="kind-{kinds[item.category] % 8}" cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
    )


def _span(bar: PriceBar, currency: str) -> str:
    low, high = price_text(bar.low, currency), price_text(bar.high, currency)
    return f"{low} – {high}"
