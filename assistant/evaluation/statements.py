"""The sentences of an answer that claim something of an item, and whether its record agrees.

Pure. Sentences that code writes from the record are told apart from those that the language model
wrote; the latter are checked again here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant import plain
from assistant.claims import check
from assistant.evaluation.outcome import Outcome
from assistant.explain import NOT_SAID, plain_sentence
from assistant.wording import sentences
from retrieval.items import Item, normal


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence about items."""

    sentence: str
    items: tuple[Item, ...]
    by_code: bool  # written by code from the record
    stands: bool


def statements(outcome: Outcome, shown: Sequence[Item], before: Sequence[Item]) -> list[Statement]:
    """Return every sentence of an answer that speaks of items, in order."""
    spoken_of = tuple(shown) or tuple(before)
    rest, found = outcome.answer, []
    for item in spoken_of:
        for written in _by_code(item, outcome):
            if written in rest:
                rest = rest.replace(written, "\n")
                found.append(Statement(written, (item,), by_code=True, stands=True))
    if outcome.intent == "compare":  # the whole answer is computed from two records
        return found
    return found + list(_by_model(rest, outcome, spoken_of))


def replaced(outcome: Outcome, shown: Sequence[Item]) -> tuple[int, int]:
    """Return how many sentences of the model were dropped, and how many it was asked for."""
    if not outcome.model:
        return 0, 0
    plainly = [item for item in shown if any(w in outcome.answer for w in _by_code(item, outcome))]
    told = [item for item in shown if normal(item.title) in normal(outcome.answer)]
    silent = int(outcome.intent == "about" and NOT_SAID in outcome.answer)
    asked = len(told) if shown else int(outcome.intent == "about")
    return len(plainly) + silent, asked


def _by_code(item: Item, outcome: Outcome) -> tuple[str, ...]:
    return plain_sentence(item, outcome.reasons.get(item.id, ())), plain.whole_record(item)


def _by_model(rest: str, outcome: Outcome, spoken_of: Sequence[Item]) -> Iterator[Statement]:
    meant = tuple(item for item in spoken_of if item.id in outcome.meant)
    for sentence in sentences(rest):
        named = tuple(item for item in spoken_of if normal(item.title) in normal(sentence))
        items = named or (meant if outcome.intent == "about" else ())
        if items and sentence != NOT_SAID:
            claim = check(sentence, items, outcome.constraints)
            yield Statement(sentence, items, by_code=False, stands=claim.stands)
