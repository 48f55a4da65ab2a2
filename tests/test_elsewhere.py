"""What goes wrong in other assistants, on a whole turn with fakes; each docstring quotes it."""

import pytest

from tests.test_agent import build, ids, last


@pytest.fixture
def agent(tmp_path):
    agent = build(tmp_path)
    yield agent
    agent.memory.close()


def prices(done):
    return [candidate.item.price for candidate in done.candidates]


def test_a_range_is_kept_to(agent):
    """Quote: "$5 to $10" put a $139.99 item on screen."""
    found = prices(last(agent, "something for $5 to $30"))
    assert found
    assert all(5 <= price <= 30 for price in found)


def test_a_limit_lasts_until_it_is_given_up(agent):
    """Quote: the budget forgotten after one turn; "ignore the budget" clears it."""
    last(agent, "scarves under 40 dollars")
    for message in ("in red", "show me mugs"):
        found = last(agent, message)
        assert "under 40 dollars" in [one.said for one in found.constraints]
        assert all(price <= 40 for price in prices(found))
    assert not [c for c in last(agent, "ignore the budget").constraints if c.field == "price"]


def test_what_is_not_carried_is_said(agent):
    """Quote: say what is not carried, name the nearest kinds."""
    assert "tents" in last(agent, "do you have tents?").answer


def test_others_are_not_the_same_again(agent):
    """Quote: "something more casual" returned the same five items."""
    first = ids(last(agent, "scarves under 40 dollars"))
    assert first
    assert not set(first) & set(ids(last(agent, "show me others")))
