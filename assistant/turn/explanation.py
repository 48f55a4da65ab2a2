"""The text about a selection: what was found, then why the first items fit, all checked.

Knows how sentences are written and checked; selects nothing.
"""

from collections.abc import Generator, Sequence
from dataclasses import replace

from assistant.answering.explain import explain, plain_claim
from assistant.answering.lead_text import lead_text
from assistant.answering.openings import opening
from assistant.events import Event
from assistant.recommending.evidence import liked_because
from assistant.turn.selection import Selection
from assistant.turn.state import ABSENT, FAILED, Shop, Speaker, StepResult
from retrieval.errors import LanguageModelError
from retrieval.items import Constraint, Query


def explain_selection(
    selection: Selection,
    constraints: Sequence[Constraint],
    shop: Shop,
    speaker: Speaker,
    *,
    explained: int,
    failed: bool,
) -> Generator[Event, None, StepResult]:
    """Say what was found and why the first `explained` items fit.

    Code writes the sentence for each of these items that the model leaves out. A model that
    `failed` in an earlier step is not called again in this turn.
    """
    own = speaker.language == shop.language  # the checks know no other language
    lead, currency = selection.shortlist.lead, shop.catalogue.currency
    yield from speaker.say(
        opening(len(selection.candidates), constraints, currency, listed=not own)
        if lead is None
        else lead_text(lead, currency)
    )
    for remark in selection.remarks:
        yield from speaker.say(remark)
    first, written = selection.candidates[:explained], set[str]()
    told = StepResult(notices=() if shop.model else (ABSENT,))
    if own and shop.model is not None and not failed:
        query, reasons = selection.shortlist.query, selection.reasons
        request = query.words or _unworded(query)
        liked = {id_: liked_because(several) for id_, several in selection.without.items()}
        among = shop.among(candidate.item for candidate in selection.candidates)
        among = replace(among, liked=liked)
        try:
            for claim in explain(request, first, reasons, constraints, shop.model, among):
                told = replace(told, model=shop.model.name)
                written |= set(claim.items if claim.stands else ())
                yield from speaker.claim(claim)
        except LanguageModelError:
            told = replace(told, notices=(FAILED,), failed=True)
    for item in (one.item for one in first if one.item.id not in written):
        yield from speaker.claim(plain_claim(item, selection.reasons[item.id]))
    return told


def _unworded(query: Query) -> str:
    """Describe the request for the model when it has no words."""
    if query.sounds:
        return "something that sounds like my recording"
    return "something that looks like my photo" if query.photos else "something that I would like"
