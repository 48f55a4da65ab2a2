"""Facts in words: in a sentence, beside a card, and nothing that a record does not say."""

from dataclasses import replace
from typing import get_args

import pytest

from assistant.answering.render import answer_languages, render
from assistant.answering.write import field_sentence, item_name, item_sentences, reason_text
from assistant.recommending.evidence import field_facts, has
from assistant.recommending.facts import Fact, FactKind, Money, UnitAmount
from retrieval.catalogue.profile import infer_profile
from retrieval.items import Catalogue, Item

BIKE = Item("b", "Roadster", "Light. Built in Ghent.", "Bikes", 450.0, "EUR", "Velo",
            {"weight": "11.2 kg", "max rider weight": "120 kg", "gears": "7", "colour": "red; black",
             "material": "steel", "wheel size": "28", "pages": "320", "stock": "3"})  # fmt: skip
OTHER = replace(BIKE, id="c", attributes={**BIKE.attributes, "wheel size": "26 in", "weight": "9 kg"})  # fmt: skip
THIRD = replace(BIKE, id="d", attributes={**BIKE.attributes, "wheel size": "29 in"})
PROFILE = infer_profile(Catalogue("bikes", {one.id: one for one in (BIKE, OTHER, THIRD)}))


def money(amount):
    return Money(amount, "EUR")


def sentence(*facts, item=BIKE, language="en", turn=0):
    return render(item_sentences(item, facts, PROFILE), language, turn)


def reason(fact, language="en"):
    return render([reason_text(fact, PROFILE)], language)


def priced(price, limit, side):
    gap = abs(price - limit)
    return Fact("price", "price and limit", {"price": money(price), "limit": money(limit), "gap": money(gap), "side": side})  # fmt: skip


def kept(field, value, limit, gap, side, unit="kg"):
    places = {"field": field, "value": value, "limit": UnitAmount(limit, unit), "gap": UnitAmount(gap, unit), "side": side}  # fmt: skip
    return Fact("kept", f"attribute {field}", places)


def first(field, word, value, side="least"):
    return Fact("first", "catalogue", {"field": field, "value": value, "word": word, "side": side, "count": 8})  # fmt: skip


def without(part, **ranks):
    return Fact("without", "search", {"part": part, **ranks})


