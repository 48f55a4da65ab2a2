"""The panel behind "Why this?": its rows add up to the score, and what it says is the record's."""

import re

from assistant.page.markup.why import why_panel
from assistant.page.reply import Reply, after, parts
from assistant.recommending.evidence import Counterfactual
from retrieval.items import Candidate, Constraint, Item
from tests.builders import last

NASTY = "<img src=x onerror=alert(1)>"


def numbers(drawn):
    """Return the last cell of each row."""
    cells = re.findall(r"<td>([+−][\d.]+)</td></tr>", drawn)
    return [float(one.replace("−", "-")) for one in cells]


def test_the_parts_add_up_to_the_score(shop_agent):
    done = last(shop_agent, "a scarf under 70 dollars")
    assert done.candidates
    for one in done.candidates:
        *rows, total = numbers(why_panel(one, done.constraints, ()))
        assert rows
        assert abs(sum(rows) - total) < 0.02 * len(rows)
        assert abs(total - one.score) < 0.01


def test_limits_are_said_with_what_the_record_says():
    item = Item("m", "Mug", price=14.5, currency="USD", attributes={"colour": NASTY})
    limits = (Constraint("price", "<=", 20.0, "under 20"), Constraint("colour", "=", "x", "x"))
    drawn = why_panel(Candidate(item, 0.5, {"text": 0.7, "picture": -0.2}), limits, ())
    assert "<li>at most $20: $14.50</li>" in drawn
    assert NASTY not in drawn
    assert numbers(drawn) == [0.7, -0.2, 0.5]
    assert 'class="against"' in drawn


def test_what_if_says_the_place_without_a_part():
    item = Item("m", "Mug")
    told = (
        Counterfactual("photo", 5, 1),
        Counterfactual("words", None, 1),
        Counterfactual("budget", 1, 1),
        Counterfactual("like", 2, 1, liked=Item("l", "Lamp")),
    )
    drawn = why_panel(Candidate(item, 1.0, {"text": 1.0}), (), told)
    assert "Without your photo it would be number 5 instead of 1." in drawn
    assert "Without your words it would not be among the first hundred." in drawn
    assert "Without the budget it would stay number 1." in drawn
    assert "Without your liking of Lamp it would be number 2 instead of 1." in drawn


def test_it_is_there_when_the_turn_is_over_and_not_before(shop_agent):
    done = last(shop_agent, "a scarf")
    reply = after(Reply(waiting="Writing"), done)
    assert "Why this?" in "".join(parts(reply, "USD"))
    assert why_panel(Candidate(Item("m", "Mug"), 0.0), (), ()) == ""  # after a restart
