"""The amounts that a message names: "16 GB", "fifteen bucks", "20-30", "the 90s", "9 or 10".

Knows tokens, units and currencies; knows no field, and not which side of an amount is wanted.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cache

from assistant.understanding.tokens.cues import Sentence
from retrieval.units import dimension_of, parsed_number, unit_named, unit_pattern

_ORDINAL = ("st", "nd", "rd", "th")
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
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if token.text in cues.sums:
        value = cues.sums[token.text]
        return Amount(value, value, at, at + 1, currencies=frozenset({""}), spelled=True)
    if token.text in "-−" and not token.tight and after is not None and after.tight:
        positive = _amount(sentence, at + 1, nouns, dimensions, names)
        if positive is None or after.kind != "number":
            return None
        return replace(positive, low=-positive.low, high=-positive.high, start=at)
    if token.kind == "number":
        value, end = _digits(token.text), at + 1
        if after is not None and after.tight and after.kind == "word":
            if after.text in _ORDINAL:
                return None
            if after.text == "s" and value >= 10:
                return _decade(value, at)
            if after.text == "k":
                value, end = value * cues.numbers["k"], at + 2
            elif unit_named(after.text) is None and after.text not in cues.currencies:
                spaced = sentence.message[token.span[1] : after.span[0]]
                if not spaced and after.text != "ish":
                    return None
        made = Amount(value, value, at, end)
        return made if end in names else _with_unit(sentence, made, nouns, dimensions)
    spelled = _spelled(sentence, at)
    if spelled is None:
        return None
    value, end = spelled
    made = Amount(value, value, at, end, spelled=True)
    if value == 1 and end == at + 1:  # "a smaller one"
        counted = _with_unit(sentence, made, nouns, dimensions)
        return None if counted.bare else counted
    return made if end in names else _with_unit(sentence, made, nouns, dimensions)


def _digits(text: str) -> float:
    """Read digits; a mark before three of them parts thousands: "1.299" is no price of 1.30."""
    if re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", text):
        return float(text.replace(".", ""))
    return parsed_number(text)


def _decade(value: float, at: int) -> Amount | None:
    if value % 10 or not (value < 100 or 1000 <= value <= 2100):
        return None
    first = value if value >= 1000 else _CENTURY + value if value >= 20 else None
    return None if first is None else Amount(first, first + 9, at, at + 2, unit="year", range=True)


def _spelled(sentence: Sentence, at: int) -> tuple[float, int] | None:
    """Read an amount in words: "two hundred and fifty", "a dozen", "a couple of"."""
    tokens, numbers = sentence.tokens, sentence.cues.numbers
    total, part, end, first = 0.0, 0.0, at, at
    if tokens[at].text == "half" and at + 1 < len(tokens) and tokens[at + 1].text in ("a", "an"):
        dozen = at + 2 < len(tokens) and tokens[at + 2].text == "dozen"
        return (6.0, at + 3) if dozen else (0.5, at + 2)
    if tokens[at].text in ("a", "an"):
        first = at + 1
        if first >= len(tokens) or tokens[first].text not in (
            "hundred",
            "thousand",
            "dozen",
            "couple",
        ):
            return None
    here, last = first, ""
    while here < len(tokens) and tokens[here].kind == "word":
        text = tokens[here].text
        if text == "and" and last in ("hundred", "thousand"):
            here += 1
            continue
        if text not in numbers or text == "k":
            break
        value = numbers[text]
        if text in ("hundred", "dozen"):
            part = max(part, 1) * value
        elif text == "thousand":
            total, part = total + max(part, 1) * value, 0
        elif last and not (last in ("hundred", "thousand") or (numbers.get(last, 0) >= 20 > value)):
            break
        else:
            part += value
        last, here = text, here + 1
        end = here
    if end == at:
        return None
    if last == "couple" and end < len(tokens) and tokens[end].text == "of":
        end += 1
    return total + part, end


def _with_unit(
    sentence: Sentence, amount: Amount, nouns: Collection[str], dimensions: Collection[str]
) -> Amount:
    """Return an amount with the unit or the currency behind it."""
    tokens, at = sentence.tokens, amount.end
    if at >= len(tokens):
        return amount
    codes = sentence.cues.currencies.get(tokens[at].text, frozenset())
    last = sentence.message[tokens[at - 1].span[0] : tokens[at - 1].span[1]]
    match = _unit_after().match(sentence.message, tokens[at - 1].span[1])
    if match is None or not last:
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
    """Join two amounts to a range ("20 to 30", "between 5 and 10") or to several ("9 or 10")."""
    at = 0
    while at < len(amounts):
        one = amounts[at]
        two = amounts[at + 1] if at + 1 < len(amounts) else None
        if two is None or not (mark := _between(sentence, one, two)):
            yield one
            at += 1
            continue
        unit, codes = one.unit or two.unit, one.currencies or two.currencies
        whole = replace(one, end=two.end, unit=unit, currencies=codes)
        scale = (
            1000 if two.low >= 1000 > one.low and sentence.tokens[two.end - 1].text == "k" else 1
        )
        low, high = sorted((one.low * scale, two.low))
        if mark == "range":
            start = _start(sentence, one)
            yield replace(whole, low=low, high=high, range=True, start=start)
        else:
            yield replace(whole, others=(two.low,))
        at += 2


def _start(sentence: Sentence, one: Amount) -> int:
    cue = sentence.cue_before(one.start, "words between")
    return cue.start if cue else one.start


def _between(sentence: Sentence, one: Amount, two: Amount) -> str:
    """Tell how two amounts belong together: "range", "or", or not at all: ""."""
    if one.unit and two.unit and dimension_of(one.unit) != dimension_of(two.unit):
        return ""
    if one.currencies and two.unit and not two.currencies:
        return ""
    between = sentence.text(one.end, two.start).lower()
    opened = sentence.cue_before(one.start, "words between") is not None
    cue = sentence.cue_at(one.end, "words range")
    if cue and cue.end == two.start:
        return "range"
    cue = sentence.cue_at(one.end, "words and")
    if cue and cue.end == two.start and opened:
        return "range"
    return "or" if between == "or" and not (one.spelled and two.spelled and two.low < 1) else ""


@cache
def _unit_after() -> re.Pattern[str]:
    return re.compile(rf"[\s-]*({unit_pattern()})", re.I)
