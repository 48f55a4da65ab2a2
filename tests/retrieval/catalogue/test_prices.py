"""Prices and currencies as people write them."""

import pytest

from retrieval.catalogue.prices import decimal_mark, read_currency, read_price


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("12.50", (12.5, "")),
        ("12,50 €", (12.5, "EUR")),
        ("$1,299.00", (1299.0, "USD")),
        ("1.299,00 EUR", (1299.0, "EUR")),
        ("USD 12", (12.0, "USD")),
        ("12 usd", (12.0, "USD")),
        ("$1,299", (1299.0, "USD")),
        ("1,299 GBP", (1299.0, "GBP")),
        ("1.299.000 €", (1299000.0, "EUR")),
        ("0,999", (0.999, "")),
        ("CHF 1'299.50", (1299.5, "CHF")),
        ("1 299,00 zł", (1299.0, "PLN")),
        ("12,-", (12.0, "")),
        ("0", (0.0, "")),
    ],
)
def test_a_price_is_read_as_people_write_it(written, expected):
    assert read_price(written) == expected


@pytest.mark.parametrize(
    "written",
    ["cheap", "-3", "nan", "inf", "10-20", "1 2 3", "$", "5 off", "$12 EUR", "1,2,3", "1e9"],
)
def test_what_is_no_price_is_refused_and_named(written):
    with pytest.raises(ValueError, match="is not a|two currencies"):
        read_price(written)


def test_a_currency_is_a_sign_or_a_code():
    assert [read_currency(mark) for mark in ("€", "eur", "SEK")] == ["EUR", "EUR", "SEK"]
    with pytest.raises(ValueError, match="'krona' is not a currency"):
        read_currency("krona")


@pytest.mark.parametrize("written", ["1,299", "1.299", "1.150 €", "1.299 USD"])
def test_what_can_be_two_prices_is_not_guessed(written):
    with pytest.raises(ValueError, match="can be 1[12][59][09] or 1.[12]"):
        read_price(written)


@pytest.mark.parametrize(
    ("column", "mark"),
    [
        (["2.499,00", "24,90", "1.150"], ","),
        (["1,299.00", "12.5"], "."),
        (["1.150.000", "349"], ","),
        (["1.150", "349"], ""),
        (["24,90", "24.90"], ""),  # two hands wrote it
        (["0.999", "1.150"], "."),
        (["cheap", "", "from 12,50"], ","),
    ],
)
def test_a_column_shows_its_decimal_mark(column, mark):
    assert decimal_mark(column, ["from"]) == mark


def test_the_columns_mark_decides_what_one_price_leaves_open():
    assert read_price("1.150", ",") == (1150.0, "")
    assert read_price("1.150", ".") == (1.15, "")
    assert read_price("24,90", ".") == (24.9, "")
    assert read_price("1,150", currency="USD") == (1150.0, "")
    assert read_price("ab 12,50 €", prefixes=["ab"]) == (12.5, "EUR")
