"""Say whether a message tells that a shown item pleases or not: "I like the second one".

Pure. A message counts only when it says nothing else: "I like the second one, but in blue" is a
request for other items, and "I don't like leather" speaks of a value and not of an item.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.understanding.acts.descriptions import Reference
from assistant.understanding.acts.references import references
from assistant.understanding.tokens.cues import Cue, Sentence
from assistant.understanding.tokens.text import folded_words
from retrieval.items import Item, item_text

Feeling = Literal["like", "dislike"]


@dataclass(frozen=True, slots=True)
class Said:
    """What the user said of shown items."""

    feeling: Feeling
    items: tuple[Item, ...]  # empty when several are shown and none of them was named


def opinion_said(sentence: Sentence, shown: Sequence[Item]) -> Said | None:
    """Read a message that only says what the user feels about shown items, else return None."""
    told = _told(sentence)
    if told is None or not shown:
        return None
    items, pointing = _meant(sentence, shown)
    told_by = {*range(told.start, told.end), *pointing}
    known = (
        {word for item in items for word in folded_words(item_text(item))} if pointing else set()
    )
    for at, token in enumerate(sentence.tokens):
        filler = token.kind == "mark" or sentence.cue_at(at, "opinion filler", "opinion adverbs")
        if not (at in told_by or filler or token.word in known):
            return None
    return Said("dislike" if told.roles & {"opinion hates", "opinion bad"} else "like", items)


def _told(sentence: Sentence) -> Cue | None:
    """Return the words that tell a feeling, a dislike before a like."""
    found = [cue for at in range(len(sentence.tokens)) if (cue := _feeling_at(sentence, at))]
    disliked = [cue for cue in found if cue.roles & {"opinion hates", "opinion bad"}]
    return next(iter(disliked or found), None)


def _feeling_at(sentence: Sentence, at: int) -> Cue | None:
    """Return "I really like", "is not my taste" where it begins at a token."""
    if cue := sentence.cue_at(at, "opinion good", "opinion bad"):
        return cue
    who = sentence.cue_at(at, "opinion who")
    if who is None:
        return None
    here = who.end
    verb = sentence.cue_at(here, "opinion likes", "opinion hates")
    while verb is None and (adverb := sentence.cue_at(here, "opinion adverbs")):
        here = adverb.end
        verb = sentence.cue_at(here, "opinion likes", "opinion hates")
    return Cue(verb.roles, at, verb.end) if verb else None


def _meant(sentence: Sentence, shown: Sequence[Item]) -> tuple[tuple[Item, ...], set[int]]:
    """Return the items that the message speaks of, and the tokens that point at them.

    "It" means an item when only one is shown.
    """
    for at in range(len(sentence.tokens)):
        if every := sentence.cue_at(at, "point all"):
            return tuple(shown), {*range(every.start, every.end)}
    pointed = references(sentence, shown)
    tokens = {at for one in pointed for at in range(one.start, one.end)}
    named = [one for one in pointed if not _only_it(sentence, one)]
    if not named:
        return (tuple(shown) if len(shown) == 1 else ()), tokens
    return tuple(one.item for one in named), tokens


def _only_it(sentence: Sentence, one: Reference) -> bool:
    """Tell whether a reference is no more than "it" or "this one"."""
    return any(
        (cue := sentence.cue_at(at, "point this", "point it")) and cue.end == one.end
        for at in range(one.start, one.end)
    )
