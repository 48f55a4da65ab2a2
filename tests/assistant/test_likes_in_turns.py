"""Likes and dislikes in a conversation: kept, answered plainly, and never a constraint."""

from dataclasses import replace

import pytest

from assistant.memory.store import Memory
from tests.builders import ids, last


def felt(agent, user="me"):
    return {one.item: one.feeling for one in agent.memory.opinions(user, "shop")}


def test_a_like_is_kept_and_answered_and_changes_no_constraint(shop_agent):
    shown = ids(before := last(shop_agent, "a scarf under 40 dollars"))
    done = last(shop_agent, "I like the second one")
    assert done.answer == f"Noted: you like {shop_agent.catalogue.items[shown[1]].title}."
    assert (done.intent, done.meant, done.candidates) == ("like", (shown[1],), ())
    assert felt(shop_agent) == {shown[1]: "like"}
    assert done.constraints == before.constraints
    assert ids(last(shop_agent, "the cheapest")) == ["s2", "s1"]  # the thread is not lost


def test_the_newer_feeling_replaces_the_older(shop_agent):
    shown = ids(last(shop_agent, "a scarf"))
    last(shop_agent, "I like the first one")
    last(shop_agent, "I don't like the first one")
    assert felt(shop_agent) == {shown[0]: "dislike"}


def test_a_disliked_item_is_not_shown_again_unless_named(shop_agent):
    last(shop_agent, "a scarf")
    last(shop_agent, "I don't like the Alpine Scarf")
    done = last(shop_agent, "a warm scarf")
    assert set(ids(done)) == {"s1", "s2"}
    assert "Left out, because you don’t like it: Alpine Scarf." in done.notice
    assert not [c for c in done.constraints if c.field == "id"]
    assert "s3" in ids(last(shop_agent, "show me the Alpine scarf again"))


def test_when_nothing_else_fits_what_is_disliked_is_shown(shop_agent):
    last(shop_agent, "a lamp")
    last(shop_agent, "not my taste")
    assert felt(shop_agent) == {"l1": "dislike"}
    assert ids(last(shop_agent, "a lamp")) == ["l1"]


def test_nothing_is_kept_when_it_is_not_clear_what_is_meant(shop_agent):
    last(shop_agent, "a scarf")
    assert last(shop_agent, "not my taste").answer.startswith("Which one do you mean?")
    assert felt(shop_agent) == {}


def test_users_share_neither_tastes_nor_conversations(shop_agent):
    from assistant.turn.request import Request
    from retrieval.errors import MessageError

    last(shop_agent, "a scarf")
    last(shop_agent, "I don't like the Alpine Scarf")
    *_, other = shop_agent.reply(Request("a warm scarf", user="you"), "other session")
    assert "s3" in ids(other)
    assert felt(shop_agent, "you") == {}
    with pytest.raises(MessageError, match="another user"):
        list(shop_agent.reply(Request("in green", user="you"), "s"))


def test_switched_off_nothing_is_written_or_used(shop_agent, tmp_path):
    last(shop_agent, "a scarf")
    last(shop_agent, "I don't like the Alpine Scarf")
    off = Memory(f"sqlite:///{tmp_path / 'conversations.sqlite'}", remembers=False)
    quiet = replace(shop_agent, memory=off)
    assert "s3" in ids(last(quiet, "a warm scarf", session="t"))
    assert "switched off" in last(quiet, "I like the second one", session="t").answer
    assert felt(shop_agent) == {"s3": "dislike"}
    assert off.turns("t") == []
    assert ids(last(quiet, "the cheapest", session="t"))[0] == "s2"  # the thread goes on
    off.close()
