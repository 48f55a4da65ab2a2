"""Find a catalogue's own values in a message: "navy scarfs, not wool" → colour, category, material.

Pure. Knows which fields and values the records use; knows nothing of prices, intents or the
conversation. What it is not sure of it leaves alone.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from assistant.understanding.tokens.cues import Sentence, read_sentence
from assistant.understanding.tokens.fields import FieldWords
from assistant.understanding.tokens.scene import Named, Stance
from assistant.understanding.tokens.scopes import with_stances
from assistant.understanding.tokens.spelling import nearest_word
from assistant.understanding.tokens.text import Span, folded_words, says_something
from retrieval.catalogue.profile import infer_profile, price_profile
from retrieval.items import Catalogue, CatalogueProfile, item_text, raw_value

# Fields that say what kind of thing an item is, finest first.
KIND_FIELDS = (
    "article type",
    "kind",
    "type",
    "sub category",
    "subcategory",
    "category",
    "master category",
)
COLOUR_FIELDS = ("colour", "color", "base colour", "base color")
_NOT_FACETS = frozenset({"stock", "year", "pages", "capacity", "dimensions", "weight", "id", "url"})
_MOSTLY = 0.8  # of some items say something of a field
_MOST_VALUES, _MOST_WORDS = 400, 4  # a field with more distinct or longer values is prose

_PART = re.compile(r"[,;:()/&|–—]|\s-\s|\b(?:for|with|without|of|in|from|by|and|to|on|at)\b", re.I)
NO_VALUES = frozenset("no false n 0 none nein non".split())
_ASKING = frozenset("required needed included yes/no available".split())  # "batteries required"


_Meanings = tuple[tuple[str, tuple[str, ...]], ...]  # fields with the values that words stand for
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
    def kinds(self) -> tuple[str, ...]:
        """Return the fields of this catalogue that name a kind of thing, finest first."""
        return tuple(name for name in KIND_FIELDS if name in self.catalogue.values)

    @cached_property
    def known(self) -> frozenset[str]:
        """Return every folded word that any record uses."""
        return frozenset(
            word
            for item in self.catalogue.items.values()
            for word in folded_words(" ".join((item_text(item), *item.transcripts)))
        )

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
    def facets(self) -> Mapping[str, tuple[str, ...]]:
        """Return the fields that can be asked for, with their values."""
        chosen: dict[str, tuple[str, ...]] = {}
        for name, values in self.catalogue.values.items():
            if name in _NOT_FACETS or len(values) > _MOST_VALUES or self._is_code(name):
                continue
            short = [v for v in values if len(v.split()) <= _MOST_WORDS and not v[:1].isdigit()]
            if len(short) >= 0.8 * len(values) and short:
                chosen[name] = tuple(short)
        return chosen

    def _is_code(self, name: str) -> bool:
        """Tell whether a field's values are names for machines, or answers by yes and no."""
        field = self.profile.fields.get(name)
        return field is not None and (field.role == "code" or field.type == "yes/no")

    @cached_property
    def phrases(self) -> Mapping[tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]:
        """Map folded words to the fields and values that they stand for."""
        table: dict[tuple[str, ...], dict[str, list[str]]] = {}
        for name, values in self.facets.items():
            for value in values:
                for key in _keys(name, value) | self._short_names(name, value):
                    table.setdefault(key, {}).setdefault(name, []).append(value)
        phrases = {key: self._exact_first(key, found) for key, found in table.items()}
        for word, kinds in self._of_things.items():
            exact = (word,) in phrases and word in self.facets[self.kinds[0]]
            if not exact:
                phrases[(word,)] = ((self.kinds[0], kinds),)
        return phrases

    def _short_names(self, name: str, value: str) -> set[tuple[str, ...]]:
        """Return the last word of a brand or a person of several, where nothing else has it."""
        words = folded_words(value)
        names = name in self._named_by_several and name not in (*KIND_FIELDS, *COLOUR_FIELDS)
        if not names or not 1 < len(words) <= _MOST_WORDS:
            return set()
        last = words[-1]
        own = len(last) > 3 and says_something(last) and self._spread[last] == 1
        return {(last,)} if own and last not in self.field_words.nouns else set()

    @cached_property
    def _named_by_several(self) -> frozenset[str]:
        """Return the fields whose values are mostly names of several words: authors, makers."""
        return frozenset(
            name
            for name, values in self.facets.items()
            if name == "brand" or 2 * sum(len(value.split()) > 1 for value in values) > len(values)
        )

    @cached_property
    def _spread(self) -> Mapping[str, int]:
        """Count for each word the values of any field that have it."""
        return Counter(
            word
            for values in self.catalogue.values.values()
            for value in values
            for word in set(folded_words(value))
        )

    def _exact_first(
        self, key: tuple[str, ...], found: Mapping[str, list[str]]
    ) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Prefer an exact value to one that merely ends so ("leather" is not "vegan leather")."""
        ranked = []
        for name, values in found.items():
            exact = tuple(v for v in values if tuple(folded_words(v)) == key)
            wide = name in COLOUR_FIELDS or name in KIND_FIELDS
            meant = tuple(values) if wide or not exact else exact
            ranked.append((name, meant))
        return tuple(sorted(ranked, key=lambda pair: _rank(pair[0])))

    @cached_property
    def field_words(self) -> FieldWords:
        """Return what the fields that can be measured are called."""
        return FieldWords(self.profile)

    @cached_property
    def flags(self) -> Mapping[tuple[str, ...], str]:
        """Map what a field of yes and no is called to the field: "waterproof", "batteries"."""
        table: dict[tuple[str, ...], str] = {}
        for field in self.profile.fields.values():
            values = self.catalogue.values.get(field.name, {})
            no = NO_VALUES.intersection(values)
            few = field.type in ("yes/no", "one of few values")
            if few and no and len(values) > len(no):
                bare = " ".join(word for word in field.name.split() if word not in _ASKING)
                for name in (bare, *field.names):
                    table.setdefault(tuple(folded_words(name)), field.name)
        table.pop((), None)
        return table

    @cached_property
    def _of_things(self) -> Mapping[str, tuple[str, ...]]:
        """Map what a field tells of a thing to the kinds that fill it: an ISBN is a book's."""
        field = next(iter(self.kinds), "")
        table: dict[str, tuple[str, ...]] = {}
        for profile in self.profile.fields.values() if field else ():
            for word in profile.things:
                kinds = tuple(
                    value
                    for value, ids in self.catalogue.values[field].items()
                    if 2 * sum(bool(raw_value(self.catalogue.items[i], profile.name)) for i in ids)
                    > len(ids)
                )
                table[word] = kinds
        return {word: kinds for word, kinds in table.items() if kinds}

    def mentions(self, message: str) -> list[Mention]:
        """Return the values that a message names, in order, with what it says of each."""
        return self.read(read_sentence(message))

    def read(self, sentence: Sentence, taken: Collection[int] = ()) -> list[Mention]:
        """Return what a sentence names and says of it; `taken` tokens mean something else."""
        found = self._as_one_kind(list(self._named(sentence, taken)))
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
        )
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
        single = field is not None and field.type == "one of few values"
        usual = self._fills(name, wanted or self.catalogue.items.keys())
        return single and usual and name not in self.kinds

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

    def _named(self, sentence: Sentence, taken: Collection[int]) -> Iterator[_Found]:
        """Yield the tokens, the field and the values of what is named, the longest match first."""
        tokens, at = sentence.tokens, 0
        found: list[tuple[int, int, _Meanings]] = []
        while at < len(tokens):
            for size in range(min(_MOST_WORDS, len(tokens) - at), 0, -1):
                run = tokens[at : at + size]
                if any(t.kind == "mark" and t.text not in "&" for t in run) or not set(
                    range(at, at + size)
                ).isdisjoint(taken):
                    continue
                key = tuple(token.word for token in run if token.kind != "mark")
                if field := self.flags.get(key):
                    found.append((at, at + size, ((field, ()),)))
                    at += size
                    break
                if fields := self.phrases.get(key) or self._written_otherwise(key):
                    found.append((at, at + size, fields))
                    at += size
                    break
            else:
                at += 1
        ids = self.ids_of(fields[0] for _, _, fields in found if fields[0][0] in self.kinds)
        for start, end, fields in found:
            yield start, end, *max(fields, key=lambda one: self._fills(one[0], ids))

    def _fills(self, name: str, ids: Collection[str]) -> bool:
        """Tell whether most of some items say something of a field."""
        said = sum(bool(raw_value(self.catalogue.items[id_], name)) for id_ in ids)
        return said >= _MOSTLY * len(ids)

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
            values = tuple(v for v in self.facets[one.field] if _covers(words, v)) or values
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

    def _written_otherwise(self, key: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Read "scraf" as "scarf" and "sun glases" as "sunglasses"."""
        if len(key) == 2:
            if any(key[n : n + 1] in self.phrases or not says_something(key[n]) for n in (0, 1)):
                return ()
            return self.phrases.get(("".join(key),)) or self._misspelt("".join(key), surely=True)
        return self._misspelt(key[0]) if len(key) == 1 else ()

    def _misspelt(
        self, word: str, *, surely: bool = False
    ) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return what a word stands for with a slip of the pen, if no record uses it as it is."""
        if word in self.known:
            return ()
        singles = [key[0] for key in self.phrases if len(key) == 1]
        meant = nearest_word(word, singles, surely=surely)
        return self.phrases[(meant,)] if meant else ()


def _covers(wanted: set[str], value: str) -> bool:
    """Tell whether a value is what is not wanted, or a sort of it ("lambswool" of "wool")."""
    held = set(folded_words(value))
    compound = len(wanted) == 1 and any(
        len(base) > 3 and word.endswith(base) for base in wanted for word in held
    )
    return wanted <= held or compound


def _keys(name: str, value: str) -> set[tuple[str, ...]]:
    """Return the wordings of a value: itself, and its last word where that names it too."""
    whole = tuple(folded_words(value))
    if not whole:
        return set()
    keys = {whole}
    ends_so = (
        name in COLOUR_FIELDS or name == "material" or (name in KIND_FIELDS and len(whole) > 1)
    )
    joined = "-" in value.split()[-1]  # a "t-shirt" is no "shirt", a "watering can" no "can"
    if ends_so and not joined and says_something(whole[-1]):
        keys.add(whole[-1:])
    if name in COLOUR_FIELDS and whole[0] == "navy":
        keys.add(whole[:1])
    if name in KIND_FIELDS and len(whole) > 2 and whole[1] == "of":  # "chest of drawers"
        keys.add(whole[:1])
    if name in KIND_FIELDS:  # "Scarves & Gloves", "Mugs and cups"
        keys |= {
            tuple(folded_words(part)) for part in re.split(r"\s*(?:&|/|,|\band\b)\s*", value)
        } - {()}
    return keys


def _heads(title: str) -> Iterator[str]:
    """Return the words of a title that say what the thing is: the last of each part."""
    for part in _PART.split(title):
        yield part.strip().rpartition(" ")[2]


def _rank(name: str) -> int:
    return (
        KIND_FIELDS.index(name)
        if name in KIND_FIELDS
        else -1
        if name in COLOUR_FIELDS
        else len(KIND_FIELDS)
    )
