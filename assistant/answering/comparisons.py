"""Is "the cheapest", "larger than the other", "the only one in red" true? Asked of the catalogue.

Pure. Compares an item's record with those of the set that the sentence names: what is on screen,
things of its kind, things in red, or the whole catalogue. Where one record of that set lacks the
figure, nothing is known, and the comparison does not hold.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.tokens.text import Span
from retrieval.constraints import satisfies_all
from retrieval.items import Constraint, Item, field_values, normal

_MEASURES = {
    "price": (),
    "weight": ("weight",),
    "room": ("capacity", "volume", "size"),
    "length": ("length",),
    "height": ("height",),
    "width": ("width",),
}
# What is compared, and whether the item must have the least (-1) or the most (1) of it.
_WORDINGS = (
    (r"cheapest|least expensive|lowest[- ]priced?|most affordable|least costly", "price", -1),
    (r"most expensive|dearest|priciest|highest[- ]priced?|most costly|costliest", "price", 1),
    (r"cheaper|less expensive|more affordable|lower[- ]priced|costs? less", "price", -1),
    (r"dearer|pricier|more expensive|higher[- ]priced|costlier|costs? more", "price", 1),
    (r"lightest|lighter", "weight", -1),
    (r"heaviest|heavier", "weight", 1),
    (r"smallest|smaller", "room", -1),
    (r"largest|biggest|larger|bigger|roomiest", "room", 1),
    (r"shortest|shorter", "length", -1),
    (r"longest", "length", 1),
    (r"tallest|taller", "height", 1),
    (r"widest|wider", "width", 1),
)
_COMPARISON = re.compile(
    "|".join(
        [
            rf"(?P<w{n}>\b(?:{words})\b(?!\s+than\s+[$€£¥₹]?\d))"
            for n, (words, _, _) in enumerate(_WORDINGS)
        ]
        + [r"(?P<only>\b(?:the|its|our) (?:only|sole)\b)"]
    ),
    re.I,
)
_THAN = re.compile(r"\s*(?:\w+\s+){0,2}?than\s+", re.I)
_CLAUSE = re.compile(r"[,.;:!?]|\b(?:and|but|which|that|because|so|while|at|as|is|are|has)\b", re.I)
_SHOWN = re.compile(
    r"\b(?:of|among) (?:these|those|them|the (?:two|three|four|five|six|\d))\b"
    r"|\bshown\b|\bhere\b|\bon screen\b",
    re.I,
)
_OTHERS_SHOWN = re.compile(r"the others?(?: (?:one|item|option|choice|piece|product)s?)?\s*$", re.I)
_OTHERS = re.compile(r"\b(?:others?|else|rest|all)\b", re.I)
_ITS_KIND = re.compile(r"\bits (?:kind|type|category)\b", re.I)
_FIGURE = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(ml|cl|l|g|kg|mm|cm|m)\b", re.I)
_BASE = {"ml": (1, "l"), "cl": (10, "l"), "l": (1000, "l"), "g": (1, "g"), "kg": (1000, "g"),
         "mm": (1, "m"), "cm": (10, "m"), "m": (1000, "m")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Among:
    """What an item is compared with: the items on screen, the whole catalogue, the user's likes."""

    vocabulary: Vocabulary
    shown: tuple[Item, ...] = ()
    liked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # id → likes that moved it


@dataclass(frozen=True, slots=True)
class ClaimedComparison:
    """A comparison that a sentence makes."""

    said: str  # "cheapest"
    clause: str  # the words after it that name what is compared with
    span: Span  # of the sentence; with "than …" where it goes on so
    measure: str  # a name of `_MEASURES`, or "only"
    sign: int  # -1 the least, 1 the most
    than: bool = False


def comparisons(sentence: str) -> list[ClaimedComparison]:
    """Find the comparisons that can be computed."""
    found = []
    for match in _COMPARISON.finditer(sentence):
        rest = sentence[match.end() :]
        than = _THAN.match(rest)
        start = than.end() if than else 0
        ended = _CLAUSE.search(rest, start)
        end = ended.start() if ended else len(rest)
        _, measure, sign = (
            ("", "only", 0) if match["only"] else _WORDINGS[int(str(match.lastgroup)[1:])]
        )
        span = (match.start(), match.end() + (end if than else 0))
        found.append(
            ClaimedComparison(match.group(), rest[start:end], span, measure, sign, than=bool(than))
        )
    return found


def holds(comparison: ClaimedComparison, item: Item, among: Among) -> bool:
    """Tell whether a comparison is true of an item, by the records."""
    others = _compared_with(comparison, item, among)
    if comparison.measure == "only":
        return not others and _narrowed(comparison.clause, among.vocabulary) != ()
    comparative = re.search(r"er\b|\bless\b|\bmore\b", comparison.said, re.I)
    if not others or (comparative and not comparison.than):
        return False
    own = _figure(item, comparison.measure)
    if own is None:
        return False
    for other in others:
        figure = _figure(other, comparison.measure)
        if figure is None or figure[1] != own[1]:
            return False
        if comparison.sign * (own[0] - figure[0]) <= 0:
            return False
    return True


def _compared_with(comparison: ClaimedComparison, item: Item, among: Among) -> tuple[Item, ...]:
    """Return the other items of the set that the sentence names, () when it names none."""
    clause, catalogue = comparison.clause, among.vocabulary.catalogue
    if comparison.than:
        named = _named(clause, among)
        if named or not _OTHERS.search(clause):
            return tuple(other for other in named if other.id != item.id)
        if _OTHERS_SHOWN.match(clause.strip()):
            return tuple(other for other in among.shown if other.id != item.id)
    everything: Sequence[Item] = tuple(catalogue.items.values())
    base = among.shown if _SHOWN.search(clause) else everything
    wanted = _narrowed(clause, among.vocabulary)
    if _ITS_KIND.search(clause) and among.vocabulary.kinds:
        kind = among.vocabulary.kinds[0]
        wanted += (Constraint(kind, "in", field_values(item, kind)),)
    return tuple(i for i in base if i.id != item.id and satisfies_all(i, wanted))


def _narrowed(clause: str, vocabulary: Vocabulary) -> tuple[Constraint, ...]:
    """Return what the words of a clause say of the set: its kind, its colour."""
    return tuple(
        Constraint(mention.field, "not in" if mention.negated else "in", mention.values)
        for mention in vocabulary.mentions(clause)
    )


def _named(clause: str, among: Among) -> tuple[Item, ...]:
    said = normal(clause)
    return tuple(
        item
        for item in among.vocabulary.catalogue.items.values()
        if re.search(rf"\b{re.escape(normal(item.title))}(?!\w)", said)
    )


def _figure(item: Item, measure: str) -> tuple[float, str] | None:
    """Return a figure and its unit, None when the record has none."""
    if measure == "price":
        return None if item.price is None else (item.price, item.currency)
    for name in _MEASURES[measure]:
        if found := _FIGURE.match(item.attributes.get(name, "")):
            scale, unit = _BASE[found[2].lower()]
            return float(found[1]) * scale, unit
    return None
