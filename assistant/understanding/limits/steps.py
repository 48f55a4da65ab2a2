"""Read how far a limit is to move: "a bit more is fine", "raise my budget by 20", "10 % less".

Pure. Knows wordings and amounts; knows neither the limit that moves nor what is on screen.
"""

import re
from dataclasses import dataclass
from typing import Literal

from assistant.understanding.limits.quantities import AMOUNT, read_number
from assistant.understanding.limits.spans import Span

# How much the words stand for that name no amount, as a share of the limit.
_SHARES = (
    (re.compile(r"\b(?:double|twice)\b", re.I), 1.0),
    (re.compile(r"\b(?:half|halve)\b", re.I), 0.5),
    (re.compile(r"\b(?:a lot|much|far|considerably|significantly|way)\b", re.I), 0.5),
)
_A_BIT = 0.2

_MUCH = (
    r"(?:(?:just\s+)?a\s+(?:tiny\s+|little\s+)?(?:bit|little|touch|tad)|slightly|somewhat|a lot|"
    r"much|far|considerably|significantly|way)"
)
_BUDGET = r"(?:(?:my|the|our|a|your)\s+)?(?:price\s+)?(?:budget|limit|maximum|ceiling)"
_FINE = (
    r"(?:\s+(?:is|are|would\s+be|'?s)\s+(?:also\s+|still\s+|totally\s+)?"
    r"(?:fine|ok|okay|alright|all right|possible|acceptable|no problem))"
)
_BY = rf"(?:{AMOUNT}\s?(?P<percent>%|per\s?cent)?)"
_PATTERNS: tuple[tuple[Literal["more", "less"], re.Pattern[str]], ...] = tuple(
    (way, re.compile(pattern.replace("{n}", ""), re.I))  # type: ignore[misc]
    for way, pattern in (
        (
            "more",
            rf"\b(?:raise|increase|up|stretch|bump(?:\s+up)?|extend|lift)\s+{_BUDGET}"
            rf"(?:\s+by\s+{_BY}|\s+{_MUCH})?(?!\s+to\b)",
        ),
        (
            "less",
            rf"\b(?:lower|reduce|cut|decrease|shrink|tighten)\s+{_BUDGET}"
            rf"(?:\s+by\s+{_BY}|\s+{_MUCH})?(?!\s+to\b)",
        ),
        ("more", rf"\b(?:double|twice)\s+{_BUDGET}"),
        ("less", rf"\b(?:half|halve)\s+{_BUDGET}"),
        (
            "more",
            rf"\b(?:{_MUCH}\s+)?(?:bigger|higher|larger|looser|more)\s+(?:of\s+a\s+)?"
            r"(?:budget|limit)\b",
        ),
        ("less", rf"\b(?:{_MUCH}\s+)?(?:smaller|lower|tighter|less)\s+(?:of\s+a\s+)?budget\b"),
        (
            "more",
            rf"\b(?:spend|pay|go|stretch|add)\s+(?:to\s+|up\s+to\s+|another\s+|by\s+)?"
            rf"(?:{_BY}|{_MUCH})\s*(?:more|higher|over|extra|on top)\b(?!\s+than\s+\W?\d)",
        ),
        (
            "more",
            rf"(?<!\w)(?:up\s+to\s+)?(?:{_BY}|{_MUCH})\s+"
            rf"(?:more|higher|extra|over(?:\s+budget)?|on\s+top){_FINE}",
        ),
        ("more", rf"\bup\s+to\s+{_BY}\s+(?:more|extra)\b"),
        ("more", rf"(?<!\w){_BY}\s+(?P<bare>more|extra)\b(?!\s+(?:than|like|expensive))"),
        ("less", rf"(?<!\w)(?:{_BY}|{_MUCH})\s+(?:less|lower){_FINE}"),
        ("less", rf"(?<!\w){_BY}\s+(?P<bare>less)\b(?!\s+(?:than|like|expensive))"),
    )
)
_PERMITS = re.compile(_FINE, re.I)


@dataclass(frozen=True, slots=True)
class LimitStep:
    """How far a limit on the price is to move, and which way."""

    way: Literal["more", "less"]
    by: float  # money, or a share of the limit
    share: bool
    permits: bool  # "is fine": the limit loosens, it never tightens
    said: str
    span: Span


def read_steps(message: str) -> list[LimitStep]:
    """Return every move of a limit that the message asks for, in order.

    Words without an amount are a share: "a bit" a fifth, "a lot" and "half" a half, "double" all.
    """
    found: list[LimitStep] = []
    for way, pattern in _PATTERNS:
        for match in pattern.finditer(message):
            start, end = match.span()
            apart = all(end <= step.span[0] or step.span[1] <= start for step in found)
            if apart and not _counts(match):
                found.append(_step(way, match))
    return sorted(found, key=lambda step: step.span)


def _counts(match: re.Match[str]) -> bool:
    """Tell whether "10 more" may mean ten more items: it names neither money nor a share."""
    groups = match.groupdict()
    money = any(groups.get(name) for name in ("sign", "unit", "percent"))
    return bool(groups.get("bare")) and not money


def _step(way: Literal["more", "less"], match: re.Match[str]) -> LimitStep:
    groups, said = match.groupdict(), match[0].strip()
    share, by = True, next((share for pattern, share in _SHARES if pattern.search(said)), _A_BIT)
    if groups.get("number"):
        share, by = bool(groups["percent"]), read_number(groups["number"])
        by = by / 100 if share else by
    return LimitStep(way, by, share, bool(_PERMITS.search(said)), said, match.span())
