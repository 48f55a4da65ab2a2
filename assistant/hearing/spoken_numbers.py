"""Numbers that a speech model wrote in pieces: "100 and 50 euros" is 150 euros.

Pure. Knows the words that stand within a spoken number in each language; knows no unit. The rest is
read as typed text is. A number is joined with a smaller one only where the first ends in as many
zeros: of "between 100 and 200" nothing is.
"""

import re
from functools import cache

from assistant.hearing.spoken_words import spoken_words
from assistant.understanding.tokens.numerals import in_digits


def joined_numbers(text: str, language: str) -> str:
    """Return a transcript in which the parts of each number stand together."""
    pattern = _pattern(language)
    return pattern.sub(_joined, text) if pattern else text


def _joined(found: re.Match[str]) -> str:
    """Return two numbers as one, where they can be parts of it."""
    first, second = (in_digits(found[name]) for name in ("first", "second"))
    size = 10 ** len(str(int(second)))
    if first < 100 or not 0 < second < 1000 or first % max(size, 100):
        return found[0]
    return f"{first + second:.0f}"


@cache
def _pattern(language: str) -> re.Pattern[str] | None:
    """Return the pattern of two numbers that a word of the language joins."""
    joins = spoken_words().get(language, {}).get("joins", ())
    if not joins:
        return None
    number = r"\d{1,3}(?:[.,]\d{3})+|\d+"
    word = "|".join(map(re.escape, joins))
    return re.compile(
        rf"(?<![\d.,])(?P<first>{number}),? (?:{word}) (?P<second>\d{{1,3}})(?![\d]|[.,]\d)", re.I
    )
