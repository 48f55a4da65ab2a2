"""The first sentence: how many fit, what all of them keep, and how many do not say it."""

import pytest

from assistant.answering.openings import FitCount, count_fitting, opening
from assistant.answering.render import answer_languages, render
from retrieval.filter import satisfying
from retrieval.items import Catalogue, Constraint, Item, Query
from tests.builders import SHOP

MOST, LEAST = Constraint("price", "<=", 40.0), Constraint("price", ">=", 20.0)
STOCK = Constraint("stock", ">=", 1.0)
SHORT = "Here are three scarves: at most $40."


def wish(field, *values, op="in"):
    return Constraint(field, op, values)


KIND, BLUE = wish("kind", "scarf"), wish("colour", "navy blue", "blue")


def opened(shown, constraints, counted=None, query=None, language="en", turn=0):
    counted, query = counted or FitCount(shown), query or Query("x")
    return render(opening(shown, constraints, counted, query, "USD"), language, turn)


@pytest.mark.parametrize(
    ("fit", "constraints", "said"),
    [
        (2, (MOST,), "Here are two items: at most $40."),
        (1, (MOST,), "One item fits: at most $40."),
        (3, (KIND, MOST), "Here are three scarves: at most $40."),
        (1, (KIND,), "There is only one of the scarves."),
        (3, (KIND,), "Here are three scarves."),
        (12, (KIND,), "There are twelve scarves; here are six of them, the nearest to your request first."),
        (14, (wish("kind", "mug", "bowl"),), "There are 14 mugs or bowls; here are six of them, the nearest to your request first."),
        (14, (MOST,), "14 items fit: at most $40. Here are six of them, the nearest to your request first."),
        (12, (KIND, MOST), "Twelve scarves fit: at most $40. Here are six of them, the nearest to your request first."),
        (3, (KIND, BLUE, STOCK), "Here are three scarves: navy blue or blue, in stock."),
        (2, (KIND, wish("colour", "red", op="not in")), "Here are two scarves: not red."),
        (2, (wish("kind", "gloves"), LEAST, MOST), "Here are two gloves: at least $20, at most $40."),
        (2, (wish("category", "scarves, hats & gloves"),), "Here are two scarves, hats & gloves."),
        (2, (wish("colour", "a", "b", "c", "d"),), "Here are two items: a, b, or c or similar."),
        (2, (Constraint("title", "=", "ukes", "ukes"),), "Here are two items: called “ukes”."),
        (2, (Constraint("model year", ">=", 2023.0, unit="year"),), "Here are two items: at least 2023 (model year)."),
        (2, (Constraint("capacity", ">=", 300.0, unit="ml"),), "Here are two items: at least 300 ml (capacity)."),
        (2, (Constraint("pages", "<=", 200.0, unit="page", strict=True),), "Here are two items: under 200 pages."),
    ],
)  # fmt: skip
def test_an_opening_says_how_many_fit_and_what_all_keep(fit, constraints, said):
    assert opened(min(fit, 6), constraints, FitCount(fit)) == said


@pytest.mark.parametrize("constraints", [(KIND,), (MOST,), (KIND, MOST)])
@pytest.mark.parametrize("shown", [1, 6])
def test_what_is_sorted_is_not_said_to_be_the_nearest(constraints, shown):
    told = opening(shown, constraints, FitCount(9), Query("x"), "USD", by_field=True)
    said = render(told, "en")
    assert "in the order that you asked for" in said
    assert "nearest" not in said
    assert not list(opening(shown, (), FitCount(9), Query("x"), "USD", by_field=True))


@pytest.mark.parametrize("constraints", [(KIND,), (MOST,), (KIND, MOST)])
@pytest.mark.parametrize("turn", [0, 1])
def test_one_that_is_left_of_several_is_not_said_in_the_plural(constraints, turn):
    said = opened(1, constraints, FitCount(7), turn=turn)  # the other six were seen before
    assert "seven" in said.lower()
    for wrong in ("the one that fit ", "these one", "best one.", "are the one"):
        assert wrong not in said


