"""What code knows surely of other languages: shoppers' words, and their English.

Pure but for the data files in `lexicons/`, one a language. Turns a message into the English words
that `understand.py` reads, piece by piece, so that every word can be traced back to what the user
wrote; what no entry covers stays as it is and is marked. Knows no model and no catalogue.
"""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files

import snowballstemmer

from assistant.understanding.tokens.text import folded_words

PIVOT = "en"  # the language that messages are read in, and that every lexicon leads to
_TOKEN = re.compile(
    r"(?:[ldjnmtsc]|qu|jusqu)['’](?=\w|$)|[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff]+|\d+(?:[.,]\d+)*|[^\w\s]|_",
    re.I,
)
_MARKS = str.maketrans("，。？！、；：（）“”「」¿¡", ',.?!,;:()""""  ')
_NUMBER = "#"
_SHORTEST_PART = 3  # letters of a compound's part
_REMEMBERED = 20_000  # stems of a language


EnglishWords = tuple[str, ...]  # all that a phrase can be in English, the likeliest first


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the message and what it says in English."""

    said: str  # the user's own words
    text: str  # in English; "" when English needs no word here
    known: bool  # False when nobody has translated it yet


@dataclass(frozen=True, slots=True)
class _Token:
    text: str  # lower case
    start: int
    end: int
    amount: str = ""  # in digits, when it is a number


@dataclass(frozen=True)
class Lexicon:
    """The words of one language."""

    language: str  # ISO 639-1
    reading: Mapping[str, EnglishWords]  # words that limit, deny, point and order → English
    things: Mapping[str, EnglishWords]  # words that a catalogue's values name → English
    numbers: Mapping[str, EnglishWords]  # amounts in words → digits
    name: str  # "German"
    stemmer: str = ""  # of snowballstemmer, "" where words have no endings
    letters: str = ""  # a pattern of what no other language here writes
    script: str = ""  # its own letters, a range of characters, "" where they are Latin
    joins: tuple[str, ...] = ()  # what stands between the nouns of a compound
    common: str = ""  # words that tell an answer's language

    def has_telling_letters(self, text: str) -> bool:
        """Tell whether a text has what no other Latin language here writes."""
        return bool(self.letters and re.search(self.letters, text, re.I))

    def own_letters(self, text: str) -> list[str]:
        """Return the letters of this language's own script in a text."""
        return re.findall(f"[{self.script}]", text) if self.script else []

    def pieces(
        self, message: str, known: frozenset[str], *, things: bool = True
    ) -> tuple[Piece, ...]:
        """Turn a message into English pieces.

        `known` are the folded words of the catalogue, which stay as they are when no entry has
        them; without `things` the names of things stay too, because they are the catalogue's own.
        """
        found: list[Piece] = []
        tokens = self._with_amounts(_tokens(message))
        at = 0
        while at < len(tokens):
            size, english = self._longest(tokens, at, known, things=things)
            said = message[tokens[at].start : tokens[at + size - 1].end]
            if english is not None:
                found.append(Piece(said, english, known=True))
            else:
                _append(found, self._unlisted(tokens[at], said, known), message)
            at += size
        return tuple(found)

    def knows(self, text: str) -> tuple[int, int]:
        """Return how many words of a text this lexicon has, and how many there are."""
        tokens = [t for t in self._with_amounts(_tokens(text)) if t.text[0].isalpha()]
        covered, at = 0, 0
        while at < len(tokens):
            size, english = self._longest(tokens, at, frozenset(), things=True)
            covered += size if english is not None else 0
            at += size
        return covered, len(tokens)

    def _longest(
        self, tokens: Sequence[_Token], at: int, known: frozenset[str], *, things: bool
    ) -> tuple[int, str | None]:
        """Return the longest entry that begins here: how many tokens, and its English."""
        entries = self._all if things else self._reading
        for size in range(min(entries.longest, len(tokens) - at), 0, -1):
            run = tokens[at : at + size]
            own = size == 1 and known.issuperset(folded_words(run[0].text))
            meanings = entries.find([t.text if not t.amount else _NUMBER for t in run], exactly=own)
            if meanings:
                english = _likeliest(meanings, known)
                for token in run:
                    english = english.replace(_NUMBER, token.amount, 1) if token.amount else english
                return size, english
        if tokens[at].amount:
            return 1, tokens[at].amount
        return 1, self._compound(tokens[at].text, known) if things else None

    def _unlisted(self, token: _Token, said: str, known: frozenset[str]) -> Piece:
        """Keep marks and the catalogue's own words; all else is still to be translated."""
        if not token.text[0].isalpha():
            return Piece(said, said.translate(_MARKS), known=True)
        return Piece(said, said, known=bool(known & set(folded_words(said))))

    def _compound(self, word: str, known: frozenset[str]) -> str | None:
        """Read "wollschal" as "wool scarf", the longest last part first."""
        for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
            last = self._all.find([word[cut:]])
            for link in self.joins if last else ():
                stem = word[:cut].removesuffix(link)
                first = self._all.find([stem]) if len(stem) >= _SHORTEST_PART else ()
                if first and word[:cut].endswith(link):
                    return f"{_likeliest(first, known)} {_likeliest(last, known)}"
        return None

    def _with_amounts(self, tokens: Sequence[_Token]) -> list[_Token]:
        """Join the tokens of an amount in words ("treinta y cinco") and note its digits."""
        found: list[_Token] = []
        at = 0
        while at < len(tokens):
            for size in range(min(self._amounts.longest, len(tokens) - at), 0, -1):
                run = tokens[at : at + size]
                digits = self._amounts.find([token.text for token in run])
                if digits or (size == 1 and run[0].text[0].isdigit()):
                    text = digits[0] if digits else run[0].text
                    found.append(_Token(text, run[0].start, run[-1].end, text))
                    break
            else:
                size = 1
                found.append(tokens[at])
            at += size
        return found

    @cached_property
    def _reading(self) -> "_Entries":
        return _Entries(self.reading, _stemmer(self.stemmer))

    @cached_property
    def _all(self) -> "_Entries":
        return _Entries({**self.things, **self.reading}, _stemmer(self.stemmer))

    @cached_property
    def _amounts(self) -> "_Entries":
        return _Entries(self.numbers, lambda word: word)


