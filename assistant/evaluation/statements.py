"""The sentences of an answer that make a claim about an item, and whether its record agrees.

Pure. Knows the claims of a turn and the records; knows no model. Sentences that code wrote from the
record are separated from those of the language model, which are checked once more, against the
records alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.claims import Claim, check
from assistant.answering.comparisons import Among
from assistant.evaluation.outcome import Outcome
from assistant.understanding.catalogue_values import Vocabulary
from retrieval.items import Item


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence about items."""

    sentence: str
    items: tuple[Item, ...]
    by_code: bool  # written by code from the record, so true by construction
    stands: bool


def statements(
    outcome: Outcome, on_screen: Sequence[Item], vocabulary: Vocabulary
) -> list[Statement]:
    """Return every sentence of an answer that is about items, in order."""
    known, among = vocabulary.catalogue.items, Among(vocabulary, tuple(on_screen))
    found = []
    for claim in outcome.claims:
        items = tuple(known[name] for name in claim.items if name in known)
        if items and claim.stands:
            code = by_code(claim)
            stands = code or check(claim.sentence, items, outcome.constraints, among).stands
            found.append(Statement(claim.sentence, items, code, stands))
    return found


def dropped(outcome: Outcome) -> tuple[int, int]:
    """Return how many sentences of the model were dropped, and how many it wrote."""
    if not outcome.model:
        return 0, 0
    gone = sum(not claim.stands for claim in outcome.claims)
    shown = [claim for claim in outcome.claims if claim.stands and claim.items]
    return gone, gone + sum(not by_code(claim) for claim in shown)


def by_code(claim: Claim) -> bool:
    """Tell whether code wrote a sentence: it is supported as a whole, or starts with the title."""
    named = [one.claim for one in claim.support if one.where == "title"]
    whole = any(one.claim == claim.sentence for one in claim.support)
    return whole or claim.sentence.startswith(tuple(named)) if named else whole
