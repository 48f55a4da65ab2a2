"""Every limit that a message sets: on the price, on other numbers, and what is asked by yes or no.

Knows which reader a number belongs to; reads none itself.
"""

import re
from collections.abc import Sequence

from assistant.understanding.limits.cues import read_cues
from assistant.understanding.limits.flags import Flag, read_flags
from assistant.understanding.limits.measures import FieldLimit, read_measures
from assistant.understanding.limits.quantities import Limit, read_limits
from assistant.understanding.limits.spans import Span, overlap
from retrieval.items import Catalogue, CatalogueProfile


def limits_asked(
    message: str, no_limits: Sequence[Span], catalogue: Catalogue, profile: CatalogueProfile
) -> tuple[list[Limit], list[FieldLimit | Flag]]:
    """Return the limits on the price, and those on other fields; each number sets one of them.

    A number is money where its currency is named; else the field that it names comes first.
    """
    prices = [x for x in read_limits(message) if not any(overlap(x.span, s) for s in no_limits)]
    money = [limit.span for limit in prices if _is_money(limit, catalogue.currency)]
    kept = [*no_limits, *money]
    measures = [
        one for one in read_measures(message, catalogue, profile)
        if not any(overlap(one.number, span) for span in kept)
    ]  # fmt: skip
    numbers = [one.number for one in measures]
    limits = [x for x in prices if not any(overlap(x.span, span) for span in numbers)]
    taken = [*numbers, *(limit.span for limit in limits)]
    return limits, [*measures, *read_flags(message, catalogue, profile, taken)]


def _is_money(limit: Limit, own: str) -> bool:
    """Tell whether a limit can only be meant for the price, in a catalogue of that currency."""
    if limit.currencies:
        return not own or own in limit.currencies
    said = set(re.findall(r"\w+", limit.said.lower()))
    return not said.isdisjoint(read_cues("en").words["money"])
