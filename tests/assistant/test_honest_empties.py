"""When nothing fits: what is said, and that nothing which breaks a limit is ever shown."""

import pytest

from assistant.answering.lead_text import lead_text
from assistant.answering.limits import miss_text
from assistant.answering.render import render
from assistant.recommending.leads import NotCarried
from retrieval.items import Constraint, Item
from tests.builders import SHOP, last

SCARF, LIGHT, ALPINE = (SHOP.items[name] for name in ("s1", "s2", "s3"))
CHEAP = Constraint("price", "<=", 15.0, "under 15")
BLUE = Constraint("colour", "in", ("blue",), "blue")


def test_the_limit_in_the_way_is_named_with_what_giving_it_up_would_bring(shop_agent):
    done = last(shop_agent, "a scarf under 15 dollars")
    assert not done.candidates
    assert done.answer == (
        "Nothing in this catalogue fits all of that together. "
        "Without “under $15” there would be three items. The cheapest of them costs $18.50. "
        "These come close: Meadow Scarf ($18.50, $3.50 over); "
        "Fjord Ribbed Scarf ($32, $17 over)."
    )


def test_a_colour_in_the_way_is_named_with_the_colours_there_are(shop_agent):
    answer = last(shop_agent, "a brown lamp").answer
    assert "Without “brown” there would be one item." in answer
    assert "It just misses: Lantern Table Lamp (colour gold)." in answer


def test_near_misses_are_words_and_never_items(shop_agent):
    done = last(shop_agent, "boots under 50 dollars")
    assert done.candidates == ()
    assert done.reasons == {}
    assert "Ranger Boots" in done.answer


def test_when_no_single_limit_is_in_the_way_that_is_all_that_is_said(shop_agent):
    done = last(shop_agent, "a brown lamp under 20 dollars from Quire")
    assert not done.candidates
    assert "Without" not in done.answer
    assert "miss" not in done.answer
    assert "close" not in done.answer


def test_what_is_not_carried_is_named_with_the_kinds_of_what_is_nearest(shop_agent):
    answer = last(shop_agent, "do you have tents?").answer
    assert answer.startswith("No record in this catalogue mentions “tents”. The nearest I have: ")
    assert "which differ in kind." in answer


def test_when_a_kind_was_named_the_nearest_are_of_that_kind():
    lead = NotCarried("tassels", (), mentioned=False)
    assert render(lead_text(lead, "USD"), "en") == (
        "No record in this catalogue mentions “tassels”. The nearest I have:"
    )
    lead = NotCarried("tents", ("scarf", "table lamp"), mentioned=True)
    assert render(lead_text(lead, "USD"), "en") == (
        "Nothing in this catalogue is listed as “tents”. "
        "The nearest I have: scarves and table lamps, which differ in kind."
    )


@pytest.mark.parametrize(
    ("item", "constraint", "said"),
    [
        (ALPINE, Constraint("price", "<=", 40.0), "$75, $35 over"),
        (LIGHT, Constraint("price", ">=", 20.0), "$18.50, $1.50 under"),
        (ALPINE, BLUE, "colour red"),
        (SCARF, Constraint("material", "!=", "wool"), "material wool"),
        (LIGHT, Constraint("stock", ">=", 1.0), "not in stock"),
        (Item("x", "Box"), CHEAP, "no price recorded"),
        (Item("x", "Box"), BLUE, "no colour recorded"),
        (Item("x", "Jug", attributes={"capacity": "900 ml"}), Constraint("capacity", ">=", 1000.0), "capacity 900 ml, 100 under"),
    ],
)  # fmt: skip
def test_what_differs_is_read_from_the_record(item, constraint, said):
    assert render([miss_text(item, constraint)], "en") == said


def test_nothing_that_breaks_a_limit_is_on_screen_whatever_is_asked(shop_agent):
    for asked in ("a red mug under 5 dollars", "cashmere boots", "a green lamp", "mugs over $500"):
        done = last(shop_agent, asked, session=asked)
        assert not done.candidates, asked
        assert done.answer.startswith("Nothing in this catalogue fits"), asked
