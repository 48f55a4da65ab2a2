"""Find a catalogue's own values in a message: "navy scarfs, not wool" → colour, category, material.

Pure. Knows which fields and values the records use; knows nothing of prices, intents or the
conversation. What it is not sure of it leaves alone.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from assistant.stance.said import MessageReader
from assistant.understanding.languages.catalogue_words import CatalogueWords
from assistant.understanding.tokens.cues import Sentence, read_sentence
from assistant.understanding.tokens.fields import FieldWords
from assistant.understanding.tokens.naming import Named
from assistant.understanding.tokens.scopes import with_stances
from assistant.understanding.tokens.subject import (
    NamedValues,
    as_one_kind,
    with_subject,
    without_general,
)
from assistant.understanding.tokens.text import Token, folded_words, says_something
from assistant.understanding.value_names import (
    KIND_FIELDS,
    NO_VALUES,
    Link,
    Links,
    Meanings,
    Mention,
    ValueNames,
)
from assistant.understanding.written_otherwise import called_otherwise
from retrieval.catalogue.profile import infer_profile, price_profile
from retrieval.field_profile import CatalogueProfile
from retrieval.items import Catalogue, item_text, raw_value

_MOSTLY = 0.8  # of some items say something of a field
_MOST_WORDS = 4  # of a value
_PART = re.compile(r"[,;:()/&|–—]|\s-\s|\b(?:for|with|without|of|in|from|by|and|to|on|at)\b", re.I)

Kinds = tuple[str, tuple[str, ...]]  # a field of kinds and some of its values


@dataclass(frozen=True)
class Vocabulary:
    """The values that one catalogue's records use, ready to be found in messages."""

    catalogue: Catalogue
    links: Links = field(default_factory=dict)
    reader: MessageReader | None = None  # tells how things are meant where no cue does

    def with_links(self, links: Links) -> "Vocabulary":
        """Return this vocabulary with further names for values; what is cached is shared."""
        other = replace(self, links=links)
        own = {"catalogue", "links", "reader"}
        other.__dict__.update({k: v for k, v in self.__dict__.items() if k not in own})
        return other

    def over(self, catalogue: Catalogue) -> "Vocabulary":
        """Return the vocabulary of another catalogue."""
        return Vocabulary(catalogue, reader=self.reader)

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
    def words(self) -> CatalogueWords:
        """Return the words that records use and those that name values and fields."""
        values = frozenset((*self.names.phrases, *self.names.flags))
        return CatalogueWords(self.known, values, fields=frozenset(self.field_words.called))

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
        every = list(self._named(sentence, taken, standing))
        found = without_general(as_one_kind(every, KIND_FIELDS), self.kinds, standing)
        stances = with_stances(
            sentence,
            [Named(start, end, field, field in KIND_FIELDS) for start, end, field, _ in found],
            self.known,
            taken,
            self.reader,
        )
        if not standing:
            stances = with_subject(sentence, stances)
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
        known = self.profile.fields.get(name)
        if known is None or known.type != "one of few values" or name in self.kinds:
            return False
        share = self._said(name, wanted) if wanted else known.filled / max(self.profile.items, 1)
        return share >= _MOSTLY

    def _named(
        self, sentence: Sentence, taken: Collection[int], standing: Sequence[Kinds]
    ) -> Iterator[NamedValues]:
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
                if meanings := self._meanings(key, run, sentence.cues.steering):
                    found.append((at, at + size, meanings))
                    at += size
                    break
            else:
                at += 1
        found = list(self._narrowed(sentence, found))
        kinds = [fields[0] for _, _, fields in found if fields[0][0] in self.kinds]
        ids = self.ids_of(kinds or standing)
        for start, end, fields in found:
            yield start, end, *max(fields, key=lambda one: self._said(one[0], ids))

    def _narrowed(
        self, sentence: Sentence, found: Sequence[tuple[int, int, Meanings]]
    ) -> Iterator[tuple[int, int, Meanings]]:
        """Take of several kinds those that other words tell: "guitars, acoustic or electric"."""
        used = {at for start, end, _ in found for at in range(start, end)}
        others = {
            token.word
            for at, token in enumerate(sentence.tokens)
            if at not in used and token.kind == "word" and says_something(token.word)
        }
        for start, end, meanings in found:
            name, values = meanings[0]
            if name in self.kinds and len(values) > 1:
                told = tuple(v for v in values if not others.isdisjoint(folded_words(v)))
                meanings = ((name, told or values), *meanings[1:])
            yield start, end, meanings

    def _meanings(
        self, key: tuple[str, ...], run: Sequence[Token], steering: Collection[str]
    ) -> Meanings:
        """Return what some tokens stand for, () for nothing."""
        if link := self.links.get(key):
            return ((link.field, link.values),)
        if flag := self.names.flags.get(key):
            return ((flag, ()),)
        return self.names.phrases.get(key) or called_otherwise(
            key, run, steering, self.names, self.known
        )

    def _said(self, name: str, ids: Collection[str]) -> float:
        """Return the share of some items that say something of a field."""
        said = sum(bool(raw_value(self.catalogue.items[id_], name)) for id_ in ids)
        return said / len(ids) if ids else 1.0

    def _mention(
        self, sentence: Sentence, values: tuple[str, ...], one: Named, wanted: Collection[str]
    ) -> Mention:
        """Take the values that are meant; a denial reaches every value that contains the words."""
        said, stance = sentence.text(one.start, one.end), one.stance
        link = self._link(sentence, one)
        if link and link.doubted:
            stance = "unclear" if stance == "wanted" else stance
        elif link and stance == "unclear":  # what is only likely asked for is no must
            link, stance = replace(link, soft=True), "wanted"
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
            one.soft or bool(link and link.soft),
            one.start,
            one.end,
            stance == "denied" and self._must_say(one.field, wanted),
        )

    def _link(self, sentence: Sentence, one: Named) -> Link | None:
        """Return what some tokens stand for in this message only, None for nothing."""
        run = sentence.tokens[one.start : one.end]
        return self.links.get(tuple(token.word for token in run if token.kind != "mark"))


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
