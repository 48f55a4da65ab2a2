"""Which facts of an item are said: what was asked for, what lies near it, what sets it apart."""

from dataclasses import replace

import pytest

from assistant.answering.choose import AnswerRequest, chosen, is_interesting, quoted_once
from assistant.recommending.evidence import has, reasons
from assistant.recommending.facts import Fact, Money
from retrieval.catalogue.profile import infer_profile
from retrieval.items import Candidate, Catalogue, Constraint, Item


def lamp(id_, price, weight, rating, **more):
    facts = {"weight": weight, "rating": rating, "material": "brass", "colour": "gold", "shade": "linen",
             "sku": f"AB-10{id_}-99", "stock": "4", "review count": f"{int(price) * 7}", "year": "2021",
             "dimmable": "no", "note": "a long text that says very many words about nothing", **more}  # fmt: skip
    words = f"Warm light number {id_}. Made in Ghent by hand."
    return Item(f"{id_}", f"Lamp {id_}", words, "Lamps", price, "USD", "Lumen", facts)


LAMPS = tuple(
    lamp(n, price, weight, rating)
    for n, price, weight, rating in (
        (1, 40.0, "2 kg", "4.1"), (2, 55.0, "1.2 kg", "4.9"), (3, 90.0, "3 kg", "3.8"), (4, 70.0, "2.5 kg", "4.0"),
        (5, 60.0, "2.6 kg", "4.2"), (6, 61.0, "2.7 kg", "4.3"), (7, 62.0, "2.8 kg", "4.4"),
    )
)  # fmt: skip
CHEAP, LIGHT, WORST = LAMPS[:3]
BUDGET, WEIGHT = Constraint("price", "<=", 100.0), Constraint("weight", "<=", 5.0, unit="kg")

HEAVY = Constraint("weight", ">=", 1.0, unit="kg")


def nothing_near(texts):
    return [0.0] * len(texts)


def near(*words):
    """Return a likeness by words: 1 for what holds one of them."""
    return lambda texts: [float(any(word in text for word in words)) for text in texts]


def told(item, *constraints, likeness=nothing_near, fitting=LAMPS, phrase="", parts=None):
    profile = infer_profile(Catalogue("lamps", {one.id: one for one in LAMPS}))
    why = reasons(Candidate(item, 1.0, parts or {}), constraints, phrase)
    return chosen(item, why, AnswerRequest(constraints, likeness, tuple(fitting), profile))


def said(facts):
    return [(fact.kind, fact.places.get("field")) for fact in facts]


def firsts(facts):
    return [(fact.places["word"], fact.places["count"]) for fact in facts if fact.kind == "first"]


# ---- what is worth saying -----------------------------------------------------------------------


def test_what_the_request_limits_comes_first_then_what_lies_near_it():
    budget = Constraint("price", "<=", 75.0)
    facts = told(LAMPS[3], budget, WEIGHT, likeness=near("linen"))
    assert said(facts) == [("price", None), ("kept", "weight"), ("has", "shade")]


def test_how_far_a_price_is_under_a_limit_is_said_only_near_it():
    limit, tight = (Constraint("price", "<=", most) for most in (100.0, 44.0))
    assert ("price", None) not in said(told(CHEAP, limit))
    assert ("price", None) in said(told(CHEAP, tight))


def test_a_value_between_two_limits_is_said_once():
    least, most = (Constraint("weight", op, kg, unit="kg") for op, kg in ((">=", 1.0), ("<=", 5.0)))
    assert said(told(LAMPS[3], least, most)).count(("has", "weight")) == 1
    assert "kept" not in [fact.kind for fact in told(LAMPS[3], least, most)]


def test_a_first_in_a_field_says_its_value_once():
    facts = told(LIGHT, Constraint("weight", "<=", 5.0, unit="kg"))
    assert [fact.kind for fact in facts if fact.places.get("field") == "weight"] == ["first"]


def test_no_value_is_said_twice_and_prose_is_quoted():
    named = replace(LAMPS[3], description="", attributes={
        "shade": "2.5 kg", "weight": "2.5 kg", "text": "Glows all night."})  # fmt: skip
    facts = told(named, likeness=lambda texts: [0.9] * len(texts))
    assert said(facts) == [("has", "shade"), ("quote", None)]


