"""A text → its words as claims are compared: stems, numbers as digits, negations.

Pure. Knows English word forms; knows no record and no catalogue.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import snowballstemmer

from assistant.understanding.tokens.text import fold
from retrieval.catalogue.currencies import SIGN_LETTERS
from retrieval.english import TENS, UNITS
from retrieval.items import normal

_WORD = re.compile(rf"[{SIGN_LETTERS}]?\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")
_SAME = {
    "color": "colour", "colors": "colours", "aluminum": "aluminium", "jewelry": "jewellery",
    "litre": "l", "litres": "l", "liter": "l", "liters": "l", "centimetres": "cm",
    "centimeters": "cm", "millilitres": "ml", "milliliters": "ml", "kilograms": "kg",
    "kilos": "kg", "grams": "g",
}  # fmt: skip
_MONEY = frozenset(["dollar", "dollars", "usd", "euro", "euros", "eur", "gbp"])
_NEGATIONS = frozenset(
    ["not", "no", "never", "without", "non", "neither", "nor", "cannot", "skip", "avoid", "hardly",
     "barely", "almost", "nearly", "seldom", "rarely"]
)  # fmt: skip
_INSTEAD = frozenset([("instead", "of"), ("rather", "than")])
_REACH = 3  # how many words a negation reaches
_COUNTED = {word: number for word, number in UNITS.items() if number > 1}  # "one" points


def spoken(text: str) -> list[str]:
    """Return the words of a text, "forty-two" as "42" and "9 dollars" as "$9"."""
    found = [m.group().replace("’", "'").removesuffix("'s") for m in _WORD.finditer(normal(text))]
    return list(_priced(list(_in_digits([_SAME.get(word, word) for word in found]))))


def is_number(word: str) -> bool:
    """Tell whether a word of `spoken` is a number, with or without a currency sign."""
    return word[-1:].isdigit()


def plain_number(word: str) -> str:
    """Write "$32.00", "32.0" and "32" alike."""
    digits = word.lstrip(SIGN_LETTERS).replace(",", "")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return what the forms of a word share; a number without its sign."""
    if is_number(word):
        return plain_number(word)
    return str(_stemmer().stemWord(fold(word)))


def negated(words: Sequence[str], at: int) -> bool:
    """Tell whether a negation stands shortly before a word, or after it.

    After it stands "free" ("oil free"), or "not" at the end ("iced coffee proof they are not").
    """
    before = words[max(0, at - _REACH) : at]
    if words[-1] == "not" and at < len(words) - 1 <= at + 2 * _REACH:
        return True
    if any(pair in _INSTEAD for pair in zip(before, before[1:], strict=False)):
        return True
    after = words[at + 1 : at + 2]
    return any(w in _NEGATIONS or w.endswith("n't") for w in before) or after == ["free"]


def neighbours(segments: Iterable[str]) -> set[tuple[str, str]]:
    """Return every two stems that stand side by side."""
    together: set[tuple[str, str]] = set()
    for segment in segments:
        stems = [stem(word) for word in spoken(segment)]
        together |= set(zip(stems, stems[1:], strict=False))
    return together


@lru_cache(maxsize=1)
def _stemmer() -> "snowballstemmer.stemmer":
    return snowballstemmer.stemmer("english")


def _in_digits(words: Sequence[str]) -> Iterator[str]:
    at = 0
    while at < len(words):
        amount, following = TENS.get(words[at], 0), words[at + 1 : at + 2]
        if amount and following and _COUNTED.get(following[0], 10) < 10:
            yield str(amount + _COUNTED[following[0]])
            at += 2
            continue
        amount = amount or _COUNTED.get(words[at], 0)
        yield str(amount) if amount else words[at]
        at += 1


def _priced(words: Sequence[str]) -> Iterator[str]:
    for at, word in enumerate(words):
        money = word[0].isdigit() and words[at + 1 : at + 2] and words[at + 1] in _MONEY
        yield f"${word}" if money else word
