"""Limits on a shop's own numbers, held against its raw file; messages by who saw only the catalogue."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.conversation import Conversation
from assistant.understanding.dialogue_state import DialogueState, merge
from assistant.understanding.read import read_by_code
from assistant.understanding.wishes import read_wishes
from retrieval.filter import satisfying
from retrieval.items import Catalogue, Item
from tests.builders import TRADES, shop_of, trade

LIMITS = Path(__file__).parents[2] / "data" / "limits_dev.jsonl"
MISSED = {
    "wine harvested in 2020",  # a vintage or a date of publication? No field is named
    "half size 42.5",  # "42-44" is taken to contain it, the shopkeeper's list has whole sizes
}


def asked(name):
    for line in LIMITS.read_text("utf-8").splitlines():
        said = json.loads(line)
        numbers = said["value"] if isinstance(said["value"], list) else [said["value"]]
        if said["file"] == name and all(type(one) in (int, float) for one in numbers):
            yield said


def constraints(message, vocabulary):
    changes = read_by_code(message, Conversation(), vocabulary).changes
    return merge(DialogueState(), changes, kinds=frozenset(vocabulary.kinds)).constraints


@pytest.mark.parametrize("name", TRADES)
def test_a_limit_in_plain_words_admits_what_the_raw_file_admits(name):
    vocabulary, wrong = Vocabulary(trade(name)), {}
    for said in asked(name):
        limits = [
            c for c in constraints(said["message"], vocabulary) if c.field not in vocabulary.kinds
        ]
        admitted = satisfying(vocabulary.catalogue, limits) if limits else set()
        if admitted != set(said["matches"]) and said["message"] not in MISSED:
            wrong[said["message"]] = limits
    assert not wrong


@pytest.mark.parametrize(
    ("message", "name", "limit"),
    [
        ("with a pot diameter of over 6 inches", "garden_tools.csv", ("pot diam.", ">=", 6.0)),
        ("a pressure washer costing exactly 89", "garden_tools.csv", ("price", "=", 89.0)),
        ("a weight of max. 5 kg", "garden_tools.csv", ("weight", "<=", 5.0)),
        ("exactly one drawer", "furniture_home.csv", ("drawers", "=", 1.0)),
        ("with 5 ratings", "furniture_home.csv", ("ratings", "=", 5.0)),
        ("with a rating of exactly 5", "furniture_home.csv", ("stars", "=", 5.0)),
        ('a mattress under 10" high', "furniture_home.csv", ("height", "<=", 25.4)),
        ("a safety age of at most 3 years", "toys_kids.csv", ("safety age minimum", "<=", 36.0)),
        ("something that costs minimum 20", "toys_kids.csv", ("price", ">=", 20.0)),
        ("a vintage since 2018", "books_wine.tsv", ("vintage", ">=", 2018.0)),
    ],
)
def test_an_amount_lands_on_the_field_that_is_named(message, name, limit):
    (found,) = read_wishes(message, Vocabulary(shop_of(name))).limits
    assert [(one.field, one.op, one.value) for one in found.constraints] == [limit]


@pytest.mark.parametrize("message", ["7 reviews to 90 reviews", "7-90 reviews", "7 to 90 reviews"])
def test_a_range_may_say_twice_what_it_counts(message):
    (found,) = read_wishes(message, Vocabulary(shop_of("electronics.csv"))).limits
    assert [(one.op, one.value) for one in found.constraints] == [(">=", 7.0), ("<=", 90.0)]


LAPTOPS = Vocabulary(
    Catalogue(
        "laptops",
        {
            f"n{n}": Item(f"n{n}", "Laptop", category="Laptops", price=500.0 + n, currency="USD",
                          attributes={"ram": f"{ram} GB", "storage": f"{disk} GB", "weight": f"{kg} kg"})
            for n, (ram, disk, kg) in enumerate([(8, 128, 1.1), (16, 512, 1.15), (32, 1000, 2.4)])
        },
    )
)  # fmt: skip


@pytest.mark.parametrize(
    "message",
    [
        "a laptop", "the second one", "2 laptops please", "3 of these", "model CA14-516",
        "I have 2 kids", "call me at 5", "for 20 people", "a laptop for 600 dollars",
    ],
)  # fmt: skip
def test_a_number_that_names_no_field_sets_no_limit(message):
    limits = read_wishes(message, LAPTOPS).limits
    assert all(one.field == "price" for limit in limits for one in limit.constraints)


def test_a_number_sets_one_limit_and_money_goes_to_the_price():
    found = constraints("a laptop under 1.5 kg with at least 16 GB ram under 510 dollars", LAPTOPS)
    numbers = {(c.field, c.op, c.value, c.unit) for c in found if c.field != "category"}
    assert numbers == {
        ("weight", "<=", 1.5, "kg"), ("ram", ">=", 16.0, "GB"), ("price", "<=", 510.0, ""),
    }  # fmt: skip


@given(st.sampled_from(["please", "thanks", "if you can", "hello,", "hm"]), st.booleans())
def test_a_polite_phrase_changes_no_limit(phrase, first):
    plain = "a laptop with at least 16 GB of memory"
    told = f"{phrase} {plain}" if first else f"{plain} {phrase}"
    (limit,) = read_wishes(told, LAPTOPS).limits
    assert [(one.field, one.op, one.value) for one in limit.constraints] == [("ram", ">=", 16.0)]
