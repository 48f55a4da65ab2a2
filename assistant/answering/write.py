"""Facts → sentences: which message words a fact, within a sentence or alone beside a card.

Pure. Knows what common attributes are called; a fact that no message of its own words is said as
its field and its value. Nothing is added to a fact, and connectives claim nothing.
"""

import math
import re
from collections.abc import Iterator, Sequence

from assistant.answering.render import has_message
from assistant.answering.utterances import FieldName, Part, Series, Utterance, utter
from assistant.recommending.facts import Fact, Money, UnitAmount
from assistant.understanding.value_names import COLOUR_FIELDS
from retrieval.catalogue.profile import attribute_called
from retrieval.field_profile import CatalogueProfile
from retrieval.items import Item
from retrieval.units import Quantity, dimension_of, read_quantity

_SEVERAL = re.compile(r"\s*[;|]\s*")  # what parts the values of a cell
_DATES = ("year", "date")  # 2022 is no amount of years
_OF_FIELDS = ("has", "wished", "kept")
_QUOTES = ("quote", "spoken")
_ALONE = ("liked", "without", "budget", "record", "unsaid")  # sentences of their own


def reason_text(fact: Fact, profile: CatalogueProfile) -> Utterance:
    """Word a fact as a reason beside a card: "material: wool"."""
    return utter(f"reason.{_form(fact)}", **_places(fact, profile))


def item_sentences(
    item: Item, facts: Sequence[Fact], profile: CatalogueProfile
) -> Iterator[Utterance]:
    """Word what is said of an item: one sentence of its facts, then each quotation."""
    clauses = [clause for fact in facts if (clause := _clause(fact, profile)) is not None]
    details = [
        utter(f"detail.{_form(fact)}", **_places(fact, profile))
        for fact in facts
        if fact.kind in _OF_FIELDS and _clause(fact, profile) is None
    ]
    parts = [name for name, told in (("clauses", clauses), ("details", details)) if told]
    yield utter(
        f"sentence.{'_'.join(parts) or 'name'}",
        name=item_name(item),
        clauses=Series(tuple(clauses), "clauses"),
        details=Series(tuple(details)),
    )
    for fact in facts:
        if fact.kind in (*_QUOTES, *_ALONE):
            yield utter(f"sentence.{_form(fact)}", **_places(fact, profile))


def item_name(item: Item) -> Utterance:
    """Name an item, with its price where the record has one."""
    if item.price is None:
        return utter("sentence.title", title=item.title)
    return utter("sentence.priced", title=item.title, price=Money(item.price, item.currency))


def field_sentence(item: Item, facts: Sequence[Fact], profile: CatalogueProfile) -> Utterance:
    """Answer what an item's record says in some fields, and in which it says nothing."""
    told = tuple(utter(f"detail.{_form(fact)}", **_places(fact, profile)) for fact in facts)
    return utter("record.fields", title=item.title, details=Series(told))


def _clause(fact: Fact, profile: CatalogueProfile) -> Utterance | None:
    """Word a fact as what an item does: "weighs 1.2 kg"; None where no verb is known for it."""
    if fact.kind in (*_QUOTES, *_ALONE):
        return None
    if fact.kind in _OF_FIELDS:
        verb = f"field.{_attribute(fact, profile)}"
        if not has_message(verb):
            return None
        said = utter(verb, **_places(fact, profile))
        if fact.kind == "has":
            return said
        return utter(f"clause.{_form(fact)}", said=said, **_places(fact, profile))
    return utter(f"clause.{_form(fact)}", **_places(fact, profile))


def _form(fact: Fact) -> str:
    """Return the name of the message that words a fact."""
    places = fact.places
    match fact.kind:
        case "price" | "kept":
            gap = places["gap"]
            met = "" if isinstance(gap, str) or gap.amount else "_met"  # type: ignore[union-attr]
            return f"{fact.kind}_{places['side']}{met}"
        case "first":
            return f"first_{'price' if places['field'] == 'price' else places['side']}"
        case "near":
            return f"near_{places['by']}"
        case "unsaid":
            return "unsaid" if "field" in places else "unsaid_at_all"
        case "without":
            return f"without_{places['part']}{'' if 'rank' in places else '_not_found'}"
        case kind:
            return kind


def _places(fact: Fact, profile: CatalogueProfile) -> dict[str, Part]:
    """Return what fills the places; a bare number gets the unit of its field."""
    places: dict[str, Part] = dict(fact.places)
    if isinstance(name := places.get("field"), str):
        places["field"] = FieldName(name)
    value = places.get("value")
    if isinstance(value, str) and len(several := _SEVERAL.split(value)) > 1:
        places["value"] = tuple(several)
    field = profile.fields.get(str(fact.places.get("field")))
    if isinstance(value, str) and field is not None and field.unit and field.role not in _DATES:
        quantity = read_quantity(value)
        if quantity is not None and not quantity.unit and _is_number(quantity):
            places["value"] = UnitAmount(quantity.low, field.unit)
    return places


def _is_number(quantity: Quantity) -> bool:
    return quantity.low == quantity.high and math.isfinite(quantity.low)


def _attribute(fact: Fact, profile: CatalogueProfile) -> str:
    """Return which common attribute a fact's field is, "" where it is none in the usual unit."""
    name = str(fact.places["field"])
    if name in COLOUR_FIELDS:
        return "colour"
    key, unit = attribute_called(name)
    field = profile.fields.get(name)
    if unit and (field is None or dimension_of(field.unit) != dimension_of(unit)):
        return ""
    return key or name
