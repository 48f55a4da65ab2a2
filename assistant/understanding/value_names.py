"""Which words stand for which values of a catalogue's records: "navy" for "navy blue".

Pure. Knows which fields can be asked for and how their values are called; knows no message.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from unicodedata import combining, normalize

from assistant.understanding.tokens.naming import Stance
from assistant.understanding.tokens.text import Span, folded_words, is_function_word, says_something
from retrieval.field_profile import CatalogueProfile
from retrieval.items import Catalogue, raw_value
from retrieval.units import SIZE_LADDER, unit_named

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
_PLURALS = ("n", "en", "e", "er", "es", "s", "")  # of German, French and Spanish
_STEM = 4  # letters that are left of a word without the ending of a plural
_MOST_VALUES, _MOST_WORDS = 400, 4  # a field with more distinct or longer values is prose
NO_VALUES = frozenset("no false n 0 none nein non".split())
YES_VALUES = frozenset("yes true y 1 ja oui si sí".split())
_ASKING = frozenset(
    "required needed included incl incl. yes/no available".split()
)  # "batteries required"

Meanings = tuple[tuple[str, tuple[str, ...]], ...]  # fields with the values that words stand for


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


@dataclass(frozen=True, slots=True)
class Link:
    """What words of one message stand for though no value is called so."""

    field: str
    values: tuple[str, ...]  # () is a yes
    soft: bool = False  # likely, but not sure enough to be a must
    doubted: bool = False  # it is not clear whether they are wanted


Links = Mapping[tuple[str, ...], Link]  # by the folded words


@dataclass(frozen=True)
class ValueNames:
    """The words that stand for the values of one catalogue."""

    catalogue: Catalogue
    profile: CatalogueProfile
    nouns: Collection[str]  # words of fields' names, which name no value

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """Return the fields of this catalogue that name a kind of thing, finest first."""
        return tuple(name for name in KIND_FIELDS if name in self.catalogue.values)

    @cached_property
    def facets(self) -> Mapping[str, tuple[str, ...]]:
        """Return the fields that can be asked for, with their values."""
        chosen: dict[str, tuple[str, ...]] = {}
        for name, values in self.catalogue.values.items():
            if name in _NOT_FACETS or len(values) > _MOST_VALUES or self._is_code(name):
                continue
            if self._is_prose(name, len(values)):
                continue
            short = [v for v in values if len(v.split()) <= _MOST_WORDS and _is_named(v)]
            if self._is_sized(name):  # letters and numbers are read as such
                short = [value for value in short if value not in SIZE_LADDER]
            elif len(short) < 0.8 * len(values):
                continue
            if short:
                chosen[name] = tuple(short)
        return chosen

    def _is_code(self, name: str) -> bool:
        """Tell whether a field's values are names for machines, numbers, or yes and no."""
        field = self.profile.fields.get(name)
        unnamed = ("yes/no", "number", "quantity", "range", "date")
        return field is not None and (field.role == "code" or field.type in unnamed)

    def _is_prose(self, name: str, values: int) -> bool:
        """Tell whether a field's texts are each another: notes, and no names."""
        field = self.profile.fields.get(name)
        return field is not None and field.type == "text" and values > field.filled

    def _is_sized(self, name: str) -> bool:
        """Tell whether a field has sizes, some of which are words: "22 inch", "soprano"."""
        field = self.profile.fields.get(name)
        return field is not None and field.type == "sizes"

    @cached_property
    def phrases(self) -> Mapping[tuple[str, ...], Meanings]:
        """Map folded words to the fields and values that they stand for."""
        table: dict[tuple[str, ...], dict[str, list[str]]] = {}
        for name, values in self.facets.items():
            for value in values:
                keys = _keys(name, value) | self._short_names(name, value) | _demonyms(value)
                for key in keys:
                    if not all(map(is_function_word, key)):  # a record's "a" takes no search
                        table.setdefault(key, {}).setdefault(name, []).append(value)
        phrases = {key: self._exact_first(key, found) for key, found in table.items()}
        for word, kinds in self._of_things.items():
            exact = (word,) in phrases and word in self.facets.get(self.kinds[0], ())
            so = dict(phrases.get((word,), ())).get(self.kinds[0], ())  # that end so
            if not exact:
                phrases[(word,)] = ((self.kinds[0], tuple(dict.fromkeys((*so, *kinds)))),)
        return phrases

    def _short_names(self, name: str, value: str) -> set[tuple[str, ...]]:
        """Return the last word of a brand or a person of several, where nothing else has it."""
        words = folded_words(value)
        names = name in self._named_by_several and name not in (*KIND_FIELDS, *COLOUR_FIELDS)
        if not names or not 1 < len(words) <= _MOST_WORDS:
            return set()
        last = words[-1]
        own = len(last) > 3 and says_something(last) and self._spread[last] == 1
        return {(last,)} if own and last not in self.nouns and last not in self._prose else set()

    @cached_property
    def _prose(self) -> frozenset[str]:
        """Return the words of titles and descriptions."""
        return frozenset(
            word
            for item in self.catalogue.items.values()
            for word in folded_words(f"{item.title} {item.description}")
        )

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

    def _exact_first(self, key: tuple[str, ...], found: Mapping[str, list[str]]) -> Meanings:
        """Prefer an exact value to one that merely ends so ("leather" is not "vegan leather")."""
        ranked = []
        for name, values in found.items():
            exact = tuple(v for v in values if tuple(folded_words(v)) == key)
            wide = name in COLOUR_FIELDS or name in KIND_FIELDS
            meant = tuple(values) if wide or not exact else exact
            ranked.append((name, meant))
        return tuple(sorted(ranked, key=lambda pair: _rank(pair[0])))

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
                for name in (bare, *field.names, *folded_words(bare)[-1:]):
                    table.setdefault(tuple(folded_words(name)), field.name)
        table.pop((), None)
        return table

    @cached_property
    def plurals(self) -> Mapping[str, Meanings]:
        """Map the first word of kinds of several words to these: "reds" are red wines."""
        table: dict[str, list[str]] = {}
        for name in self.kinds[:1]:
            for value in self.facets.get(name, ()):
                words = folded_words(value)
                if len(words) > 1 and (words[0],) not in self.phrases:
                    table.setdefault(words[0], []).append(value)
        return {word: ((self.kinds[0], tuple(values)),) for word, values in table.items()}

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


