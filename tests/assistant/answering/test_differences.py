"""What sets items apart: from their records, of one kind only, and what is not said is said so."""

from dataclasses import replace

import pytest

from assistant.answering.choose import AnswerRequest
from assistant.answering.differences import apart, compare, why_not
from assistant.answering.render import answer_languages, render
from retrieval.catalogue.profile import infer_profile
from retrieval.items import Catalogue, Constraint, Item
from tests.builders import ITEMS

SCARF, LIGHT, ALPINE, BLUE_MUG, RED_MUG, *_, NOTE = ITEMS
PROFILE = infer_profile(Catalogue("shop", {item.id: item for item in ITEMS}))


def asked(*constraints, near=()):
    def likeness(texts):
        return [float(text in near) for text in texts]

    return AnswerRequest(constraints, likeness, (), PROFILE)


def told(items, request=None, language="en", turn=0):
    return render(apart(items, request or asked()), language, turn)


# ---- two side by side ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "fields", "said"),
    [
        ((SCARF, LIGHT), (), "Fjord Ribbed Scarf and Meadow Scarf side by side: Meadow Scarf costs $18.50, $13.50 less; brand: Nordlys against Hazel & Finch; colour: navy blue against green; material: wool against cotton."),
        ((LIGHT, SCARF), ("price",), "Meadow Scarf and Fjord Ribbed Scarf side by side: price: $18.50 against $32."),
        ((SCARF, NOTE), ("price", "material"), "Fjord Ribbed Scarf and Unpriced Notebook side by side: price: $32 against not recorded; material: wool against not recorded."),
        ((BLUE_MUG, RED_MUG), (), "Harbour Mug and Harbour Mug side by side: both cost $12; colour: blue against red."),
        ((NOTE, replace(NOTE, id="n2")), (), "The records of Unpriced Notebook and Unpriced Notebook do not differ."),
    ],
)  # fmt: skip
def test_two_are_compared_field_by_field_from_their_records(items, fields, said):
    assert render([compare(items, fields)], "en") == said


def test_prices_of_two_currencies_are_not_subtracted():
    euro = replace(LIGHT, currency="EUR")
    assert "less" not in render([compare((SCARF, euro))], "en")
    assert "less" not in told((SCARF, euro))
    assert "less" not in told((SCARF, replace(LIGHT, price=None)))


def test_the_same_value_in_other_letters_is_no_difference():
    louder = replace(SCARF, id="x", title="Twin", attributes={**SCARF.attributes, "colour": "Navy  Blue"})  # fmt: skip
    assert "colour" not in told((SCARF, louder))


# ---- the first two of an answer -----------------------------------------------------------------


def test_the_same_amount_spelled_otherwise_is_no_difference():
    small, large = (
        Item(name, name, attributes={"ram": ram, "weight": weight})
        for name, ram, weight in (("a", "16 GB", "2 kg"), ("b", "16GB", "3 kg"))
    )
    assert "ram" not in told((small, large))
    assert "weight" in told((small, large))


def test_the_first_two_of_one_kind_are_told_apart():
    assert told((SCARF, LIGHT)) == (
        "Between Fjord Ribbed Scarf and Meadow Scarf: Meadow Scarf costs $18.50, $13.50 less; "
        "colour: navy blue against green; material: wool against cotton."
    )
    assert told((SCARF, LIGHT), turn=1).startswith("What sets Fjord Ribbed Scarf and")
    assert told((SCARF, LIGHT, ALPINE)) == told((SCARF, LIGHT))


@pytest.mark.parametrize(
    "items", [(), (SCARF,), (SCARF, BLUE_MUG), (NOTE, replace(NOTE, id="n2", title="Twin"))]
)
def test_one_alone_two_kinds_and_two_that_are_alike_are_not_told_apart(items):
    assert told(items) == ""


def test_what_the_request_names_comes_first_then_what_is_near_it():
    wool = Constraint("material", "in", ("wool", "cotton"))
    assert "less; material: wool" in told((SCARF, LIGHT), asked(wool))
    assert "less; material: wool" in told((SCARF, LIGHT), asked(near=("material",)))


def test_at_most_three_differences_and_no_prose_no_stock_and_no_code_are_named():
    many = {f"field {n}": f"value {n}" for n in range(9)}
    first = replace(SCARF, attributes={**many, "stock": "4", "note": "one two three four five six"})
    second = replace(LIGHT, attributes={**{n: f"{v}x" for n, v in many.items()}, "stock": "9", "note": "z"})  # fmt: skip
    said = told((first, second))
    assert said.count(";") == 2
    assert "stock" not in said
    assert "note" not in said


def test_what_only_one_of_them_says_sets_nothing_apart():
    silent = replace(LIGHT, attributes={"colour": "green"})
    assert "material" not in told((SCARF, silent))


@pytest.mark.parametrize("language", sorted(answer_languages()))
def test_both_values_stand_in_every_language(language):
    for text in (told((SCARF, LIGHT), language=language), render([compare((SCARF, LIGHT))], language)):  # fmt: skip
        for value in (SCARF.title, LIGHT.title, "wool", "cotton", "navy blue", "green", "13"):
            assert value in text
        assert text.index("wool") < text.index("cotton")


# ---- one that is not here -----------------------------------------------------------------------


def test_why_one_is_not_here_is_said_with_its_own_value_and_the_limit():
    jug = Item("j", "Jug", price=20.0, currency="EUR", attributes={"weight": "2.5 kg"})
    for constraint, said in (
        (Constraint("weight", "<=", 2.0, unit="kg"), "weight 2.5 kg, 0.5 kg over, and you asked for at most 2 kg (weight)"),
        (Constraint("weight", ">=", 3.0, unit="kg"), "weight 2.5 kg, 0.5 kg under, and you asked for at least 3 kg (weight)"),
        (Constraint("price", "<=", 15.0, unit="USD"), "€20, not in USD, and you asked for at most $15"),
        (Constraint("colour", "in", ("red",)), "no colour recorded, and you asked for red"),
        (Constraint("stock", ">=", 1.0), "not in stock, and you asked for in stock"),
    ):  # fmt: skip
        text = render([why_not(jug, (constraint,), None, None, 0)], "en")
        assert text == f"Jug is left out: {said}."


def test_a_range_misses_a_limit_by_the_end_that_breaks_it():
    """8 ft is too long for 7 ft by one, whatever the shorter side is."""
    shed = Item("s", "Shed", attributes={"dimensions": "8 x 6 ft"})
    limit = Constraint("dimensions", "<=", 7.5, unit="ft")
    text = render([why_not(shed, (limit,), None, None, 0)], "en")
    assert "0.5 ft over" in text
    assert "under" not in text