def test_the_nearest_value_comes_before_the_near_one():
    def likeness(texts):
        return [0.9 if "brass" in text else 0.5 if "linen" in text else 0.1 for text in texts]

    assert said(told(LAMPS[3], likeness=likeness)) == [("has", "material"), ("has", "shade")]


def test_what_few_others_share_fills_a_sentence():
    alike = tuple(replace(LAMPS[3], id=one.id) for one in LAMPS)
    rare = replace(alike[3], attributes={**LAMPS[3].attributes, "shade": "silk"})
    facts = told(rare, fitting=(*alike[:3], rare))
    assert said(facts)[0] == ("has", "shade")
    assert len(facts) == 2


def test_what_the_opening_says_of_all_is_not_said_again_but_one_of_several_is():
    gold, either = (
        Constraint("colour", "in", ("gold",)),
        Constraint("colour", "in", ("gold", "red")),
    )
    assert ("has", "colour") not in said(told(LAMPS[3], gold))
    assert said(told(LAMPS[3], either))[0] == ("has", "colour")


def test_a_sentence_has_at_most_three_facts_and_one_quotation():
    everything = near("brass", "gold", "linen", "Ghent", "Warm")
    for item in LAMPS:
        facts = told(item, BUDGET, WEIGHT, likeness=everything, parts={"code": 1.0})
        assert len([fact for fact in facts if fact.kind != "quote"]) <= 3
        assert len([fact for fact in facts if fact.kind == "quote"]) == 1


def test_a_sentence_that_many_records_share_is_quoted_of_one():
    shared, own = (
        Fact("quote", "description", {"text": text}) for text in ("Built well.", "Gold.")
    )
    weight, quoted = has(CHEAP, "weight"), set()
    assert quoted_once((weight, shared), quoted) == (weight, shared)
    assert quoted_once((weight, shared, own), quoted) == (weight, own)


@pytest.mark.parametrize("field", ["sku", "stock", "review count", "year", "dimmable", "note"])
def test_no_code_no_stock_no_count_of_reviews_and_no_plain_no_is_said(field):
    for item in LAMPS:
        facts = told(item, likeness=near(field, item.attributes[field]))
        assert field not in [fact.places.get("field") for fact in facts]


def test_what_the_card_tells_of_the_search_is_not_said_in_the_answer():
    searched = [Fact("near", "search", {"by": "text"}), Fact("without", "search", {"part": "words"}),
                Fact("budget", "search", {"title": "x", "price": Money(1.0, "")})]  # fmt: skip
    profile = infer_profile(Catalogue("lamps", {one.id: one for one in LAMPS}))
    facts = chosen(CHEAP, searched, AnswerRequest((), nothing_near, (), profile))
    assert not {"near", "without", "budget"} & {fact.kind for fact in facts}
    liked = Fact("liked", "likes", {"title": "Tourer"})
    assert liked in chosen(CHEAP, [liked], AnswerRequest((), nothing_near, (), profile))


def test_the_sentence_nearest_to_the_request_is_quoted_else_the_one_that_shares_its_words():
    quote = told(CHEAP, likeness=near("Ghent"), phrase="warm light")[-1]
    assert quote.places["text"] == "Made in Ghent by hand."
    quote = told(CHEAP, phrase="something warm")[-1]
    assert quote.places["text"] == "Warm light number 1."
    assert "quote" not in {fact.kind for fact in told(CHEAP)}


def test_every_fact_is_the_records_own():
    for item in LAMPS:
        for fact in told(item, BUDGET, likeness=near("a", "e")):
            if fact.kind == "has":
                assert fact == has(item, fact.places["field"])


def test_an_interesting_field_is_one_that_a_shopper_may_ask_for():
    profile = infer_profile(Catalogue("lamps", {one.id: one for one in LAMPS}))
    fields = ("weight", "material", "unknown", "sku", "stock", "review count", "year", "category")
    assert [name for name in fields if is_interesting(name, profile)] == ["weight", "material", "unknown"]  # fmt: skip


