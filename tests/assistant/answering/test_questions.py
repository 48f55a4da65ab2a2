"""A counted question parts what fits; what is proposed comes from the records alone."""

from dataclasses import replace

import pytest

from assistant.answering.questions import counted_question, loosening, proposals, question_text
from assistant.answering.render import render
from retrieval.catalogue.profile import infer_profile
from retrieval.items import Catalogue, Constraint, Item
from tests.builders import DEMO

BOTH = ("red", "blue")


def tees(count, **fields):
    """Return tees whose fields go through the values that are given for them."""
    return [
        Item(f"t{at}", f"Tee {at}", category="Tees", price=10.0 + at, currency="USD",
             attributes={name: values[at % len(values)] for name, values in fields.items()})
        for at in range(count)
    ]  # fmt: skip


def asked(items, *constraints):
    profile = infer_profile(Catalogue("x", {item.id: item for item in items}))
    return counted_question(items, constraints, profile)


def test_the_field_that_leaves_the_fewest_is_asked_for_with_counts():
    question = asked(tees(12, colour=BOTH, material=("wool", "linen", "cotton")))
    assert (question.field, question.values) == (
        "material", (("wool", 4), ("linen", 4), ("cotton", 4)),
    )  # fmt: skip
    assert (
        render([question_text(question)], "en")
        == "Which material: wool (4), linen (4), cotton (4)?"
    )


def test_what_was_asked_for_is_not_asked_again_and_several_wished_kinds_are():
    items = tees(12, colour=BOTH, material=("wool", "linen", "cotton"))
    assert asked(items, Constraint("material", "=", "wool")).field == "colour"
    kinds = [*items, *(replace(one, id=f"c{one.id}", category="Caps") for one in items)]
    either = Constraint("category", "in", ("tees", "caps"))
    assert asked(kinds, either).field == "category"


@pytest.mark.parametrize(
    "fields",
    [{"colour": ("red",)}, {"sku": [f"AB-{n}00" for n in range(12)]}, {"stock": ("1", "2")},
     {"colour": ("red", "", "", "")}, {"colour": [f"shade {n}" for n in range(12)]}],
    ids=["all the same", "a code", "the stock", "mostly unsaid", "all of their own"],
)  # fmt: skip
def test_what_parts_nothing_is_not_asked_for(fields):
    assert asked(tees(12, **fields)) is None


def told(fitting, question, *constraints):
    offered = proposals(fitting, fitting[:6], question, constraints)
    return [render([one.message], "en") for one in offered]


def test_values_a_price_in_the_middle_and_a_comparison_are_proposed():
    items = tees(12, colour=BOTH)
    assert told(items, asked(items)) == [
        "red", "blue", "under $16", "compare the first two", "without red",
    ]  # fmt: skip
    budget = Constraint("price", "<=", 15.0)
    assert "under $16" not in told(items, None, budget)
    assert told(items[:1], None) == []


def test_a_price_is_proposed_in_one_currency_alone():
    items = tees(12, colour=BOTH)
    mixed = [*items, replace(items[0], id="e", currency="EUR")]
    assert not any(one.startswith("under") for one in told(mixed, None))


def test_the_limit_in_the_way_can_be_given_up():
    (price,), (colour,) = (
        loosening(Constraint("price", "<=", 5.0)), loosening(Constraint("colour", "=", "red"))
    )  # fmt: skip
    assert render([price.message], "en") == "ignore the price"
    assert render([colour.message], "en") == "ignore the colour"


def test_the_demo_can_be_asked_of():
    fitting = [item for item in DEMO.items.values() if item.category == "Drinkware"]
    question = counted_question(fitting, (), infer_profile(DEMO))
    assert sum(count for _, count in question.values) > len(fitting) / 2
