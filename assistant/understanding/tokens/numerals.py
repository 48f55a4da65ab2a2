"""Numbers in digits and in words: "1,299", "two hundred and fifty", "a dozen", "half a".

Knows tokens and the numbers' words; knows no unit and no currency.
"""

import re
from collections.abc import Mapping, Sequence

from assistant.understanding.tokens.cues import Sentence
from retrieval.units import parsed_number

_SCALES = ("hundred", "thousand")
_COUNTED = frozenset({*_SCALES, "dozen", "couple"})  # these follow "a"
_LONGEST = 10  # words of a number


def in_digits(text: str) -> float:
    """Read digits; a mark before three of them parts thousands: "1.299" is no price of 1.30."""
    if re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", text):
        return float(text.replace(".", ""))
    return parsed_number(text)


def in_words(sentence: Sentence, at: int) -> tuple[float, int] | None:
    """Read an amount in words: "two hundred and fifty", "a dozen", "half a"; and where it ends."""
    texts, numbers = [token.text for token in sentence.tokens[at : at + _LONGEST]], sentence.cues
    if texts[:2] in (["half", "a"], ["half", "an"]):
        return (6.0, at + 3) if texts[2:3] == ["dozen"] else (0.5, at + 2)
    if texts[:1] == ["half"]:
        return 0.5, at + 1  # "half litre"; "half price" has no unit, and is no amount
    first = 1 if texts[0] in ("a", "an") and texts[1:2] and texts[1] in _COUNTED else 0
    total, part, end, last = 0.0, 0.0, 0, ""
    for here, text in enumerate(texts[first:], start=first):
        if text == "half":
            break  # "half price" is no amount
        if text == "and" and last in _SCALES:
            continue
        value = numbers.numbers.get(text)
        if value is None or text == "k" or not _follows(text, last, numbers.numbers):
            break
        if text == "thousand":
            total, part = total + max(part, 1) * value, 0
        else:
            part = max(part, 1) * value if text in _COUNTED and text != "couple" else part + value
        last, end = text, here + 1
    more, words = _rest(texts[end:], last)
    return (total + part + more, at + end + words) if end else None


def _rest(texts: Sequence[str], last: str) -> tuple[float, int]:
    """Return what stands behind an amount in words and is a part of it, and how many words."""
    if list(texts[:3]) == ["and", "a", "half"]:  # "four and a half"
        return 0.5, 3
    return 0.0, int(last == "couple" and list(texts[:1]) == ["of"])


def _follows(text: str, last: str, numbers: Mapping[str, float]) -> bool:
    """Tell whether a number's word goes on with the number before it: "twenty five"."""
    if not last or text in _COUNTED - {"couple"}:
        return True
    return last in (*_SCALES, "couple") or numbers[last] >= 20 > numbers[text] > 0
