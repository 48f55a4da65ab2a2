"""Find a catalogue's own values in a message: "navy scarfs, not wool" → colour, category, material.

Pure. Knows which fields and values the records use; knows nothing of prices, intents or the
conversation. What it is not sure of it leaves alone.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from assistant.understanding.limits.spans import Span
from assistant.understanding.spelling import nearest_word
from assistant.understanding.text import folded_words, placed_words, says_something
from retrieval.catalogue.profile import infer_profile
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

_LOOKED_BACK = 80  # characters before a value that may deny it

_WHO = r"(?:\b(?:i|we|you|he|she|they|it|who|(?:my|his|her|our|their)\s+[\w-]+)\s+)?"
_NEGATION = re.compile(
    rf"(?:{_WHO}(?:\b(?:do|does|did|would)(?:n['’]?t|\s+not)\s+(?:(?:really|much|even)\s+)?"
    r"(?:want|like|need|show|love|enjoy|fancy|wear|care\s+for)"
    r"|\b(?:really\s+)?(?:hates?|dislikes?|detests?|loathes?)"
    r"|\bcan(?:['’]?t|\s*not)\s+(?:stand|bear|abide|have|wear)"
    r"|(?:\b(?:am|is|are)(?:\s+not|n['’]?t)|['’](?:m|s|re)\s+not)\s+"
    r"(?:really\s+|so\s+)?(?:into|fond\s+of|keen\s+on|an?\s+(?:\w+\s+)?fan\s+of)"
    r"|(?:\b(?:am|is|are)|['’](?:m|s|re))\s+(?:allergic\s+to|(?:sick|tired)\s+of))"
    r"|\b(?:(?<!why )not|no|forget(?:\s+about)?|without|except(?:\s+for)?|excluding|apart\s+from|"
    r"anything but|other than|but not|non|never|nothing|avoid|skip|free\s+of|neither|"
    r"nor|instead of|rather than|"
    r"nicht|kein\w*|ohne|sans|pas de|sin))\b[\s-]*"
    r"(?:(?:in|a|an|any|the|made|of|too|so|very|that|is|are|from|really|want|with|more)\s+){0,4}$",
    re.I,
)
_WELCOME = re.compile(
    r"\s+(?:(?:is|are|would be)\s+(?:fine|ok|good|great|better)|please|instead)\b", re.I
)
_VERB = re.compile(r"\bcan(?:['’]?t|\s*not)\s+$", re.I)  # "can't bear" names no bear
_FREE_OF_IT = re.compile(r"[\s-]free\b(?!\s+of)", re.I)  # "leather-free"
_PART = re.compile(r"[,;:()/&|–—]|\s-\s|\b(?:for|with|without|of|in|from|by|and|to|on|at)\b", re.I)
_LIST = re.compile(r"^[\s,/]*(?:or|and|nor|,|/)?\s*(?:in|a|an|any|the)?\s*$", re.I)
_ELSEWHERE = re.compile(
    r"\b(?:my|his|(?<!give )(?<!get )(?<!buy )(?<!bring )(?<!send )her|their|our|"
    r"goes with|go with|matching|matches|to match|"
    r"to wear with|with my|"
    r"to keep (?:my|the|a)?|next to|under a|over a|"
    r"(?<!looking )(?<!searching )(?<!asking )for a)\s+(?:[\w'-]+\s+){0,1}$",
    re.I,
)
_OWNED = re.compile(  # what somebody has is not wished for: "she has bought slippers"
    r"\b(?:(?:he|she|(?:my|his|her|our|their)\s+[\w-]+)(?:['’]s)?\s+"
    r"(?:(?:has|have|had|already|just)\s+)*(?:owns?|has|have|had|got|bought|gave|received)"
    r"|(?:i|we)(?:['’]ve|\s+have)?\s+(?:already\s+(?:have|own|got|bought)|own))(?!\s+to\b)\s+"
    r"(?:(?:him|her|me|us|them|already|a|an|the|some|one|two|three|several|enough|no)\s+)*"
    r"(?:(?!(?:want|need|ask|wish|look|dream)\w*)[\w'’-]+\s+){0,2}$",
    re.I,
)
_ALREADY = re.compile(r"\s+already\b", re.I)


@dataclass(frozen=True, slots=True)
class Mention:
    """A value of the catalogue that the message names."""

    field: str
    values: tuple[str, ...]  # normalised values of that field that the words stand for
    negated: bool
    said: str
    span: Span
    clause: Span  # with the words that deny it ("my mother can't stand stripes")


@dataclass(frozen=True)
class Vocabulary:
    """The values that one catalogue's records use, ready to be found in messages."""

    catalogue: Catalogue

    @cached_property
    def profile(self) -> CatalogueProfile:
        """Return what the fields of this catalogue are: as its index says, else inferred."""
        known = self.catalogue.profile
        return known if known.fields else infer_profile(self.catalogue)

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

    def mentions(self, message: str) -> list[Mention]:
        """Return the values that a message names, longest match first come, in order."""
        tokens = placed_words(message.lower())
        found: list[Mention] = []
        at = 0
        while at < len(tokens):
            for size in range(min(_MOST_WORDS, len(tokens) - at), 0, -1):
                key = tuple(token for token, _ in tokens[at : at + size])
                span = (tokens[at][1][0], tokens[at + size - 1][1][1])
                fields = self.phrases.get(key) or self._written_otherwise(key)
                if fields and not _not_asked(message, span):
                    clause = self._denied(message, span, fields[0][0], found)
                    found += self._read(fields, message, span, clause)
                    at += size
                    break
            else:
                at += 1
        return found

    def _read(
        self,
        fields: tuple[tuple[str, tuple[str, ...]], ...],
        message: str,
        span: Span,
        denied: Span | None,
    ) -> Iterator[Mention]:
        """Take the first field; a negation reaches every value that contains the words."""
        name, values = fields[0]
        said = message[slice(*span)]
        if denied:
            wanted = set(folded_words(values[0])) if len(values) == 1 else set(folded_words(said))
            values = tuple(v for v in self.facets[name] if _covers(wanted, v)) or values
        yield Mention(name, values, denied is not None, said, span, denied or span)

    def _denied(self, message: str, span: Span, name: str, found: list[Mention]) -> Span | None:
        """Return where a value and its denial stand, also for a list that is denied once.

        "No leather wallets" denies the leather and wants the wallets.
        """
        if before := _NEGATION.search(message, max(0, span[0] - _LOOKED_BACK), span[0]):
            return before.start(), span[1]
        if free := _FREE_OF_IT.match(message, span[1]):
            return span[0], free.end()
        last = found[-1] if found and not _WELCOME.match(message, span[1]) else None
        between = message[last.span[1] : span[0]] if last else ""
        of_that_kind = (
            last and name in KIND_FIELDS and last.field not in KIND_FIELDS and not between.strip()
        )
        listed = last and last.negated and not of_that_kind and _LIST.match(between)
        return span if listed else None

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


def _not_asked(message: str, span: Span) -> bool:
    """Tell whether a value belongs to what somebody has, or is none at all."""
    before = _before(message, span)
    told = any(pattern.search(before) for pattern in (_ELSEWHERE, _OWNED, _VERB))
    return told or bool(_ALREADY.match(message, span[1]))


def _before(message: str, span: Span) -> str:
    """Return what stands right before a span, of a length that no message makes longer."""
    return message[max(0, span[0] - _LOOKED_BACK) : span[0]]


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
