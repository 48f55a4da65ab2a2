"""A message in another language → English pieces, each with the words that it stands for.

Pure. Takes the longest entry first, of the names that a thing may have the one that the catalogue
uses, and of a compound ("Wollschal", "caña de mosca") its parts; what no entry covers stays as it
is and is marked, so that every word can be traced back to what the user wrote.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.understanding.languages.catalogue_words import CatalogueWords
from assistant.understanding.languages.entries import (
    NUMBER,
    Entries,
    Equivalents,
    PhraseToken,
    tokens_of_phrase,
)
from assistant.understanding.languages.lexicon import PIVOT, Lexicon
from assistant.understanding.languages.names import Names, called, read_written_names
from assistant.understanding.tokens.cues import read_cues
from assistant.understanding.tokens.text import folded_words, says_something

_MARKS = str.maketrans("，。？！、；：（）“”「」¿¡", ',.?!,;:()""""  ')
_AHEAD = 40  # tokens of the longest entry
_SHORTEST_PART = 3  # letters of a compound's part
_MOST_WORDS = 6  # of an English name
_MOST_LINKS = 2  # words between the nouns of "caña de la mosca"

_Found = tuple[int, str | None]  # how many tokens, and their English


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the message and what it says in English."""

    said: str  # the user's own words
    text: str  # in English; "" when English needs no word here
    known: bool  # False when nobody has translated it yet


@dataclass(frozen=True, slots=True)
class Glossary:
    """What the words of one language say in one catalogue."""

    lexicon: Lexicon
    catalogue: CatalogueWords
    names: Names | None  # None leaves the names of things, because they are the catalogue's own
    others: Entries = Entries(())  # then: what else its own language calls them

    def pieces(self, message: str) -> tuple[Piece, ...]:
        """Turn a message into English pieces."""
        found: list[Piece] = []
        tokens = self.lexicon.tokens(message)
        at = 0
        while at < len(tokens):
            size, english = self.read(tokens[at : at + _AHEAD])
            said = message[tokens[at].start : tokens[at + size - 1].end]
            if english is not None:
                found.append(Piece(said, english, known=True))
            else:
                _append(found, self._unlisted(tokens[at], said), message)
            at += size
        return tuple(found)

    def read(self, tokens: Sequence[PhraseToken]) -> _Found:
        """Return the English of the tokens that come first."""
        if self.names is None:
            return self._longest(tokens)
        size, english = self._sort(tokens) or self._longest(tokens)
        if cut := self._name_inside(tokens, size):
            size, english = self._longest(tokens[:cut])
        return size, self._compound(tokens[0].text) if english is None else english

    def _name_inside(self, tokens: Sequence[PhraseToken], size: int) -> int:
        """Return where a value begins inside an entry that ends behind it, 0 for none.

        "Une montre" of "une montre de sport", where the catalogue has sports watches.
        """
        for at in range(1, size):
            longer, english = self._longest(tokens[at:])
            if at + longer > size and english and self.catalogue.has(english):
                return at
        return 0

    def _longest(self, tokens: Sequence[PhraseToken]) -> _Found:
        """Return the longest entry that begins here."""
        for size in range(self._most(tokens), 0, -1):
            if meanings := self._meanings(tokens[:size]):
                english = self.catalogue.choose(meanings)
                for token in tokens[:size]:
                    english = english.replace(NUMBER, token.amount, 1) if token.amount else english
                return size, english
        return 1, tokens[0].amount or None

    def _most(self, tokens: Sequence[PhraseToken]) -> int:
        """Return how many tokens the longest entry may have that begins here."""
        first, lexicon = tokens[0].key, self.lexicon
        if self.names is None:
            own = max(lexicon.steering.longest(first), self.others.longest(first))
            return min(len(tokens), own)
        return min(len(tokens), max(lexicon.entries.longest(first), self.names.longest(first)))

    def _meanings(self, run: Sequence[PhraseToken]) -> Equivalents:
        """Return what some tokens say; what steers a message is no name."""
        key = [token.key for token in run]
        own = len(run) == 1 and self.catalogue.uses(run[0].text)
        steering = self.lexicon.steering.find(key, exactly=own)
        if self.names is None:
            here = (
                "" if steering else _called_here([t.text for t in run], self.catalogue, self.others)
            )
            return (here,) if here else steering
        listed = self.lexicon.entries.find(key, exactly=own)
        if listed and listed == steering:
            return listed
        meant = self.names.lead((*listed, *self.names.find(key, exactly=own)))
        if len(run) > 1 and not listed and self.lexicon.steering.find(key[:1]):
            meant = tuple(filter(self.catalogue.has, meant))  # "sans cuir" denies anywhere else
        if not own:
            meant = (*meant, *self._perhaps(key, sure=bool(meant)))
        stays = own and self.catalogue.has(run[0].text) and not any(map(self.catalogue.has, meant))
        return () if stays else meant

    def _perhaps(self, key: Sequence[str], *, sure: bool) -> Equivalents:
        """Return what only the taxonomy calls so, as far as the catalogue has it or means it."""
        english = self.names.perhaps(key) if self.names else ()
        fits = tuple(filter(self.catalogue.has, english))
        if fits or sure or not english:
            return fits
        near = self.catalogue.nearest(english)
        return (near,) if near else ()

    def _sort(self, tokens: Sequence[PhraseToken]) -> _Found | None:
        """Read "caña de mosca" or "leurre souple" where the catalogue has a name of both words."""
        first = self._name(tokens[:1])
        if not (first and self.lexicon.links):
            return None
        for links in range(_MOST_LINKS, -1, -1):
            between, last = tokens[1 : 1 + links], tokens[1 + links : 2 + links]
            if last and all(token.text in self.lexicon.links for token in between):
                for joined in _joined(self._name(last), first):
                    if self.catalogue.has(joined):
                        return links + 2, joined
        return None

    def _name(self, run: Sequence[PhraseToken]) -> Equivalents:
        """Return what one word that names a thing can be, none for any other."""
        key = [token.key for token in run]
        return () if self.lexicon.steering.find(key) else self._meanings(run)

    def _compound(self, word: str) -> str | None:
        """Read "wollschal" as "wool scarf", the longest last part first.

        A name of both parts that the catalogue has goes before all others.
        """
        splits = list(self._splits(word))
        both = (name for first, last in splits for name in _joined(first, last))
        if found := next(filter(self.catalogue.has, both), None):
            return found
        return next((" ".join(map(self.catalogue.choose, split)) for split in splits), None)

    def _splits(self, word: str) -> Iterator[tuple[Equivalents, Equivalents]]:
        """Yield what the two parts of a word can be, the longest last part first."""
        for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
            last = self._part(word[cut:])
            for link in self.lexicon.joins if last else ():
                stem = word[:cut].removesuffix(link)
                first = self._part(stem) if len(stem) >= _SHORTEST_PART else ()
                if first and word[:cut].endswith(link):
                    yield first, last

    def _part(self, word: str) -> Equivalents:
        """Return what a part of a compound can be."""
        listed = self.lexicon.entries.find([word])
        return self.names.lead((*listed, *self.names.part(word))) if self.names else listed

    def _unlisted(self, token: PhraseToken, said: str) -> Piece:
        """Keep marks and the catalogue's own words; all else is still to be translated."""
        if not token.text[0].isalpha():
            return Piece(said, said.translate(_MARKS), known=True)
        return Piece(said, said, known=bool(self.catalogue.known & set(folded_words(said))))


