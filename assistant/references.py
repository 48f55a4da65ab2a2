"""Which shown item does the user mean? "The second one", "the blue one", "that lamp", "it".

Pure, and resolved by code: the language model never picks an id. Knows the items on screen, in
the order they stand there; knows nothing of the rest of the catalogue.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.vocabulary import words
from retrieval.items import Item, item_text

_ORDINALS = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4,
    "fifth": 5, "5th": 5, "sixth": 6, "6th": 6, "seventh": 7, "7th": 7, "eighth": 8, "8th": 8,
    "last": -1,
}  # fmt: skip
_ORDINAL = re.compile(
    rf"\bthe\s+({'|'.join(_ORDINALS)})\b(?!\s+(?:time|thing|step|floor|aid|place))"
    rf"|^\s*({'|'.join(_ORDINALS)})\s+(?:one|item|option)?"
    r"|(?:#|\b(?:number|option|item|no\.?)\s*)(\d{1,2})\b",
    re.I,
)
_COUNTED = re.compile(
    r"\b(?:like|than|about|of|compare|between|versus|not)\s+"
    r"((?:\d{1,2}\s*(?:,|&|\band\b|\bor\b)\s*)*\d{1,2})\b(?!\s*(?:%|dollar|euro|buck|\$|€))",
    re.I,
)
_AWAY = re.compile(  # what follows, up to the next clause, is what the user wants less of
    r"(?:\b(?:less|not|nothing|no more|fewer|never)\s+(?:\w+\s+)?like|\bunlike|\baway from"
    r"|\b(?:don'?t|do not|didn'?t)\s+(?:really\s+|much\s+)?like)\b"
    r"(?:(?!\b(?:but|more like|rather|instead)\b)[^;.!?])*",
    re.I,
)
_RUN = re.compile(r"\b(first|last) (two|three|four|[234])\b", re.I)
_DESCRIBED = re.compile(r"\b(?:the|that|this|those|these)\s+((?:[\w'-]+\s+){0,3}?[\w'-]+)", re.I)
_POINTED = re.compile(
    r"\b(?:this one|that one)\b|\b(?:is|does|has|can|about|like|of|was) (?:it|this|that)\b", re.I
)
_EMPTY = frozenset(
    """one ones thing item option piece the that this those these is it in of for and or but same
    other""".split()
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A shown item that the message points at, and the words that do."""

    item: Item
    span: tuple[int, int]


def references(message: str, shown: Sequence[Item]) -> list[Reference]:
    """Return what a message points at among the shown items, each once, in order."""
    found = [*_by_run(message, shown), *_by_ordinal(message, shown), *_by_number(message, shown)]
    found = found or list(_by_description(message, shown))
    if not found and shown and _POINTED.search(message):
        pointed = _POINTED.search(message)
        found = [Reference(shown[0], pointed.span())] if pointed else []
    return list({reference.item.id: reference for reference in reversed(found)}.values())[::-1]


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
        count = {"two": 2, "three": 3, "four": 4, "2": 2, "3": 3, "4": 4}[match[2].lower()]
        run = shown[:count] if match[1].lower() == "first" else shown[-count:]
        yield from (Reference(item, match.span()) for item in run)


def _by_ordinal(message: str, shown: Sequence[Item]) -> Iterator[Reference]:
    for match in _ORDINAL.finditer(message):
        named = match[1] or match[2]
        place = _ORDINALS[named.lower()] if named else int(match[3])
        if place == -1 and shown:
            yield Reference(shown[-1], match.span())
        elif 1 <= place <= len(shown):
            yield Reference(shown[place - 1], match.span())


def _by_number(message: str, shown: Sequence[Item]) -> Iterator[Reference]:
    for match in _COUNTED.finditer(message):
        for place in map(int, re.findall(r"\d+", match[1])):
            if 1 <= place <= len(shown):
                yield Reference(shown[place - 1], match.span())


def _by_description(message: str, shown: Sequence[Item]) -> Iterator[Reference]:
    """Match "the blue one" or "that lamp" with the records; it must fit one shown item alone."""
    for match in _DESCRIBED.finditer(message):
        said = [word for word in words(match[1]) if word not in _EMPTY]
        while said:
            fitting = [item for item in shown if set(said) <= set(words(item_text(item)))]
            if len(fitting) == 1:
                yield Reference(fitting[0], match.span())
                break
            said = said[:-1]
