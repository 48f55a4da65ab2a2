"""How English speakers say figures and codes: "fourteen oh six", "double-two zero", NATO words.

Knows figures and letters; knows no catalogue. Draws one of the ways that people spell a code in.
"""

import random
import re
from collections.abc import Sequence

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_NATO = (
    "alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar"
    " papa quebec romeo sierra tango uniform victor whiskey x-ray yankee zulu"
).split()


def spelt_below_hundred(number: int) -> str:
    """Write a number below a hundred in English words."""
    if number < 20:
        return _ONES[number]
    return f"{_TENS[number // 10 - 2]} {_ONES[number % 10]}".removesuffix(" zero")


def spelt_code(draw: random.Random, code: str, styles: Sequence[str], language: str) -> str:
    """Spell a code as people do: letters, figures one by one, in pairs or as a number."""
    style, parts = draw.choice(styles), list[str]()
    for run in re.findall(r"\d+|[A-Z]+", code):
        if run.isalpha():
            parts += [_NATO[ord(c) - 65] for c in run] if style == "nato" else list(run)
        elif language != "en":
            parts += list(run)
        else:
            parts.append(_figures(draw, run, style))
    return " ".join(parts)


def _figures(draw: random.Random, run: str, style: str) -> str:
    """Say figures in English."""
    if run.endswith("000") and len(run) == 4:
        return f"{_ONES[int(run[0])]} thousand"
    if len(run) == 4 and run[0] != "0" and run[2:] != "00" and style == "plain":
        pair = f"oh {_ONES[int(run[3])]}" if run[2] == "0" else str(int(run[2:]))
        return f"{int(run[:2])} {pair}"
    if len(run) == 2 and run[0] != "0":
        return run
    said = re.sub(r"(\d)\1", lambda m: f" double-{m[1]} ", run) if style == "double" else run
    zero = draw.choice(["oh", "zero"])
    names = [zero, *_ONES[1:10]]
    return " ".join(
        re.sub(r"\d", lambda m: f" {names[int(m[0])]} ", said).replace("- ", "-").split()
    )
