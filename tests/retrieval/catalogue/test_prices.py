"""Prices and currencies as people write them."""

import pytest

from retrieval.catalogue.prices import read_currency, read_price


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("12.50", (12.5, "")),
        ("12,50 €", (12.5, "EUR")),
        ("$1,299.00", (1299.0, "USD")),
        ("1.299,00 EUR", (1299.0, "EUR")),
        ("USD 12", (12.0, "USD")),
        ("12 usd", (12.0, "USD")),
        ("1,299", (1299.0, "")),
        ("1.299 €", (1299.0, "EUR")),  # where a comma is the decimal sign
        ("1.299", (1.299, "")),  # as a machine writes it
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
