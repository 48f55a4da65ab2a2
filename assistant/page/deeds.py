"""What a chip or a button beside a message sends, in place of words that somebody writes.

Pure: a conversation and the button's value in, an exchange out; None where it no longer applies,
because a page that was open for long may show what has changed since.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.limits import limit_text
from assistant.answering.render import render
from assistant.answering.utterances import utter
from assistant.page.markup.chips import is_limit
from assistant.page.reply import Reply
from assistant.page.session import Exchange, PageConversation, sent
from assistant.turn.request import Request
from retrieval.items import Constraint


def sent_by_chip(now: PageConversation, act: Sequence[str]) -> Exchange | None:
    """Return what a chip of the last reply sends: "without:0" or "limit:0:25"."""
    reply = now.exchanges[-1].reply if now.exchanges and not now.busy else None
    match act:
        case ["without", place] if reply and (one := _constraint(reply, place)):
            return without(reply, one, now.currency)
        case ["limit", place, told] if reply and (one := _constraint(reply, place)):
            value = _number(told)
            return None if value is None else with_limit(reply, one, value, now.currency)
    return None


def sent_again(now: PageConversation, act: Sequence[str]) -> Exchange | None:
    """Return the last message as it is sent anew: "again", or "balance:70" of words and photo."""
    if not now.can_be_changed:
        return None
    last = replace(now.exchanges[-1], reply=None, counts=False)
    match act:
        case ["again"]:
            return last
        case ["balance", told] if last.request and (percent := _number(told)) is not None:
            balance = min(percent, 100.0) / 100
            return replace(last, request=replace(last.request, balance=balance))
    return None


def without(reply: Reply, one: Constraint, currency: str) -> Exchange:
    """Return the request that gives one constraint of a reply up, in the words of a chip."""
    limit = limit_text(one, currency) or one.said
    words = render([utter("ask.give_up", limit=limit)], reply.language)
    return sent(Request(words=words, given_up=(one,)))


def with_limit(reply: Reply, one: Constraint, value: float, currency: str) -> Exchange | None:
    """Return the request that sets one limit of a reply anew; None where it is no limit."""
    limit = limit_text(replace(one, value=value, strict=False), currency)
    if limit is None or not is_limit(one):
        return None
    words = render([limit], reply.language)
    now = replace(one, value=value, strict=False, said=words)
    return sent(Request(words=words, given_up=(one,), set_instead=(now,)))


def _constraint(reply: Reply, place: str) -> Constraint | None:
    there = dict(enumerate(reply.constraints))
    return there.get(int(place)) if place.isdecimal() else None


def _number(told: str) -> float | None:
    """Return a number from 0 on, as a number field hands it over."""
    try:
        number = float(told)
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
