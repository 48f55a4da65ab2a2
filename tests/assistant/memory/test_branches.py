"""A conversation that parts from another: each goes on by itself, for its owner alone."""

import pytest

from assistant.turn.request import Request
from retrieval.errors import MessageError
from tests.builders import ids, last


def test_each_goes_on_by_itself(shop_agent):
    branches = shop_agent.memory.branches
    last(shop_agent, "a scarf", "a", user="anna")
    assert branches.part("anna", "a", "b")
    assert set(ids(last(shop_agent, "under 20 dollars", "b", user="anna"))) == {"s2"}
    assert set(ids(last(shop_agent, "over 70 dollars", "a", user="anna"))) == {"s3"}
    branches.drop(["a"])
    assert not shop_agent.memory.recall("a", shop_agent.catalogue, "anna").shown
    assert shop_agent.memory.recall("b", shop_agent.catalogue, "anna").shown


def test_nobody_parts_from_another_users_conversation(shop_agent):
    last(shop_agent, "a scarf", "a", user="anna")
    with pytest.raises(MessageError):
        shop_agent.memory.branches.part("bert", "a", "b")
    assert not shop_agent.memory.branches.part("bert", "none", "b")
    last(shop_agent, "a mug", "c", user="bert")
    with pytest.raises(MessageError):
        shop_agent.memory.branches.part("anna", "a", "c")
    assert list(shop_agent.reply(Request("a scarf", user="bert"), "b"))
