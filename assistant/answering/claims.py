"""Does the record support this sentence? Word by word, before anything is shown.

Pure. Knows the records, what the user set as limits, and the catalogue for comparisons; knows no
model. A sentence stands only if every word that says something is in the record (or says nothing
of the item at all), with the same polarity and of the same thing, and every number is the
record's own or a limit that the price keeps.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.answering.belonging import misplaced, scattered
from assistant.answering.comparisons import Among, comparisons, holds
from assistant.answering.record_words import RecordWords
from assistant.answering.wording import (
    is_number,
    negated,
    plain_number,
    spoken,
    stem,
)
from assistant.understanding.tokens.text import fold
from assistant.understanding.value_names import COLOUR_FIELDS, KIND_FIELDS
from retrieval.catalogue.currencies import SIGN_LETTERS, SIGNS
from retrieval.constraints import number, satisfies
from retrieval.items import Constraint, Item, normal

_BOUND = re.compile(  # "under $40", "within your limit of $40"
    r"\b(?P<how>(?:no|not) more than|no less than|under|below|less than|cheaper than|at most|up to|"
    r"within|over|above|more than|at least)\s+(?:(?P<owned>your|the|a)\s+)?(?:price\s+)?"
    rf"(?P<limit>(?:budget|limit|maximum)\s+(?:of\s+)?)?(?P<sign>[{SIGN_LETTERS}])?"
    r"(?P<number>\d+(?:[.,]\d+)*)(?P<unit>\s+[a-z]+)?",
    re.I,
)
_LIKED = re.compile(  # "because you liked the Fjord Ribbed Scarf"
    r"(?:\b(?:because|since|as)\s+)?\byou(?:['’]ve| have)?(?: also)? lik(?:e|ed)\s+"
    r"(?:(?:the|your|our)\s+)?(?P<title>[^,.;:!?]+)",
    re.I,
)
_LOWER = ("over", "above", "more than", "at least", "no less than")
_STOCK = re.compile(r"\b(?:(?P<has>in stock|available)|out of stock|sold out|unavailable)\b", re.I)
_SUPERLATIVE = re.compile(
    r"(?!.*(?:r|t|u|g|v|w|h|on|od|n|inv|cr|ar|ter)est$)\w{3,}est|best|most|least"
)
_CALLED = re.compile(
    r"\b(?:is|are) (?:an? )(?:[\w-]+ ){0,3}?(?P<noun>[\w-]+)"
    r"(?=[.,;!?]|$| (?:that|which|with|for|in|made|and)\b)"
)
_COST = frozenset(["cost", "price", "priced", "$"])

# Words that claim nothing about an item. What is not here must be in the record.
_NEUTRAL = frozenset(
    """a an the this that these those due measure it its itself they them their one
    which who what i we you your yours my our us me and or but so because since as while if
    when where then thus
    of in on at to for from with by into onto about over under below above within between is
    are was be been being am has have had having do does did can could may might will would
    shall should must also both too very quite just even still well here there all any
    each every some yes record records say says state mention list product item thing piece
    option choice pick candidate match fit suit meet satisfy answer cover include come offer
    feature provide give make made let help serve use described listed called named said ask
    asked want wanted look looking search request need requirement wish budget limit price
    cost priced dollar usd euro eur gbp shopper catalogue hold right design style type
    kind way keep get go considered not no never without cannot around up out off along through
    during after before such other while leave leaving""".split()
)
COLOUR_WORDS = frozenset(
    """amber beige black blue bronze brown burgundy charcoal copper coral cream crimson gold gray
    green indigo ivory khaki lavender lilac magenta maroon mint mustard navy olive orange pink
    purple red rose rust sand scarlet silver tan teal turquoise violet white yellow""".split()
)
_MATERIAL_WORDS = frozenset(
    """acacia acetate acrylic aluminium alpaca bamboo beech brass canvas cashmere ceramic copper
    cork cotton denim enamel felt fleece glass gold iron jute lambswool leather linen maple merino
    nylon oak paper pine plastic polycarbonate polyester porcelain rattan resin rubber satin
    sheepskin silicone silk silver steel stone stoneware straw suede terracotta tweed velvet vinyl
    walnut wax wicker wood wool""".split()
)
_FUNCTION_WORDS = frozenset("a an the is are was and or in of it its with to for by".split())


@dataclass(frozen=True, slots=True)
class Support:
    """A word or number of a sentence, and where it comes from."""

    claim: str
    where: str  # "title", "description", "price", "attribute colour", "limit", "catalogue" ...


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence, what supports it, and what in it nothing supports."""

    sentence: str
    items: tuple[str, ...]  # ids of the records that it was checked against
    unsupported: tuple[str, ...] = ()  # empty when the sentence stands
    support: tuple[Support, ...] = ()

    @property
    def stands(self) -> bool:
        """Tell whether the sentence may be shown."""
        return not self.unsupported


