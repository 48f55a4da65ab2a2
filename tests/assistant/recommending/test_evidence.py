"""Why an item is shown: facts of its record, of the limits and of the search, each with its source."""

import json
from dataclasses import replace

import pytest

from assistant.answering.render import render
from assistant.answering.write import item_sentences, reason_text
from assistant.recommending.evidence import (
    Likenesses,
    field_facts,
    has,
    price_text,
    quotations,
    reasons,
    whole_record,
)
from assistant.recommending.facts import Fact, Money, UnitAmount, fact_json, read_fact
from retrieval.field_profile import CatalogueProfile
from retrieval.items import Candidate, Constraint, Item, Preference
from tests.builders import ITEMS, SHOP

SCARF, LIGHT, ALPINE = ITEMS[:3]
NOTE = SHOP.items["n1"]
BUDGET = Constraint("price", "<=", 40.0, "under 40")
KETTLE = Item("k", "Kettle", price=30.0, currency="EUR", attributes={"capacity": "1,5 L"})


def kinds(found):
    return [fact.kind for fact in found]


def money(amount):
    return Money(amount, "USD")


@pytest.mark.parametrize(
    ("item", "constraint", "fact"),
    [
        (SCARF, BUDGET, Fact("price", "price and limit", {"price": money(32.0), "limit": money(40.0), "gap": money(8.0), "side": "most"})),
        (SCARF, Constraint("price", ">=", 32.0), Fact("price", "price and limit", {"price": money(32.0), "limit": money(32.0), "gap": money(0.0), "side": "least"})),
        (SCARF, Constraint("colour", "in", ("navy blue", "blue"), "blue"), has(SCARF, "colour")),
        (KETTLE, Constraint("capacity", ">=", 1000.0, unit="ml"), Fact("kept", "attribute capacity", {"field": "capacity", "value": "1,5 L", "gap": UnitAmount(500.0, "ml"), "side": "least"})),
    ],
)  # fmt: skip
def test_a_limit_that_is_kept_is_a_fact_with_what_the_record_says(item, constraint, fact):
    assert reasons(Candidate(item, 1.0), (constraint,), "") == (fact,)


@pytest.mark.parametrize(
    ("value", "limit", "side", "gap"),
    [
        ("8 x 6 ft", 10.0, "most", 2.0),  # by the longer side
        ("8 x 6 ft", 5.0, "least", 1.0),  # by the shorter one
        ("5-8 ft", 4.0, "least", 1.0),
        ("12+ ft", 10.0, "least", 2.0),
    ],
)
def test_a_range_keeps_a_limit_by_the_end_that_is_held_against_it(value, limit, side, gap):
    shed = Item("s", "Shed", attributes={"length": value})
    op = "<=" if side == "most" else ">="
    (fact,) = reasons(Candidate(shed, 1.0), (Constraint("length", op, limit, unit="ft"),), "")
    assert (fact.kind, fact.places["gap"]) == ("kept", UnitAmount(gap, "ft"))


@pytest.mark.parametrize("language", ["en", "de", "zh"])
def test_what_lasts_for_a_lifetime_has_no_gap_to_a_limit(language):
    drill = Item("d", "Drill", attributes={"guarantee": "lifetime"})
    limit = Constraint("guarantee", ">=", 2.0, unit="year")
    (fact,) = reasons(Candidate(drill, 1.0), (limit,), "")
    for said in (
        reason_text(fact, CatalogueProfile()),
        *item_sentences(drill, [fact], CatalogueProfile()),
    ):
        text = render([said], language)
        assert "lifetime" in text
        assert not {"inf", "∞"} & set(text.split())


@pytest.mark.parametrize(
    "constraint",
    [Constraint("colour", "!=", "red"), Constraint("stock", ">=", 1.0), Constraint("category", "=", "scarves")],
)  # fmt: skip
def test_what_is_excluded_and_what_the_card_shows_is_no_reason(constraint):
    assert reasons(Candidate(SCARF, 1.0), (constraint,), "") == ()


