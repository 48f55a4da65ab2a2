"""The words that steer how a message is read, from the data files in `cues/`.

Pure but for those files. Knows phrases and what they do; knows no field, no value and no number.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files

from assistant.understanding.tokens.text import Span, Token, tokens_of
from retrieval.catalogue.currencies import SIGNS

Phrase = tuple[str, ...]

_PART = 40  # tokens on either side of a word that may be a part of a message with it


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase of a message that steers: what it may do, and the tokens it covers."""

    roles: frozenset[str]  # "most before", "denial after", "soft words" …
    start: int  # of its tokens
    end: int  # one past its last token


@dataclass(frozen=True, eq=False)
class Cues:
    """One language's phrases."""

    phrases: Mapping[Phrase, frozenset[str]]  # the texts of its tokens → roles
    numbers: Mapping[str, float]
    sums: Mapping[str, float]  # amounts of money that are one word
    currencies: Mapping[str, frozenset[str]]  # a word or a sign → ISO 4217 codes that it can mean

    @cached_property
    def longest(self) -> int:
        """Return how many tokens the longest phrase has."""
        return max(map(len, self.phrases))

    @cached_property
    def steering(self) -> frozenset[str]:
        """Return every word that stands in a phrase."""
        return frozenset(word for phrase in self.phrases for word in phrase)

    def find(self, tokens: Sequence[Token]) -> tuple[Cue, ...]:
        """Return the cues that begin at each token, all lengths, the longest first."""
        return tuple(self._found(tokens))

    def _found(self, tokens: Sequence[Token]) -> Iterator[Cue]:
        texts = [token.text for token in tokens]
        for at in range(len(texts)):
            for size in range(min(self.longest, len(texts) - at), 0, -1):
                if roles := self.phrases.get(tuple(texts[at : at + size])):
                    yield Cue(roles, at, at + size)


@cache
def read_cues(language: str) -> Cues:
    """Read a language's phrases."""
    place = files(__package__).joinpath("cues", f"{language}.toml")
    table = tomllib.loads(place.read_text("utf-8"))
    numbers, sums, named = (table.pop(name) for name in ("numbers", "sums", "currencies"))
    phrases: dict[Phrase, set[str]] = {}
    for group, kinds in table.items():
        for kind, wordings in kinds.items():
            for wording in wordings:
                key = tuple(token.text for token in tokens_of(wording))
                phrases.setdefault(key, set()).add(f"{group} {kind}")
    currencies = {sign.lower(): frozenset(codes) for sign, codes in SIGNS.items()}
    for code, words in named.items():
        meant = frozenset(SIGNS.get(code, (code,)))
        currencies |= dict.fromkeys(words, meant)
    return Cues(
        {key: frozenset(roles) for key, roles in phrases.items()}, numbers, sums, currencies
    )


@dataclass(frozen=True)
class Sentence:
    """The tokens of a message, with the cues among them; all places are numbers of tokens."""

    message: str
    tokens: tuple[Token, ...]
    cues: Cues
    found: tuple[Cue, ...]

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

    def is_break(self, at: int) -> bool:
        """Tell whether a part of the message ends before this token."""
        if at >= len(self.tokens):
            return True
        token = self.tokens[at]
        number = at + 1 < len(self.tokens) and self.tokens[at + 1].kind == "number"
        if self.cue_at(at, "words breaks") is not None:  # not of "budget: 60" and "max. 60"
            short = self.cue_before(at + 1, "most before", "least before", "about before")
            return not ((number and token.text == ":") or (short and self._is_number(at + 1)))
        dash = token.text in "-–—" and not token.tight and at + 1 < len(self.tokens)
        return dash and not number and not self.tokens[at + 1].tight

    def _is_number(self, at: int) -> bool:
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
        return self.message[slice(*self.span(start, end))] if start < end else ""

    def span(self, start: int, end: int) -> Span:
        """Return where tokens stand in the message."""
        return self.tokens[start].span[0], self.tokens[end - 1].span[1]


@lru_cache(maxsize=64)  # several readers ask for the same message
def read_sentence(message: str, language: str = "en") -> Sentence:
    """Return a message's tokens and the cues among them."""
    tokens, cues = tokens_of(message), read_cues(language)
    return Sentence(message, tokens, cues, cues.find(tokens))


def _grouped(pairs: Iterable[tuple[int, Cue]]) -> Mapping[int, tuple[Cue, ...]]:
    groups: dict[int, list[Cue]] = {}
    for place, cue in pairs:
        groups.setdefault(place, []).append(cue)
    return {place: tuple(several) for place, several in groups.items()}
