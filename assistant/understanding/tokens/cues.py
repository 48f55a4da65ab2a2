"""The words that steer how a message is read, from the data files in `cues/`, a folder a language.

`wishes.toml` says what limits, denies and orders, `acts.toml` what points, asks, compares and
greets. Pure but for those files. Knows phrases and what they do; knows no field and no value.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import Any

from assistant.understanding.tokens.text import Span, Token, tokens_of
from retrieval.currencies import SIGNS

Phrase = tuple[str, ...]

_WISHES, _ACTS = "wishes", "acts"
_OBJECTS = "words objects"
_IS = "is"  # what "'s" is short for
_PART = 40  # tokens on either side of a word that may be a part of a message with it


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase of a message that steers: what it may do, and the tokens it covers."""

    roles: frozenset[str]  # "most before", "denial after", "soft words" …
    start: int  # of its tokens
    end: int  # one past its last token
    steers: bool = True  # it says something of a wish, and not only what to do


@dataclass(frozen=True, eq=False)
class Cues:
    """One language's phrases."""

    phrases: Mapping[Phrase, frozenset[str]]  # the texts of its tokens → roles
    wishes: frozenset[Phrase]  # those among them that say something of a wish
    numbers: Mapping[str, float]
    places: Mapping[Phrase, int]  # "second" → 2; counted from the last below 0
    endings: tuple[str, ...]  # of words that compare: "warmer"
    sums: Mapping[str, float]  # amounts of money that are one word
    currencies: Mapping[str, frozenset[str]]  # a word or a sign → ISO 4217 codes that it can mean

    @cached_property
    def longest(self) -> int:
        """Return how many tokens the longest phrase has."""
        return max(map(len, self.phrases))

    @cached_property
    def steering(self) -> frozenset[str]:
        """Return every word that stands in a phrase which says something of a wish."""
        return frozenset(word for phrase in self.wishes for word in phrase)

    def find(self, tokens: Sequence[Token]) -> tuple[Cue, ...]:
        """Return the cues that begin at each token, all lengths, the longest first."""
        return tuple(cue for at in range(len(tokens)) for cue in self._found(tokens, at))

    def _found(self, tokens: Sequence[Token], at: int) -> Iterator[Cue]:
        """Yield the phrases that begin at a token, also over "'s" and over "me"."""
        near = range(at, min(len(tokens), at + self.longest + 1))
        objects = [n for n in near if n == at or tokens[n].text not in self._objects]
        written = [(tokens[n].text, n + 1) for n in near]
        apart = [(tokens[n].text, n + 1) for n in objects]  # "steer me clear of"
        bare = [(tokens[n].stem or tokens[n].text, n + 1) for n in near]  # "budget's 250"
        is_ = [(_IS, at), *written] if at and tokens[at - 1].stem else []  # "leather's out"
        readings = [written]
        if len(apart) < len(written):
            readings.append(apart)
        if any(tokens[n].stem for n in near):
            readings.append(bare)
        found: dict[int, Cue] = {}
        for reading in (*readings, is_):
            for size in range(min(self.longest, len(reading)), 0, -1):
                key = tuple(text for text, _ in reading[:size])
                end = reading[size - 1][1]
                if end > at and (roles := self.phrases.get(key)):
                    other = found.get(end, Cue(frozenset(), at, end, steers=False))
                    steers = other.steers or key in self.wishes
                    found[end] = Cue(roles | other.roles, at, end, steers)
        yield from sorted(found.values(), key=lambda cue: -cue.end)

    @cached_property
    def _objects(self) -> frozenset[str]:
        return frozenset(key[0] for key, roles in self.phrases.items() if _OBJECTS in roles)


@cache
def read_cues(language: str) -> Cues:
    """Read a language's phrases."""
    wishes, acts = _table(language, _WISHES), _table(language, _ACTS)
    numbers, sums, named = (wishes.pop(name) for name in ("numbers", "sums", "currencies"))
    places, endings = acts.pop("places"), acts["change"].pop("endings")
    currencies = {sign.lower(): frozenset(codes) for sign, codes in SIGNS.items()}
    for code, words in named.items():
        meant = frozenset(SIGNS.get(code, (code,)))
        currencies |= dict.fromkeys(words, meant)
    wished = _phrases(wishes)
    phrases = {
        key: frozenset(wished.get(key, set()) | roles)
        for key, roles in {**wished, **_phrases(acts)}.items()
    }
    return Cues(
        phrases,
        frozenset(wished),
        numbers,
        {_key(said): place for said, place in places.items()},
        tuple(endings),
        sums,
        currencies,
    )


