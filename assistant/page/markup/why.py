"""Why an item stands where it stands, as HTML: what each part brought, limits kept, what if.

Pure. Knows a candidate's contributions, its record and its ranks without a part of the request. A
conversation that is shown again after a restart has no scores, and then there is no panel.
"""

from collections.abc import Iterator, Sequence

from assistant.answering.limits import limit_text
from assistant.answering.render import render
from assistant.page.markup.cards import text
from assistant.recommending.evidence import Counterfactual, price_text
from retrieval.items import Candidate, Constraint, Item, raw_value

_PARTS = {
    "text": "its text", "picture": "its picture", "speech": "what its recording says",
    "sound": "its sound", "words": "shared words",
    "seen": "what your photo shows", "taste": "what you like", "code": "its code",
    "both": "what you have in common", "ties": "who knows whom", "recent": "how new it is",
}  # fmt: skip
_SHOWN = 0.005  # what rounds to less is no row
_LEFT_OUT = {
    "photo": "your photo", "recording": "your recording", "words": "your words",
    "budget": "the budget",
}  # fmt: skip


def why_panel(
    candidate: Candidate,
    constraints: Sequence[Constraint],
    told: Sequence[Counterfactual],
    language: str = "en",
) -> str:
    """Draw the panel behind "Why this?", "" where nothing is known of the score."""
    if not candidate.contributions:
        return ""
    parts = [part for part in candidate.contributions.items() if abs(part[1]) >= _SHOWN]
    parts.sort(key=lambda part: -abs(part[1]))
    most = max((abs(brought) for _, brought in parts), default=1.0)
    rows = "".join(_part(name, brought, most) for name, brought in parts)
    total = f'<tr><th scope="row">together</th><td></td><td>{_signed(candidate.score)}</td></tr>'
    about = "Each row is what a part of the request added to its score; 0 is the average item."
    table = f"<table><caption>{about}</caption><tbody>{rows}{total}</tbody></table>"
    lists = "".join(
        f"<p>{heading}</p><ul>{''.join(f'<li>{text(one)}</li>' for one in lines)}</ul>"
        for heading, lines in (
            ("Limits it keeps", list(_kept(candidate.item, constraints, language))),
            ("What if", list(map(_what_if, told))),
        )
        if lines
    )
    fold = "<summary>Why this?</summary>"
    body = f'<div dir="auto">{table}{lists}</div>'
    return f'<details class="card-details why-this">{fold}{body}</details>'


def _part(name: str, brought: float, most: float) -> str:
    """Draw one contribution as a row; its bar is as long as its share of the largest."""
    label, share = text(_PARTS.get(name, name)), round(abs(brought) / most, 3)
    side = "for" if brought >= 0 else "against"
    bar = f'<progress class="{side}" max="1" value="{share}" title="{side} it"></progress>'
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


def _what_if(one: Counterfactual) -> str:
    liked = f"your liking of {one.liked.title}" if one.liked else ""
    part = _LEFT_OUT.get(one.without) or liked or one.without
    if one.rank is None:
        return f"Without {part} it would not be among the first hundred."
    if one.rank == one.now:
        return f"Without {part} it would stay number {one.now}."
    return f"Without {part} it would be number {one.rank} instead of {one.now}."
