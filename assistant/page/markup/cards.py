"""Draw records as HTML. Pure: values in, strings out.

Knows items and HTML; knows no Gradio, no model, no file. All text from a catalogue, a user or a
model is escaped by `text`, so that it cannot become markup.
"""

import html
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from assistant.page.markup.wording import OWN, Wording, wording
from assistant.recommending.evidence import price_text
from retrieval.constraints import number
from retrieval.domain import SHOP_DOMAIN, Domain
from retrieval.items import Candidate, Item, raw_value

Reasons = Mapping[str, tuple[str, ...]]  # item id → why it is here
_NO_PANELS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class CardStyle:
    """How records are shown: what their domain shows of them, and in which language."""

    domain: Domain = SHOP_DOMAIN
    language: str = OWN  # of the page's words, not of the record's
    catalogue: str = ""  # the records' own


PLAIN_STYLE = CardStyle()

_TURNING = frozenset("LRE RLE LRO RLO PDF LRI RLI FSI PDI".split())  # of Unicode's directions
_FACTS_SHOWN = 3  # on the card itself; all of them are under "Details"
_LONGEST_FACT = 24  # characters; longer values are only under "Details"
_VARIANTS_SHOWN = 8  # variants that fit the request; the rest are counted


def text(raw: str) -> str:
    """Escape text for HTML; remove control characters, and marks that turn what follows around."""
    shown = "".join(c for c in raw if c in "\n\t" or unicodedata.category(c) != "Cc")
    kept = (c for c in shown if unicodedata.bidirectional(c) not in _TURNING)
    return html.escape("".join(kept))


def picture_address(item: Item, catalogue: str) -> str:
    """Return where the page serves the picture of a catalogue's item, relative to the page."""
    return f"pictures/{quote(catalogue, safe='')}/{quote(item.id, safe='')}"


def card_grid(
    candidates: Sequence[Candidate],
    reasons: Reasons,
    moved: Collection[str] = (),
    panels: Mapping[str, str] = _NO_PANELS,
    *,
    settled: bool,
    style: CardStyle = PLAIN_STYLE,
) -> str:
    """Draw candidates as numbered cards; unsettled ones show that their reasons are pending.

    `panels` is what stands below the details of an item, by its id.
    """
    drawn = [
        card(
            one.item,
            reasons.get(one.item.id, ()),
            number,
            settled=settled,
            moved=one.item.id in moved,
            panel=panels.get(one.item.id, ""),
            style=style,
        )
        for number, one in enumerate(candidates, start=1)
    ]
    return f'<ol class="cards">{"".join(drawn)}</ol>' if drawn else ""


def near_grid(items: Sequence[Item], style: CardStyle = PLAIN_STYLE) -> str:
    """Draw what comes close where nothing fits; without numbers, as it is no answer."""
    drawn = "".join(card(one, (), settled=True, style=style) for one in items)
    title = wording(style.language)("card.near")
    return f'<h2 class="near">{title}</h2><ul class="cards">{drawn}</ul>' if drawn else ""


def card(  # noqa: PLR0913 - the last three have defaults
    item: Item,
    reasons: Sequence[str],
    place: int | None = None,
    *,
    settled: bool,
    moved: bool = False,
    panel: str = "",
    style: CardStyle = PLAIN_STYLE,
) -> str:
    """Draw one item: number, picture, title, what its domain shows, reasons, details."""
    domain, say = style.domain, wording(style.language)
    belongs = " · ".join(_values(item, domain.card.belongs, domain))
    numbered = f'<span class="card-number">{place}</span>' if place is not None else ""
    return (
        f'<li class="card{" moved" if moved else ""}">'
        f'<div class="card-picture">{_picture(item, say, style.catalogue)}{numbered}</div>'
        '<div class="card-body">'
        f'<p class="card-belongs" dir="auto">{text(belongs)}</p>'
        f'<h2 class="card-title" dir="auto">{_title(item)}</h2>'
        f'<p class="card-price">{_line(item, domain, say)}</p>'
        f"{_facts(item, domain)}{_variants(item)}{_why(reasons, settled=settled)}"
        f"{_details(item, say)}{panel}{_feelings(item, say)}"
        "</div></li>"
    )


def paragraphs(answer: str) -> str:
    """Draw plain text, one paragraph per line."""
    lines = [line.strip() for line in answer.splitlines()]
    return "".join(f'<p dir="auto">{text(line)}</p>' for line in lines if line)


def line(kind: str, message: str) -> str:
    """Draw one line of a kind: "waiting", "preparing", "heard", "notice" or "trouble"."""
    return f'<p class="{kind}" dir="auto">{text(message)}</p>' if message else ""


def _line(item: Item, domain: Domain, say: Wording) -> str:
    """Show what stands below the title: the price, or the values of other fields."""
    others = [name for name in domain.card.line if name != "price"]
    told = [_price(item, say)] if "price" in domain.card.line else []
    return " · ".join((*told, *map(text, _values(item, others, domain))))


