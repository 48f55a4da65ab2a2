"""Why an item stands where it stands, as HTML: what each part brought, limits kept, what if.

Pure. Knows a candidate's contributions, its record and its ranks without a part of the request. A
conversation that is shown again after a restart has no scores, and then there is no panel.
"""

from collections.abc import Iterator, Sequence

from assistant.answering.limits import limit_text
from assistant.answering.render import render
from assistant.page.markup.cards import text
from assistant.page.markup.wording import OWN, Wording, wording
from assistant.recommending.evidence import Counterfactual, price_text
from retrieval.items import Candidate, Constraint, Item, raw_value

_PARTS = frozenset(
    "text picture speech sound words seen taste code both ties recent".split()
)  # of a score, as far as the page has words for them
_SHOWN = 0.005  # what rounds to less is no row
_LEFT_OUT = frozenset("photo recording words budget".split())


def why_panel(
    candidate: Candidate,
    constraints: Sequence[Constraint],
    told: Sequence[Counterfactual],
    language: str = OWN,
) -> str:
    """Draw the panel behind "Why this?", "" where nothing is known of the score."""
    if not candidate.contributions:
        return ""
    say = wording(language)
    parts = [part for part in candidate.contributions.items() if abs(part[1]) >= _SHOWN]
    parts.sort(key=lambda part: -abs(part[1]))
    most = max((abs(brought) for _, brought in parts), default=1.0)
    rows = "".join(_part(name, brought, most, say) for name, brought in parts)
    together, about = say("why.together"), say("why.about")
    total = f'<tr><th scope="row">{together}</th><td></td><td>{_signed(candidate.score)}</td></tr>'
    table = f"<table><caption>{about}</caption><tbody>{rows}{total}</tbody></table>"
    lists = "".join(
        f"<p>{heading}</p><ul>{''.join(f'<li>{text(one)}</li>' for one in lines)}</ul>"
        for heading, lines in (
            (say("why.limits"), list(_kept(candidate.item, constraints, language))),
            (say("why.what_if"), [_what_if(one, say) for one in told]),
        )
        if lines
    )
    fold = f"<summary>{say('why.open')}</summary>"
    body = f'<div dir="auto">{table}{lists}</div>'
    return f'<details class="card-details why-this">{fold}{body}</details>'


def _part(name: str, brought: float, most: float, say: Wording) -> str:
    """Draw one contribution as a row; its bar is as long as its share of the largest."""
    label = say(f"why.{name}") if name in _PARTS else text(name)
    share = round(abs(brought) / most, 3)
    side = "for" if brought >= 0 else "against"
    bar = (
        f'<progress class="{side}" max="1" value="{share}" title="{say(f"why.{side}")}"></progress>'
    )
    return f'<tr><th scope="row">{label}</th><td>{bar}</td><td>{_signed(brought)}</td></tr>'


def _signed(score: float) -> str:
    return f"{score:+.2f}".replace("-", "−")


def _kept(item: Item, constraints: Sequence[Constraint], language: str) -> Iterator[str]:
    """Yield each limit with what the record says of it."""
    for one in constraints:
        limit = limit_text(one, item.currency)
        if limit is None:
            continue
        price = one.field == "price"
        said = price_text(item.price, item.currency) if price else raw_value(item, one.field)
        yield f"{render([limit], language)}: {said}" if said else render([limit], language)


def _what_if(one: Counterfactual, say: Wording) -> str:
    part = say(f"why.without_{one.without}") if one.without in _LEFT_OUT else one.without
    if one.liked:
        part = say("why.without_liked", title=one.liked.title)
    if one.rank is None:
        return say("why.gone", part=part)
    if one.rank == one.now:
        return say("why.stays", part=part, now=one.now)
    return say("why.moves", part=part, rank=one.rank, now=one.now)