NAMED = "Roadster (€450)"
WORDED = [  # fact, in a sentence, beside a card
    (Fact("code", "code"), f"{NAMED} has the code that you named.", "it has the code that you named"),
    (has(BIKE, "weight"), f"{NAMED} weighs 11.2 kg.", "weight: 11.2 kg"),
    (has(BIKE, "gears"), f"{NAMED}: gears: 7.", "gears: 7"),
    (kept("weight", "11.2 kg", 15.0, 3.8, "most"), f"{NAMED} weighs 11.2 kg (3.8 kg under your limit).", "weight: 11.2 kg, 3.8 kg under your limit"),
    (kept("weight", "11.2 kg", 11.2, 0.0, "most"), f"{NAMED} weighs 11.2 kg (just within your limit).", "weight: 11.2 kg"),
    (kept("weight", "11.2 kg", 10.0, 1.2, "least"), f"{NAMED} weighs 11.2 kg (1.2 kg more than you asked for).", "weight: 11.2 kg, 1.2 kg more than you asked for"),
    (kept("gears", "7", 7.0, 0.0, "least", ""), f"{NAMED}: gears: 7, just what you asked for.", "gears: 7"),
    (kept("gears", "7", 5.0, 2.0, "least", ""), f"{NAMED}: gears: 7, 2 more than you asked for.", "gears: 7, 2 more than you asked for"),
    (priced(450.0, 500.0, "most"), f"{NAMED} stays €50 under your limit of €500.", "€450 is under your €500"),
    (priced(450.0, 450.0, "most"), f"{NAMED} is exactly at your limit of €450.", "€450 is exactly your limit"),
    (priced(450.0, 400.0, "least"), f"{NAMED} is €50 over your lower limit of €400.", "€450 is over your €400"),
    (priced(450.0, 450.0, "least"), f"{NAMED} is exactly at your lower limit of €450.", "€450 is exactly your lower limit"),
    (Fact("wished", "attribute material", {"field": "material", "value": "steel"}), f"{NAMED} is made of steel as you wished.", "material: steel"),
    (Fact("wished", "attribute gears", {"field": "gears", "value": "7"}), f"{NAMED}: gears: 7, as you wished.", "gears: 7"),
    (first("price", "cheapest", money(450.0)), f"{NAMED} is the cheapest of the 8 that fit.", "the cheapest of the 8 that fit"),
    (first("weight", "lightest", UnitAmount(11.2, "kg")), f"{NAMED} is the lightest of the 8 that fit (11.2 kg).", "the lightest of the 8 that fit"),
    (first("rating", "best rated", UnitAmount(4.8, "star"), "most"), f"{NAMED} is the best rated of the 8 that fit (4.8 stars).", "the best rated of the 8 that fit"),
    (Fact("quote", "description", {"text": "Built in Ghent."}), f"{NAMED}. Its record says: “Built in Ghent.”", "the record says “Built in Ghent.”"),
    (Fact("spoken", "transcript", {"text": "Hear it."}), f"{NAMED}. Its recording says: “Hear it.”", "its recording says “Hear it.”"),
    (Fact("photo", "search"), f"{NAMED} looks like your photo.", "it looks like your photo"),
    (Fact("sound", "search"), f"{NAMED} sounds like your recording.", "it sounds like your recording"),
    (Fact("seen", "search", {"values": ("red", "steel")}), f"{NAMED} is what your photo seems to show: red, steel.", "as your photo seems to show: red, steel"),
    *((Fact("near", "search", {"by": by}), f"{NAMED} {clause}.", told) for by, clause, told in [
        ("text", "is close in meaning to your words", "its description is close in meaning to your words"),
        ("picture", "has a picture close to your words", "its picture is close to your words"),
        ("photo", "has a picture among those nearest to your photo", "its picture is among those nearest to your photo"),
        ("speech", "has a recording close in meaning to your words", "its recording is close in meaning to your words"),
        ("sound", "has a sound among those nearest to your recording", "its sound is among those nearest to your recording"),
    ]),
    (Fact("both", "records", {"values": ("climbing", "French")}), f"{NAMED} shares climbing, French with you.", "you both: climbing, French"),
    (Fact("ties", "links", {"count": 2, "names": ("Ada", "Bo")}), f"{NAMED} is known to 2 of those you know (Ada, Bo).", "2 of those you know are linked with it: Ada, Bo"),
    (Fact("also", "search", {"count": 1}), f"{NAMED} is told by one more of these.", "one more tells the same"),
    (Fact("liked", "likes", {"title": "Tourer"}), f"{NAMED}. It ranks higher because you liked Tourer.", "because you liked Tourer"),
    *((without(part, rank=14, now=2), f"{NAMED}. Without your {part} the search would put it in place 14 instead of 2.", f"without your {part} the search would put it in place 14 instead of 2") for part in ("photo", "recording", "words")),
    *((without(part), f"{NAMED}. Without your {part} the search would not find it near the top.", f"without your {part} the search would not find it near the top") for part in ("photo", "recording", "words")),
    (Fact("budget", "search", {"title": "Tourer", "price": money(900.0)}), f"{NAMED}. Without your limit on the price Tourer (€900) would come first.", "without your limit on the price Tourer (€900) would come first"),
    (Fact("unsaid", "record", {"field": "gears"}), f"{NAMED}. The record does not say its gears.", "the record does not say its gears"),
    (Fact("unsaid", "record"), f"{NAMED}. The record does not say.", "the record does not say"),
    (Fact("record", "record", {"text": "Bikes. Velo."}), f"{NAMED}. Bikes. Velo.", "Bikes. Velo."),
]  # fmt: skip


@pytest.mark.parametrize(("fact", "told", "beside"), WORDED)
def test_a_fact_in_a_sentence_and_beside_a_card(fact, told, beside):
    assert sentence(fact) == told
    assert reason(fact) == beside


