"""The amounts that a message names: "16 GB", "fifteen bucks", "20-30", "the 90s", "9 or 10".

Knows tokens, units and currencies; knows no field, and not which side of an amount is wanted.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from assistant.understanding.tokens.cues import Sentence
from assistant.understanding.tokens.numerals import in_digits, in_words
from assistant.understanding.tokens.text import Token
from retrieval.units import (
    Quantity,
    converted,
    dimension_of,
    unit_named,
    unit_pattern,
)

_TELLING = ("most before", "least before", "most strict", "least strict", "exact sure")
_LONG_UNIT = 4  # letters of a unit that "a" may count
_CENTURY = 1900  # of "the 90s"


@dataclass(frozen=True, slots=True)
class Amount:
    """A number or a range of numbers, with what says what it measures."""

    low: float
    high: float
    start: int  # of its tokens, its sign included
    end: int  # one past its unit
    unit: str = ""  # as units.toml names it
    currencies: frozenset[str] = frozenset()  # ISO 4217: all that its sign or name can mean
    others: tuple[float, ...] = ()  # further numbers, of "9 or 10"
    spelled: bool = False  # in words
    range: bool = False

    @property
    def bare(self) -> bool:
        """Tell whether nothing beside it says what it measures."""
        return not (self.unit or self.currencies)


def read_amounts(
    sentence: Sentence,
    nouns: Collection[str],
    dimensions: Collection[str],
    taken: Collection[int],
    names: Collection[int] = (),
) -> list[Amount]:
    """Return every amount of a message, in order.

    `nouns` are folded words that a unit may stand before ("27 in screen"), `dimensions` those that
    the catalogue measures, `taken` the tokens that mean something else, `names` those at which the
    name of a field begins ("10 in stock").
    """
    found, at = list[Amount](), 0
    while at < len(sentence.tokens):
        one = None if at in taken else _amount(sentence, at, nouns, dimensions, names)
        if one is None:
            at += 1
            continue
        found.append(_signed(sentence, one))
        at = one.end
    return list(_joined(sentence, found))


def _amount(
    sentence: Sentence,
    at: int,
    nouns: Collection[str],
    dimensions: Collection[str],
    names: Collection[int],
) -> Amount | None:
    """Return the amount that begins at a token."""
    tokens, cues = sentence.tokens, sentence.cues
    token = tokens[at]
    if token.text in cues.sums:
        value = cues.sums[token.text]
        return Amount(value, value, at, at + 1, currencies=frozenset({""}), spelled=True)
    if _is_minus(sentence, at):
        positive = _amount(sentence, at + 1, nouns, dimensions, names)
        return positive and replace(positive, low=-positive.low, high=-positive.high, start=at)
    if token.text in ("a", "an") and at + 1 in names:
        return None  # "a fill power of 800"
    made = _inin_digits(sentence, at) if token.kind == "number" else _words(sentence, at)
    if made is None or made.unit or made.end in names:
        return made
    made = _with_unit(sentence, made, nouns, dimensions)
    if token.text == "half" and made.end == at + 1:
        return None
    alone = made.spelled and made.low == 1 and made.end == at + 1 and made.bare
    told = sentence.cue_before(at, *_TELLING) or sentence.cue_at(
        at + 2, "least after", "most after"
    )
    if alone and not (told and _is_noun(tokens, made.end, nouns)):
        return None  # "a smaller one", "more than one colour"; but "at least one drawer"
    return made


def _is_noun(tokens: Sequence[Token], at: int, nouns: Collection[str]) -> bool:
    return at < len(tokens) and tokens[at].word in nouns


def _is_minus(sentence: Sentence, at: int) -> bool:
    """Tell whether a sign or a word makes the number behind it negative: "-5", "minus ten"."""
    tokens = sentence.tokens
    if sentence.cue_at(at, "words minus"):
        return at + 1 < len(tokens) and sentence.is_number(at + 1)
    follows = at + 1 < len(tokens) and tokens[at + 1].tight and tokens[at + 1].kind == "number"
    return tokens[at].text in ("-", "−") and follows and not tokens[at].tight


def _inin_digits(sentence: Sentence, at: int) -> Amount | None:
    """Read "16", "2k" and "90s"; a place ("3rd") and a name ("4x") are no amounts."""
    token, value = sentence.tokens[at], in_digits(sentence.tokens[at].text)
    after = sentence.tokens[at + 1] if at + 1 < len(sentence.tokens) else None
    if after is None or not after.tight or after.kind != "word":
        return Amount(value, value, at, at + 1)
    if after.text == "s" and value >= 10:
        return _decade(value, at)
    if after.text == "k":
        thousands = value * sentence.cues.numbers["k"]
        return Amount(thousands, thousands, at, at + 2)
    beside = token.span[1] == after.span[0]
    known = unit_named(after.text) or after.text in sentence.cues.currencies or after.text == "ish"
    return None if beside and not known else Amount(value, value, at, at + 1)


def _words(sentence: Sentence, at: int) -> Amount | None:
    if sentence.tokens[at].text in ("a", "an") and _of_one(sentence, at):
        return Amount(1.0, 1.0, at, at + 1, spelled=True)
    spelled = in_words(sentence, at)
    return spelled and Amount(spelled[0], spelled[0], at, spelled[1], spelled=True)


def _of_one(sentence: Sentence, at: int) -> bool:
    """Tell whether "a" is one of a unit: "with a terabyte", "within a week"."""
    unit = _unit_after().match(sentence.message, sentence.tokens[at].span[1])
    told = sentence.cue_before(at, *_TELLING)
    long = unit is not None and len(unit[1]) >= _LONG_UNIT
    return long and (told is not None or (at > 0 and sentence.tokens[at - 1].text == "with"))


def _decade(value: float, at: int) -> Amount | None:
    if value % 10 or not (value < 100 or 1000 <= value <= 2100):
        return None
    first = value if value >= 1000 else _CENTURY + value if value >= 20 else None
    return None if first is None else Amount(first, first + 9, at, at + 2, unit="year", range=True)


def _with_unit(
    sentence: Sentence, amount: Amount, nouns: Collection[str], dimensions: Collection[str]
) -> Amount:
    """Return an amount with the unit or the currency behind it."""
    tokens, at = sentence.tokens, amount.end
    if at >= len(tokens):
        return amount
    codes = sentence.cues.currencies.get(tokens[at].text, frozenset())
    match = _unit_after().match(sentence.message, tokens[at - 1].span[1])
    if match is None:
        return replace(amount, currencies=codes, end=at + 1) if codes else amount
    end = at
    while end < len(tokens) and tokens[end].span[0] < match.end():
        end += 1
    unit = unit_named(match[1])
    if unit is None or not _is_unit(sentence, amount, match[1].lower(), end, nouns, dimensions):
        return replace(amount, currencies=codes, end=at + 1) if codes else amount
    return replace(amount, unit=unit.name, currencies=codes, end=end)


def _is_unit(
    sentence: Sentence,
    amount: Amount,
    name: str,
    end: int,
    nouns: Collection[str],
    dimensions: Collection[str],
) -> bool:
    """Tell whether a word that is also a small word of the language is a unit here."""
    if not sentence.cue_at(amount.end, "words units"):
        return True
    token = sentence.tokens[amount.end]
    if token.tight and token.span[0] == sentence.tokens[amount.end - 1].span[1]:
        return True
    if dimension_of(name) not in dimensions or name in ("to", "go"):
        return False
    return sentence.is_break(end) or sentence.tokens[end].word in nouns


def _signed(sentence: Sentence, amount: Amount) -> Amount:
    """Return an amount with the currency that stands before it."""
    if amount.start == 0 or amount.currencies:
        return amount
    token = sentence.tokens[amount.start - 1]
    codes = sentence.cues.currencies.get(token.text)
    if not codes or amount.unit:
        return amount
    start = amount.start - 1
    if start and token.text == "$" and token.tight:
        prefixed = sentence.cues.currencies.get(f"{sentence.tokens[start - 1].text}$")
        codes, start = (prefixed, start - 1) if prefixed else (codes, start)
    return replace(amount, currencies=codes, start=start)


def _joined(sentence: Sentence, amounts: list[Amount]) -> Iterator[Amount]:
    """Join amounts to a range ("20 to 30", "between 5 and 10") or to several ("8, 9 or 10")."""
    at = 0
    while at < len(amounts):
        whole, at = amounts[at], at + 1
        while at < len(amounts) and (mark := _between(sentence, whole, amounts[at])):
            two = _in_unit_of(amounts[at], whole)
            whole = _range(sentence, whole, two) if mark == "range" else _either(whole, two)
            at += 1
        yield whole


def _range(sentence: Sentence, one: Amount, two: Amount) -> Amount:
    thousands = sentence.tokens[two.end - 1].text == "k" and two.low >= 1000 > one.low
    low, high = sorted((one.low * (1000 if thousands else 1), two.high))
    return replace(_both(one, two), low=low, high=high, range=True, start=_start(sentence, one))


def _either(one: Amount, two: Amount) -> Amount:
    if one.range and two.range:  # "the 80s or 90s"
        return replace(_both(one, two), low=min(one.low, two.low), high=max(one.high, two.high))
    return replace(_both(one, two), others=(*one.others, two.low))


def _both(one: Amount, two: Amount) -> Amount:
    unit, codes = one.unit or two.unit, one.currencies or two.currencies
    return replace(one, end=two.end, unit=unit, currencies=codes)


def _in_unit_of(two: Amount, one: Amount) -> Amount:
    """Return the second of two amounts in the first one's unit: "512 GB to 1 TB"."""
    if not (one.unit and two.unit):
        return two
    asked = converted(Quantity(two.low, two.high, two.unit), one.unit)
    return two if asked is None else replace(two, low=asked.low, high=asked.high, unit=one.unit)


