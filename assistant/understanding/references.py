"""Which shown item does the user mean? "The second one", "the blue one", "that lamp", "it".

Pure, and resolved by code: the language model never picks an id. Knows the items on screen, in
the order they stand there; of others only the titles, which `titled` is given.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.understanding.tokens.amounts import read_amounts
from assistant.understanding.tokens.cues import Sentence, read_sentence
from assistant.understanding.tokens.text import Span, folded_words
from retrieval.english import UNITS
from retrieval.items import Item, item_text

_ORDINALS = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4,
    "fifth": 5, "5th": 5, "sixth": 6, "6th": 6, "seventh": 7, "7th": 7, "eighth": 8, "8th": 8,
    "second to last": -2, "second last": -2, "next to last": -2, "penultimate": -2, "last": -1,
    "top": 1, "topmost": 1, "bottom": -1,
}  # fmt: skip
_PLACES_IN_WORDS = {word: place for word, place in UNITS.items() if 0 < place <= 8}
_THINGS = r"one|item|option|result|product|thing"
_PLACES = "|".join(sorted(_ORDINALS, key=len, reverse=True))
_ORDINAL = re.compile(
    rf"\bthe\s+(?!(?:top|bottom)\s+(?!(?:{_THINGS})\b))({_PLACES})\b"
    r"(?!\s+(?:time|thing|step|floor|aid|place|shelf|drawer|list|results?|search|page|selection))"
    rf"|^\s*({_PLACES})\s+(?:{_THINGS})"
    rf"|(?:#|\b(?:number|option|item|no\.?)\s*)(\d{{1,2}}|(?:{'|'.join(_PLACES_IN_WORDS)}))\b",
    re.I,
)
_COUNTED = re.compile(
    r"\b(?:like|than|about|of|compare|between|versus|not)\s+"
    r"((?:\d{1,2}\s*(?:,|&|\band\b|\bor\b)\s*)*\d{1,2})\b(?!\s*(?:%|dollar|euro|buck|\$|€))",
    re.I,
)
_AWAY = re.compile(  # what follows, up to the next clause, is what the user wants less of
    r"(?:\b(?:less|not|nothing|no more|fewer|never)\s+(?:\w+\s+)?like|\bunlike|\baway from"
    r"|\b(?:don'?t|do not|didn'?t)\s+(?:really\s+|much\s+)?like"
    r"|^\W*(?:no,?\s+)?not\s+(?:the|that|this|number))\b"
    r"(?:(?!\b(?:but|more like|rather|instead)\b)(?:[^;.!?,]|,(?=\s*(?:\d|and\b|or\b|nor\b))))*",
    re.I,
)
_END = {True: (0, 1), False: (-1, None)}  # where the cheapest and the dearest stand
_RUN = re.compile(r"\b(first|last) (two|three|four|[234])\b", re.I)
_EXTREME = re.compile(
    r"\b(?:why|about)\s+the\s+(?P<ask>cheapest|dearest|most expensive)\b"
    r"|\bthe\s+(?P<of>cheapest|dearest|most expensive)(?:\s+one)?\s+of\s+(?:these|those|them)\b",
    re.I,
)
_DESCRIBED = re.compile(r"\b(?:the|that|this|those|these)\s+((?:[\w'-]+\s+){0,3}?[\w'-]+)", re.I)
_POINTED = re.compile(
    r"\b(?:this one|that one)\b|\bits\b(?!\s+(?:for|a|an|the|too|not|my|ok)\b)"
    r"|\b(?:is|does|did|do|has|can|about|like|of|was|why|on|with|from|will|would)"
    r" (?:it|this|that)\b"
    r"|\b(?:are|do|have|were) they\b|^\W*(?:and )?how much\W*$",
    re.I,
)
_THIS = re.compile(r"\b(?:this|that|these|those|it)\b", re.I)
_EMPTY = frozenset(
    """one ones thing item option piece the that this those these is it in of for and or but same
    other with from by on""".split()
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A shown item that the message points at, and the words that do."""

    item: Item
    span: Span


def references(message: str, shown: Sequence[Item], *, photo: bool = False) -> list[Reference]:
    """Return what a message points at among the shown items, each once, in order.

    With a `photo` beside the message, "this" points at the photo.
    """
    if photo:
        message = _THIS.sub(lambda found: " " * len(found[0]), message)
    found = [*_by_run(message, shown), *_by_ordinal(message, shown), *_by_number(message, shown)]
    found = found or [*_by_price(message, shown), *_by_description(message, shown)]
    if not found and shown and _POINTED.search(message):
        pointed = _POINTED.search(message)
        found = [Reference(shown[0], pointed.span())] if pointed else []
    once: dict[str, Reference] = {}
    for reference in found:
        once.setdefault(reference.item.id, reference)
    return list(once.values())


