"""A text → its words, plural and singular alike, and which of them say something.

Pure. Knows English word forms and the small words that carry no wish; knows no catalogue.
"""

import re

from assistant.understanding.limits.spans import Span
from retrieval.english import singular
from retrieval.items import normal

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_SAME = {
    "woolen": "wool", "woollen": "wool", "woolly": "wool", "wooden": "wood", "golden": "gold",
    "grey": "gray", "man": "men", "mens": "men", "woman": "women", "womens": "women",
    "stripe": "striped", "dot": "dotted", "star": "starry", "knives": "knife", "buses": "bus",
    "lenses": "lens", "canvases": "canvas",
}  # fmt: skip

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


def content_words(text: str) -> frozenset[str]:
    """Return the folded words of a text that carry meaning."""
    return frozenset(word for word in folded_words(text) if says_something(word))


def sentences(text: str) -> list[str]:
    """Split a text into sentences."""
    return [part.strip() for part in _SENTENCE.split(text) if part.strip()]
