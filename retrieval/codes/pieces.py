"""A message → the letters and digits that it writes or speaks, piece by piece.

Pure. "W H one thousand" is w, h, 1000; "fourteen oh six" is 14, 0, 6. Knows words for letters and
numbers; knows no code of any catalogue.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.codes.words import code_words
from retrieval.english import SCALES, TENS, UNITS

# Chinese, Japanese and Korean are written without spaces: "有EL1406吗" names EL1406.
_RUN = re.compile(r"[〇零一二三四五六七八九]|[^\W_\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_MOST_WORDS = 2  # of a spoken letter: "double u"


@dataclass(frozen=True, slots=True)
class CodePiece:
    """A run of letters and digits that can be a part of a code."""

    text: str  # lower case; "" for a dash that was spoken
    span: tuple[int, int]
    spoken: bool = False  # in words: "five"
    misheard: str = ""  # the digit that it may stand for inside a code: "o" for 0


def read_pieces(message: str) -> list[CodePiece]:
    """Return the pieces of a message, in order."""
    runs = [(_plain(match[0]), match.span()) for match in _RUN.finditer(message)]
    words = [text for text, _ in runs]
    found: list[CodePiece] = []
    at = 0
    while at < len(runs):
        text, size, spoken = _next(words, at)
        span = (runs[at][1][0], runs[at + size - 1][1][1])
        misheard = code_words().misheard.get(text, "")
        found.append(CodePiece(text, span, spoken, misheard))
        at += size
    return found


def _plain(run: str) -> str:
    return unicodedata.normalize("NFKC", run).casefold()


def _next(words: Sequence[str], at: int) -> tuple[str, int, bool]:
    """Return the next piece's text, how many words it takes, and whether it is spoken."""
    known, word = code_words(), words[at]
    for size in range(min(_MOST_WORDS, len(words) - at), 0, -1):
        if letter := known.letters.get(tuple(words[at : at + size])):
            return letter, size, True
    if word in known.silent:
        return "", 1, True
    times = 2 * (word in known.double) or 3 * (word in known.triple)
    if times and at + 1 < len(words):
        text, size, _ = _next(words, at + 1)
        if len(text) == 1:
            return text * times, 1 + size, True
    if word in known.digits:
        return known.digits[word], 1, True
    value, size = _spoken_number(words, at)
    return (str(value), size, True) if size else (word, 1, False)


def _spoken_number(words: Sequence[str], at: int) -> tuple[int, int]:
    """Read an English number at a place: its value and how many words it takes, 0 for none."""
    value, size = _below_hundred(words, at)
    if not size:
        return 0, 0
    for name, scale in SCALES.items():
        if words[at + size : at + size + 1] != [name]:
            continue
        value, size = value * scale, size + 1
        joined = words[at + size : at + size + 1] == ["and"]
        more, taken = _below_hundred(words, at + size + joined)
        if taken and (joined or scale > 1):
            value, size = value + more, size + joined + taken
    return value, size


def _below_hundred(words: Sequence[str], at: int) -> tuple[int, int]:
    """Read "five", "fourteen", "sixty" or "sixty five"."""
    word, after = (words[place] if place < len(words) else "" for place in (at, at + 1))
    if word in UNITS:
        return UNITS[word], 1
    if word not in TENS:
        return 0, 0
    more = UNITS.get(after, 0)
    return (TENS[word] + more, 2) if 0 < more <= 9 else (TENS[word], 1)
