"""Read how far something is to move: "raise my budget by 20", "a bit more is fine", "10 % cheaper".

Knows tokens, amounts and the words that compare fields; knows neither the limit that moves nor what
is on screen.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.understanding.tokens.amounts import Amount
from assistant.understanding.tokens.cues import Cue, Sentence
from assistant.understanding.tokens.fields import FieldWord
from assistant.understanding.tokens.text import Span

_BIT, _MUCH, _DOUBLE, _HALF = 0.2, 0.5, 1.0, 0.5  # shares of the limit that words stand for
_DENIED = 2  # tokens between a denial and what it denies, and one
_DENIALS = ("denial before", "denial apparent")


@dataclass(frozen=True, slots=True)
class LimitStep:
    """How far a limit on the price is to move, and which way."""

    way: Literal["more", "less"]
    by: float  # money, or a share of the limit
    share: bool
    permits: bool  # "is fine": the limit loosens, it never tightens
    said: str
    span: Span


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Other items are to have more or less of a field than those shown: "cheaper", "too heavy"."""

    fields: tuple[str, ...]  # those that the words can mean
    way: Literal["more", "less"]
    by: float  # 0 where no amount is named
    share: bool  # `by` is a share of what is shown
    said: str
    span: Span


def read_steps(sentence: Sentence, amounts: Sequence[Amount]) -> list[LimitStep]:
    """Return every move of a limit on the price that a message asks for, in order."""
    found: list[LimitStep] = []
    at = 0
    while at < len(sentence.tokens):
        step = None if _limits(sentence, at) else _of_budget(sentence, at, amounts)
        step = step or _more_or_less(sentence, at, amounts)
        if step is None:
            at += 1
            continue
        found.append(step)
        while at < len(sentence.tokens) and sentence.tokens[at].span[0] < step.span[1]:
            at += 1
    return found


def _limits(sentence: Sentence, at: int) -> bool:
    """Tell whether a side of an amount is named: "up to a max of 50" raises nothing."""
    side = sentence.cue_at(at, "most before", "least before")
    return side is not None and side.end - side.start > 1


def _of_budget(sentence: Sentence, at: int, amounts: Sequence[Amount]) -> LimitStep | None:
    """Read "raise my budget by 20", "double the budget", "a slightly bigger budget"."""
    verb = sentence.cue_at(at, "step raise", "step lower", "step double", "step halve")
    start = at
    if verb is None:
        verb = sentence.cue_at(at, "step more", "step less")
        if verb is None:
            return None
        close = verb.end
        while (
            close < verb.end + 2
            and close < len(sentence.tokens)
            and sentence.tokens[close].text in ("of", "a")
        ):
            close += 1
        budget = sentence.cue_at(close, "step budget")
        if budget is None:
            return None
        start = _degree(sentence, at)[1]
        way: Literal["more", "less"] = "more" if "step more" in verb.roles else "less"
        return _step(sentence, way, (start, budget.end), None, _degree(sentence, at)[0])
    budget = next(
        (c for n in range(verb.end, verb.end + 3) if (c := sentence.cue_at(n, "step budget"))), None
    )
    if budget is None or not all(
        sentence.cue_at(n, "words filler") or sentence.cue_at(n, "denial apparent")
        for n in range(verb.end, budget.start)
    ):
        return None
    if budget.end < len(sentence.tokens) and sentence.tokens[budget.end].text == "to":
        return None  # a new limit
    way = "more" if verb.roles & {"step raise", "step double"} else "less"
    amount = next((a for a in amounts if budget.end <= a.start <= budget.end + 1), None)
    words = {"step double": _DOUBLE, "step halve": _HALF}
    share = next((words[role] for role in words if role in verb.roles), None)
    degree = sentence.cue_at(budget.end, "step bit", "step much")
    if share is None:
        share = _MUCH if degree and "step much" in degree.roles else _BIT
    end = amount.end if amount else degree.end if degree else budget.end
    return _step(sentence, way, (start, end), amount, share)


def _more_or_less(sentence: Sentence, at: int, amounts: Sequence[Amount]) -> LimitStep | None:
    """Read "a bit more is fine", "I can go 20 higher", "10 % less"."""
    cue = sentence.cue_at(at, "step more", "step less")
    if cue is None:
        return None
    following = sentence.tokens[cue.end].text if cue.end < len(sentence.tokens) else ""
    if following in ("than", "then", "like", "expensive", "of") or sentence.cue_at(
        cue.end, "step budget"
    ):
        return None
    amount = next((a for a in amounts if a.end == at), None)
    share, start = _degree(sentence, at)
    if amount is None and start == at:
        return None
    start = amount.start if amount else start
    opened = _verb_before(sentence, start)
    end = cue.end
    permits = sentence.cue_at(end, "words permits")
    money = amount is not None and bool(amount.currencies or amount.unit == "%")
    if not (opened or permits or money):
        return None
    if amount is not None and amount.unit not in ("", "%"):
        return None
    way: Literal["more", "less"] = "more" if "step more" in cue.roles else "less"
    if way == "less" and opened and not (permits or money):
        return None
    return _step(
        sentence,
        way,
        (opened.start if opened else start, permits.end if permits else end),
        amount,
        share,
        permits=permits is not None,
    )


