"""Find a catalogue's own values in a message: "navy scarfs, not wool" → colour, category, material.

Pure. Knows which fields and values the records use; knows nothing of prices, intents or the
conversation. What it is not sure of it leaves alone.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from assistant.understanding.tokens.cues import Sentence, read_sentence
from assistant.understanding.tokens.fields import FieldWords
from assistant.understanding.tokens.scopes import Named, Stance, with_stances
from assistant.understanding.tokens.spelling import nearest_word
from assistant.understanding.tokens.text import Span, folded_words, says_something
from retrieval.catalogue.profile import infer_profile, price_profile
from retrieval.items import Catalogue, CatalogueProfile, item_text

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
_MOST_VALUES, _MOST_WORDS = 400, 4  # a field with more distinct or longer values is prose

_PART = re.compile(r"[,;:()/&|–—]|\s-\s|\b(?:for|with|without|of|in|from|by|and|to|on|at)\b", re.I)
NO_VALUES = frozenset("no false n 0 none nein non".split())
_ASKING = frozenset("required needed included yes/no available".split())  # "batteries required"


@dataclass(frozen=True, slots=True)
class Mention:
    """A value of the catalogue that a message names, and what the message says of it."""

    field: str
    values: tuple[str, ...]  # normalised values of that field that the words stand for
    said: str
    span: Span
    clause: Span  # with the words that deny it ("my mother can't stand stripes")
    stance: Stance = "wanted"
    soft: bool = False  # it would be nice, but is no must
    start: int = 0  # of its tokens
    end: int = 0

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
                for key in _keys(name, value):
                    table.setdefault(key, {}).setdefault(name, []).append(value)
        return {key: self._exact_first(key, found) for key, found in table.items()}

    def _exact_first(
        self, key: tuple[str, ...], found: Mapping[str, list[str]]
    ) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Prefer an exact value to one that merely ends so ("leather" is not "vegan leather")."""
        ranked = []
        for name, values in found.items():
            exact = tuple(v for v in values if tuple(folded_words(v)) == key)
            wide = name in COLOUR_FIELDS or name in KIND_FIELDS
            ranked.append((name, tuple(values) if wide or not exact else exact))
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

    def mentions(self, message: str) -> list[Mention]:
        """Return the values that a message names, in order, with what it says of each."""
        return self.read(read_sentence(message))

    def read(self, sentence: Sentence, taken: Collection[int] = ()) -> list[Mention]:
        """Return what a sentence names and says of it; `taken` tokens mean something else."""
        found = list(self._named(sentence, taken))
        stances = with_stances(
            sentence,
            [Named(start, end, field, field in KIND_FIELDS) for start, end, field, _ in found],
        )
        return [
            self._mention(sentence, values, one)
            for (_, _, _, values), one in zip(found, stances, strict=True)
        ]

    def _named(
        self, sentence: Sentence, taken: Collection[int]
    ) -> Iterator[tuple[int, int, str, tuple[str, ...]]]:
        """Yield the tokens, the field and the values of what is named, the longest match first."""
        tokens, at = sentence.tokens, 0
        while at < len(tokens):
            for size in range(min(_MOST_WORDS, len(tokens) - at), 0, -1):
                run = tokens[at : at + size]
                if any(t.kind == "mark" and t.text not in "&" for t in run) or not set(
                    range(at, at + size)
                ).isdisjoint(taken):
                    continue
                key = tuple(token.word for token in run if token.kind != "mark")
                if field := self.flags.get(key):
                    yield at, at + size, field, ()
                    at += size
                    break
                if fields := self.phrases.get(key) or self._written_otherwise(key):
                    yield at, at + size, *fields[0]
                    at += size
                    break
            else:
                at += 1

    def _mention(self, sentence: Sentence, values: tuple[str, ...], one: Named) -> Mention:
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
        )

    def _written_otherwise(self, key: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Read "scraf" as "scarf" and "sun glases" as "sunglasses"."""
        if len(key) == 2:
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
