"""Answers that need no new items: compare, why, why not, questions about an item, small talk.

Knows the records and the reasons of the last answer; changes no state.
"""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace

from assistant.answering.converse import talk_freely
from assistant.answering.differences import compare, why_not
from assistant.answering.overview import count_text, prices_text, values_text
from assistant.answering.remarks import (
    courtesy_text,
    help_text,
    lead_back,
    nothing_to_compare,
    out_of_scope,
)
from assistant.answering.utterances import Utterance, utter
from assistant.answering.write import field_sentence, item_sentences
from assistant.events import Event
from assistant.recommending.evidence import field_facts, has, quotations, whole_record
from assistant.recommending.facts import Fact
from assistant.turn.input import Received
from assistant.turn.state import FAILED, Shop, Speaker, StepResult
from assistant.understanding.acts.references import references
from assistant.understanding.acts.variants_asked import as_named, asked_of_form, options_named
from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.conversation import Conversation, Reading
from assistant.understanding.overview import OverviewAsked
from assistant.understanding.tokens.cues import read_sentence
from assistant.understanding.tokens.text import (
    american,
    blanked,
    content_words,
    folded_words,
)
from assistant.understanding.value_names import KIND_FIELDS
from retrieval.errors import LanguageModelError
from retrieval.field_profile import CatalogueProfile
from retrieval.filter import satisfying
from retrieval.items import Item, Query, raw_value
from retrieval.search import search

_RANKED = 100  # top results in which an item's rank is looked up
_ASKS = frozenset({"ask about", "act question"})
_ANSWERS = 0.33  # cosine with the question from which a part of the record is its answer
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
            fields = fields_asked(received.message, now.shown, shop.vocabulary)
            several = len(pair) > 1
            told = compare(pair, fields) if several else nothing_to_compare(now.shown)
            yield from speaker.say([told], *pair)
            return StepResult(compared=tuple(pair) if several else ())
        case "why":
            for item in reading.meant or now.shown[:1]:
                facts = now.reasons.get(item.id, ())
                said = item_sentences(item, facts, shop.vocabulary.profile)
                yield from speaker.say(said, item, facts=facts)
        case "why not":
            for item in reading.meant:
                yield from speaker.say([_why_not(item, now, shop)], item)
        case "overview" if reading.overview:
            yield from speaker.say(_overview(reading.overview, now, shop))
        case "about" if reading.meant:
            yield from _about(received, reading, now, shop, speaker)
        case _:
            return (yield from _talk(received, reading, shop, speaker))
    return StepResult()


def _overview(asked: OverviewAsked, now: Conversation, shop: Shop) -> list[Utterance]:
    """Answer a question about all items that fit what the message names, or what was sought."""
    ids = satisfying(shop.catalogue, now.state.constraints)
    items = [item for id_, item in shop.catalogue.items.items() if id_ in ids]
    match asked.kind:
        case "count":
            return [count_text(items)]
        case "values":
            return [values_text(items, asked.field)]
        case "prices":
            return list(prices_text(items))


def _talk(
    received: Received, reading: Reading, shop: Shop, speaker: Speaker
) -> Generator[Event, None, StepResult]:
    """Answer what asks for no item: a question of general knowledge freely by the model.

    All else is answered by fixed messages: of itself and of the weather the model claims anything.
    """
    if reading.intent != "advice":
        yield from speaker.say([_fixed(reading.intent, received.message, shop)])
        return StepResult()
    result, said = StepResult(), False
    if shop.model is not None:
        own_words = received.translation.message
        try:
            for sentence in talk_freely(own_words, speaker.language, shop.model, shop.unsayable):
                key = "aside.more" if said else "aside.in_general"
                yield from speaker.say([utter(key, text=sentence)])
                said = True
            result = StepResult(model=shop.model.name)
        except LanguageModelError:
            result = StepResult(notices=(FAILED,), failed=True)
    if not said:
        yield from speaker.say([utter("aside.no_advice")])
    yield from speaker.say(lead_back(reading.changes, shop.catalogue))
    return result


def _fixed(intent: str, message: str, shop: Shop) -> Utterance:
    """Return the message for what is always answered alike."""
    match intent:
        case "help":
            return help_text(shop.catalogue)
        case "about you":
            return utter("aside.about_me")
        case "complaint":
            return utter("aside.sorry")
        case "smalltalk":
            return courtesy_text(message) or utter("aside.listening")
        case _:
            return out_of_scope(shop.catalogue)


def _why_not(item: Item, now: Conversation, shop: Shop) -> Utterance:
    """Explain why an item is not shown: the constraints it violates, or its rank."""
    kept = now.state.constraints
    query = Query(now.phrase, now.photos, kept, now.balance, now.liked, now.disliked)
    query = replace(query, sounds=now.sounds, taste=now.taste, me=now.me)
    found = [one.item.id for one in search(query, shop.index, shop.encoders, limit=_RANKED)]
    rank = found.index(item.id) + 1 if item.id in found else None
    here = next((n for n, one in enumerate(now.shown, 1) if one.id == item.id), None)
    return why_not(item, kept, here, rank, len(found))


def _about(
    received: Received, reading: Reading, now: Conversation, shop: Shop, speaker: Speaker
) -> Iterator[Event]:
    """Answer a question about shown items from their records.

    The fields that it names are the answer, else the field or the sentence that is nearest to it in
    meaning, else the whole record: what no field is named for is never said to be missing.
    """
    message, profile = received.message, shop.vocabulary.profile
    fields = fields_asked(message, now.shown, shop.vocabulary)
    asked = _question(message, now.shown)
    for shown in reading.meant:
        named = options_named(message, shown)
        item, options = as_named(shown, named), {one.field for one in named}
        asked_of = tuple(name for name in fields if name not in options)
        if named and not asked_of:
            asked_of = asked_of_form(message)
        if asked_of or fields:
            facts = field_facts(item, asked_of or fields)
            yield from speaker.say([field_sentence(item, facts, profile)], item, facts=facts)
            continue
        fact = _nearest_fact(asked, item, shop) or whole_record(item)
        yield from speaker.say(_one_fact(item, fact, profile), item, facts=[fact])


def _one_fact(item: Item, fact: Fact, profile: CatalogueProfile) -> Iterator[Utterance]:
    if fact.kind == "has":
        yield field_sentence(item, [fact], profile)
    else:
        yield from item_sentences(item, [fact], profile)


def _nearest_fact(asked: str, item: Item, shop: Shop) -> Fact | None:
    """Return the field or the sentence of a record that is nearest in meaning to a question."""
    if not content_words(asked) - content_words(f"{item.title} {item.category}"):
        return None
    fields = [has(item, name) for name in ("brand", *item.attributes) if raw_value(item, name)]
    told = [*fields, *quotations(item)]
    near = shop.likeness(asked, [_plain_text(fact) for fact in told])
    return told[near.index(max(near))] if near and max(near) >= _ANSWERS else None


def _plain_text(fact: Fact) -> str:
    """Return a fact as the text encoder reads it."""
    places = fact.places
    return str(places["text"]) if "text" in places else f"{places['field']}: {places['value']}"


def _question(message: str, shown: Sequence[Item]) -> str:
    """Return a question without what points at an item, and without "tell me more about"."""
    whole = read_sentence(message)
    asks = [cue for cue in whole.found if not cue.roles.isdisjoint(_ASKS)]
    spans = [whole.span(one.start, one.end) for one in references(whole, shown)]
    return blanked(message, [*spans, *(whole.span(one.start, one.end) for one in asks)])


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
