"""Several items side by side as an HTML table, what sets them apart marked.

Pure: records in, a string out. What a record does not say stays empty, and sets nothing apart.
"""

from collections.abc import Sequence

from assistant.page.markup.cards import picture_address, text
from assistant.page.markup.wording import OWN, wording
from assistant.recommending.evidence import price_text
from retrieval.items import Item, normal, raw_value

MOST_COMPARED = 6  # columns; more cannot be read side by side
_ALSO = ("brand", "category")


def comparison_table(
    items: Sequence[Item], catalogue: str, caption: str = "", language: str = OWN
) -> str:
    """Draw two items or more as columns and their fields as rows, those that differ first."""
    if len(items) < 2:
        return ""
    shown, say = items[:MOST_COMPARED], wording(language)
    rows = [(say("field.price"), [price_text(one.price, one.currency) for one in shown])]
    names = dict.fromkeys((*_ALSO, *(name for one in shown for name in one.attributes)))
    rows += [
        (say(f"field.{name}") if name in _ALSO else name, [raw_value(one, name) for one in shown])
        for name in names
    ]
    told = [row for row in rows if any(row[1])]
    told.sort(key=lambda row: not _differs(row[1]))
    heads = "".join(f'<th scope="col">{_head(one, catalogue)}</th>' for one in shown)
    body = "".join(_row(name, values) for name, values in told)
    titled = f"<caption>{text(caption)}</caption>" if caption else ""
    table = f"<table>{titled}<thead><tr><td></td>{heads}</tr></thead><tbody>{body}</tbody></table>"
    named = f'aria-label="{say("comparison.title")}"'
    scrolls = f'class="comparison" role="region" {named} tabindex="0"'
    return f"<div {scrolls}>{table}</div>"


def _differs(values: Sequence[str]) -> bool:
    return len({normal(value) for value in values if value}) > 1


def _row(name: str, values: Sequence[str]) -> str:
    mark = ' class="differs"' if _differs(values) else ""
    cells = "".join(f'<td dir="auto">{text(value) or "–"}</td>' for value in values)
    return f'<tr{mark}><th scope="row" dir="auto">{text(name)}</th>{cells}</tr>'


def _head(item: Item, catalogue: str) -> str:
    picture = f'<img src="{picture_address(item, catalogue)}" alt="">' if item.pictures else ""
    return f'{picture}<span dir="auto">{text(item.title)}</span>'