def _values(item: Item, roles: Iterable[str], domain: Domain) -> list[str]:
    """Return what a record says in some fields or roles."""
    names = domain.fields_of(roles, {"category", "brand", *item.attributes})
    return [value for name in names if (value := raw_value(item, name))]


def _price(item: Item, say: Wording) -> str:
    """Show the record's price, and whether it is out of stock."""
    price = text(price_text(item.price, item.currency))
    shown = price or f'<span class="card-aside">{say("card.no_price")}</span>'
    sold_out = f' <span class="card-aside">{say("card.sold_out")}</span>'
    return shown + (sold_out if number(item, "stock") == 0 else "")


def _picture(item: Item, say: Wording, catalogue: str) -> str:
    """Draw the first picture as a button that shows all of them large."""
    if not item.pictures:
        initial = (item.title.strip() or "?")[0].upper()
        return f'<span class="card-initial">{text(initial)}</span>'
    seen = f'<img src="{picture_address(item, catalogue)}" alt="{text(item.title)}">'
    count = len(item.pictures)
    several = f'<span class="card-count">{count}</span>' if count > 1 else ""
    unseen = f'<span class="unseen">{say("gallery.show", count=count)}</span>'
    return f'<button type="button" name="pictures" value="{count}">{seen}{several}{unseen}</button>'


def _title(item: Item) -> str:
    """Link the title to the record's URL, if that is an http or https address."""
    try:
        address = urlsplit(item.url)
    except ValueError:  # a record may contain any text, even "http://["
        return text(item.title)
    if address.scheme not in ("http", "https") or not address.netloc:
        return text(item.title)
    return f'<a href="{text(item.url)}" rel="noopener noreferrer">{text(item.title)}</a>'


def _facts(item: Item, domain: Domain) -> str:
    """Show the values that the domain names, else the first short ones.

    A bare number is left out: it is unclear without a name.
    """
    if told := _values(item, domain.card.facts, domain):
        drawn = "".join(f"<li>{text(value)}</li>" for value in told)
        return f'<ul class="card-facts" dir="auto">{drawn}</ul>'
    short = (value for value in item.attributes.values() if len(value) <= _LONGEST_FACT)
    values = dict.fromkeys(value for value in short if any(map(str.isalpha, value)))
    facts = "".join(f"<li>{text(value)}</li>" for value in list(values)[:_FACTS_SHOWN])
    return f'<ul class="card-facts" dir="auto">{facts}</ul>' if facts else ""


def _variants(item: Item) -> str:
    """Show the variants that fit and are not sold out, with a price where it is not the card's."""
    there = [one for one in item.variants if one.options and one.stock != 0]
    shown = []
    for one in there[:_VARIANTS_SHOWN]:
        priced = "" if one.price in (None, item.price) else price_text(one.price, item.currency)
        shown.append(" ".join(filter(None, (*one.options.values(), priced))))
    if not shown:
        return ""
    rest = len(there) - len(shown)
    shown += [f"+{rest}"] if rest else []
    drawn = "".join(f"<li>{text(one)}</li>" for one in shown)
    return f'<ul class="card-variants" dir="auto">{drawn}</ul>'


def _why(reasons: Sequence[str], *, settled: bool) -> str:
    if reasons:
        return f'<p class="card-why" dir="auto">{text("; ".join(reasons))}</p>'
    return "" if settled else '<p class="card-why pending"></p>'


def _details(item: Item, say: Wording) -> str:
    """Put the description, every attribute and the transcripts into a collapsed section."""
    rows = "".join(
        f"<dt>{text(name)}</dt><dd>{text(value)}</dd>"
        for name, value in item.attributes.items()
        if value.strip()
    )
    told = [f"<p>{text(item.description)}</p>"] if item.description else []
    told += [f"<dl>{rows}</dl>"] if rows else []
    told += [f"<p><em>{say('card.spoken')}</em> {text(words)}</p>" for words in item.transcripts]
    if not told:
        return ""
    body = "".join(told)
    fold = f"<summary>{say('card.details')}</summary>"
    return f'<details class="card-details">{fold}<div dir="auto">{body}</div></details>'


def _feelings(item: Item, say: Wording) -> str:
    """Draw the buttons to keep, like and dislike; the page's scripts mark what was chosen earlier.

    Gradio's sanitiser removes ARIA and data attributes, so screen readers get the item's title from
    visually hidden text, and the script gets the item from the button's name and value.
    """
    unseen = f'<span class="unseen"> {text(item.title)}</span>'
    buttons = "".join(
        f'<button type="button" name="{feeling}" value="{text(item.id)}">'
        f"{say(f'card.{feeling}')}{unseen}</button>"
        for feeling in ("keep", "like", "dislike")
    )
    return f'<div class="card-feel">{buttons}</div>'
