"""Which language is this message in?

Pure. Weighs the words that each lexicon and the catalogue know, and the script; a message that
tells nothing is in the language of the conversation so far. Knows English and the languages that
have a lexicon; a message in any other is taken as before.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache

from assistant.understanding.languages.lexicon import PIVOT, Lexicon, lexicons
from assistant.understanding.languages.names import written_names
from assistant.understanding.languages.pieces import share_known
from assistant.understanding.tokens.cues import read_cues
from assistant.understanding.tokens.text import folded_words, says_something

_OTHER_SCRIPT = re.compile(r"[\u3040-\u30ff\uac00-\ud7af\u0400-\u04ff\u0600-\u06ff]")
_LATIN = "LATIN"
_HINT = 0.5  # words that a telling letter, or the language that was heard, counts for
_CLEARLY = 0.1  # less than that between the shares of two languages tells nothing
_ENOUGH = 0.4  # of a message's words must be known for it to be in a language


def read_language(
    message: str, known: frozenset[str], *, own: str, former: str, heard: str = ""
) -> str:
    """Return the ISO 639-1 code of a message's language.

    `known` are the catalogue's folded words and `own` its language, `former` the language of the
    conversation so far ("" at its beginning), `heard` what the speech model took a recording for.
    """
    scripts = {one.language: set(one.own_letters(message)) for one in lexicons()}
    if set(_OTHER_SCRIPT.findall(message)) - set().union(*scripts.values()):
        return former or own
    if written := [language for language, letters in scripts.items() if letters]:
        return written[0]
    spoken = folded_words(message)
    if not any(word[0].isalpha() for word in spoken):
        return former or own
    evidence = {one.language: _evidence(one, message, heard) for one in lexicons()}
    evidence[own] = max(evidence.get(own, 0.0), _share(spoken, known, own))
    if own != PIVOT:
        evidence[PIVOT] = _share(spoken, frozenset(), PIVOT)
    return _best(evidence, own=own, former=former)


def is_unreadable(text: str, known: frozenset[str]) -> bool:
    """Tell whether most letters of a text are of a script that nobody here reads.

    Read are Latin, the scripts of the lexicons, and those of the catalogue's own words.
    """
    letters = [one for one in text if one.isalpha()]
    offered = {one for lexicon in lexicons() for one in lexicon.own_letters(text)}
    strange = [one for one in letters if script_of(one) != _LATIN and one not in offered]
    if 2 * len(strange) <= len(letters):
        return False
    scripts = {script_of(one) for word in known for one in word[:1]}
    return scripts.isdisjoint(map(script_of, strange))


@cache
def script_of(letter: str) -> str:
    """Return the script of a letter, as Unicode names it: "LATIN", "ARABIC"."""
    return unicodedata.name(letter, "").partition(" ")[0]


def _best(evidence: Mapping[str, float], *, own: str, former: str) -> str:
    """Return the language with most evidence; between equals the former, then the catalogue's."""
    most = max(evidence.values())
    if most < _ENOUGH:
        return former or own
    equal = [name for name, share in evidence.items() if share > most - _CLEARLY]
    return next((name for name in (former, own) if name in equal), equal[0])


def _evidence(lexicon: Lexicon, message: str, heard: str) -> float:
    """Return the share of words that a lexicon knows, and a little more for telling signs."""
    covered, total = share_known(lexicon, message)
    hints = _HINT * (lexicon.has_telling_letters(message) + (heard == lexicon.language))
    return (covered + (hints if covered else 0)) / max(total, 1)


def _share(spoken: Sequence[str], known: frozenset[str], language: str) -> float:
    """Return the share of words that the catalogue or English knows."""
    letters = [word for word in spoken if word[0].isalpha()]
    familiar = [
        word for word in letters if word in known or (language == PIVOT and _is_english(word))
    ]
    return len(familiar) / max(len(letters), 1)


def _is_english(word: str) -> bool:
    return len(word) > 1 and (not says_something(word) or word in _english_words())


@cache
def _english_words() -> frozenset[str]:
    """Return the folded English words that steer a message, and those that any lexicon leads to."""
    steering = (" ".join(phrase) for phrase in read_cues(PIVOT).phrases)
    leads = (
        english
        for lexicon in lexicons()
        for names, most in (
            (lexicon.reading.items(), None),
            (lexicon.things.items(), None),
            (written_names(lexicon.language), 1),  # other names have rare words: "never rots"
        )
        for _, meanings in names
        for english in meanings[:most]
    )
    return frozenset(word for text in (*steering, *leads) for word in folded_words(text))
