"""Does this item satisfy these constraints?"""

import pytest

from retrieval.constraints import as_it_fits, fitting_variants, satisfies, satisfies_all
from retrieval.items import Constraint, Item, Variant, field_values

ITEM = Item("A1", "Scarf", category="Scarves", price=40.0, currency="USD", brand="Nordlys",
            attributes={"colour": "Navy  Blue / red", "stock": "3 left", "size": "M"})  # fmt: skip


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        (Constraint("price", "<=", 40.0), True),
        (Constraint("price", "<=", 39.99), False),
        (Constraint("price", ">=", 40), True),
        (Constraint("stock", ">=", 1.0), True),
        (Constraint("stock", ">=", 4.0), False),
        (Constraint("weight", "<=", 4.0), False),
        (Constraint("category", "=", "SCARVES"), True),
        (Constraint("colour", "=", "navy blue"), True),
        (Constraint("colour", "in", ("green", "red")), True),
        (Constraint("colour", "=", "blue"), False),
        (Constraint("colour", "!=", "red"), False),
        (Constraint("colour", "not in", ("green", "pink")), True),
        (Constraint("material", "=", "wool"), False),
        (Constraint("material", "!=", "wool"), True),
        (Constraint("id", "!=", "A1"), False),
        (Constraint("id", "not in", ("a1",)), True),
    ],
)
def test_one_constraint(constraint, expected):
    assert satisfies(ITEM, constraint) is expected


def test_an_item_without_a_price_is_not_under_any_limit():
    assert not satisfies(Item("x", "X"), Constraint("price", "<=", 1e9))


@pytest.mark.parametrize(
    ("unit", "currency", "expected"),
    [
        ("", "EUR", True),
        ("EUR", "EUR", True),
        ("EUR", "USD", False),
        ("EUR", "", False),
        ("", "", True),
    ],
)
def test_a_limit_in_a_currency_holds_for_that_currency_alone(unit, currency, expected):
    limit = Constraint("price", "<=", 50.0, unit=unit)
    assert satisfies(Item("x", "X", price=40.0, currency=currency), limit) is expected


def test_all_constraints_must_hold():
    under, red = Constraint("price", "<=", 50.0), Constraint("colour", "=", "red")
    assert satisfies_all(ITEM, (under, red))
    assert not satisfies_all(ITEM, (under, Constraint("colour", "=", "pink")))


def test_a_constraint_that_makes_no_sense_is_refused():
    with pytest.raises(TypeError, match="price"):
        satisfies(ITEM, Constraint("price", "<=", "cheap"))


def test_several_values_in_one_field_are_told_apart():
    assert field_values(ITEM, "colour") == ("navy blue", "red")
    assert field_values(ITEM, "category") == ("scarves",)


def test_of_variants_one_must_satisfy_all_that_is_asked():
    tee = Item(
        "t", "Tee", price=18.0, attributes={"size": "S, XL"},
        variants=(Variant("t-s", {"size": "S"}, 18.0, 0.0), Variant("t-xl", {"size": "XL"}, 30.0, 4.0)),
    )  # fmt: skip
    small, large = Constraint("size", "=", "s"), Constraint("size", "=", "xl")
    cheap, there = Constraint("price", "<=", 20.0), Constraint("stock", ">=", 1.0)
    assert satisfies_all(tee, [small, cheap])
    assert satisfies_all(tee, [large, there])
    assert not satisfies_all(tee, [large, cheap])
    assert not satisfies_all(tee, [small, there])
    assert [one.code for one in fitting_variants(tee, [there])] == ["t-xl"]


def test_an_item_costs_what_its_fitting_variants_cost():
    tee = Item("t", "Tee", price=18.0, variants=(
        Variant("s", {"size": "S"}, 18.0, 3.0), Variant("m", {"size": "M"}, 20.0, 0.0),
        Variant("xl", {"size": "XL"}, 30.0, 4.0), Variant("xl2", {"size": "XL"}, 28.0, 0.0),
    ))  # fmt: skip
    assert as_it_fits(tee, ()) is tee
    large = as_it_fits(tee, [Constraint("size", "=", "xl")])
    assert ([one.code for one in large.variants], large.price) == (["xl", "xl2"], 30.0)
    middle = as_it_fits(tee, [Constraint("size", "=", "m")])
    assert ([one.code for one in middle.variants], middle.price) == (["m"], 20.0)
    assert (large.attributes["stock"], middle.attributes["stock"]) == ("4", "0")
    assert as_it_fits(tee, [Constraint("price", "<=", 25.0)]).price == 18.0