def _start(sentence: Sentence, one: Amount) -> int:
    cue = sentence.cue_before(one.start, "words between")
    return cue.start if cue else one.start


def _between(sentence: Sentence, one: Amount, two: Amount) -> str:
    """Tell how two amounts belong together: "range", "or", or not at all: ""."""
    if one.unit and two.unit and dimension_of(one.unit) != dimension_of(two.unit):
        return ""
    if one.currencies and two.unit and not two.currencies:
        return ""
    end = one.end + _repeated(sentence, one, two)
    between = sentence.text(end, two.start).lower()
    opened = sentence.cue_before(one.start, "words between") is not None
    cue = sentence.cue_at(end, "words range")
    if (cue and cue.end == two.start) or _is_dashed(sentence, end, two.start):
        return "range"
    cue = sentence.cue_at(end, "words and")
    if cue and cue.end == two.start and opened:
        return "range"
    listed = between == "," and sentence.text(two.end, two.end + 1).lower() in ("or", ",")
    return "or" if between == "or" or listed else ""


def _repeated(sentence: Sentence, one: Amount, two: Amount) -> int:
    """Return how many words stand behind both amounts: one of "7 reviews to 9 reviews"."""
    size = 0
    while one.end + size < two.start and two.end + size < len(sentence.tokens):
        first, second = sentence.tokens[one.end + size], sentence.tokens[two.end + size]
        if first.kind != "word" or first.word != second.word:
            break
        size += 1
    return size


def _is_dashed(sentence: Sentence, end: int, start: int) -> bool:
    """Tell whether only a hyphen stands between two tokens, which is none itself: "2 l-3 l"."""
    if end != start:
        return False
    between = sentence.message[sentence.tokens[end - 1].span[1] : sentence.tokens[start].span[0]]
    return between in ("-", "‐", "‑")


@cache
def _unit_after() -> re.Pattern[str]:
    return re.compile(rf"[\s-]*({unit_pattern()})", re.I)
