"""The text about a selection: what was found, why the first items fit, what sets them apart.

Knows which facts are chosen and how they are worded; selects no item.
"""

from collections.abc import Generator, Iterator, Sequence
from functools import partial

from assistant.answering.choose import COMPARED, AnswerRequest, chosen, quoted_once
from assistant.answering.differences import apart
from assistant.answering.digest import quoted_summary
from assistant.answering.lead_text import lead_text
from assistant.answering.openings import count_fitting, opening
from assistant.answering.write import item_sentences
from assistant.events import Event
from assistant.recommending.facts import Place
from assistant.turn.selection import Selection
from assistant.turn.state import ABSENT, JOINING, Shop, Speaker, StepResult
from retrieval.filter import satisfying
from retrieval.items import Constraint


def explain_selection(
    selection: Selection,
    constraints: Sequence[Constraint],
    shop: Shop,
    speaker: Speaker,
    *,
    explained: int,
) -> Generator[Event, None, StepResult]:
    """Say what was found, why the first `explained` items fit, and what sets them apart."""
    lead, catalogue = selection.shortlist.lead, shop.catalogue
    query = selection.shortlist.query
    currency, shown = catalogue.currency, len(selection.candidates)
    if lead is None:
        counted = count_fitting(catalogue, constraints)
        by_field = selection.shortlist.sorted
        told = opening(shown, constraints, counted, query, currency, by_field=by_field)
        yield from speaker.say(told)
    yield from speaker.say(selection.remarks)
    if lead is not None:
        yield from speaker.say(lead_text(lead, currency))
    if shop.catalogue.domain.digest:
        yield from _summary(selection, shop, speaker)
    else:
        yield from _each(selection, constraints, shop, speaker, explained=explained)
    without = JOINING if shop.joining else ABSENT
    return StepResult(notices=() if shop.model else (without,))


def _summary(selection: Selection, shop: Shop, speaker: Speaker) -> Iterator[Event]:
    """Quote the items, the earliest first."""
    phrase, catalogue = selection.shortlist.query.words, shop.catalogue
    items = [candidate.item for candidate in selection.candidates]
    likeness = partial(shop.likeness, phrase)
    for one in quoted_summary(
        items, catalogue.dates, phrase, likeness, size=catalogue.domain.digest
    ):
        yield from speaker.say([one.utterance], one.item, facts=[one.fact])


def _each(
    selection: Selection,
    constraints: Sequence[Constraint],
    shop: Shop,
    speaker: Speaker,
    *,
    explained: int,
) -> Iterator[Event]:
    """Say why each of the first items fits, and what sets them apart."""
    asked, first = answer_request(selection, constraints, shop), selection.candidates[:explained]
    quoted = set[Place]()
    for place, candidate in enumerate(first):
        item = candidate.item
        facts = quoted_once(chosen(item, selection.reasons[item.id], asked), quoted)
        said = item_sentences(item, facts, shop.vocabulary.profile)
        yield from speaker.say(said, item, facts=facts, again=place)
    items = [candidate.item for candidate in first]
    yield from speaker.say(apart(items, asked), *items)


def answer_request(
    selection: Selection, constraints: Sequence[Constraint], shop: Shop
) -> AnswerRequest:
    """Return what the facts are chosen for: the limits, the words, and all items that fit."""
    ids, items = satisfying(shop.catalogue, constraints), shop.catalogue.items
    return AnswerRequest(
        tuple(constraints),
        partial(shop.likeness, selection.shortlist.query.words),
        tuple(items[id_] for id_ in ids) if len(ids) <= COMPARED else (),
        shop.vocabulary.profile,
    )