def test_a_wish_is_a_reason_only_where_it_is_met():
    wool, silk = (Constraint("material", "=", name) for name in ("wool", "silk"))
    (met,) = reasons(Candidate(SCARF, 1.0), (), "", wished=(wool, silk))
    assert met == Fact("wished", "attribute material", {"field": "material", "value": "wool"})


def test_words_are_answered_by_a_quotation_of_description_or_recording():
    (quote,) = reasons(Candidate(SCARF, 1.0), (), "something for cold walks")
    assert quote == Fact("quote", "description", {"text": SCARF.description})
    (spoken,) = reasons(Candidate(NOTE, 1.0, {"speech": 0.4}), (), "a waterproof notebook")
    assert spoken == Fact("spoken", "transcript", {"text": "Every page is waterproof."})


@pytest.mark.parametrize(
    ("parts", "alike", "kind", "by"),
    [
        ({"picture": 9.0}, Likenesses(photo=4.0), "photo", None),
        ({"picture": 9.0}, Likenesses(photo=2.25), "near", "photo"),
        ({"picture": 9.0}, Likenesses(), "near", "picture"),
        ({"sound": 0.4, "text": 0.0}, Likenesses(sound=0.9), "sound", None),
        ({"sound": 0.4, "text": 0.0}, Likenesses(sound=0.7), "near", "sound"),
        ({"text": 0.3, "taste": 0.9}, Likenesses(), "near", "text"),
    ],
)
def test_what_brought_an_item_here_is_said_no_more_surely_than_it_is_known(parts, alike, kind, by):
    (fact,) = reasons(Candidate(SCARF, 1.0, parts), (), "", alike=alike)
    assert (fact.kind, fact.places.get("by")) == (kind, by)


def test_nothing_is_a_reason_where_nothing_counted():
    assert reasons(Candidate(SCARF, 0.0, {"sound": 0.0, "text": 0.0}), (), "") == ()
    assert reasons(Candidate(SCARF, 1.0, {"taste": 0.4}), (), "") == ()


def test_a_code_comes_first_and_what_the_photo_shows_last():
    seen = (Preference("colour", "navy blue", 1.0), Preference("material", "silk", 1.0))
    found = reasons(Candidate(SCARF, 1.0, {"code": 1.0}), (BUDGET,), "", preferences=seen)
    assert kinds(found) == ["code", "price", "seen"]
    assert found[-1].places == {"values": ("navy blue",)}


def test_what_a_record_does_not_say_is_unsaid():
    told = field_facts(NOTE, ["price", "material", "colour"])
    assert kinds(told) == ["unsaid", "unsaid", "has"]
    assert field_facts(SCARF, ["price"])[0].places["value"] == Money(32.0, "USD")


def test_a_whole_record_holds_all_that_it_says_once():
    text = whole_record(SCARF).places["text"]
    for part in (SCARF.category, SCARF.brand, *SCARF.attributes.values(), SCARF.description):
        assert text.count(part) >= 1
    assert text.endswith("walks.")
    assert ".." not in text
    assert len(quotations(replace(NOTE, description="One. Two."))) == 3


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [(32.0, "USD", "$32"), (12.5, "EUR", "€12.50"), (1299.0, "USD", "$1,299"), (9.0, "SEK", "9 SEK"), (None, "USD", "")],
)  # fmt: skip
def test_prices_are_rendered_from_the_record(amount, currency, text):
    assert price_text(amount, currency) == text


PLACES = {"text": "x", "count": 3, "share": 0.5, "price": Money(9.5, ""), "gap": UnitAmount(2.0, "kg"), "values": ("a", "b")}  # fmt: skip


def test_a_fact_survives_the_disk():
    fact = Fact("has", "attribute x", PLACES)
    assert read_fact(json.loads(json.dumps(fact_json(fact)))) == fact