def test_every_kind_of_fact_is_worded():
    assert {fact.kind for fact, *_ in WORDED} == set(get_args(FactKind))


@pytest.mark.parametrize("language", sorted(answer_languages() - {"en"}))
@pytest.mark.parametrize(("fact", "told", "beside"), WORDED)
def test_a_fact_is_worded_in_every_language(fact, told, beside, language):
    assert sentence(fact, language=language).startswith("Roadster")
    for text in (sentence(fact, language=language), reason(fact, language)):
        assert text
        assert "{" not in text
    same = fact.kind == "record" or beside.partition(":")[0] in ("gears", "material", "weight")
    assert same or reason(fact, language) != beside


# ---- what an attribute is -----------------------------------------------------------------------


def test_what_only_ends_with_a_weight_is_no_weight_of_the_item():
    assert sentence(has(BIKE, "max rider weight")) == f"{NAMED}: max rider weight: 120 kg."
    assert "wiegt" not in sentence(has(BIKE, "max rider weight"), language="de")


@pytest.mark.parametrize("name", ["weight", "item weight", "gewicht", "peso"])
def test_a_weight_under_any_of_its_names_weighs(name):
    item = Item("x", "Pan", attributes={name: "2 kg"})
    profile = infer_profile(Catalogue("x", {"x": item}))
    assert render(item_sentences(item, [has(item, name)], profile), "en") == "Pan weighs 2 kg."


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("weight", "heavy", "Pan: weight: heavy."),  # no weight in any unit
        ("length", "2 h", "Pan: length: 2 h."),  # of a film
        ("colour", "blue", "Pan comes in blue."),
        ("color", "blue", "Pan comes in blue."),
        ("capacity", "2 l", "Pan holds 2 l."),
        ("{title}", "{x}", "Pan: {title}: {x}."),
    ],
)
def test_a_verb_is_used_only_where_the_values_are_of_its_kind(name, value, said):
    item = Item("x", "Pan", attributes={name: value})
    profile = infer_profile(Catalogue("x", {"x": item}))
    assert render(item_sentences(item, [has(item, name)], profile), "en") == said


def test_a_bare_number_gets_the_unit_of_its_field():
    assert sentence(has(BIKE, "wheel size")) == f"{NAMED}: wheel size: 28 in."
    assert sentence(has(BIKE, "pages")) == f"{NAMED} has 320 pages."
    assert sentence(has(BIKE, "gears")) == f"{NAMED}: gears: 7."  # no unit is known
    assert reason(has(BIKE, "wheel size"), "de") == "wheel size: 28 in"


def test_several_values_of_a_cell_are_a_list():
    assert sentence(has(BIKE, "colour")) == f"{NAMED} comes in red, black."
    assert sentence(has(BIKE, "colour"), language="zh").endswith("颜色是 red，black。")


# ---- sentences ----------------------------------------------------------------------------------


def test_facts_are_one_sentence_and_quotations_follow():
    facts = [has(BIKE, "weight"), has(BIKE, "material"), has(BIKE, "gears"), WORDED[17][0]]
    assert sentence(*facts) == (
        f"{NAMED} weighs 11.2 kg and is made of steel; gears: 7. Its record says: “Built in Ghent.”"
    )
    three = sentence(has(BIKE, "weight"), has(BIKE, "material"), Fact("photo", "search"))
    assert three == f"{NAMED} weighs 11.2 kg, is made of steel and looks like your photo."
    assert sentence(has(BIKE, "gears"), has(BIKE, "max rider weight")).endswith(
        ": gears: 7, max rider weight: 120 kg."
    )


def test_an_item_without_facts_or_price_is_named_alone():
    assert sentence() == f"{NAMED}."
    assert sentence(item=replace(BIKE, price=None)) == "Roadster."
    assert render([item_name(BIKE)], "de") == "Roadster (450\xa0€)"


def test_fields_that_are_asked_for_are_answered_also_where_the_record_says_nothing():
    facts = field_facts(BIKE, ["price", "gears", "range"])
    said = render([field_sentence(BIKE, facts, PROFILE)], "en")
    assert said == "The record of Roadster says: price: €450, gears: 7, range: it does not say."
