"""Items that were asked for by their codes: they come first, and what is missing is said.

Pure. Knows the codes that a message names and the ranked candidates; knows no sentence.
"""

from collections.abc import Sequence

from assistant.recommending.leads import CodeLeftOut, CodeNotFound, Lead
from assistant.understanding.conversation import Reading
from assistant.understanding.tokens.text import blanked, folded_words, says_something
from retrieval.constraints import satisfies_all
from retrieval.index.index import Index
from retrieval.items import Candidate, Catalogue, Constraint
from retrieval.search import diverse


def is_named(candidate: Candidate) -> bool:
    """Tell whether a candidate was found by its code."""
    return "code" in candidate.contributions


def named_first(
    ranked: Sequence[Candidate], index: Index, *, limit: int, liked: Sequence[str] = ()
) -> list[Candidate]:
    """Choose candidates without near duplicates, after all of those that were named by a code."""
    named = [one for one in ranked if is_named(one)][:limit]
    others = [one for one in ranked if not is_named(one)]
    if len(named) == limit:
        return named
    return [*named, *diverse(others, index, limit=limit - len(named), liked=liked)]


def code_lead(
    reading: Reading, standing: Sequence[Constraint], catalogue: Catalogue, *, shown: bool
) -> Lead | None:
    """Return what is to be said of codes that no item has, or whose items break a constraint.

    `shown` tells whether any items are shown, which are then the nearest to what is not there.
    """
    items = [catalogue.items[id_] for one in reading.codes for id_ in one.ids]
    if unknown := tuple(one.code for one in reading.codes if not one.ids):
        return CodeNotFound(unknown, nearest=shown and not items)
    broken = tuple(one for one in items if not satisfies_all(one, standing))
    return CodeLeftOut(broken, tuple(standing)) if broken else None


def asks_nothing_else(reading: Reading) -> bool:
    """Tell whether a message only asks for numbers that are the codes of no item."""
    if not reading.codes or any(one.ids or one.said == one.code for one in reading.codes):
        return False
    spans, at = [], 0
    for one in reading.codes:
        at = reading.phrase.find(one.said, at)
        spans.append((at, at + len(one.said)))
    rest = blanked(reading.phrase, [span for span in spans if span[0] >= 0])
    return not any(map(says_something, folded_words(rest)))
