"""Mend slips of the pen: "scraf", "sun glases", "cheeper than 20 dolars".

Pure. Knows the few words that a limit or an order hangs on, and how far a slip may reach; leaves
alone every word that the catalogue uses as it stands.
"""

import re
from collections.abc import Sequence
from functools import cache

from rapidfuzz import fuzz, process

from assistant.understanding.tokens.cues import read_cues
from assistant.understanding.tokens.text import fold

_STEERING = (
    "budget", "cheaper", "cheapest", "dollars", "expensive", "between", "something", "anything",
    "without", "similar",
)  # fmt: skip
_REAL = frozenset("cheater budge extensive expansive dollar".split())  # words of their own
_WORD = re.compile(r"[A-Za-z]{5,}(?![\w'’])")
_SHORTEST, _SHORT, _JOINED = (
    5,
    8,
    7,
)  # letters of a word with a slip, with one at most, and of two words that may be one
_NEAR, _SURELY = 79, 86  # of 100: one slip in five letters, one in eight
_VERY = 88  # of 100: one slip in five letters, of the many words that steer less
_ALIKE = 84  # of 100: two slips in nine letters, one in six


def corrected(message: str, known: frozenset[str]) -> str:
    """Return the message with steering words spelt right; `known` words stay as they are."""
    return _WORD.sub(lambda found: _mended(found[0], known), message)


def _mended(word: str, known: frozenset[str]) -> str:
    plain, others = word.lower(), _steering()
    if plain in others or plain in known or fold(plain) in known or plain in _REAL:
        return word
    for among, cutoff in ((_STEERING, _ALIKE), (others, _VERY)):
        alike = [one for one in among if one[0] == plain[0]]
        if best := process.extractOne(plain, alike, scorer=fuzz.ratio, score_cutoff=cutoff):
            return best[0]
    return word


@cache
def _steering() -> frozenset[str]:
    """Return every longer word that steers."""
    cues = read_cues("en")
    words = (*cues.steering, *cues.currencies, *cues.numbers, *_STEERING)
    return frozenset(word for word in words if len(word) >= _SHORTEST and word.isalpha())


def nearest_word(word: str, among: Sequence[str], *, surely: bool = False) -> str:
    """Return what a folded word was meant to be among these, "" when nothing is near enough.

    Of a word of five letters one letter may be too many, missing or out of place, but none
    another: a globe is no glove. `surely` asks for more, of two words written apart.
    """
    if len(word) < (_JOINED if surely else _SHORTEST) or not word.isascii():
        return ""
    alike = [one for one in among if one[0] == word[0]]
    cutoff = _SURELY if surely else _NEAR
    best = process.extractOne(word, alike, scorer=fuzz.ratio, score_cutoff=cutoff)
    if best is None:
        return ""
    another = len(word) == _SHORTEST == len(best[0]) and sorted(word) != sorted(best[0])
    return "" if another else best[0]