# ---- the first of all that fit ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "constraints", "words"),
    [
        (CHEAP, (), [("cheapest", 7)]),
        (LIGHT, (), [("best rated", 7)]),
        (WORST, (), []),  # neither the dearest nor the worst rated
        (LIGHT, (WEIGHT,), [("lightest", 7)]),  # one is enough
        (LAMPS[3], (WEIGHT,), []),
        (WORST, (WEIGHT,), []),  # who limits the weight wants no heaviest
        (WORST, (HEAVY,), [("heaviest", 7)]),
        (LIGHT, (HEAVY,), [("best rated", 7)]),  # nor the lightest, who wants a heavy one
    ],
)
def test_what_is_first_is_said_and_nothing_bad(item, constraints, words):
    assert firsts(told(item, *constraints)) == words


def test_the_lightest_is_said_only_where_the_weight_was_spoken_of():
    same = tuple(replace(one, price=10.0, attributes={**one.attributes, "rating": "4"}) for one in LAMPS)  # fmt: skip
    assert firsts(told(same[1], WEIGHT, fitting=same)) == [("lightest", 7)]
    assert firsts(told(same[1], fitting=same)) == []


@pytest.mark.parametrize(
    "others",
    [
        (replace(LIGHT, price=None), WORST),  # one does not say
        (replace(LIGHT, currency="EUR"), WORST),  # another currency
        (replace(LIGHT, price=40.0), WORST),  # the same price
        (WORST,),  # too few to speak of
        tuple(replace(WORST, id=f"w{n}") for n in range(600)),  # too many to compare
        (),
    ],
)
def test_nothing_is_the_cheapest_unless_it_is_surely_so(others):
    fitting = (CHEAP, *others) if others else ()
    assert "cheapest" not in [word for word, _ in firsts(told(CHEAP, fitting=fitting))]


def test_weights_in_other_units_are_compared_as_weights():
    heavy = replace(LIGHT, id="p", attributes={**LIGHT.attributes, "weight": "5 lb", "rating": "1"})
    light = replace(LIGHT, id="g", attributes={**LIGHT.attributes, "weight": "900 g", "rating": "1"})  # fmt: skip
    fitting = (*LAMPS, heavy, light)
    assert firsts(told(light, WEIGHT, fitting=fitting)) == [("lightest", 9)]
    vague = replace(LIGHT, id="v", attributes={**LIGHT.attributes, "weight": "very light"})
    assert firsts(told(light, WEIGHT, fitting=(*fitting, vague))) == []


def test_the_cheapest_is_told_by_the_price_and_by_no_list_price():
    """A list price of 50 makes nothing the cheapest where another one costs less."""
    listed = tuple(
        replace(one, price=price, attributes={**one.attributes, "list price": old, "rating": "4"})
        for one, price, old in zip(LAMPS[:4], (45.0, 40.0, 80.0, 90.0), ("50", "99", "100", "120"), strict=True)
    )  # fmt: skip
    profile = infer_profile(Catalogue("lamps", {one.id: one for one in listed}))
    asked = AnswerRequest((), nothing_near, listed, profile)
    assert firsts(chosen(listed[0], (), asked)) == []
    told = chosen(listed[1], (), asked)
    assert firsts(told) == [("cheapest", 4)]
    assert [one.places["value"] for one in told if one.kind == "first"] == [Money(40.0, "USD")]


def test_the_first_of_ranges_has_a_number_of_its_record():
    """The middle of "8 x 6 ft" is 7 ft, which no record says."""
    sheds = tuple(
        Item(f"{n}", f"Shed {n}", price=9.0, currency="USD", attributes={"dimensions": size})
        for n, size in enumerate(("8 x 6 ft", "10 x 8 ft", "12 x 10 ft"))
    )
    profile = infer_profile(Catalogue("sheds", {one.id: one for one in sheds}))
    wide = Constraint("dimensions", "<=", 1000.0, unit="cm")
    for shed in sheds:
        facts = chosen(shed, (), AnswerRequest((wide,), nothing_near, sheds, profile))
        for fact in facts:
            if fact.kind == "first":
                value = fact.places["value"]
                assert isinstance(value, str) or value.amount in (6.0, 8.0, 10.0, 12.0)  # ft
