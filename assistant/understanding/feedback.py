"""Say whether a message tells that a shown item pleases or not: "I like the second one".

Pure. A message counts only when it says nothing else: "I like the second one, but in blue" is a
request for other items, and "I don't like leather" speaks of a value and not of an item.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.understanding.references import references
from assistant.understanding.tokens.text import Span, blanked, folded_words
from retrieval.items import Item, item_text

Feeling = Literal["like", "dislike"]

_TASTE = r"(?:my (?:taste|style|thing|cup of tea)|for me)"
_DISLIKE = re.compile(
    r"\bi (?:really )?(?:dislike|hate|can(?:'t|not) stand|do(?:n't| not) (?:really )?"
    r"(?:like|love|fancy))\b"
    rf"|\b(?:not|is not|isn't|are not|aren't) (?:really )?{_TASTE}\b"
    rf"|\bnone of (?:them|these|those)\b(?: (?:is|are) {_TASTE}\b)?",
    re.I,
)
_LIKE = re.compile(
    r"\bi (?:(?:really|quite|do|also|absolutely) )*(?:like|love|adore|fancy)\b"
    rf"|\bis (?:lovely|beautiful|gorgeous|my favou?rite|{_TASTE})\b",
    re.I,
)
_ALL = re.compile(r"\b(?:(?:any|all|none) of )?(?:them|these|those)\b", re.I)
_POINTS = re.compile(r"(?:^|\s)(?:it|this|that)(?: one)?$", re.I)
_FILLER = frozenset(
    """the a lot very so much best most at all really just quite too one is are it this that
    its thats and hm hmm no yes oh sorry thank thanks you well please though number item
    option""".split()
)


@dataclass(frozen=True, slots=True)
class Said:
    """What the user said of shown items."""

    feeling: Feeling
    items: tuple[Item, ...]  # empty when several are shown and none of them was named


def opinion_said(message: str, shown: Sequence[Item]) -> Said | None:
    """Read a message that only says what the user feels about shown items, else return None."""
    message = message.replace("’", "'")
    disliked = _DISLIKE.search(message)
    match = disliked or _LIKE.search(message)
    if match is None or not shown:
        return None
    items, spans = _meant(message, shown)
    rest = folded_words(blanked(message, [match.span(), *spans]).replace("'s", "s"))
    known = _FILLER.union(*(folded_words(item_text(item)) for item in items if spans))
    return None if set(rest) - known else Said("dislike" if disliked else "like", items)


def _meant(message: str, shown: Sequence[Item]) -> tuple[tuple[Item, ...], list[Span]]:
    """Return the items that the message speaks of, and where it points at them.

    "It" means an item when only one is shown.
    """
    if every := _ALL.search(message):
        return tuple(shown), [every.span()]
    pointed = references(message, shown)
    named = [one for one in pointed if not _POINTS.search(message[slice(*one.span)])]
    if not named:
        return (tuple(shown) if len(shown) == 1 else ()), [one.span for one in pointed]
    return tuple(one.item for one in named), [one.span for one in named]
