"""How a plain limit is worded, whatever it is a limit on.

A shape has {a}, and {b} where it takes two amounts; a frame has {} where the limit stands.
"""

import random
from collections.abc import Sequence

# Shapes that stand before their amount, and those that stand around it or behind.
BEFORE = {
    ">=": ("at least {a}", "no less than {a}", "minimum {a}", "a minimum of {a}", "not less than {a}", "min {a}"),
    ">": ("over {a}", "more than {a}", "above {a}", "greater than {a}", "exceeding {a}"),
    "<=": ("at most {a}", "up to {a}", "no more than {a}", "not more than {a}", "maximum {a}", "max {a}",
           "a maximum of {a}", "not exceeding {a}", "max. {a}"),
    "<": ("under {a}", "less than {a}", "below {a}"),
    "between": ("between {a} and {b}", "from {a} to {b}"),
    "=": ("exactly {a}",),
}  # fmt: skip
BEHIND = {
    ">=": ("{a} or more", "{a} minimum", "{a} and up", "{a} or above", "{a} at least", "{a} and above"),
    "<=": ("{a} or less", "{a} max", "{a} maximum", "{a} or under", "{a} at most", "{a} or below"),
    "between": ("{a} to {b}", "{a}-{b}", "{a} - {b}"),
}  # fmt: skip
YEARS = {
    ">=": ("since {a}", "{a} or later", "no earlier than {a}", "{a} or newer", "not before {a}"),
    ">": ("after {a}", "later than {a}"),
    "<=": ("no later than {a}", "{a} or earlier", "not after {a}"),
    "<": ("before {a}", "prior to {a}", "earlier than {a}"),
    "between": ("between {a} and {b}", "from {a} to {b}"),
    "=": ("in {a}",),
}
HELD = {"=": ("{a}",)}  # a size, an age or a zone that somebody has

PLURAL = (
    "{k} {f}", "{k} {f}", "show me {k} {f}", "do you have {k} {f}?", "I'm looking for {k} {f}",
    "{k} {f} please", "any {k} {f}?", "we need {k} {f}",
)  # fmt: skip
SINGULAR = ("a {k} {f}", "{k} {f}", "I need a {k} {f}", "I'd like a {k} {f}, please", "find me a {k} {f}")  # fmt: skip
ALONE = ("something {f}", "{f}", "anything {f}", "show me everything {f}", "I want something {f}")

_AGREEING = {
    "(s)": ("s", ""),
    "(are)": ("is", "are"),
    "(were)": ("was", "were"),
    "(have)": ("has", "have"),
}
_ONES = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
         " sixteen seventeen eighteen nineteen").split()  # fmt: skip
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def fits(frame: str, shape: str) -> bool:
    """Tell whether a limit reads well in a frame: no "with from 2 to 3", no "2 max drawers"."""
    before, _, after = frame.partition("{}")
    last, first = before.split()[-1:], shape.split()[0]
    if first in ("exceeding", "from") or shape.startswith("not exceeding"):
        return not last and not after
    if last == ["for"] and first in ("above", "below", "over", "under", "greater"):
        return False
    joined = shape in ("{a} or more", "{a} or less") or "{b}" in shape
    return joined or not after or not shape.startswith("{a} ")


def in_words(number: int) -> str:
    """Return a whole number up to 999 in words."""
    if number >= 100:
        rest = number % 100
        return f"{_ONES[number // 100]} hundred" + (f" and {in_words(rest)}" if rest else "")
    if number < 20:
        return _ONES[number]
    tens = _TENS[number // 10 - 2]
    return f"{tens} {_ONES[number % 10]}" if number % 10 else tens


def worded(
    draw: random.Random, frame: str, limit: str, kinds: tuple[str, str] | None, indefinite: bool
) -> str:
    """Return a message that asks for things of a kind, or for anything, within a limit.

    `kinds` are the kind in the plural and in the singular.
    """
    asked = frame.replace("{}", limit)
    if kinds is None:
        wraps: Sequence[str] = (
            ALONE if not asked.startswith("that ") else ("something {f}", "anything {f}")
        )
        return draw.choice(wraps).format(f=_agreeing(asked, singular=True))
    plural, single = kinds
    if indefinite and single:
        message = draw.choice(SINGULAR).format(k=single, f=_agreeing(asked, singular=True))
        return _article(message)
    return draw.choice(PLURAL).format(k=plural, f=_agreeing(asked, singular=False))


def _agreeing(frame: str, *, singular: bool) -> str:
    """Let a frame's verb agree: "that weigh(s)", "that (are)"."""
    for verb, (one, many) in _AGREEING.items():
        frame = frame.replace(verb, one if singular else many)
    return frame


def _article(message: str) -> str:
    words = message.split(" ")
    for at, word in enumerate(words[:-1]):
        if word == "a" and words[at + 1][0] in "aeiou":
            words[at] = "an"
    return " ".join(words)
