"""A catalogue and a conversation → what is probably said: kinds, brands, codes, languages.

Knows the catalogue's values, what they are called in other languages, and what is on screen. A
speech model takes these for what was said before, so that "scarf" is likelier than "car" in a shop
that sells scarves. Kinds and brands are few and come first; of codes only those on screen and some
of each shape, which show how codes are written here.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from assistant.hearing.spoken_words import spoken_words
from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.languages.lexicon import PIVOT, lexicons
from assistant.understanding.languages.names import called, names_from_english
from retrieval.codes.forms import plain_code, stands_alone
from retrieval.items import Catalogue, Item
from retrieval.protocols import SpeechExpected

_MOST_KINDS, _MOST_BRANDS, _MOST_CODES = 24, 10, 6
_FEW_KINDS, _FEW_BRANDS = 16, 4  # in another language than English
_CALLED = 2  # words of another language for one kind
_LONGEST = 24  # letters of a name that is said as it is written
_DIGIT, _LETTER = re.compile(r"\d"), re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[a-z]{3}")  # of an id that nobody says


def expected_speech(
    vocabulary: Vocabulary, language: str, shown: Sequence[Item] = ()
) -> SpeechExpected:
    """Return what is probably said in a conversation; `language` is "" at its beginning."""
    offered = (PIVOT, *(one.language for one in lexicons()))
    names = {one: tuple(_names(vocabulary, one, shown)) for one in offered}
    return SpeechExpected(names, offered, language)


def _names(vocabulary: Vocabulary, language: str, shown: Sequence[Item]) -> dict[str, None]:
    """Return what is probably said in one language, each once."""
    catalogue, spoken = vocabulary.catalogue, spoken_words()[language]
    money = spoken["money"].get(catalogue.currency, catalogue.currency)
    kinds = _commonest(catalogue, vocabulary.kinds[:1], _MOST_KINDS)
    brands = _brands(catalogue)
    if language != PIVOT:
        kinds, brands = (
            list(called_in(language, tuple(kinds[:_FEW_KINDS]), _CALLED)),
            brands[:_FEW_BRANDS],
        )
    asking = [one.replace("{money}", money).strip() for one in spoken["asking"]]
    return dict.fromkeys((*_names_of(shown), *kinds, *brands, *_codes(catalogue), *asking))


@lru_cache(maxsize=64)
def called_in(language: str, kinds: tuple[str, ...], most: int) -> tuple[str, ...]:
    """Return what kinds of things are called in another language, as far as its names are known.

    Of the words for a kind those come first that mean it first, and of these the short ones, which
    are no sorts of it: "Tasse" before "Mokkatasse".
    """
    names = names_from_english(language)
    return tuple(dict.fromkeys(name for kind in kinds for name in called(names, kind)[:most]))


def _names_of(shown: Sequence[Item]) -> Iterator[str]:
    """Yield what the things on screen are called."""
    for item in shown:
        yield from (name for name in (item.brand, _code(item.id)) if name)


def _commonest(catalogue: Catalogue, fields: Sequence[str], most: int) -> list[str]:
    counts = Counter(
        {value: len(ids) for name in fields for value, ids in catalogue.values[name].items()}
    )
    return [value for value, _ in counts.most_common() if len(value) <= _LONGEST][:most]


def _brands(catalogue: Catalogue) -> list[str]:
    counts = Counter(item.brand for item in catalogue.items.values() if item.brand)
    return [brand for brand, _ in counts.most_common(_MOST_BRANDS) if len(brand) <= _LONGEST]


def _codes(catalogue: Catalogue) -> list[str]:
    """Return some codes, each of another shape."""
    shapes: dict[str, str] = {}
    for item in catalogue.items.values():
        if code := _code(item.id):
            shapes.setdefault(_DIGIT.sub("0", _LETTER.sub("A", code)), code)
    return list(shapes.values())[:_MOST_CODES]


def _code(written: str) -> str:
    """Return an id that people may say, "" for any other."""
    said = stands_alone(written, plain_code(written)) and not _WORD.search(written)
    return written if said else ""
