"""What code knows surely of other languages: shoppers' words, and their English.

Pure but for the data files in `lexicons/`, one a language: words that limit, deny, point and order,
amounts, and what is said of things. What things are called is in `names.py`; how a message is read
with both in `pieces.py`.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

from assistant.understanding.languages.entries import (
    Entries,
    Equivalents,
    PhraseToken,
    tokens_of_phrase,
)

PIVOT = "en"  # the language that messages are read in, and that every lexicon leads to


@dataclass(frozen=True)
class Lexicon:
    """The words of one language."""

    language: str  # ISO 639-1
    reading: Mapping[str, Equivalents]  # words that limit, deny, point and order → English
    things: Mapping[str, Equivalents]  # words that a catalogue's values name → English
    numbers: Mapping[str, Equivalents]  # amounts in words → digits
    name: str  # "German"
    stemmer: str = ""  # of snowballstemmer, "" where words have no endings
    letters: str = ""  # a pattern of what no other language here writes
    script: str = ""  # its own letters, a range of characters, "" where they are Latin
    joins: tuple[str, ...] = ()  # what stands between the nouns of a compound
    links: tuple[str, ...] = ()  # words between a noun and what tells its sort: "caña de mosca"
    common: str = ""  # words that tell an answer's language

    def has_telling_letters(self, text: str) -> bool:
        """Tell whether a text has what no other Latin language here writes."""
        return bool(self.letters and re.search(self.letters, text, re.I))

    def own_letters(self, text: str) -> list[str]:
        """Return the letters of this language's own script in a text."""
        return re.findall(f"[{self.script}]", text) if self.script else []

    def tokens(self, text: str) -> list[PhraseToken]:
        """Return the tokens of a text; an amount in words ("treinta y cinco") is one."""
        found: list[PhraseToken] = []
        tokens = tokens_of_phrase(text)
        at = 0
        while at < len(tokens):
            most = min(self._amounts.longest(tokens[at].text), len(tokens) - at)
            for size in range(max(most, 1), 0, -1):
                run = tokens[at : at + size]
                digits = self._amounts.find([token.text for token in run])
                if digits or (size == 1 and run[0].text[0].isdigit()):
                    amount = digits[0] if digits else run[0].text
                    found.append(PhraseToken(amount, run[0].start, run[-1].end, amount))
                    break
            else:
                size = 1
                found.append(tokens[at])
            at += size
        return found

    @cached_property
    def steering(self) -> Entries:
        """Return the words that limit, deny, point and order."""
        return Entries(self.reading.items(), self.stemmer)

    @cached_property
    def entries(self) -> Entries:
        """Return every word but amounts; what steers a message steers it here too."""
        return Entries({**self.things, **self.reading}.items(), self.stemmer)

    @cached_property
    def _amounts(self) -> Entries:
        return Entries(self.numbers.items())


@lru_cache
def read_lexicon(language: str) -> Lexicon:
    """Read the words of a language that has a lexicon, and what tells it from others."""
    place = files(__package__).joinpath("lexicons", f"{language}.toml")
    tables = tomllib.loads(place.read_text("utf-8"))
    about: dict[str, Any] = {
        name: tuple(said) if isinstance(said, list) else said
        for name, said in tables["language"].items()
    }
    reading, things, numbers = (_turned(tables[n]) for n in ("reading", "things", "numbers"))
    return Lexicon(language, reading, things, numbers, **about)


@lru_cache
def lexicons() -> tuple[Lexicon, ...]:
    """Return every lexicon there is, by language."""
    folder = files(__package__).joinpath("lexicons")
    names = sorted(one.name.removesuffix(".toml") for one in folder.iterdir())
    return tuple(read_lexicon(name) for name in names)


def _turned(table: Mapping[str, str]) -> dict[str, Equivalents]:
    """Turn "English = German, German" round."""
    turned: dict[str, Equivalents] = {}
    for english, phrases in table.items():
        for phrase in map(str.strip, phrases.split(",")):
            turned[phrase] = (*turned.get(phrase, ()), english)
    return turned
