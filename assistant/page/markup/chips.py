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
    drawn = [
        _chip(one, render([limit], language), place if removable else None, language)
        for place, one in enumerate(constraints)
        if (limit := limit_text(one, currency))
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


def is_limit(one: Constraint) -> bool:
    """Tell whether a constraint is a number that can be set anew."""
    return one.op in ("<=", ">=") and isinstance(one.value, float | int)


def _chip(one: Constraint, meaning: str, place: int | None, language: str) -> str:
    """Draw a constraint with the user's own words if they differ, and what changes or removes it.

    A limit is a button that the page's script turns into a number field.
    """
    said, say = one.said, wording(language)
    shown = f"<b>{text(meaning)}</b>"
    if place is not None and is_limit(one):
        unseen = f'<span class="unseen"> {say("chip.change")}</span>'
        shown = turn_button(f"limit:{place}:{one.values[0]}", shown + unseen)
    own = "" if normal(said) in ("", normal(meaning)) else f" <q>{text(said)}</q>"
    removes = say("chip.remove", limit=text(meaning))
    cross = f'×<span class="unseen"> {removes}</span>'
    button = "" if place is None else turn_button(f"without:{place}", cross)
    return f'<li class="chip" dir="auto">{shown}{own}{button}</li>'