def share_known(lexicon: Lexicon, text: str) -> tuple[int, int]:
    """Return how many words of a text a lexicon has, and how many there are."""
    glossary = Glossary(lexicon, CatalogueWords(frozenset()), read_written_names(lexicon.language))
    tokens = [token for token in lexicon.tokens(text) if token.text[0].isalpha()]
    covered, at = 0, 0
    while at < len(tokens):
        size, english = glossary.read(tokens[at : at + _AHEAD])
        covered += size if english is not None else 0
        at += size
    return covered, len(tokens)


def renamed(message: str, catalogue: CatalogueWords, names: Entries) -> tuple[Piece, ...]:
    """Name the things in an English message as a catalogue does, in whichever language.

    `names` are the other names of what English calls so. All other words stay.
    """
    found: list[Piece] = []
    tokens, at, since = tokens_of_phrase(message), 0, 0
    while at < len(tokens):
        size, name = _renamed(tokens[at : at + _MOST_WORDS], catalogue, names)
        if name:
            start, end = tokens[at].start, tokens[at + size - 1].end
            found += [_as_it_is(message[since:start]), Piece(message[start:end], name, known=True)]
            since = end
        at += size
    return tuple(one for one in (*found, _as_it_is(message[since:])) if one.said)


def _renamed(
    tokens: Sequence[PhraseToken], catalogue: CatalogueWords, names: Entries
) -> tuple[int, str]:
    """Return the longest run that comes first which the catalogue has a name of its own for."""
    for size in range(len(tokens), 0, -1):
        run = [token.text for token in tokens[:size]]
        steers = size == 1 and (not says_something(run[0]) or run[0] in read_cues(PIVOT).steering)
        if not steers and (name := _called_here(run, catalogue, names)):
            return size, name
    return 1, ""


def _called_here(run: Sequence[str], catalogue: CatalogueWords, names: Entries) -> str:
    """Return what a catalogue calls what some words name, "" for what it calls so, or not at all.

    Words that all stand somewhere in it are only another name of one of its values or fields, and
    so are those around one of these: "wheeled suitcases" where there are suitcases.
    """
    said = " ".join(run)
    if not all(map(str.isalpha, run)) or catalogue.calls(said):
        return ""
    known = catalogue.uses(said)
    others = () if known and len(run) == 1 else called(names, said)
    plain = known or any(map(catalogue.calls, run))
    return catalogue.called(others) or ("" if plain else catalogue.used(others))


def _as_it_is(said: str) -> Piece:
    return Piece(said, said, known=True)


def _joined(first: Equivalents, last: Equivalents) -> Iterator[str]:
    return (f"{one} {other}" for one in first for other in last)


def _append(found: list[Piece], piece: Piece, message: str) -> None:
    """Add a piece; characters that nobody knows are one word with those they touch."""
    if found and not (piece.known or found[-1].known):
        both = f"{found[-1].said}{piece.said}"
        if both in message:
            found[-1] = Piece(both, both, known=False)
            return
    found.append(piece)
