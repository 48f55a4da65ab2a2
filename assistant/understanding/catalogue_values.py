"""Find a catalogue's own values in a message: "navy scarfs, not wool" → colour, category, material.

Pure. Knows which fields and values the records use; knows nothing of prices, intents or the
conversation. What it is not sure of it leaves alone.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from rapidfuzz.distance import OSA

from assistant.understanding.tokens.cues import Sentence, read_sentence
from assistant.understanding.tokens.fields import FieldWords
from assistant.understanding.tokens.naming import Named, Stance
from assistant.understanding.tokens.scopes import with_stances
from assistant.understanding.tokens.spelling import nearest_word
from assistant.understanding.tokens.text import Span, Token, folded_words, says_something
from assistant.understanding.value_names import KIND_FIELDS, NO_VALUES, Meanings, ValueNames
from retrieval.catalogue.profile import infer_profile, price_profile
from retrieval.field_profile import CatalogueProfile
from retrieval.items import Catalogue, item_text, raw_value

_MOSTLY = 0.8  # of some items say something of a field
_MOST_WORDS = 4  # of a value
_PART = re.compile(r"[,;:()/&|–—]|\s-\s|\b(?:for|with|without|of|in|from|by|and|to|on|at)\b", re.I)

Kinds = tuple[str, tuple[str, ...]]  # a field of kinds and some of its values
_Found = tuple[int, int, str, tuple[str, ...]]  # first token, one past the last, field, values


@dataclass(frozen=True, slots=True)
class Mention:
    """A value of the catalogue that a message names, and what the message says of it."""

    field: str
    values: tuple[str, ...]  # normalised, that the words stand for
    said: str
    span: Span
    clause: Span  # with the words that deny it ("my mother can't stand stripes")
    stance: Stance = "wanted"
    soft: bool = False  # it would be nice, but is no must
    start: int = 0  # of its tokens
    end: int = 0
    recorded: bool = False  # denied: what does not say is left out as well

    @property
    def negated(self) -> bool:
        """Tell whether it is denied."""
        return self.stance == "denied"


@dataclass(frozen=True)
class Vocabulary:
    """The values that one catalogue's records use, ready to be found in messages."""

    catalogue: Catalogue

    @cached_property
    def profile(self) -> CatalogueProfile:
        """Return what the fields of this catalogue are: as its index says, else inferred."""
        known = self.catalogue.profile
        if not known.fields:
            return infer_profile(self.catalogue)
        return replace(known, fields={**price_profile(self.catalogue), **known.fields})

    @cached_property
    def known(self) -> frozenset[str]:
        """Return every folded word that any record uses."""
        return frozenset(
            word
            for item in self.catalogue.items.values()
            for word in folded_words(" ".join((item_text(item), *item.transcripts)))
        )

    @cached_property
    def spelt(self) -> frozenset[str]:
        """Return every word that is no slip of the pen here."""
        return self.known | self.field_words.comparing

    @cached_property
    def listed(self) -> frozenset[str]:
        """Return every folded word that names an item: of its kind, brand or a value.

        Of its title only what it ends with: "Sofa Throw, teal" is no sofa.
        """
        return frozenset(
            word
            for item in self.catalogue.items.values()
            for text in (*_heads(item.title), item.category, item.brand, *item.attributes.values())
            for word in folded_words(text)
        )

    @cached_property
    def names(self) -> ValueNames:
        """Return which words stand for which values."""
        return ValueNames(self.catalogue, self.profile, self.field_words.nouns)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the fields of this catalogue that name a kind of thing, finest first."""
        return self.names.kinds

    @property
    def facets(self) -> Mapping[str, tuple[str, ...]]:
        """Return the fields that can be asked for, with their values."""
        return self.names.facets

    @cached_property
    def field_words(self) -> FieldWords:
        """Return what the fields that can be measured are called."""
        return FieldWords(self.profile)

    def mentions(self, message: str) -> list[Mention]:
        """Return the values that a message names, in order, with what it says of each."""
        return self.read(read_sentence(message))

    def read(
        self, sentence: Sentence, taken: Collection[int] = (), standing: Sequence[Kinds] = ()
    ) -> list[Mention]:
        """Return what a sentence names and says of it.

        `taken` tokens mean something else; `standing` are the kinds that are spoken of already.
        """
        found = self._as_one_kind(list(self._named(sentence, taken, standing)))
        stances = with_stances(
            sentence,
            [Named(start, end, field, field in KIND_FIELDS) for start, end, field, _ in found],
            self.known,
            taken,
        )
        wanted = self.ids_of(
            (name, values)
            for (_, _, name, values), one in zip(found, stances, strict=True)
            if one.kind and one.stance == "wanted"
        ) or self.ids_of(standing)
        return [
            self._mention(sentence, values, one, wanted)
            for (_, _, _, values), one in zip(found, stances, strict=True)
        ]

    def ids_of(self, kinds: Iterable[tuple[str, tuple[str, ...]]]) -> set[str]:
        """Return the ids of the items of some kinds."""
        table = self.catalogue.values
        return {id_ for name, values in kinds for v in values for id_ in table[name].get(v, ())}

    def _must_say(self, name: str, wanted: Collection[str]) -> bool:
        """Tell whether an item that does not say may be what it should not be.

        Where nearly every record of the wanted kind has a maker, one without may be of the one that
        is denied; where few have a pattern, the others are plain.
        """
        field = self.profile.fields.get(name)
        if field is None or field.type != "one of few values" or name in self.kinds:
            return False
        share = self._said(name, wanted) if wanted else field.filled / max(self.profile.items, 1)
        return share >= _MOSTLY

    def _as_one_kind(self, found: Sequence[_Found]) -> list[_Found]:
        """Take kinds side by side for one where something is both: "science books"."""
        joined: list[_Found] = []
        for one in found:
            last = joined[-1] if joined else None
            beside = last is not None and (last[1], last[2]) == (one[0], one[2])
            both = tuple(v for v in last[3] if v in one[3]) if beside and last else ()
            if last and both and one[2] in KIND_FIELDS:
                joined[-1] = (last[0], one[1], one[2], both)
            else:
                joined.append(one)
        return joined

    def _named(
        self, sentence: Sentence, taken: Collection[int], standing: Sequence[Kinds]
    ) -> Iterator[_Found]:
        """Yield the tokens, the field and the values of what is named, the longest match first."""
        tokens, at = sentence.tokens, 0
        found: list[tuple[int, int, Meanings]] = []
        while at < len(tokens):
            for size in range(min(_MOST_WORDS, len(tokens) - at), 0, -1):
                if at and tokens[at - 1].text == "per":  # "600 g per shoe" asks for no shoe
                    continue
                run = tokens[at : at + size]
                if (
                    any(t.kind == "mark" for t in (run[0], run[-1]))
                    or any(t.kind == "mark" and t.text != "&" for t in run)
                    or not set(range(at, at + size)).isdisjoint(taken)
                ):
                    continue
                key = tuple(token.word for token in run if token.kind != "mark")
                if field := self.names.flags.get(key):
                    found.append((at, at + size, ((field, ()),)))
                    at += size
                    break
                if fields := self.names.phrases.get(key) or self._called_otherwise(
                    key, run, sentence.cues.steering
                ):
                    found.append((at, at + size, fields))
                    at += size
                    break
            else:
                at += 1
        kinds = [fields[0] for _, _, fields in found if fields[0][0] in self.kinds]
        ids = self.ids_of(kinds or standing)
        for start, end, fields in found:
            yield start, end, *max(fields, key=lambda one: self._said(one[0], ids))

    def _said(self, name: str, ids: Collection[str]) -> float:
        """Return the share of some items that say something of a field."""
        said = sum(bool(raw_value(self.catalogue.items[id_], name)) for id_ in ids)
        return said / len(ids) if ids else 1.0

    def _mention(
        self, sentence: Sentence, values: tuple[str, ...], one: Named, wanted: Collection[str]
    ) -> Mention:
        """Take the values that are meant; a denial reaches every value that contains the words."""
        said, stance = sentence.text(one.start, one.end), one.stance
        if not values:  # a yes or a no
            known = self.catalogue.values[one.field]
            denied = stance == "denied"
            values = tuple(value for value in known if (value in NO_VALUES) == denied)
            said = sentence.text(*one.tokens) if denied else said
            stance = "wanted" if denied else stance
        elif stance == "denied":
            words = set(folded_words(values[0])) if len(values) == 1 else set(folded_words(said))
            values = tuple(v for v in self.facets.get(one.field, ()) if _covers(words, v)) or values
        return Mention(
            one.field,
            values,
            said,
            sentence.span(one.start, one.end),
            sentence.span(*one.tokens),
            stance,
            one.soft,
            one.start,
            one.end,
            stance == "denied" and self._must_say(one.field, wanted),
        )

    def _called_otherwise(
        self, key: tuple[str, ...], run: Sequence[Token], steering: Collection[str]
    ) -> Meanings:
        """Read "reds" as red wines, and what has a slip of the pen: "since" is no "science"."""
        plural = len(key) == 1 and run[0].text != run[0].word
        meant = self.names.plurals.get(key[0], ()) if plural else ()
        steers = len(run) == 1 and run[0].text in steering
        return meant or (() if steers else self._written_otherwise(key))

    def _written_otherwise(self, key: tuple[str, ...]) -> Meanings:
        """Read "scraf" as "scarf" and "sun glases" as "sunglasses"."""
        if len(key) == 2:
            joined, lettered = "".join(key), len(key[0]) == 1 and key[0] not in ("a", "i")
            if not (says_something(key[0]) or lettered) or not says_something(key[1]):
                return ()
            if meant := self.names.phrases.get((joined,)):
                return meant  # "t-shirts", "sweat shirt"
            parts = any(key[n : n + 1] in self.names.phrases for n in (0, 1))
            return () if parts or lettered else self._misspelt(joined, surely=True)
        return self._misspelt(key[0]) if len(key) == 1 else ()

    def _misspelt(self, word: str, *, surely: bool = False) -> Meanings:
        """Return what a word stands for with a slip of the pen, if no record uses it as it is."""
        if word in self.known:
            return ()
        singles = [key[0] for key in self.names.phrases if len(key) == 1]
        meant = nearest_word(word, singles, surely=surely)
        names = {field for field, _ in self.names.phrases.get((meant,), ())}
        if names == {"brand"} and OSA.distance(word, meant) > 1:
            return ()  # "electric" is no Electra
        return self.names.phrases[(meant,)] if meant else ()


def _covers(wanted: set[str], value: str) -> bool:
    """Tell whether a value is what is not wanted, or a sort of it ("lambswool" of "wool")."""
    held = set(folded_words(value))
    compound = len(wanted) == 1 and any(
        len(base) > 3 and word.endswith(base) for base in wanted for word in held
    )
    return wanted <= held or compound


def _heads(title: str) -> Iterator[str]:
    """Return the words of a title that say what the thing is: the last of each part."""
    for part in _PART.split(title):
        yield part.strip().rpartition(" ")[2]
