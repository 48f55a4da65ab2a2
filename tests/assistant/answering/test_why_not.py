"""Why an item is not chosen: the constraints that it truly breaks, else its place."""

from assistant.answering.messages import why_not
from retrieval.items import Constraint
from tests.builders import SHOP

SCARF, BUDGET = SHOP.items["s3"], Constraint("price", "<=", 40.0, "under 40")


def test_every_constraint_that_it_breaks_is_named_and_no_other():
    blue = Constraint("colour", "=", "blue", "blue")
    kept = Constraint("material", "=", "cashmere", "cashmere")
    said = why_not(SCARF, (BUDGET, kept, blue), None, None, 3)
    assert said == (
        "Alpine Scarf is left out: $75, $35 over, and you asked for at most $40; "
        "colour red, and you asked for blue."
    )


def test_what_breaks_nothing_has_a_place_on_screen_or_in_the_search():
    assert "as number 2, with 1 before it" in why_not(SCARF, (), 2, 2, 9)
    assert "in place 7" in why_not(SCARF, (), None, 7, 9)
    assert "behind the 100 best" in why_not(SCARF, (), None, None, 100)
