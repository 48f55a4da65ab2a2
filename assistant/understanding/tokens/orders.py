"""In which order does a message ask for what is found? "Cheapest", "most pages", "sort by weight".

Knows tokens, cues and the words that sort a field; searches nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.understanding.tokens.amounts import Amount
from assistant.understanding.tokens.cues import Sentence
from assistant.understanding.tokens.fields import FieldWord
from assistant.understanding.tokens.text import Span
from retrieval.field_profile import CatalogueProfile

_DOWN_FIRST = ("rating", "review count", "year", "date")  # sorted by these, the most comes first
_NEAR = 2  # small words between "longest" and the field's name


@dataclass(frozen=True, slots=True)
class Order:
    """The fields that a message can mean to sort by, the likeliest first, and which way."""

    fields: tuple[str, ...]
    descending: bool
    span: Span


def read_orders(
    sentence: Sentence,
    field_words: Sequence[FieldWord],
    amounts: Sequence[Amount],
    profile: CatalogueProfile,
) -> list[Order]:
    """Return the orders that a message asks for."""
    starts = {word.start: word for word in field_words if not word.degree}
    found = [
        Order(word.fields, word.degree == "most", sentence.span(word.start, word.end))
        for word in field_words
        if word.degree in ("most", "least") and not _is_steered(sentence, word.start)
    ]
    found += [  # "which is the candle cheaper?", as other languages word it
        Order(word.fields, word.degree == "more", sentence.span(word.start, word.end))
        for word in field_words
        if word.degree in ("more", "less")
        and (asks_which(sentence) or sentence.cue_at(word.end, "sort first"))
    ]
    return found or [*_extremes(sentence, starts, amounts), *_sorted(sentence, starts, profile)]


def asks_which(sentence: Sentence) -> bool:
    """Tell whether a message asks which of all is more or less of something."""
    return sentence.cue_at(0, "sort which") is not None


def _extremes(
    sentence: Sentence, starts: dict[int, FieldWord], amounts: Sequence[Amount]
) -> Iterator[Order]:
    """Yield "the most pages", "longest battery life", "highest rating"."""
    numbers = {one.start for one in amounts}
    for at in range(len(sentence.tokens)):
        cue = sentence.cue_at(at, "sort high", "sort low")
        if cue is None or _is_steered(sentence, at):
            continue
        here = cue.end
        while here < cue.end + _NEAR and here not in starts and here not in numbers:
            if here >= len(sentence.tokens) or not sentence.cue_at(here, "words filler"):
                break
            here += 1
        if word := starts.get(here):
            yield Order(word.fields, "sort high" in cue.roles, sentence.span(at, word.end))


def _sorted(
    sentence: Sentence, starts: dict[int, FieldWord], profile: CatalogueProfile
) -> Iterator[Order]:
    """Yield "sort by price", "ordered by rating, high to low"."""
    for at in range(len(sentence.tokens)):
        cue = sentence.cue_at(at, "sort by")
        word = starts.get(cue.end) or starts.get(cue.end + 1) if cue else starts.get(at)
        if word is None:
            continue
        said = {
            way for n in range(word.end, len(sentence.tokens)) for way in ("sort up", "sort down")
            if sentence.cue_at(n, way)
        }  # fmt: skip
        if cue is None and not said:  # "price, low to high"
            continue
        usual = profile.fields[word.fields[0]].role in _DOWN_FIRST
        down = usual if not said else "sort down" in said
        yield Order(word.fields, down, sentence.span(at, word.end))


def _is_steered(sentence: Sentence, at: int) -> bool:
    """Tell whether a word belongs to "at most" and the like, or is denied."""
    return any(
        (cue := sentence.cue_at(at - back, "most before", "least before")) is not None
        and cue.end > at
        and cue.end - cue.start > 1
        for back in range(3)
        if at - back >= 0
    ) or bool(sentence.cue_before(at, "denial before"))
