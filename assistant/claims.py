"""Does the record support this sentence? Word by word, before anything is shown.

Pure. Knows one record and what the user set as limits; knows no model. A sentence stands only if
every word that says something is in the record (or says nothing of the item at all), with the
same polarity, and every number is the record's own or the user's limit named as such.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

from assistant.vocabulary import fold
from retrieval.constraints import satisfies
from retrieval.items import Constraint, Item, item_text, normal

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_NEGATIONS = frozenset(["not", "no", "never", "without", "non", "neither", "nor", "cannot", "free"])
_LIMIT = re.compile(
    r"\b(?:under|below|within|budget|limit|less than|at most|over|above|at least)\b", re.I
)
_REACH = 3  # how many words a negation reaches

# Words that claim nothing about an item. What is not here must be in the record.
_NEUTRAL = frozenset(
    """a an the this that these those it its itself they them their one which who what i we you
    your yours my our us me and or but so because since as while if when where than then thus
    of in on at to for from with by into onto about over under below above within between is
    are was be been being am has have had having do does did can could may might will would
    shall should must also both too very quite just only even still well here there all any
    each every some yes record records say says state mention list product item thing piece
    option choice pick candidate match fit suit meet satisfy answer cover include come offer
    feature provide give make made let help serve use described listed called named said ask
    asked want wanted look looking search request need requirement wish budget limit price
    cost dollar usd euro eur gbp shopper good great nice fine ideal perfect perfectly suitable
    right exactly appropriate reasonable design designed style type kind way keep get go way
    need considered not no never without cannot around onto up out off along through during
    after before such other while leave leaving""".split()
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence, and what in it nothing supports."""

    sentence: str
    items: tuple[str, ...]  # ids of the records that it was checked against
    unsupported: tuple[str, ...]  # empty when the sentence stands

    @property
    def stands(self) -> bool:
        """Tell whether the sentence may be shown."""
        return not self.unsupported


def check(sentence: str, items: Sequence[Item], constraints: Iterable[Constraint] = ()) -> Claim:
    """Check one sentence against the records that it speaks of, and the user's limits."""
    spoken = _words(sentence)
    known = _polarities(segment for item in items for segment in _segments(item))
    numbers = _numbers(items) | _limits(sentence, items, constraints)
    wrong = []
    for at, word in enumerate(spoken):
        if word[0].isdigit():
            supported = _plain_number(word) in numbers
        elif fold(word) in _NEUTRAL or word in _NEUTRAL:
            supported = True
        else:
            supported = _negated(spoken, at) in known.get(_stem(word), ())
        if not supported:
            wrong.append(word)
    wrong += [] if wrong else _mixed_up(spoken, items)
    return Claim(sentence.strip(), tuple(item.id for item in items), tuple(wrong))


def sentences(text: str) -> list[str]:
    """Split a text into sentences."""
    return [part.strip() for part in _SENTENCE.split(text) if part.strip()]


@lru_cache(maxsize=1)
def _stemmer() -> "snowballstemmer.stemmer":
    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(fold(word)))


def _words(text: str) -> list[str]:
    return [m.group().replace("’", "'").removesuffix("'s") for m in _WORD.finditer(normal(text))]


def _segments(item: Item) -> list[str]:
    """Return what the record says, in pieces within which words belong together."""
    facts = (
        item_text(item) if not item.description else item_text(item).replace(item.description, " ")
    )
    return [facts, *sentences(item.description), *item.transcripts]


def _polarities(segments: Iterable[str]) -> dict[str, set[bool]]:
    """Map every stem to whether it is used negated, plainly, or both."""
    known: dict[str, set[bool]] = {}
    for segment in segments:
        spoken = _words(segment)
        for at, word in enumerate(spoken):
            known.setdefault(_stem(word), set()).add(_negated(spoken, at))
    return known


def _negated(spoken: Sequence[str], at: int) -> bool:
    """Tell whether a negation stands shortly before a word, or "free" right after it."""
    before = spoken[max(0, at - _REACH) : at]
    after = spoken[at + 1 : at + 2]
    return any(w in _NEGATIONS - {"free"} or w.endswith("n't") for w in before) or after == ["free"]


def _numbers(items: Sequence[Item]) -> set[str]:
    said = " ".join(" ".join(_segments(item)) for item in items)
    prices = " ".join(f"{item.price:.2f}" for item in items if item.price is not None)
    return {_plain_number(word) for word in _words(f"{said} {prices}") if word[0].isdigit()}


def _limits(sentence: str, items: Sequence[Item], constraints: Iterable[Constraint]) -> set[str]:
    """Return the user's limits that the items keep, if the sentence names a number as a limit."""
    if not _LIMIT.search(sentence):
        return set()
    return {
        _plain_number(f"{c.value:.2f}")
        for c in constraints
        if isinstance(c.value, float | int) and all(satisfies(item, c) for item in items)
    }


def _plain_number(text: str) -> str:
    """Write "32.00", "32.0" and "32" alike."""
    digits = text.replace(",", "")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _mixed_up(spoken: Sequence[str], items: Sequence[Item]) -> list[str]:
    """Return an attribute put to a part it does not belong to ("wool lining" of a wool coat)."""
    attributes = {
        word for item in items for value in item.attributes.values() for word in _words(value)
    }
    names = {_stem(w) for item in items for w in _words(f"{item.title} {item.category}")}
    together = [
        {_stem(word) for word in _words(segment)} for item in items for segment in _segments(item)
    ]
    for first, second in zip(spoken, spoken[1:], strict=False):
        if (
            first in attributes
            and not (second in attributes or second in _NEUTRAL or _stem(second) in names)
            and not any({_stem(first), _stem(second)} <= segment for segment in together)
        ):
            return [f"{first} {second}"]
    return []
