"""A record → its words: where each stands, how it is used, and what stands beside it.

Pure. Knows one record; knows no sentence that is to be checked against it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.answering.wording import (
    is_number,
    negated,
    neighbours,
    plain_number,
    spoken,
    stem,
)
from assistant.understanding.tokens.text import fold, sentences
from retrieval.catalogue.currencies import SIGN_LETTERS
from retrieval.items import Item

_HALVES = re.compile(r"[;:–—]")
_TEXTS = ("description", "transcript")  # places that say something in sentences


@dataclass(frozen=True)
class RecordWords:
    """A record as claims are checked against it."""

    item: Item

    @cached_property
    def places(self) -> tuple[tuple[str, str], ...]:
        """Return every piece of the record within which words belong together, with its name."""
        item = self.item
        facts = [(f"attribute {name}", f"{name}: {v}") for name, v in item.attributes.items() if v]
        return (
            ("title", item.title),
            *facts,
            ("category", item.category),
            ("brand", item.brand),
            *(("description", sentence) for sentence in sentences(item.description)),
            *(("transcript", words) for words in item.transcripts),
        )

    @cached_property
    def stems(self) -> dict[tuple[str, bool], str]:
        """Map each stem, negated or not, to the first place that uses it so."""
        table: dict[tuple[str, bool], str] = {}
        for place, text in self.places:
            words = spoken(text)
            for at, word in enumerate(words):
                table.setdefault((stem(word), negated(words, at)), place)
        return table

    @cached_property
    def pairs(self) -> set[tuple[str, str]]:
        """Return every two stems that stand side by side."""
        return neighbours(text for _, text in self.places)

    @cached_property
    def subjects(self) -> dict[str, frozenset[str]]:
        """Map the stem after "is" or "can be" to the stems of what the texts say it of."""
        table: dict[str, frozenset[str]] = {}
        for place, text in self.places:
            words = spoken(text) if place in ("description", "transcript") else []
            before = zip(["", *words], words, words[1:], words[2:], strict=False)
            for first, of, verb, told in before:
                if verb in ("is", "are", "was", "were", "be"):
                    whose = stem(first if verb == "be" else of)  # "the nib can be"
                    table[stem(told)] = table.get(stem(told), frozenset()) | {whose}
        return table

    @cached_property
    def told_of(self) -> dict[tuple[str, str], frozenset[str]]:
        """Map "that" and the stem of its verb ("that learns") to the stems of what is before."""
        table: dict[tuple[str, str], frozenset[str]] = {}
        for place, text in self.places:
            words = spoken(text) if place in _TEXTS else []
            for of, that, verb in zip(words, words[1:], words[2:], strict=False):
                if that in ("that", "which"):
                    key = (that, stem(verb))
                    table[key] = table.get(key, frozenset()) | {stem(of)}
        return table

    @cached_property
    def doers(self) -> dict[str, frozenset[str]]:
        """Map what "the treatment lasts" says is done to the stems of what does it."""
        table: dict[str, frozenset[str]] = {}
        for place, text in self.places:
            words = spoken(text) if place in ("description", "transcript") else []
            for which, of, does in zip(words, words[1:], words[2:], strict=False):
                if which in ("the", "its", "a", "an", "every") and does.endswith("s"):
                    table[does] = table.get(does, frozenset()) | {stem(of)}
        return {does: of for does, of in table.items() if does not in ("is", "was", "as", "has")}

    def says(self, run: Sequence[str]) -> bool:
        """Tell whether some stems stand one after another in a piece of the record."""
        return f" {' '.join(run)} " in self.stemmed

    @cached_property
    def stemmed(self) -> str:
        """Return all stems in order, its pieces apart."""
        pieces = (" ".join(map(stem, spoken(text))) for _, text in self.places)
        return f" {' | '.join(pieces)} "

    @cached_property
    def facts(self) -> frozenset[str]:
        """Return the stems of what is said of the whole item: its fields, without its texts."""
        told = (text for place, text in self.places if place not in _TEXTS)
        return frozenset(stem(word) for text in told for word in spoken(text))

    @cached_property
    def statements(self) -> tuple[tuple[str, ...], ...]:
        """Return the stems of each statement of the texts, a sentence or a half of one."""
        texts = [text for place, text in self.places if place in _TEXTS]
        told = [half for text in texts for s in sentences(text) for half in _HALVES.split(s)]
        return tuple(tuple(map(stem, spoken(half))) for half in (*told, self.item.title))

    @cached_property
    def names(self) -> frozenset[str]:
        """Return the stems of what the item is called."""
        kinds = " ".join(v for k, v in self.item.attributes.items() if k in ("kind", "type"))
        return frozenset(map(stem, spoken(f"{self.item.title} {self.item.category} {kinds}")))

    @cached_property
    def amounts(self) -> frozenset[str]:
        """Return the price, and every amount of money that the record's text names."""
        price = {plain_number(f"{self.item.price:.2f}")} if self.item.price is not None else set()
        told = (word for _, text in self.places for word in spoken(text))
        amounts = (word for word in told if word[0] in SIGN_LETTERS and is_number(word))
        return frozenset(price | {plain_number(word) for word in amounts})

    def words_of(self, fields: Iterable[str]) -> frozenset[str]:
        """Return the folded words of some attributes' values."""
        values = " ".join(self.item.attributes.get(name, "") for name in fields)
        return frozenset(fold(word) for word in spoken(values))
