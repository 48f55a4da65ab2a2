"""Words of a transcript that sound like what the catalogue calls its kinds and brands.

Knows the catalogue's names in the message's language, and letters that sound alike (the groups of
Editex: Zobel and Dart, Phonetic string matching, SIGIR 1996); knows no meaning. A name must be
near, and no other as near: what sounds like two things stays as it was heard.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from unicodedata import combining, normalize

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from assistant.hearing.expected import called_in
from assistant.hearing.spoken_words import spoken_words
from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.languages.lexicon import PIVOT
from assistant.understanding.tokens.text import Span, folded_words

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_MOST_WORDS = 3  # that may be one name
_SHORTEST = 3  # letters of a name
_NEAR = 0.34  # of its length that may sound otherwise
_APART = 0.1  # … and how much further every other name must be
_EVERY = 20  # words of another language for one kind
_LOOKED_AT = 8  # names that are compared closely


@dataclass(frozen=True, slots=True)
class SoundAlike:
    """A stretch of a transcript, and the name that it sounds like."""

    said: str
    span: Span
    name: str
    distance: float  # 0 to 1


def sounds_like(transcript: str, names: Sequence[str], left: Sequence[str]) -> list[SoundAlike]:
    """Return what the words of a transcript that nothing explains sound like, the nearest first."""
    words = list(_WORD.finditer(transcript))
    unexplained = {word.casefold() for word in left}
    strange = [not unexplained.isdisjoint({w[0].casefold(), *folded_words(w[0])}) for w in words]
    found = [
        one
        for at in range(len(words))
        for size in range(1, _MOST_WORDS + 1)
        if any(strange[at : at + size]) and at + size <= len(words)
        for one in _nearest(transcript, (words[at].start(), words[at + size - 1].end()), names)
    ]
    nearest: dict[str, SoundAlike] = {}
    for one in sorted(found, key=lambda one: one.distance):
        nearest.setdefault(one.name, one)
    return list(nearest.values())


def _nearest(transcript: str, span: Span, names: Sequence[str]) -> Iterator[SoundAlike]:
    """Yield the name that a stretch sounds like, if one alone is near."""
    said = transcript[slice(*span)]
    letters, sound = _letters(said), sound_of(said)
    if len(letters) < _SHORTEST or not names:
        return
    sounds = tuple(map(sound_of, names))
    nearest = process.extract(
        sound, sounds, scorer=Levenshtein.normalized_distance, limit=_LOOKED_AT
    )
    ranked = sorted(
        (
            (distance + Levenshtein.normalized_distance(letters, _letters(names[at]))) / 2,
            names[at],
        )
        for _, distance, at in nearest
    )
    distance, name = ranked[0]
    others = [far for far, other in ranked[1:] if folded_words(other) != folded_words(name)]
    if 0 < distance <= _NEAR and all(far >= distance + _APART for far in others[:1]):
        yield SoundAlike(said, span, name, distance)


def known_names(vocabulary: Vocabulary, language: str) -> tuple[str, ...]:
    """Return what the catalogue's kinds and brands are called in a language."""
    fields = vocabulary.kinds[:1]
    kinds = [value for name in fields for value in vocabulary.catalogue.values[name]]
    brands = {item.brand for item in vocabulary.catalogue.items.values() if item.brand}
    if language != PIVOT:
        kinds = [*kinds, *called_in(language, tuple(kinds), _EVERY)]
    names = dict.fromkeys((*kinds, *sorted(brands)))
    return tuple(name for name in names if len(_letters(name)) >= _SHORTEST)


@lru_cache(maxsize=50_000)
def sound_of(text: str) -> str:
    """Return a text with one letter for all that sound alike, doubled letters once."""
    alike = _letters(text).translate(_alike())
    return re.sub(r"(.)\1+", r"\1", alike)


@lru_cache(maxsize=50_000)
def _letters(text: str) -> str:
    """Return the letters of a text, without accents, in lower case."""
    plain = normalize("NFKD", text.casefold())
    return "".join(one for one in plain if one.isalpha() and not combining(one))


@cache
def _alike() -> dict[int, str]:
    groups: Sequence[str] = spoken_words()["alike"]  # type: ignore[assignment]
    return {ord(letter): group[0] for group in groups for letter in group}
