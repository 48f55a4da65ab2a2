"""What things are called in each language: kinds of product, materials, flavours, features.

Pure but for the data files in `names/`: `products.tsv`, written by hand, a column a language, and
`taxonomy-….tsv.gz`, made from Shopify's product taxonomy by `benchmarks/taxonomy_names.py`. A
language's names are read when it is first used. A thing may have several names; which of them is
meant is told by the catalogue.
"""

import csv
import gzip
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from assistant.understanding.languages.entries import (
    NUMBER,
    Entries,
    Equivalents,
    words_of_phrase,
)
from assistant.understanding.languages.lexicon import PIVOT, read_lexicon
from assistant.understanding.tokens.text import folded_words

_PIVOT_STEMMER = "english"
_SHORTEST_PART = 4  # letters of a compound's part that is only a name
NAMES_FOLDER = Path(__file__).with_name("names")
_TRADE = "# "  # begins a heading of `products.tsv`
_OR = "|"  # between the names of one thing


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """What the tables that nobody here wrote are made from."""

    name: str
    version: str
    licence: str  # SPDX


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one language, and what these are in the language of a catalogue."""

    written: Entries  # by hand: name → English
    taxonomy: Entries = Entries(())  # name → English
    own: Entries | None = None  # English → the catalogue's language; None where that is English

    def longest(self, first: str) -> int:
        """Return the number of tokens of the longest name that begins with a word."""
        return max(self.written.longest(first), self.taxonomy.longest(first))

    def find(self, run: Sequence[str], *, exactly: bool = False) -> Equivalents:
        """Return the English of a name, none when it is no name.

        What stands so in the catalogue is only a name if it is written so by hand.
        """
        if exactly:
            return self.written.find(run, exactly=True)
        listed = self.taxonomy.find(run) if _is_long(run) else ()
        return (*self.written.find(run), *listed)

    def perhaps(self, run: Sequence[str]) -> Equivalents:
        """Return the English of a short name of the taxonomy, which may be any sentence's word."""
        return () if _is_long(run) else self.lead(self.taxonomy.find(run))

    def part(self, word: str) -> Equivalents:
        """Return the English of a name that is a part of a longer word."""
        return self.written.find([word]) if len(word) >= _SHORTEST_PART else ()

    def lead(self, english: Equivalents) -> Equivalents:
        """Return English names as the catalogue's language has them, and then as they are."""
        own = self.own
        if own is None:
            return tuple(dict.fromkeys(english))
        found = (name for one in english for name in called(own, one))
        return tuple(dict.fromkeys((*found, *english)))


def _is_long(run: Sequence[str]) -> bool:
    """Tell whether a name is of several words, or of several characters that are no letters."""
    return len(run) > (2 if len(run[0]) == 1 else 1)


def read_taxonomy() -> Taxonomy:
    """Read where the names that are not written by hand come from."""
    return Taxonomy(**tomllib.loads(NAMES_FOLDER.joinpath("taxonomy.toml").read_text("utf-8")))


@cache
def read_names(language: str, own: str) -> Names:
    """Read the names of a language, and of the other that the catalogue is in."""
    taxonomy = Entries(_taxonomy_names(language), read_lexicon(language).stemmer, unites=True)
    leading = None if own == PIVOT else names_from_english(own)
    return replace(read_written_names(language), taxonomy=taxonomy, own=leading)


@cache
def read_written_names(language: str) -> Names:
    """Read the names of a language that are written by hand."""
    stemmer = read_lexicon(language).stemmer
    return Names(Entries(written_names(language), stemmer, unites=True))


@cache
def names_from_english(language: str) -> Entries:
    """Read the names of a language by their English.

    Those written by hand come first, and of these the likeliest and shortest.
    """
    by_hand = (*read_lexicon(language).things.items(), *written_names(language))
    found: list[tuple[str, Equivalents]] = []
    for names in (by_hand, _taxonomy_names(language)):
        pairs = ((place, phrase, m) for phrase, ms in names for place, m in enumerate(ms))
        ranked = sorted(pairs, key=lambda one: (one[0], len(one[1])))
        found += [(english, (phrase,)) for _, phrase, english in ranked if NUMBER not in phrase]
    return Entries(found, _PIVOT_STEMMER, unites=True)


@cache
def other_names(language: str) -> Entries:
    """Read the names of a language by all names of the same thing, itself first: "pram"."""
    pairs = (
        (name, tuple(dict.fromkeys((name, *names))))
        for row in _rows()
        for names in (_cell(row, language),)
        for name in names
    )
    stemmer = _PIVOT_STEMMER if language == PIVOT else read_lexicon(language).stemmer
    return Entries(pairs, stemmer, unites=True)


def called(names: Entries, english: str) -> Equivalents:
    """Return the names of what English calls so, in one form of the words or another."""
    forms = (words_of_phrase(english), folded_words(english))
    return next((found for words in forms if words and (found := names.of_all_forms(words))), ())


def written_names(language: str) -> Iterator[tuple[str, Equivalents]]:
    """Yield the names of a language that are written by hand, with their English."""
    for row in _rows():
        meanings = _cell(row, PIVOT)
        for name in _cell(row, language):
            yield name, meanings


def _rows() -> Iterator[dict[str, str]]:
    """Yield the things of `products.tsv`, each with its names by language."""
    lines = NAMES_FOLDER.joinpath("products.tsv").read_text("utf-8").splitlines()
    table = (line for line in lines if not line.startswith(_TRADE))
    yield from csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)


def _cell(row: dict[str, str], language: str) -> tuple[str, ...]:
    return tuple(filter(None, (row.get(language) or "").split(_OR)))


def _taxonomy_names(language: str) -> Iterator[tuple[str, Equivalents]]:
    """Yield the names of a language that the taxonomy has, with their English."""
    place = NAMES_FOLDER / f"taxonomy-{language}.tsv.gz"
    packed = gzip.decompress(place.read_bytes()) if place.is_file() else b""
    for line in packed.decode("utf-8").splitlines():
        english, _, names = line.partition("\t")
        for name in names.split(_OR):
            yield name, (english,)
