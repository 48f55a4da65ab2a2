"""What the fields of a catalogue are called in a message, and the words that compare or sort them.

Knows the catalogue's profile and tokens; knows no amount.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Literal, get_args

from assistant.understanding.tokens.text import Token, folded_words, says_something, tokens_of
from retrieval.field_profile import CatalogueProfile, FieldProfile

Degree = Literal["", "more", "less", "most", "least", "high", "low"]  # "" for a name


@dataclass(frozen=True, slots=True)
class FieldWord:
    """A name of a field in a message, or a word that compares it."""

    fields: tuple[str, ...]
    start: int
    end: int
    degree: Degree = ""


@dataclass(frozen=True)
class FieldWords:
    """What the fields of a catalogue are called, and the words that compare them."""

    profile: CatalogueProfile

    @cached_property
    def _names(self) -> Mapping[tuple[str, ...], tuple[str, ...]]:
        table: dict[tuple[str, ...], dict[str, None]] = {}
        for field in self.profile.fields.values():
            if is_measured(field) or field.type == "yes/no":
                for name in field.names:
                    table.setdefault(tuple(folded_words(name)), {})[field.name] = None
        for key, fields in [*table.items()]:
            for part in _parts(key):
                table.setdefault(part, fields)
        table.pop((), None)
        return {key: tuple(fields) for key, fields in table.items()}

    @cached_property
    def called(self) -> Mapping[tuple[str, ...], tuple[str, ...]]:
        """Map what any field is called to the fields."""
        table: dict[tuple[str, ...], dict[str, None]] = {}
        for field in self.profile.fields.values():
            for name in field.names:
                table.setdefault(tuple(folded_words(name)), {})[field.name] = None
        return {key: tuple(fields) for key, fields in table.items() if key}

    @cached_property
    def comparing(self) -> frozenset[str]:
        """Return every word that compares, sorts or describes a field."""
        return frozenset(word for key in self._comparing for word in key)

    def named_in(self, tokens: Sequence[Token]) -> list[str]:
        """Return the fields of any sort whose names stand in a message, longest first."""
        words, found, at = [token.word for token in tokens], dict[str, None](), 0
        while at < len(words):
            sizes = (n for n in (4, 3, 2, 1) if tuple(words[at : at + n]) in self.called)
            size = next(sizes, 0)
            found |= dict.fromkeys(self.called[tuple(words[at : at + size])] if size else ())
            at += size or 1
        return list(found)

    def described_in(self, tokens: Sequence[Token]) -> list[str]:
        """Return the fields that words of a message describe: "how heavy", "how loud"."""
        texts = {token.text for token in tokens}
        return [
            field.name
            for field in self.profile.fields.values()
            if not texts.isdisjoint((*field.high, *field.low, *field.more, *field.less))
        ]

    @cached_property
    def _comparing(self) -> Mapping[tuple[str, ...], Mapping[str, tuple[str, ...]]]:
        table: dict[tuple[str, ...], dict[str, list[str]]] = {}
        for field in filter(is_measured, self.profile.fields.values()):
            for side in get_args(Degree)[1:]:
                for word in getattr(field, side):
                    key = tuple(token.text for token in tokens_of(word))
                    table.setdefault(key, {}).setdefault(side, []).append(field.name)
        return {k: {s: tuple(f) for s, f in sides.items()} for k, sides in table.items()}

    @cached_property
    def _shuffled(self) -> Mapping[tuple[str, ...], tuple[str, ...]]:
        """Return the names of several words with these in any order: "minimum safety age"."""
        return {tuple(sorted(key)): fields for key, fields in self._names.items() if len(key) > 1}

    @cached_property
    def nouns(self) -> frozenset[str]:
        """Return every word of a field's name."""
        return frozenset(word for key in self._names for word in key)

    def find(self, tokens: Sequence[Token]) -> list[FieldWord]:
        """Return the names and comparing words in a message, the longest at each place."""
        words, texts = [t.word for t in tokens], [t.text for t in tokens]
        found, at = list[FieldWord](), 0
        while at < len(tokens):
            step = 1
            for size in range(min(4, len(tokens) - at), 0, -1):
                sides = self._comparing.get(tuple(texts[at : at + size]))
                run = tuple(words[at : at + size])
                named = self._names.get(run) or self._shuffled.get(tuple(sorted(run)))
                if sides:
                    found += [
                        FieldWord(fields, at, at + size, side)  # type: ignore[arg-type]
                        for side, fields in sides.items()
                    ]
                if named:
                    found.append(FieldWord(named, at, at + size))
                if sides or named:
                    step = size
                    break
            at += step
        return found


def _parts(name: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the several words of a longer name that name it too: "safety age" of a minimum."""
    for size in range(len(name) - 1, 1, -1):
        for part in combinations(name, size):
            if says_something(part[0]) and says_something(part[-1]):
                yield part


def is_measured(field: FieldProfile) -> bool:
    """Tell whether an amount can be asked of a field."""
    return field.measures or field.role in ("price", "stock")
