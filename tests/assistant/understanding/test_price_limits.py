"""Limits on price, as people write them."""

import pytest

from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.wishes import read_wishes
from retrieval.items import Catalogue, Item

PRICED = Vocabulary(
    Catalogue(
        "priced",
        {
            str(n): Item(str(n), "Thing", category="Things", price=price, currency=currency)
            for n, (price, currency) in enumerate([(3.0, ""), (40.0, ""), (1500.0, "")])
        },
    )
)


def price_limits(message):
    return [
        (one.op, pytest.approx(one.value))
        for limit in read_wishes(message, PRICED).limits
        for one in limit.constraints
    ]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("a warm scarf under 40 dollars", [("<=", 40.0)]),
        ("under 300", [("<=", 300.0)]),
        ("less than $12.50", [("<=", 12.5)]),
        ("$40 or less", [("<=", 40.0)]),
        ("40 dollars max", [("<=", 40.0)]),
        ("up to two hundred and fifty", [("<=", 250.0)]),
        ("no more than a hundred dollars", [("<=", 100.0)]),
        ("something under 1,299.00", [("<=", 1299.0)]),
        ("1.299,50 €", [("<=", 1299.5)]),
        ("less than 2k", [("<=", 2000.0)]),
        ("$5 to $10", [(">=", 5.0), ("<=", 10.0)]),
        ("between five and ten", [(">=", 5.0), ("<=", 10.0)]),
        ("between 10 and 5 euros", [(">=", 5.0), ("<=", 10.0)]),
        ("over $100", [(">=", 100.0)]),
        ("at least 20 bucks", [(">=", 20.0)]),
        ("around 40 euros", [(">=", 30.0), ("<=", 50.0)]),
        ("about 40 dollars", [(">=", 30.0), ("<=", 50.0)]),
        ("40ish", [(">=", 30.0), ("<=", 50.0)]),
        ("around $40-ish", [(">=", 30.0), ("<=", 50.0)]),
        ("no more than forty bucks", [("<=", 40.0)]),
        ("€20-30", [(">=", 20.0), ("<=", 30.0)]),
        ("€20–€30", [(">=", 20.0), ("<=", 30.0)]),
        ("20-30€", [(">=", 20.0), ("<=", 30.0)]),
        ("two hundred dollars", [("<=", 200.0)]),
        ("under a hundred", [("<=", 100.0)]),
        ("a hundred bucks or so", [(">=", 75.0), ("<=", 125.0)]),
        ("over 50 but under 30", [(">=", 50.0), ("<=", 30.0)]),
        ("between 50 and 30", [(">=", 30.0), ("<=", 50.0)]),
        ("from 20 to 40", [(">=", 20.0), ("<=", 40.0)]),
        ("not more than thirty-five euros", [("<=", 35.0)]),
        ("under $1,000", [("<=", 1000.0)]),
        ("<$50", [("<=", 50.0)]),
        ("< 50", [("<=", 50.0)]),
        (">= 50 dollars", [(">=", 50.0)]),
        ("$50+", [(">=", 50.0)]),
        ("my budget is 60", [("<=", 60.0)]),
        ("budget: 60", [("<=", 60.0)]),
        ("budget 60", [("<=", 60.0)]),
        ("I have 60 dollars", [("<=", 60.0)]),
        ("I can spend 60", [("<=", 60.0)]),
        ("I can spend up to 60", [("<=", 60.0)]),
        ("I don't want to spend more than 60", [("<=", 60.0)]),
        ("not more expensive than 60", [("<=", 60.0)]),
        ("cheaper than 60", [("<=", 60.0)]),
        ("more expensive than 60", [(">=", 60.0)]),
        ("nothing over 60", [("<=", 60.0)]),
        ("nothing under 60", [(">=", 60.0)]),
        ("less than a thousand", [("<=", 1000.0)]),
        ("under fifty quid", [("<=", 50.0)]),
        ("max 80", [("<=", 80.0)]),
        ("80 max", [("<=", 80.0)]),
        ("maximum of 80 dollars", [("<=", 80.0)]),
        ("80 tops", [("<=", 80.0)]),
        ("a $25 gift", [("<=", 25.0)]),
        ("at least fifty dollars", [(">=", 50.0)]),
        ("upwards of 50 dollars", [(">=", 50.0)]),
        ("minimum 50 dollars", [(">=", 50.0)]),
        ("for 30 dollars or less", [("<=", 30.0)]),
        ("30 dollars and under", [("<=", 30.0)]),
        ("30 dollars and up", [(">=", 30.0)]),
        ("in the 20 to 30 dollar range", [(">=", 20.0), ("<=", 30.0)]),
        ("somewhere between twenty and thirty", [(">=", 20.0), ("<=", 30.0)]),
        ("between $20 and $30", [(">=", 20.0), ("<=", 30.0)]),
        ("20 or 30 dollars", [(">=", 20.0), ("<=", 30.0)]),
        ("1.5k dollars", [("<=", 1500.0)]),
        ("under 12.99", [("<=", 12.99)]),
        ("under 12,99 €", [("<=", 12.99)]),
        ("below USD 45", [("<=", 45.0)]),
        ("45 USD or below", [("<=", 45.0)]),
        ("as close to 50 dollars as possible", [(">=", 37.5), ("<=", 62.5)]),
        ("no less than 20 dollars", [(">=", 20.0)]),
        ("should not cost more than 70", [("<=", 70.0)]),
        ("must cost less than seventy", [("<=", 70.0)]),
        ("it shouldn't exceed 70 dollars", [("<=", 70.0)]),
        ("spend about a hundred and fifty", [(">=", 112.5), ("<=", 187.5)]),
        ("twenty five dollars max", [("<=", 25.0)]),
        ("a couple hundred dollars", [("<=", 200.0)]),
        ("under 5 pounds sterling", [("<=", 5.0)]),
        ("3 mugs under $20", [("<=", 20.0)]),
        ("a 12 inch pan under $30", [("<=", 30.0)]),
        ("the second one under 20", [("<=", 20.0)]),
    ],
)
def test_a_limit_is_read(message, expected):
    assert price_limits(message) == expected


@pytest.mark.parametrize(
    "message",
    [
        "2 mugs",
        "a table for 4 people",
        "size 10 to 12 shoes",
        "200 pages or more",
        "more than one colour",
        "over the ear headphones",
        "a 12 inch pan",
        "the first two",
        "",
        "under",
        "size 42ish boots",
        "two hundred",
        "a notebook for twenty",
        "half a thousand",
        "a 1 l flask",
        "a 28 cm pan",
        "size 42 boots",
        "a backpack of at least 20 l",
        "for my 5 year old",
        "under 3 kg",
        "the first 2",
        "compare 1 and 3",
        "more like 2, less like 4",
        "something from the 1950s",
        "at most two colours",
        "give me 5 options",
        "a 40 hour battery",
        "from 3 to 5 years",
        "between 2 and 4 litres",
        "ages 4-6",
        "about 30 cm tall",
        "40 x 60 cm",
        "the one under the other",
        "1 or 2 people",
        "a table for six",
        "over two metres long",
        "under ten minutes",
        "number 2",
        "around 2 in the afternoon",
    ],
)
def test_what_is_no_price_sets_no_limit(message):
    assert price_limits(message) == []


def test_a_limit_keeps_the_users_words_and_currency():
    (limit,) = read_wishes("a lamp for less than €50, please", PRICED).limits
    assert (limit.said, limit.currencies) == ("less than €50", {"EUR"})
    assert "a lamp for less than €50, please"[slice(*limit.span)].strip() == limit.said
