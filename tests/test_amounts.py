"""Limits on price, as people write them."""

import pytest

from assistant.amounts import read_limits


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
        ("unter 40 Euro", [("<=", 40.0)]),
        ("moins de 30 €", [("<=", 30.0)]),
        ("menos de 20 euros", [("<=", 20.0)]),
        ("不超过50元", [("<=", 50.0)]),
        ("a 12 inch pan under $30", [("<=", 30.0)]),
        ("the second one under 20", [("<=", 20.0)]),
    ],
)
def test_a_limit_is_read(message, expected):
    assert [(limit.op, limit.amount) for limit in read_limits(message)] == expected


@pytest.mark.parametrize(
    "message",
    ["2 mugs", "a table for 4 people", "size 10 to 12 shoes", "200 pages or more",
     "more than one colour", "over the ear headphones", "a 12 inch pan", "the first two", "", "under"],
)  # fmt: skip
def test_what_is_no_price_sets_no_limit(message):
    assert read_limits(message) == []


def test_a_limit_keeps_the_users_words_and_currency():
    (limit,) = read_limits("a lamp for less than €50, please")
    assert (limit.said, limit.currency) == ("less than €50", "EUR")
    assert "a lamp for less than €50, please"[slice(*limit.span)].strip() == limit.said
