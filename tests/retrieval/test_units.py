"""Quantities as shops write them, and conversions that cost nothing."""

import math

import pytest

from retrieval.units import Quantity, converted, dimension_of, parsed_number, read_quantity


@pytest.mark.parametrize(
    ("written", "low", "high", "unit"),
    [
        ("1.2 kg", 1.2, 1.2, "kg"), ("850 g", 850, 850, "g"), ("1,5 l", 1.5, 1.5, "l"),
        ('27"', 27, 27, "in"), ("13.3 in", 13.3, 13.3, "in"), ("16GB", 16, 16, "GB"),
        ("1 TB", 1, 1, "TB"), ("-5 °C", -5, -5, "°C"), ("13.5 % vol", 13.5, 13.5, "%"),
        ("2–5 years", 2, 5, "year"), ("6-8", 6, 8, ""), ("40-43", 40, 43, ""),
        ("3+", 3, math.inf, ""), ("30+ hours", 30, math.inf, "h"), ("ab 3 Jahren", 3, math.inf, "year"),
        ("from 18 months", 18, math.inf, "month"), ("10.5", 10.5, 10.5, ""),
        ("1 299", 1299, 1299, ""), ("2016-05-01", 2016, 2016, ""), ("Lifetime", math.inf, math.inf, ""),
    ],
)  # fmt: skip
def test_a_cell_is_read_as_its_quantity(written, low, high, unit):
    assert read_quantity(written) == Quantity(low, high, unit)


@pytest.mark.parametrize("written", ["", "blue", "2 x AA", "WH-1000XM5", "S"])
def test_what_is_no_quantity_is_none(written):
    assert read_quantity(written) is None


def test_units_of_one_dimension_convert_and_others_do_not():
    assert converted(Quantity(500, 1200, "g"), "kg") == Quantity(0.5, 1.2, "kg")
    assert converted(Quantity(27, 27, "in"), "cm") == Quantity(68.58, 68.58, "cm")
    assert converted(Quantity(3, 3), "year") == Quantity(3, 3, "year")  # a bare number
    assert converted(Quantity(1, 1, "kg"), "cm") is None
    assert converted(Quantity(2, 2, "year"), "day") == Quantity(730, 730, "day")  # of a guarantee
    assert (dimension_of("GB"), dimension_of("")) == ("data", "")


@pytest.mark.parametrize(
    ("written", "number"),
    [("1.299,50", 1299.5), ("1,299.50", 1299.5), ("12,5", 12.5), ("1,299", 1299), ("1.5", 1.5)],
)
def test_separators_are_told_apart(written, number):
    assert parsed_number(written) == number


@pytest.mark.parametrize(
    ("cell", "shortest", "longest", "unit"),
    [("30 x 20 x 10 cm", 10, 30, "cm"), ("25 × 1.8 cm", 1.8, 25, "cm"), ("8 x 6 ft", 6, 8, "ft")],
)
def test_sides_are_a_range_from_the_shortest_to_the_longest(cell, shortest, longest, unit):
    assert read_quantity(cell) == Quantity(shortest, longest, unit)