def _table(language: str, name: str) -> dict[str, Any]:
    place = files(__package__).joinpath("cues", language, f"{name}.toml")
    return tomllib.loads(place.read_text("utf-8"))


def _phrases(table: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[Phrase, set[str]]:
    """Return which roles each phrase has, as "most before" of the table [most], `before`."""
    phrases: dict[Phrase, set[str]] = {}
    for group, kinds in table.items():
        for kind, wordings in kinds.items():
            for wording in wordings:
                phrases.setdefault(_key(wording), set()).add(f"{group} {kind}")
    return phrases


def _key(wording: str) -> Phrase:
    return tuple(token.text for token in tokens_of(wording))


@dataclass(frozen=True)
class Sentence:
    """The tokens of a message, with the cues among them; all places are numbers of tokens."""

    message: str
    tokens: tuple[Token, ...]
    cues: Cues
    found: tuple[Cue, ...]
    language: str = "en"  # ISO 639-1

    @cached_property
    def _starting(self) -> Mapping[int, tuple[Cue, ...]]:
        return _grouped((cue.start, cue) for cue in self.found)

    @cached_property
    def _ending(self) -> Mapping[int, tuple[Cue, ...]]:
        return _grouped((cue.end, cue) for cue in self.found)

    def cue_at(self, at: int, *roles: str) -> Cue | None:
        """Return the longest cue of some roles that begins at a token."""
        return next((c for c in self._starting.get(at, ()) if not c.roles.isdisjoint(roles)), None)

    def cue_before(self, at: int, *roles: str) -> Cue | None:
        """Return the longest cue of some roles that ends right before a token."""
        fits = (c for c in self._ending.get(at, ()) if not c.roles.isdisjoint(roles))
        return min(fits, key=lambda cue: cue.start, default=None)

    def has(self, *roles: str) -> bool:
        """Tell whether a cue of some roles stands anywhere in the message."""
        return any(not cue.roles.isdisjoint(roles) for cue in self.found)

    def is_break(self, at: int) -> bool:
        """Tell whether a part of the message ends before this token."""
        if at >= len(self.tokens):
            return True
        token = self.tokens[at]
        number = at + 1 < len(self.tokens) and self.tokens[at + 1].kind == "number"
        if self.cue_at(at, "words breaks") is not None:  # not of "budget: 60" and "max. 60"
            short = self.cue_before(at + 1, "most before", "least before", "about before")
            return not ((number and token.text == ":") or (short and self.is_number(at + 1)))
        dash = token.text in "-–—" and not token.tight and at + 1 < len(self.tokens)
        return dash and not number and not self.tokens[at + 1].tight

    def is_number(self, at: int) -> bool:
        """Tell whether a number, in digits or in words, begins at a token."""
        at += at < len(self.tokens) and self.tokens[at].text in "-−"  # "max. -5 °C"
        here = self.tokens[at : at + 1]
        return any(one.kind == "number" or one.text in self.cues.numbers for one in here)

    def part(self, at: int) -> tuple[int, int]:
        """Return where the part of the message around a token begins and ends."""
        first, last = max(0, at - _PART), min(len(self.tokens), at + _PART)
        start = next((n + 1 for n in range(at - 1, first - 1, -1) if self._breaks[n]), first)
        end = next((n for n in range(max(at, start), last) if self._breaks[n]), last)
        return start, end

    @cached_property
    def _breaks(self) -> Sequence[bool]:
        return [self.is_break(at) for at in range(len(self.tokens))]

    def text(self, start: int, end: int) -> str:
        """Return what stands from one token up to another, as it was written."""
        end = min(end, len(self.tokens))
        return self.message[slice(*self.span(start, end))] if start < end else ""

    def span(self, start: int, end: int) -> Span:
        """Return where tokens stand in the message."""
        return self.tokens[start].span[0], self.tokens[end - 1].span[1]


@lru_cache(maxsize=64)  # several readers ask for the same message
def read_sentence(message: str, language: str = "en") -> Sentence:
    """Return a message's tokens and the cues among them."""
    tokens, cues = tokens_of(message), read_cues(language)
    return Sentence(message, tokens, cues, cues.find(tokens), language)


def _grouped(pairs: Iterable[tuple[int, Cue]]) -> Mapping[int, tuple[Cue, ...]]:
    groups: dict[int, list[Cue]] = {}
    for place, cue in pairs:
        groups.setdefault(place, []).append(cue)
    return {place: tuple(several) for place, several in groups.items()}