def check(
    sentence: str,
    items: Sequence[Item],
    constraints: Iterable[Constraint] = (),
    among: Among | None = None,
) -> Claim:
    """Check one sentence against the records that it speaks of, the user's limits, the catalogue.

    Without `among`, no comparison stands. Of several items, each is held to the part of the
    sentence that follows its title, or to all of it when no title is named.
    """
    limits, first = tuple(constraints), items[0] if items else None
    subject = next((i for i in items if normal(i.title) in normal(sentence)), first)
    found = list(_likes_named(sentence, subject, among))
    told = rest = _LIKED.sub(" , ", sentence)
    for one in reversed(comparisons(told)):
        true = among is not None and subject is not None and holds(one, subject, among)
        if true or not _verbatim(one.said, told[one.span[1] :], items):
            found.append((Support(one.said.lower(), "catalogue"), true))
            rest = f"{rest[: one.span[0]]} , {rest[one.span[1] :]}"
    if among is not None and subject is not None:
        found += ((Support(kind, "record"), False) for kind in _called(sentence, subject, among))
    for part, item in _parts(rest, items):
        found += _checked(part, RecordWords(item), limits)
    support = tuple(dict.fromkeys(one for one, stands in found if stands))
    wrong = tuple(dict.fromkeys(one.claim for one, stands in found if not stands))
    return Claim(sentence.strip(), tuple(item.id for item in items), wrong, support)


def _likes_named(
    sentence: str, item: Item | None, among: Among | None
) -> Iterator[tuple[Support, bool]]:
    """Yield what a sentence says of the user's likes; only one that moved the item stands."""
    proven = among.liked.get(item.id, ()) if among is not None and item is not None else ()
    for said in _LIKED.finditer(sentence):
        true = normal(said["title"]) in map(normal, proven)
        yield Support(said.group().strip().lower(), "likes"), true


def neutral(word: str) -> bool:
    """Tell whether a word claims nothing."""
    if word.endswith("ing") and len(word) > 5:
        word = next((w for w in (word[:-3], f"{word[:-3]}e", word[:-4]) if w in _NEUTRAL), word)
    return word in _NEUTRAL or fold(word) in _NEUTRAL


def _called(sentence: str, item: Item, among: Among) -> Iterator[str]:
    """Find another kind of thing that an item is called ("it is a warm coat" of a scarf)."""
    for called in _CALLED.finditer(normal(sentence)):
        for field, values in among.vocabulary.names.phrases.get((fold(called["noun"]),), ())[:1]:
            if field in KIND_FIELDS and not satisfies(item, Constraint(field, "in", values)):
                yield called["noun"]


def _verbatim(said: str, following: str, items: Sequence[Item]) -> bool:
    """Tell whether a record itself uses a comparing word before the same next word."""
    pair = tuple(map(stem, [*spoken(said)[-1:], *spoken(following)[:1]]))
    return len(pair) == 2 and any(pair in RecordWords(item).pairs for item in items)


def _parts(sentence: str, items: Sequence[Item]) -> Iterator[tuple[str, Item]]:
    """Give each item the part of the sentence that speaks of it."""
    places = [
        (match.start(), item)
        for item in items
        if (match := re.search(rf"\b{re.escape(item.title)}(?!\w)", sentence, re.I))
    ]
    if len(items) < 2 or not places:
        yield from ((sentence, item) for item in items)
        return
    starts = sorted(places, key=lambda place: place[0])
    ends = [start for start, _ in starts[1:]] + [len(sentence)]
    for at, ((start, item), end) in enumerate(zip(starts, ends, strict=True)):
        yield sentence[start if at else 0 : end], item


