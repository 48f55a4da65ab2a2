"""An item on screen that a message describes: "the blue one", "that lamp", "the navy wool scarf".

Pure. Knows the records of the items on screen; a description must fit one of them alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.understanding.tokens.cues import Sentence
from assistant.understanding.tokens.text import folded_words
from retrieval.items import Item, item_text

_DESCRIBES = 4  # words of "the navy blue wool scarf"


@dataclass(frozen=True, slots=True)
class Reference:
    """A shown item that the message points at, and the tokens that do."""

    item: Item
    start: int
    end: int


def by_description(
    sentence: Sentence, shown: Sequence[Item], *, photo: bool
) -> Iterator[Reference]:
    """Match "the blue one" or "that lamp" with the records; it must fit one shown item alone."""
    for at in range(len(sentence.tokens)):
        if sentence.cue_at(at, "point described") is None:
            continue
        if photo and sentence.cue_at(at, "point this") or sentence.cue_at(at + 1, "point empty"):
            continue  # "these in Italian" describes none of them
        end = at + 1
        while end < min(len(sentence.tokens), at + 1 + _DESCRIBES) and not sentence.is_break(end):
            end += 1
        for last in range(end, at + 1, -1):
            if _lets_go(sentence, at, last):
                continue
            said = _describing(sentence, at + 1, last)
            if said and (item := _fitting(said, shown)):
                yield Reference(item, at, last)
                break


def _lets_go(sentence: Sentence, start: int, end: int) -> bool:
    """Tell whether words are let go of, and point at nothing: "the steel doesn't matter"."""
    before = sentence.cue_before(start, "denial release", "drop before")
    begins = sentence.cue_before(start + 1, "denial release", "drop before")  # "leave out the"
    return bool(before or begins or sentence.cue_at(end, "denial waive", "denial after"))


def _describing(sentence: Sentence, start: int, end: int) -> list[str]:
    """Return the words of a description that say something."""
    tokens = enumerate(sentence.tokens[start:end], start)
    return [
        token.word
        for at, token in tokens
        if token.kind != "mark" and not sentence.cue_at(at, "point empty")
    ]


def _fitting(said: Sequence[str], shown: Sequence[Item]) -> Item | None:
    """Return the one item that fits: by a whole value first, then by its facts, then by all."""
    anywhere = [item for item in shown if set(said) <= set(folded_words(item_text(item)))]
    facts = [item for item in anywhere if set(said) <= set(folded_words(_facts(item)))]
    whole = [item for item in facts if _has_value(item, said)]
    return next((fit[0] for fit in (anywhere, facts, whole) if len(fit) == 1), None)


def _facts(item: Item) -> str:
    return " ".join((item.title, item.category, item.brand, *item.attributes.values()))


def _has_value(item: Item, said: Sequence[str]) -> bool:
    """Tell whether one of the words is all that a field of the record says ("blue", not "navy")."""
    return any(folded_words(value) == [word] for value in item.attributes.values() for word in said)