def _keys(name: str, value: str) -> set[tuple[str, ...]]:
    """Return the wordings of a value: itself, and its last word where that names it too."""
    whole = tuple(folded_words(value))
    if not whole:
        return set()
    keys = {whole}
    ends_so = (
        name in COLOUR_FIELDS or name == "material" or (name in KIND_FIELDS and len(whole) > 1)
    )
    if name in KIND_FIELDS:
        keys |= {(*whole[:-1], one) for one in _singulars(whole[-1])}
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


def _singulars(word: str) -> Iterator[str]:
    """Yield what a plural of another language than English may be the plural of.

    "Leiter" of "Leitern", "Bohrhammer" of "Bohrhämmer", "tondeuse" of "tondeuses".
    """
    plain = "".join(c for c in normalize("NFKD", word) if not combining(c))
    for ending in _PLURALS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            yield word.removesuffix(ending)
            yield plain.removesuffix(ending)


def _is_named(value: str) -> bool:
    """Tell whether a value is a name: "6.3 mm jack" is one, "64 GB" and "no" are none."""
    words = (word for word in value.split() if word[0].isalpha())
    return value not in NO_VALUES and any(unit_named(word) is None for word in words)


def _demonyms(value: str) -> set[tuple[str, ...]]:
    """Return what comes from a country is called: "french" of France."""
    return {tuple(folded_words(word)) for word in _countries().get(value, ())}


@cache
def _countries() -> Mapping[str, Sequence[str]]:
    text = files(__package__).joinpath("demonyms.toml").read_text("utf-8")
    table: Mapping[str, Sequence[str]] = tomllib.loads(text)["countries"]
    return table


def _rank(name: str) -> int:
    return (
        KIND_FIELDS.index(name)
        if name in KIND_FIELDS
        else -1
        if name in COLOUR_FIELDS
        else len(KIND_FIELDS)
    )
