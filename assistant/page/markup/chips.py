"""Draw what was understood of a request as chips: limits, what a photo shows, what limits nothing.

Pure. Knows constraints and how they are worded; knows no item.
"""

from collections.abc import Sequence

from assistant.answering.limits import limit_text
from assistant.answering.render import render
from assistant.page.markup.cards import text
from assistant.page.markup.sent import turn_button
from assistant.page.markup.wording import OWN, wording
from retrieval.items import Constraint, Preference, normal


def chips(
    constraints: Sequence[Constraint],
    preferences: Sequence[Preference],
    currency: str,
    language: str = OWN,
    *,
    removable: bool = False,
) -> str:
    """Draw the constraints with the user's own words, and the preferences seen in a photo."""
    say = wording(language)
    worded = [(limit_text(one, currency), one.said) for one in constraints]
    drawn = [
        _chip(render([limit], language), said, place if removable else None, language)
        for place, (limit, said) in enumerate(worded)
        if limit
    ]
    drawn += [
        f'<li class="chip seen" title="{say("chip.seen_why")}">'
        f"{say('chip.seen', value=f'<b>{text(one.value)}</b>')}</li>"
        for one in preferences
    ]
    return f'<ul class="chips">{"".join(drawn)}</ul>' if drawn else ""


def unread_chips(words: Sequence[str], language: str = OWN) -> str:
    """Draw the words that limit nothing as chips of their own, paler than limits."""
    why = wording(language)("chip.unread")
    drawn = "".join(f'<li class="chip unread" title="{why}">{text(one)}</li>' for one in words)
    return f'<ul class="chips">{drawn}</ul>' if drawn else ""


def _chip(meaning: str, said: str, place: int | None, language: str) -> str:
    """Draw a constraint, with the user's own words if they differ from it, and what removes it."""
    own = "" if normal(said) in ("", normal(meaning)) else f" <q>{text(said)}</q>"
    removes = wording(language)("chip.remove", limit=text(meaning))
    cross = f'×<span class="unseen"> {removes}</span>'
    button = "" if place is None else turn_button(f"without:{place}", cross)
    return f'<li class="chip" dir="auto"><b>{text(meaning)}</b>{own}{button}</li>'
