"""Which of several names a catalogue uses: "stroller" in one shop, "pram" in another.

Pure. Knows a catalogue only by its words; what is nearest in meaning is asked of a function.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from assistant.understanding.tokens.text import folded_words


def _none(names: Sequence[str]) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class CatalogueWords:
    """The words that a catalogue uses."""

    known: frozenset[str]  # folded words of any record
    values: Collection[tuple[str, ...]] = frozenset()  # the folded words that name its values
    nearest: Callable[[Sequence[str]], str] = _none  # which name means a value; "" for none
    fields: Collection[tuple[str, ...]] = frozenset()  # the folded names of its fields

    def has(self, name: str) -> bool:
        """Tell whether a name is a value of the catalogue."""
        return tuple(folded_words(name)) in self.values

    def calls(self, name: str) -> bool:
        """Tell whether a name is a value or a field of the catalogue."""
        return self.has(name) or tuple(folded_words(name)) in self.fields

    def uses(self, name: str) -> bool:
        """Tell whether all words of a name stand somewhere in the catalogue."""
        return self.known.issuperset(folded_words(name))

    def choose(self, names: Sequence[str]) -> str:
        """Return a name that is a value, else one in known words, else the nearest to a value."""
        if len(names) == 1:
            return names[0]
        return self.used(names) or self.nearest(names) or names[0]

    def called(self, names: Sequence[str]) -> str:
        """Return a name that is a value, else one of a field; "" for none."""
        return next(filter(self.has, names), "") or next(filter(self.calls, names), "")

    def used(self, names: Sequence[str]) -> str:
        """Return a name that is a value, else one in known words; "" for none."""
        return next(filter(self.has, names), "") or next(filter(self.uses, names), "")