class _Entries:
    """A table of phrases, found as written or else by their words' stems."""

    def __init__(self, table: Mapping[str, EnglishWords], stem: Callable[[str], str]) -> None:
        self._stem = stem
        self._exact = {_key(phrase): english for phrase, english in table.items()}
        self.longest = max(map(len, self._exact), default=1)
        stems: dict[tuple[str, ...], set[EnglishWords]] = {}
        for key, english in self._exact.items():
            stems.setdefault(tuple(map(stem, key)), set()).add(english)
        # Two meanings that share a stem tell nothing.
        self._stems = {key: min(found) for key, found in stems.items() if len(found) == 1}

    def find(self, run: Sequence[str], *, exactly: bool = False) -> EnglishWords:
        """Return the English of these tokens, none when there is no entry.

        What stands so in the catalogue is only looked up as it is written: "rope" is no "ropa".
        """
        key = tuple(run)
        stems = () if exactly else self._stems.get(tuple(map(self._stem, key)), ())
        return self._exact.get(key) or stems


def _likeliest(meanings: EnglishWords, known: frozenset[str]) -> str:
    """Return the first meaning in words that the catalogue knows, else the first."""
    return next((one for one in meanings if known.issuperset(folded_words(one))), meanings[0])


@lru_cache
def read_lexicon(language: str) -> Lexicon:
    """Read the words of a language that has a lexicon, and what tells it from others."""
    place = files(__package__).joinpath("lexicons", f"{language}.toml")
    tables = tomllib.loads(place.read_text("utf-8"))
    about = {**tables["language"], "joins": tuple(tables["language"].get("joins", ()))}
    reading, things, numbers = (_turned(tables[n]) for n in ("reading", "things", "numbers"))
    return Lexicon(language, reading, things, numbers, **about)


@lru_cache
def lexicons() -> tuple[Lexicon, ...]:
    """Return every lexicon there is, by language."""
    folder = files(__package__).joinpath("lexicons")
    names = sorted(one.name.removesuffix(".toml") for one in folder.iterdir())
    return tuple(read_lexicon(name) for name in names)


def _turned(table: Mapping[str, str]) -> dict[str, EnglishWords]:
    """Turn "English = German, German" round."""
    turned: dict[str, EnglishWords] = {}
    for english, phrases in table.items():
        for phrase in map(str.strip, phrases.split(",")):
            turned[phrase] = (*turned.get(phrase, ()), english)
    return turned


def _tokens(text: str) -> list[_Token]:
    return [
        _Token(match[0].lower().replace("’", "'"), *match.span()) for match in _TOKEN.finditer(text)
    ]


def _key(phrase: str) -> tuple[str, ...]:
    return tuple(token.text for token in _tokens(phrase))


def _append(found: list[Piece], piece: Piece, message: str) -> None:
    """Add a piece; characters that nobody knows are one word with those they touch."""
    if found and not (piece.known or found[-1].known):
        both = f"{found[-1].said}{piece.said}"
        if both in message:
            found[-1] = Piece(both, both, known=False)
            return
    found.append(piece)


@lru_cache
def _stemmer(name: str) -> Callable[[str], str]:
    if not name:
        return str
    return lru_cache(_REMEMBERED)(snowballstemmer.stemmer(name).stemWord)
