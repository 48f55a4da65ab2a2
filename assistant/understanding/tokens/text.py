"""A text → its tokens and words, plural and singular alike, and which of them say something.

Pure. Knows English word forms and the small words that carry no wish; knows no catalogue.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from retrieval.english import singular
from retrieval.items import normal

Span = tuple[int, int]  # start and end, as `re.Match.span` gives them

_TOKEN = re.compile(
    r"(?P<code>[^\W\d_]+\d\w*(?:-\w*\d\w*)*)"  # "XM5", "ca14-516": no number
    r"|(?P<number>\d{1,3}(?:[,.\u00a0]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)?)"
    r"|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)"
    r"|(?P<mark>[^\w\s]|_)"
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_SAME = {
    "woolen": "wool", "woollen": "wool", "woolly": "wool", "wooden": "wood", "golden": "gold",
    "grey": "gray", "man": "men", "mens": "men", "woman": "women", "womens": "women",
    "stripe": "striped", "dot": "dotted", "star": "starry", "knives": "knife", "buses": "bus",
    "lenses": "lens", "canvases": "canvas",
}  # fmt: skip

_OF_ANY_SENTENCE = frozenset(
    "a an the and or but of in on at to for from with without by as is are be its this that i me "
    "my we our you your he she they them".split()
)
_SAYS_NOTHING = frozenset(
    """a an the and or but of in on at to for from with without by as is are be it its this that
    these those there i me my we us our you your he she they them one some any something
    anything thing stuff item product please want need like love look find show get give buy
    have got carry sell recommend suggest see prefer would could can do does did will shall
    her him his their should must just really very too so more most less least also only not
    no nor now then still good great nice best better new other another else same instead
    maybe around about
    under over between below above up than if when where which what who how why because into
    out off all both each every much many lot few bit kind sort type style color colour
    price cost fine cheap expensive budget dollar euro pound usd make made suitable
    idea option choice let im
    id dont doesnt isnt wasnt hi hello hey ok okay thank thanks rather quite pretty perhaps
    actually person people someone somebody friend right always ever keep go use set spend
    pl plz pay am looking searching hm hmm um uh er oh ah sorry
    i'd i'm i'll i've we'd let's that's it's don't doesn't isn't""".split()
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a mark of a message."""

    text: str  # lower case, without apostrophes: "dont"
    word: str  # what plural and singular share
    span: Span
    kind: Literal["word", "number", "code", "mark"]
    tight: bool  # nothing stands between it and the token before
    stem: str = ""  # its text without "'s", where it has that: "budget" of "budget's"


def tokens_of(text: str) -> tuple[Token, ...]:
    """Return the tokens of a text, in order; a hyphen that joins two words is none."""
    found: list[Token] = []
    matches = list(_TOKEN.finditer(text))
    for at, match in enumerate(matches):
        tight = at > 0 and matches[at - 1].end() == match.start()
        follows = at + 1 < len(matches) and matches[at + 1].start() == match.end()
        kind = str(match.lastgroup)
        if match[0] in "'’" and tight and matches[at - 1].lastgroup == "word":
            continue  # "kids' room"
        if match[0] in "-‐‑" and tight and follows:
            around = {matches[at - 1].lastgroup, matches[at + 1].lastgroup}
            if "number" not in around or not around <= {"number", "mark"}:  # "$20-$30"
                continue
        plain = match[0].lower().replace("’", "'")
        word = fold(normal(plain.removesuffix("'s"))) if kind == "word" else plain
        stem = plain.removesuffix("'s") if plain.endswith("'s") else ""
        found.append(Token(plain.replace("'", ""), word, match.span(), kind, tight, stem))  # type: ignore[arg-type]
    return tuple(found)


def overlap(one: Span, other: Span) -> bool:
    """Tell whether two spans share a character."""
    return one[0] < other[1] and other[0] < one[1]


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


def fold(word: str) -> str:
    """Reduce a normalised word to what plural and singular share ("scarves" → "scarf")."""
    one = singular(word)
    return _SAME.get(word, _SAME.get(one, one))


def american(text: str) -> str:
    """Spell "colour" as those do who ask for a color, in lower case."""
    return text.lower().replace("colour", "color")


def folded_words(text: str) -> list[str]:
    """Return the folded words of a text, in order."""
    return [word for word, _ in placed_words(normal(text))]


def placed_words(text: str) -> list[tuple[str, Span]]:
    """Return the folded words of a lower-case text with their spans, in order."""
    return [
        (fold(match.group().replace("’", "'").removesuffix("'s")), match.span())
        for match in _WORD.finditer(text)
    ]


def says_something(word: str) -> bool:
    """Tell whether a folded word carries meaning of its own."""
    return len(word) > 1 and not word.isdigit() and word not in _SAYS_NOTHING


def is_function_word(word: str) -> bool:
    """Tell whether a folded word stands in any sentence: "a", "for"."""
    return word in _OF_ANY_SENTENCE


def content_words(text: str) -> frozenset[str]:
    """Return the folded words of a text that carry meaning."""
    return frozenset(word for word in folded_words(text) if says_something(word))


def sentences(text: str) -> list[str]:
    """Split a text into sentences."""
    return [part.strip() for part in _SENTENCE.split(text) if part.strip()]
