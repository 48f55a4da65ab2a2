"""Why an item is not chosen: the constraints that it truly breaks, else its place."""

from assistant.answering.differences import why_not
from assistant.answering.render import render
from retrieval.items import Constraint
from tests.builders import SHOP

SCARF, BUDGET = SHOP.items["s3"], Constraint("price", "<=", 40.0, "under 40")


def said_of(constraints, here, rank, ranked):
    return render([why_not(SCARF, constraints, here, rank, ranked)], "en")


def test_every_constraint_that_it_breaks_is_named_and_no_other():
    blue = Constraint("colour", "=", "blue", "blue")
    kept = Constraint("material", "=", "cashmere", "cashmere")
    assert said_of((BUDGET, kept, blue), None, None, 3) == (
        "Alpine Scarf is left out: $75, $35 over, and you asked for at most $40; "
        "colour red, and you asked for blue."
    )


def test_what_breaks_nothing_has_a_place_on_screen_or_in_the_search():
    assert "is here, as number 2" in said_of((), 2, 2, 9)
    assert "in place 7" in said_of((), None, 7, 9)
    assert "behind the 100 best" in said_of((), None, None, 100)
