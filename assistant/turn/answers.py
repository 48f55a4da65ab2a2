"""Answers that need no new items: compare, why, why not, questions about an item, small talk.

Knows the records, the reasons of the last answer and the checked claims; changes no state.
"""

from collections.abc import Generator, Sequence
from dataclasses import replace

from assistant.answering import messages
from assistant.answering.answer_language import quoted
from assistant.answering.explain import NOT_SAID, answer_question, plain_claim
from assistant.answering.overview import count_text, prices_text, values_text
from assistant.events import Event
from assistant.turn.input import Received
from assistant.turn.state import FAILED, Shop, Speaker, StepResult
from assistant.understanding.acts.references import references
from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.conversation import Conversation, Reading
from assistant.understanding.overview import OverviewAsked
from assistant.understanding.tokens.cues import read_sentence
from assistant.understanding.tokens.text import american, blanked, folded_words
from assistant.understanding.value_names import KIND_FIELDS
from retrieval.errors import LanguageModelError
from retrieval.filter import satisfying
from retrieval.items import Catalogue, Item, Query, raw_value
from retrieval.search import search

_RANKED = 100  # top results in which an item's rank is looked up
_PRICE = frozenset(folded_words("price cost expensive cheap"))
_EXTENT = ("height", "width", "length", "depth", "size", "dimensions")
_MEASURED = {
    "tall": ("height", "size", "dimensions"), "high": ("height", "size", "dimensions"),
    "wide": ("width", "size", "dimensions"), "long": ("length", "size", "dimensions"),
    "deep": ("depth", "size", "dimensions"), "heavy": ("weight",), "weigh": ("weight",),
    "big": _EXTENT, "large": _EXTENT, "hold": ("capacity",),
}  # fmt: skip


def answer_without_search(
    received: Received, reading: Reading, now: Conversation, shop: Shop, speaker: Speaker
) -> Generator[Event, None, StepResult]:
    """Answer a message whose intent needs no search for new items."""
    match reading.intent:
        case "compare":
            pair = reading.meant if len(reading.meant) > 1 else now.shown[:2]
            both = len(pair) > 1
            fields = fields_asked(received.message, now.shown, shop.vocabulary)
            missing = messages.nothing_to_compare(now.shown)
            yield from speaker.say(messages.compare(pair, fields) if both else missing, *pair)
        case "why":
            for item in reading.meant or now.shown[:1]:
                yield from speaker.claim(plain_claim(item, now.reasons.get(item.id, ())))
        case "why not":
            for item in reading.meant:
                yield from speaker.say(_why_not(item, now, shop), item)
        case "overview" if reading.overview:
            yield from speaker.say(_overview(reading.overview, now, shop))
        case "about" if reading.meant:
            return (yield from _about(received, reading, now, shop, speaker))
        case _:
            yield from speaker.say(_aside(received.message, reading.intent, shop.catalogue))
    return StepResult()


def _overview(asked: OverviewAsked, now: Conversation, shop: Shop) -> str:
    """Answer a question about all items that fit what the message names, or what was sought."""
    ids = satisfying(shop.catalogue, now.state.constraints)
    items = [item for id_, item in shop.catalogue.items.items() if id_ in ids]
    match asked.kind:
        case "count":
            return count_text(items)
        case "values":
            return values_text(items, asked.field)
        case "prices":
            return prices_text(items)


def _aside(message: str, intent: str, catalogue: Catalogue) -> str:
    """Answer a message that is not about an item."""
    if intent == "smalltalk":
        return messages.smalltalk(message)
    if intent == "out of scope":
        return messages.out_of_scope(catalogue)
    return messages.help_text(catalogue)


def _why_not(item: Item, now: Conversation, shop: Shop) -> str:
    """Explain why an item is not shown: the constraints it violates, or its rank."""
    kept = now.state.constraints
    query = Query(now.phrase, now.photos, kept, now.balance, now.liked, now.disliked)
    query = replace(query, sounds=now.sounds, taste=now.taste)
    found = [one.item.id for one in search(query, shop.index, shop.encoders, limit=_RANKED)]
    rank = found.index(item.id) + 1 if item.id in found else None
    here = next((n for n, one in enumerate(now.shown, 1) if one.id == item.id), None)
    return messages.why_not(item, kept, here, rank, len(found))


def _about(
    received: Received, reading: Reading, now: Conversation, shop: Shop, speaker: Speaker
) -> Generator[Event, None, StepResult]:
    """Answer a question about shown items from their records."""
    message, own = received.message, received.language == shop.language
    fields, told = fields_asked(message, now.shown, shop.vocabulary), StepResult()
    if own and shop.model is not None:
        try:
            constraints, among = now.state.constraints, shop.among(now.shown)
            for claim in answer_question(message, reading.meant, constraints, shop.model, among):
                if claim.sentence == NOT_SAID and fields:
                    break  # wrong: the record has the field
                told = StepResult(model=shop.model.name)
                yield from speaker.claim(claim)
            else:
                return told
        except LanguageModelError:
            told = replace(told, notices=(FAILED,), failed=True)
    for item in reading.meant:
        if fields:
            said = messages.told_of(item, fields)
        else:
            said = messages.whole_record(item) if own else quoted(message, item)
        yield from speaker.say(said, item)
    return told


def fields_asked(message: str, shown: Sequence[Item], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the fields that a question asks for, by their name, a value or a measurement.

    "Is it of wool?" asks for the material and "how tall is the copper one?" for the height; words
    that only identify a shown item ("the copper one") are ignored.
    """
    whole = read_sentence(message)
    message = blanked(message, [whole.span(one.start, one.end) for one in references(whole, shown)])
    words, sentence = vocabulary.field_words, read_sentence(message)
    fields = [
        name
        for name in (*words.named_in(sentence.tokens), *words.described_in(sentence.tokens))
        if name != "price" and any(raw_value(item, name) for item in shown)
    ]
    said, spelt = frozenset(folded_words(message)), frozenset(folded_words(american(message)))
    price = ["price"] if said & _PRICE or "how much" in message.lower() else []
    named = [n for n in vocabulary.catalogue.values if set(folded_words(american(n))) <= spelt]
    valued = [one.field for one in vocabulary.mentions(message) if one.field not in KIND_FIELDS]
    has = vocabulary.catalogue.values
    sizes = [name for word in said for name in _MEASURED.get(word, ()) if name in has]
    return tuple(dict.fromkeys((*price, *named, *fields, *sizes, *valued)))
