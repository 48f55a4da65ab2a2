"""Why the results differ from the request, in words.

Pure. Knows leads; every utterance is built from constraints, records and codes.
"""

from collections.abc import Iterator, Sequence

from assistant.answering.differences import why_not
from assistant.answering.limits import SHOWN_VALUES, limit_text, miss_text
from assistant.answering.utterances import Few, KindName, Series, Utterance, utter
from assistant.recommending.facts import Money
from assistant.recommending.leads import (
    ByTaste,
    CodeLeftOut,
    CodeNotFound,
    Contradiction,
    Exhausted,
    Lead,
    NotCarried,
    NothingFits,
    NotUnderstood,
    OtherKind,
)
from retrieval.items import Constraint

_NEAR_MISSES = 2
_EXHAUSTED = {
    Exhausted.ALL_SEEN: "lead.all_seen",
    Exhausted.KIND_SEEN: "lead.kind_seen",
    Exhausted.NO_SOUND_ALIKE: "lead.no_sound_alike",
}


def lead_text(lead: Lead, currency: str) -> Iterator[Utterance]:
    """Say why what is shown is not quite what was asked for."""
    if isinstance(lead, CodeNotFound | CodeLeftOut | NotUnderstood):
        yield from _of_parts(lead)
        return
    match lead:
        case Contradiction(one, other):
            yield _contradicts(one, other, currency)
        case NothingFits():
            yield from _nothing_fits(lead, currency)
        case NotCarried():
            yield from _not_carried(lead)
        case OtherKind(kind):
            yield utter("lead.other_kind", kind=kind)
        case ByTaste(titles, remembers):
            yield from _by_taste(titles, remembers=remembers)
        case Exhausted():
            yield utter(_EXHAUSTED[lead])


def _of_parts(lead: CodeNotFound | CodeLeftOut | NotUnderstood) -> Iterator[Utterance]:
    """Say what of a request has no item, or no meaning."""
    if isinstance(lead, NotUnderstood):
        yield utter(f"lead.unsure_{lead.part}", things=Series(lead.titles, "apart"))
    elif isinstance(lead, CodeNotFound):
        yield from code_not_found(lead.codes, nearest=lead.nearest)
    else:
        yield from (why_not(item, lead.constraints, None, None, 0) for item in lead.items)


def code_not_found(codes: Sequence[str], *, nearest: bool = False) -> Iterator[Utterance]:
    """Say that no item has these codes; `nearest` tells that others are shown instead."""
    yield from (utter("lead.no_code", code=code) for code in codes)
    if nearest:
        yield utter("lead.nearest")


def _contradicts(one: Constraint, other: Constraint, currency: str) -> Utterance:
    """Ask which of two contradicting limits counts."""
    low, high = (limit_text(each, currency) or "" for each in (one, other))
    return utter("lead.contradiction", limit=low, other_limit=high)


def _nothing_fits(lead: NothingFits, currency: str) -> Iterator[Utterance]:
    """Say that nothing fits, which single constraint stands in the way, and what just misses it."""
    tightest, nearest = lead.tightest, lead.nearest
    limit = limit_text(tightest, currency) if tightest is not None else None
    if tightest is None or limit is None:
        yield utter("lead.nothing")
        return
    yield utter("lead.nothing_with", limit=limit, count=Few(lead.would_bring))
    several = len({item.currency for item in nearest}) > 1  # no cheapest of two currencies
    prices = [] if several else [item.price for item in nearest if item.price is not None]
    if tightest.field == "price" and tightest.op == "<=" and lead.would_bring > 1 and prices:
        yield utter("lead.cheapest", price=Money(min(prices), nearest[0].currency))
    misses = tuple(
        utter("lead.miss", title=item.title, miss=miss_text(item, tightest))
        for item in nearest[:_NEAR_MISSES]
    )
    if misses:
        yield utter("lead.misses", count=len(misses), misses=Series(misses, "apart"))


def _not_carried(lead: NotCarried) -> Iterator[Utterance]:
    """Say that nothing is listed as a thing, and what is shown instead."""
    yield utter(f"lead.{'unlisted' if lead.mentioned else 'unmentioned'}", thing=lead.thing)
    if not lead.kinds:
        yield utter("lead.nearest")
        return
    kinds = tuple(KindName(kind) for kind in lead.kinds[:SHOWN_VALUES])
    yield utter("lead.nearest_kinds", kinds=Series(kinds, "and"))


def _by_taste(titles: Sequence[str], *, remembers: bool) -> Iterator[Utterance]:
    """Say what the items go by when it is left to Magpie what to show; `titles` are the likes'."""
    if titles:
        yield utter("lead.by_taste", titles=named_titles(titles))
    else:
        yield utter(f"lead.{'no_taste_yet' if remembers else 'no_memory'}")


def named_titles(titles: Sequence[str]) -> Utterance:
    """Name some titles, and say how many more there are."""
    named, more = Series(tuple(titles[:SHOWN_VALUES])), len(titles) - SHOWN_VALUES
    return utter(f"titles.{'more' if more > 0 else 'all'}", titles=named, count=max(more, 0))