@pytest.mark.parametrize("language", sorted(answer_languages()))
@pytest.mark.parametrize("value", ["yes", "no"])
def test_a_yes_is_said_with_what_it_is_about(value, language):
    said = opened(2, (KIND, wish("left-handed", value)), language=language)
    assert "left-handed" in said


@pytest.mark.parametrize(
    ("shown", "constraints", "query", "said"),
    [
        (0, (KIND,), Query("scarf"), ""),
        (6, (), Query("warm"), "Going by your words, the search puts these six first."),
        (6, (), Query("warm", ("photo.jpg",)), "These six come nearest to your photo."),
        (1, (), Query("warm"), ""),
        (6, (), Query(), ""),
        (6, (Constraint("id", "!=", "x"),), Query("warm"), "Going by your words, the search puts these six first."),
    ],
)  # fmt: skip
def test_where_nothing_limits_nothing_is_said_to_fit(shown, constraints, query, said):
    assert opened(shown, constraints, FitCount(99), query) == said


@pytest.mark.parametrize(
    ("unsaid", "said"),
    [
        (0, ""),
        (1, " One more does not say its weight, so I left it out."),
        (5, " Another five do not say their weight, so I left them out."),
        (231, " Another 231 do not say their weight, so I left them out."),
    ],
)
def test_who_does_not_say_is_counted(unsaid, said):
    counted = FitCount(3, unsaid, "weight")
    assert opened(3, (KIND, MOST), counted) == SHORT + said


@pytest.mark.parametrize("language", sorted(answer_languages()))
def test_every_language_says_the_count_the_limit_and_who_does_not_say(language):
    said = opened(6, (KIND, MOST), FitCount(24, 17, "weight"), language=language)
    weight = {"de": "Gewicht", "en": "weight", "es": "peso", "fr": "poids", "zh": "重量"}[language]
    for part in ("24", "40", "17", weight, "scar"):
        assert part in said
    assert opened(6, (KIND, MOST), FitCount(24), language=language, turn=1) not in said


# ---- counting -----------------------------------------------------------------------------------

LAMPS = (
    Item("a", "A", price=10.0, currency="USD", attributes={"weight": "2 kg", "colour": "red"}),
    Item("b", "B", price=20.0, currency="USD", attributes={"weight": "9 kg", "colour": "red"}),
    Item("c", "C", price=30.0, currency="USD", attributes={"colour": "red"}),
    Item("d", "D", price=40.0, currency="USD", attributes={}),
    Item("e", "E", attributes={"weight": "3 kg", "colour": "blue"}),
    Item("f", "F", price=90.0, currency="USD", attributes={"colour": "red"}),
)
LIGHT, RED = Constraint("weight", "<=", 5.0, unit="kg"), Constraint("colour", "in", ("red",))


@pytest.mark.parametrize(
    ("constraints", "counted"),
    [
        ((LIGHT,), FitCount(2, 3, "weight")),  # c, d and f do not say; b says too much
        ((LIGHT, RED), FitCount(1, 2, "weight")),  # c and f; d would miss two things
        ((LIGHT, Constraint("price", "<=", 50.0)), FitCount(1, 2, "weight")),  # c, d
        ((Constraint("colour", "not in", ("red",)),), FitCount(2)),  # what is excluded is kept
        ((RED,), FitCount(4, 1, "colour")),
        ((Constraint("price", "<=", 50.0),), FitCount(4, 1, "price")),
        ((), FitCount(6)),
    ],
)
def test_only_what_keeps_all_else_and_does_not_say_is_counted_as_unsaid(constraints, counted):
    catalogue = Catalogue("lamps", {item.id: item for item in LAMPS})
    assert count_fitting(catalogue, constraints) == counted


def test_the_count_is_that_of_the_filter():
    for constraint in (MOST, LEAST, BLUE, STOCK, wish("material", "wool")):
        assert count_fitting(SHOP, [constraint]).fit == len(satisfying(SHOP, [constraint]))
