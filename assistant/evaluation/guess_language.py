"""Detect which language an answer is written in.

Pure, and suited only to this evaluation: titles and quotations stay in the catalogue's language, so
only frequent function words outside quotation marks are counted, or the letters of a script that
one language alone uses. Knows English; the words of other languages are in their lexicons.
"""

import re
from functools import lru_cache

from assistant.understanding.languages.lexicon import PIVOT, lexicons

_QUOTED = re.compile(r"“[^”]*”|„[^“]*“|«[^»]*»|「[^」]*」")
_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH = (
    "the of and is in to it its you your that this for with at most least here fits fit item items "
    "are no not has says by what shall nothing i or all there would be"
)
_ENOUGH_LETTERS = 4  # of a writing system that no other language uses


def language_of(answer: str) -> str:
    """Return the language, ISO 639-1, or "" if it cannot be detected."""
    said = _QUOTED.sub(" ", answer)
    for one in lexicons():
        if len(one.own_letters(said)) >= _ENOUGH_LETTERS:
            return one.language
    spoken = [word.lower() for word in _WORD.findall(said)]
    counts = {name: sum(word in known for word in spoken) for name, known in _common().items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else ""


@lru_cache
def _common() -> dict[str, frozenset[str]]:
    """Return the frequent function words of each language."""
    common = {PIVOT: _ENGLISH, **{one.language: one.common for one in lexicons()}}
    return {language: frozenset(words.split()) for language, words in common.items()}
