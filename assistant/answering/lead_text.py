"""Why the results differ from the request, in words.

Pure. Knows leads; every sentence is worded from constraints, records and codes.
"""

from collections.abc import Sequence

from assistant.answering import messages
from assistant.recommending.leads import (
    ByTaste,
    CodeLeftOut,
    CodeNotFound,
    Contradiction,
    Exhausted,
    Lead,
    NotCarried,
    NothingFits,
    OtherKind,
)

_EXHAUSTED = {
    Exhausted.ALL_SEEN: "You have seen everything that fits. Shall I loosen something?",
    Exhausted.KIND_SEEN: "You have seen every one of that kind that fits. The nearest others:",
    Exhausted.NO_SOUND_ALIKE: "Nothing in this catalogue sounds like your recording.",
}


def lead_text(lead: Lead, currency: str) -> str:
    """Say why what is shown is not quite what was asked for."""
    if isinstance(lead, CodeNotFound | CodeLeftOut):
        return _of_codes(lead)
    match lead:
        case Contradiction(one, other):
            return messages.contradicts(one, other, currency)
        case NothingFits(tightest, nearest, would_bring):
            return messages.nothing_fits(tightest, nearest, would_bring, currency)
        case NotCarried(thing, kinds, mentioned):
            return messages.not_carried(thing, kinds, mentioned=mentioned)
        case OtherKind(kind):
            return f"None of these is what your photo seems to show: {kind}."
        case ByTaste(titles, remembers):
            return messages.by_taste(titles, remembers=remembers)
        case Exhausted():
            return _EXHAUSTED[lead]


def _of_codes(lead: CodeNotFound | CodeLeftOut) -> str:
    if isinstance(lead, CodeNotFound):
        return code_not_found(lead.codes, nearest=lead.nearest)
    told = (messages.why_not(item, lead.constraints, None, None, 0) for item in lead.items)
    return " ".join(told)


def code_not_found(codes: Sequence[str], *, nearest: bool = False) -> str:
    """Say that no item has these codes; `nearest` tells that others are shown instead."""
    said = " ".join(f"No item in this catalogue has the code “{code}”." for code in codes)
    return f"{said} The nearest I have:" if nearest else said
