"""Draw records and requests as HTML. Pure: values in, strings out.

Knows items, constraints and HTML; knows no Gradio, no model, no file. Whatever comes from a
catalogue, a user or a model is escaped here, so nothing of it can become markup.
"""

import html
import unicodedata
from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlsplit

from retrieval.items import Candidate, Constraint, Item

Reasons = Mapping[str, tuple[str, ...]]  # item id → why it is here

_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "CNY": "¥", "INR": "₹", "KRW": "₩"}
_NO_CENTS = {"JPY", "KRW"}
_WORDING = {
    "<=": "up to {}",
    ">=": "from {}",
    "=": "{}",
    "in": "{}",
    "!=": "not {}",
    "not in": "not {}",
}
_FACTS_SHOWN = 3  # on the card itself; all of them stand under "Details"
_LONGEST_FACT = 24  # characters; a longer value is no key fact


def text(raw: str) -> str:
    """Return text as HTML that shows it as it stands, without control characters."""
    shown = "".join(c for c in raw if c in "\n\t" or unicodedata.category(c) != "Cc")
    return html.escape(shown)


def money(price: float | None, currency: str) -> str:
    """Render a price as a shop writes it; "" when the record has none."""
    if price is None:
        return ""
    places = 0 if currency in _NO_CENTS else 2
    if sign := _SIGNS.get(currency):
        return f"{sign}{price:,.{places}f}"
    return f"{price:,.{places}f} {currency}".rstrip()


def picture_address(item: Item) -> str:
    """Return where the page serves an item's picture, relative to the page."""
    return f"pictures/{quote(item.id, safe='')}"


def grid(candidates: Sequence[Candidate], reasons: Reasons, *, settled: bool) -> str:
    """Draw candidates as numbered cards; unsettled ones say that their reasons are on the way."""
    drawn = [
        card(number, one.item, reasons.get(one.item.id, ()), settled=settled)
        for number, one in enumerate(candidates, start=1)
    ]
    return f'<ol class="cards">{"".join(drawn)}</ol>' if drawn else ""


def card(number: int, item: Item, reasons: Sequence[str], *, settled: bool) -> str:
    """Draw one item: number, picture, title, price, where it belongs, facts, reasons, details."""
    belongs = " · ".join(filter(None, (item.category, item.brand)))
    return (
        '<li class="card">'
        f'<div class="card-picture">{_picture(item)}<span class="card-number">{number}</span></div>'
        '<div class="card-body">'
        f'<p class="card-belongs" dir="auto">{text(belongs)}</p>'
        f'<h3 class="card-title" dir="auto">{_title(item)}</h3>'
        f'<p class="card-price">{text(money(item.price, item.currency)) or _NO_PRICE}</p>'
        f"{_facts(item)}{_why(reasons, settled=settled)}{_details(item)}"
        "</div></li>"
    )


def chips(constraints: Sequence[Constraint]) -> str:
    """Draw what the conversation asks for, each with the user's own words."""
    drawn = [_chip(one) for one in constraints if one.field != "id"]
    return f'<ul class="chips">{"".join(drawn)}</ul>' if drawn else ""


def paragraphs(answer: str) -> str:
    """Draw plain text, one paragraph a line."""
    lines = [line.strip() for line in answer.splitlines()]
    return "".join(f'<p dir="auto">{text(line)}</p>' for line in lines if line)


def line(kind: str, message: str) -> str:
    """Draw one line of a kind: "waiting", "heard", "notice" or "trouble"."""
    return f'<p class="{kind}" dir="auto">{text(message)}</p>' if message else ""


def request(words: str, photos: Sequence[str], recording: str = "") -> str:
    """Draw what the user handed over; photos and recording are addresses on this server."""
    drawn = [f'<img class="photo" src="{text(one)}" alt="Your photo">' for one in photos]
    if recording:
        drawn.append(f'<audio class="recording" controls src="{text(recording)}"></audio>')
    if words.strip():
        drawn.append(f'<p class="said" dir="auto">{text(words)}</p>')
    return "".join(drawn)


_NO_PRICE = '<span class="card-unpriced">no price given</span>'


def _picture(item: Item) -> str:
    if not item.pictures:
        initial = (item.title.strip() or "?")[0].upper()
        return f'<span class="card-initial">{text(initial)}</span>'
    return f'<img src="{picture_address(item)}" alt="{text(item.title)}" loading="lazy">'


def _title(item: Item) -> str:
    """Link the title to the record's page, when that is a web address and nothing else."""
    if urlsplit(item.url).scheme not in ("http", "https"):
        return text(item.title)
    return f'<a href="{text(item.url)}" rel="noopener noreferrer">{text(item.title)}</a>'


def _facts(item: Item) -> str:
    values = [v for v in item.attributes.values() if v.strip() and len(v) <= _LONGEST_FACT]
    facts = "".join(f"<li>{text(value)}</li>" for value in values[:_FACTS_SHOWN])
    return f'<ul class="card-facts" dir="auto">{facts}</ul>' if facts else ""


def _why(reasons: Sequence[str], *, settled: bool) -> str:
    if reasons:
        return f'<p class="card-why" dir="auto">{text("; ".join(reasons))}</p>'
    return "" if settled else '<p class="card-why pending"></p>'


def _details(item: Item) -> str:
    """Fold away the description, every attribute, and what the recordings say."""
    rows = "".join(
        f"<dt>{text(name)}</dt><dd>{text(value)}</dd>"
        for name, value in item.attributes.items()
        if value.strip()
    )
    told = [f"<p>{text(item.description)}</p>"] if item.description else []
    told += [f"<dl>{rows}</dl>"] if rows else []
    told += [f"<p><em>Spoken:</em> {text(words)}</p>" for words in item.transcripts]
    if not told:
        return ""
    body = "".join(told)
    fold = "<summary>Details</summary>"
    return f'<details class="card-details">{fold}<div dir="auto">{body}</div></details>'


def _chip(constraint: Constraint) -> str:
    several = constraint.value if isinstance(constraint.value, tuple) else (constraint.value,)
    shown = [f"{v:g}" if isinstance(v, int | float) else v for v in several]
    meaning = _WORDING[constraint.op].format(" or ".join(shown))
    said = f" <q>{text(constraint.said)}</q>" if constraint.said else ""
    return f'<li class="chip" dir="auto"><b>{text(constraint.field)}</b> {text(meaning)}{said}</li>'
