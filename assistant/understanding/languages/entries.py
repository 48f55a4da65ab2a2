"""Phrases of a language → what they say in another, found as written or else by their stems.

Pure. Knows how a text is cut into tokens and which endings a language has. A table is read lazily:
of its tens of thousands of phrases only those are cut and stemmed that begin as a message's word.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import combining, normalize

import snowballstemmer

NUMBER = "#"  # stands for an amount in a phrase
_TOKEN = re.compile(
    r"(?:[ldjnmtsc]|qu|jusqu)['’](?=\w|$)|[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff]+|\d+(?:[.,]\d+)*|[^\w\s]|_",
    re.I,
)
_REMEMBERED = 20_000  # stems of a language
_BEGINNING = 3  # letters that all forms of a word share: "rute", "ruten"
_ENDING = 2  # letters of a stem that its word may write otherwise: "cheval", "chevaux"

Equivalents = tuple[str, ...]  # all that a phrase can be in the other language, the likeliest first
_Key = tuple[str, ...]  # the tokens of a phrase


@dataclass(frozen=True, slots=True)
class PhraseToken:
    """A word, a number, a mark, or one character of a script without spaces."""

    text: str  # lower case
    start: int
    end: int
    amount: str = ""  # in digits, when it is a number

    @property
    def key(self) -> str:
        """Return what stands for it in a phrase."""
        return NUMBER if self.amount else self.text


def tokens_of_phrase(text: str) -> list[PhraseToken]:
    """Return the tokens of a text, in order."""
    return [
        PhraseToken(match[0].lower().replace("’", "'"), *match.span())
        for match in _TOKEN.finditer(text)
    ]


def words_of_phrase(text: str) -> tuple[str, ...]:
    """Return the tokens of a text as they stand in a table."""
    return tuple(token.text for token in tokens_of_phrase(text))


class Entries:
    """A table of phrases; of equal phrases the meanings of the first come first."""

    def __init__(
        self, table: Iterable[tuple[str, Equivalents]], stemmer: str = "", *, unites: bool = False
    ) -> None:
        """Sort the phrases by their beginnings.

        `stemmer` is one of snowballstemmer's, "" compares words as they are written. Of two
        meanings that share a stem none is told, or both where the table `unites` them.
        """
        self._stem, self._unites = _stemmer(stemmer), unites
        self._phrases: dict[str, list[tuple[str, Equivalents]]] = {}
        for phrase, meanings in table:
            self._phrases.setdefault(_beginning(phrase), []).append((phrase, meanings))
        self._buckets: dict[str, dict[str, dict[_Key, Equivalents]]] = {}
        self._alike: dict[str, list[tuple[_Key, Equivalents]]] = {}

    def longest(self, first: str) -> int:
        """Return the number of tokens of the longest phrase that begins with a word."""
        return max((len(key) for key, _ in self._beginning_with(first)), default=0)

    def find(self, run: Sequence[str], *, exactly: bool = False) -> Equivalents:
        """Return the meanings of some words, none when there is no entry.

        What stands so in a catalogue is only looked up as it is written: "rope" is no "ropa".
        """
        key = tuple(run)
        written = self._bucket(key[0]).get(key[0], {}).get(key, ())
        if written or exactly:
            return written
        found = self._forms(key)
        return _united(found) if self._unites or len(set(found)) == 1 else ()

    def of_all_forms(self, run: Sequence[str]) -> Equivalents:
        """Return the meanings of every phrase whose words are forms of these."""
        return _united(self._forms(tuple(run)))

    def _forms(self, key: _Key) -> list[Equivalents]:
        stems = tuple(map(self._stem, key[1:]))
        return [
            meanings
            for other, meanings in self._beginning_with(key[0])
            if len(other) == len(key) and tuple(map(self._stem, other[1:])) == stems
        ]

    def _beginning_with(self, first: str) -> list[tuple[_Key, Equivalents]]:
        """Return the phrases whose first word is a form of this one."""
        if first not in self._alike:
            stem = self._stem(first)
            start = _plain(stem)[: max(1, len(stem) - _ENDING)]
            self._alike[first] = [
                entry
                for word, entries in self._bucket(first).items()
                if word == first or (_plain(word).startswith(start) and self._stem(word) == stem)
                for entry in entries.items()
            ]
        return self._alike[first]

    def _bucket(self, first: str) -> dict[str, dict[_Key, Equivalents]]:
        """Return the phrases that begin as a word does, by their first words."""
        beginning = _beginning(first)
        if beginning not in self._buckets:
            bucket: dict[str, dict[_Key, Equivalents]] = {}
            for phrase, meanings in self._phrases.pop(beginning, ()):
                key = words_of_phrase(phrase)
                entries = bucket.setdefault(key[0], {})
                entries[key] = _united((entries.get(key, ()), meanings))
            self._buckets[beginning] = bucket
        return self._buckets[beginning]


def _united(found: Iterable[Equivalents]) -> Equivalents:
    return tuple(dict.fromkeys(one for meanings in found for one in meanings))


def _beginning(phrase: str) -> str:
    """Return the letters that all forms of a phrase's first word begin with."""
    return _plain_beginning(phrase[: 2 * _BEGINNING].lower())


@lru_cache(_REMEMBERED)
def _plain_beginning(letters: str) -> str:
    if "\u3400" <= letters[0] <= "\u9fff":
        return letters[0]
    word = re.match(r"\w*", letters)
    return _plain(word[0] if word and word[0] else letters[0])[:_BEGINNING]


@lru_cache(_REMEMBERED)
def _plain(word: str) -> str:
    """Write a word without accents, and an umlaut in two letters as in one."""
    if not word.isascii():
        letters = normalize("NFKD", word.replace("ß", "ss"))
        word = "".join(one for one in letters if not combining(one))
    return re.sub("([aou])e", r"\1", word)


@lru_cache
def _stemmer(name: str) -> Callable[[str], str]:
    if not name:
        return str
    return lru_cache(_REMEMBERED)(snowballstemmer.stemmer(name).stemWord)