def _checked(
    sentence: str, record: RecordWords, limits: Sequence[Constraint]
) -> Iterator[tuple[Support, bool]]:
    """Yield what a sentence claims of one record, and whether the record supports it."""
    rest = sentence
    for match in (*_BOUND.finditer(sentence), *_STOCK.finditer(sentence)):
        if match.re is _STOCK:
            yield _stocked(match, record)
        elif match["sign"] or match["limit"] or not match["unit"] or neutral(match["unit"].strip()):
            yield _bounded(match, record, limits)
        else:
            told = any(normal(match.group()) in normal(text) for _, text in record.places)
            yield Support(match.group(), "record"), told
        rest = rest.replace(match.group(), " , ", 1)
    words = spoken(rest)
    for at, word in enumerate(words):
        if is_number(word):
            yield _numbered(words, at, record)
        elif word == "only" and words[at + 1 : at + 2] and is_number(words[at + 1]):
            continue
        elif not neutral(word) or _SUPERLATIVE.fullmatch(word):
            yield _worded(words, at, record)
    wrong = (*misplaced(words, record, neutral), *scattered(rest, record, neutral))
    yield from ((Support(one, "record"), False) for one in wrong)


def _stocked(match: re.Match[str], record: RecordWords) -> tuple[Support, bool]:
    left = number(record.item, "stock")
    true = left is not None and (left > 0) == bool(match["has"])
    return Support(match.group().lower(), "attribute stock"), true


def _bounded(
    match: re.Match[str], record: RecordWords, limits: Sequence[Constraint]
) -> tuple[Support, bool]:
    """Judge "under $40": true of the price, and the user's own limit where it is called so."""
    how, price = " ".join(match["how"].lower().split()), record.item.price
    amount = float(plain_number(match["number"]))
    op: Literal[">=", "<="] = ">=" if how in _LOWER else "<="
    own = any(c.field == "price" and (c.op, c.value) == (op, amount) for c in limits)
    claim, money = match.group().strip(), record.item.currency
    named = [codes for sign, codes in SIGNS.items() if sign in claim]
    if money and named and not any(money in codes for codes in named):  # "under €50" of dollars
        return Support(claim, "price"), False
    if price is None or ((match["limit"] or match["owned"] == "your") and not own):
        return Support(claim, "price"), False
    if own:
        return Support(claim, "limit"), satisfies(record.item, Constraint("price", op, amount))
    inclusive = how in ("at most", "at least", "up to", "within") or how.startswith("no")
    true = (price <= amount if op == "<=" else price >= amount) and (inclusive or price != amount)
    return Support(claim, "price"), true


def _numbered(words: Sequence[str], at: int, record: RecordWords) -> tuple[Support, bool]:
    """Judge a number by what it stands beside: a price, a measure, a count."""
    word, figure = words[at], plain_number(words[at])
    before, after = (words[at - 1] if at else ""), "".join(words[at + 1 : at + 2])
    if word[0] in SIGN_LETTERS or {fold(w) for w in words[max(0, at - 2) : at]} & _COST:
        return Support(word, "price"), figure in record.amounts
    place = record.stems.get((figure, negated(words, at)), "")
    bare = not after or neutral(after) or stem(after) in record.names
    run = [figure, stem(after), *(stem(w) for w in words[at + 2 : at + 3] if not neutral(w))]
    together = record.says(run[:2] if run[-1] in record.names else run)
    if together if not bare else neutral(before or "a"):
        return Support(word, place or "record"), bool(place)
    named = before in record.item.attributes
    beside = (bare or named) and (stem(before), figure) in record.pairs
    return Support(word, place or "record"), bool(place) and beside


def _worded(words: Sequence[str], at: int, record: RecordWords) -> tuple[Support, bool]:
    """Judge a word: the record uses it, as much negated, and of this thing."""
    word = words[at]
    place = record.stems.get((stem(word), negated(words, at)), "")
    after = "".join(words[at + 1 : at + 2])
    if (
        _SUPERLATIVE.fullmatch(word)
        and (stem(word), stem(after) if after else "") not in record.pairs
    ):
        place = ""
    if place and not _its_own(words, at, record):
        place = ""
    return Support(word, place), bool(place)


def _its_own(words: Sequence[str], at: int, record: RecordWords) -> bool:
    """Tell whether a colour or material is the item's, or stands where the record has it."""
    word = fold(words[at])
    for known, fields in ((COLOUR_WORDS, COLOUR_FIELDS), (_MATERIAL_WORDS, ("material",))):
        own = record.words_of(fields)
        if (
            word in known
            and own
            and word not in own | record.words_of(("material", *COLOUR_FIELDS))
        ):
            break
    else:
        return True
    if stem(word) in record.names or any(other.endswith(word) for other in own):
        return True
    for first, second in ((at, at + 1), (at - 1, at)):
        if first < 0 or second >= len(words):
            continue
        other = words[second] if first == at else words[first]
        pair = (stem(words[first]), stem(words[second]))
        if other not in _FUNCTION_WORDS and pair in record.pairs:
            return True
    return False