def _verb_before(sentence: Sentence, at: int) -> Cue | None:
    """Return the verb of spending before an amount: "pay up to another 20 more"."""
    for back in range(3):
        if cue := sentence.cue_before(at - back, "step spend"):
            return cue
        if at - back <= 0 or sentence.tokens[at - back - 1].text not in (
            "to",
            "up",
            "another",
            "by",
        ):
            return None
    return None


def _degree(sentence: Sentence, at: int) -> tuple[float, int]:
    """Return the share that words before a token stand for, and where they begin."""
    cue = sentence.cue_before(at, "step bit", "step much")
    if cue is None:
        return _BIT, at
    start = cue.start - (cue.start > 0 and sentence.tokens[cue.start - 1].text == "just")
    return (_MUCH if "step much" in cue.roles else _BIT), start


def _step(
    sentence: Sentence,
    way: Literal["more", "less"],
    tokens: tuple[int, int],
    amount: Amount | None,
    share: float,
    *,
    permits: bool = False,
) -> LimitStep:
    said, span = sentence.text(*tokens), sentence.span(*tokens)
    if amount is None:
        return LimitStep(way, share, True, permits, said, span)
    part = amount.unit == "%"
    return LimitStep(way, amount.low / 100 if part else amount.low, part, permits, said, span)


def read_adjustments(
    sentence: Sentence, field_words: Sequence[FieldWord], amounts: Sequence[Amount]
) -> Iterator[Adjustment]:
    """Yield every "cheaper", "lighter", "too big" that is measured against what is shown."""
    for word in field_words:
        if word.degree in ("more", "less") and _compares(sentence, word, amounts):
            way: Literal["more", "less"] = "more" if word.degree == "more" else "less"
            amount = next((a for a in amounts if a.end == word.start), None)
            yield _adjustment(sentence, word, way, word.start, amount)
        elif word.degree in ("high", "low"):
            cue = sentence.cue_before(word.start, "step too")
            if cue and not sentence.cue_before(cue.start, *_DENIALS):
                way = "less" if word.degree == "high" else "more"
                yield _adjustment(sentence, word, way, cue.start, None)
    for at in range(len(sentence.tokens)):
        cue = sentence.cue_at(at, "step dear")
        if cue and not sentence.cue_before(at, "denial before"):
            dear = FieldWord(("price",), cue.start, cue.end, "less")
            yield _adjustment(sentence, dear, "less", cue.start, None)


def _compares(sentence: Sentence, word: FieldWord, amounts: Sequence[Amount]) -> bool:
    """Tell whether "lighter" compares with what is shown: not with an amount, not with all."""
    sorts = sentence.cue_at(0, "sort which") or sentence.cue_at(word.end, "sort first")
    if sorts or _is_denied(sentence, word.start):
        return False
    texts = [token.text for token in sentence.tokens]
    side = sentence.cue_at(word.start, "most strict", "least strict", "least before")
    if side is not None and side.end == word.end:
        return False  # "before Christmas", "I'm after a thriller"
    if texts[word.end : word.end + 1] in (["than"], ["then"]):
        return not _measured(sentence, word, amounts)
    return word.start == 0 or texts[word.start - 1] != "or"  # "30 cm or taller"


def _is_denied(sentence: Sentence, at: int) -> bool:
    """Tell whether a denial stands shortly before: "has not become cheaper"."""
    for here in range(at, max(0, at - _DENIED), -1):
        if sentence.cue_before(here, *_DENIALS):
            return True
        if sentence.is_break(here - 1):
            return False
    return False


def _measured(sentence: Sentence, word: FieldWord, amounts: Sequence[Amount]) -> bool:
    """Tell whether "lighter than" is followed by an amount."""
    end = sentence.part(word.start)[1]
    return any(word.end < one.start <= word.end + 4 and one.start < end for one in amounts)


def _adjustment(
    sentence: Sentence,
    word: FieldWord,
    way: Literal["more", "less"],
    start: int,
    amount: Amount | None,
) -> Adjustment:
    said, share, by = sentence.text(start, word.end), False, 0.0
    if amount is not None and (
        amount.unit == "%" or amount.currencies or word.fields == ("price",)
    ):
        share = amount.unit == "%"
        by = amount.low / 100 if share else amount.low
        start = amount.start
    return Adjustment(word.fields, way, by, share, said, sentence.span(start, word.end))
