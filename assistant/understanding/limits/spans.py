"""Spans of a message: where words stand that were understood, and the message without them.

Pure. Knows places in a text; knows no language.
"""

from collections.abc import Iterable

Span = tuple[int, int]  # start and end, as `re.Match.span` gives them


def overlap(one: Span, other: Span) -> bool:
    """Tell whether two spans share a character."""
    return one[0] < other[1] and other[0] < one[1]


def lies_within(inner: Span, outer: Span) -> bool:
    """Tell whether a span is a part of another."""
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def cut(text: str, spans: Iterable[Span]) -> str:
    """Return the text without these spans, its words apart by one space."""
    kept, at = [], 0
    for start, end in sorted(spans):
        kept.append(text[at:start])
        at = max(at, end)
    return " ".join(" ".join([*kept, text[at:]]).split())


def blanked(text: str, spans: Iterable[Span]) -> str:
    """Return the text with these spans left blank; every other character keeps its place."""
    kept = list(text)
    for start, end in spans:
        kept[start:end] = " " * (end - start)
    return "".join(kept)