def titled(message: str, items: Iterable[Item]) -> tuple[Item, ...]:
    """Return the items whose title stands in the message, those with the longest title only."""
    said = f" {' '.join(folded_words(message))} "
    names = ((f" {' '.join(folded_words(item.title))} ", item) for item in items)
    found = [(len(name), item) for name, item in names if name.strip() and name in said]
    longest = max((size for size, _ in found), default=0)
    return tuple(item for size, item in found if size == longest)


def unwanted(message: str, found: Sequence[Reference]) -> tuple[Item, ...]:
    """Return the items among those pointed at that the user wants less of ("less like 4")."""
    clauses = [match.span() for match in _AWAY.finditer(message)]
    return tuple(
        reference.item
        for reference in found
        if any(start <= reference.span[0] < end for start, end in clauses)
    )


def _by_run(message: str, shown: Sequence[Item]) -> Iterator[Reference]:
    """Read "the first two", "the last three"."""
    for match in _RUN.finditer(message):
        count = UNITS.get(match[2].lower()) or int(match[2])
        run = shown[:count] if match[1].lower() == "first" else shown[-count:]
        yield from (Reference(item, match.span()) for item in run)


def _by_ordinal(message: str, shown: Sequence[Item]) -> Iterator[Reference]:
    for match in _ORDINAL.finditer(message):
        named = match[1] or match[2]
        number = (match[3] or "").lower()
        place = _ORDINALS[named.lower()] if named else _PLACES_IN_WORDS.get(number) or int(number)
        if place < 0 and -place <= len(shown):
            yield Reference(shown[place], match.span())
        elif 1 <= place <= len(shown):
            yield Reference(shown[place - 1], match.span())


def _by_number(message: str, shown: Sequence[Item]) -> Iterator[Reference]:
    for match in _COUNTED.finditer(message):
        for place in map(int, re.findall(r"\d+", match[1])):
            if 1 <= place <= len(shown):
                yield Reference(shown[place - 1], match.span())


def _by_price(message: str, shown: Sequence[Item]) -> Iterator[Reference]:
    """Read "the one for 54 dollars", "why the cheapest?", "the cheapest of these"."""
    sentence = read_sentence(message)
    for amount in read_amounts(sentence, (), (), ()):
        start = _priced_from(sentence, amount.start)
        costing = [item for item in shown if item.price == amount.low == amount.high]
        if start is not None and amount.currencies and len(costing) == 1:
            yield Reference(costing[0], sentence.span(start, amount.end))
    priced = [item for item in shown if item.price is not None]
    priced.sort(key=lambda item: item.price or 0)
    money = dict.fromkeys(item.currency for item in priced)  # each has a cheapest of its own
    for match in _EXTREME.finditer(message):
        cheapest = (match["ask"] or match["of"]).lower() == "cheapest"
        for currency in money:
            alike = [item for item in priced if item.currency == currency]
            yield from (Reference(item, match.span()) for item in alike[slice(*_END[cheapest])])


def _priced_from(sentence: Sentence, at: int) -> int | None:
    """Return where "the one for" begins before an amount, None where it does not stand there."""
    cue = sentence.cue_before(at, "words priced")
    return cue.start if cue else None


def _by_description(message: str, shown: Sequence[Item]) -> Iterator[Reference]:
    """Match "the blue one" or "that lamp" with the records; it must fit one shown item alone."""
    for match in _DESCRIBED.finditer(message):
        said = [word for word in folded_words(match[1]) if word not in _EMPTY]
        while said:
            if item := _fitting(said, shown):
                yield Reference(item, match.span())
                break
            said = said[:-1]


def _fitting(said: Sequence[str], shown: Sequence[Item]) -> Item | None:
    """Return the one item that fits: by a whole value first, then by its facts, then by all."""
    anywhere = [item for item in shown if set(said) <= set(folded_words(item_text(item)))]
    facts = [item for item in anywhere if set(said) <= set(folded_words(_facts(item)))]
    whole = [item for item in facts if _has_value(item, said)]
    return next((fit[0] for fit in (anywhere, facts, whole) if len(fit) == 1), None)


def _facts(item: Item) -> str:
    return " ".join((item.title, item.category, item.brand, *item.attributes.values()))


def _has_value(item: Item, said: Sequence[str]) -> bool:
    """Tell whether one of the words is all that a field of the record says ("blue", not "navy")."""
    return any(folded_words(value) == [word] for value in item.attributes.values() for word in said)
