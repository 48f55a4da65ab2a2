"""Conversations in a real SQLite database."""

import pytest

from assistant.events import Done, Request
from assistant.ledger import Ledger
from assistant.memory import Memory
from assistant.understand import Conversation
from retrieval.errors import StorageError
from retrieval.items import Candidate, Catalogue, Constraint
from tests.shop import ITEMS, SHOP

BUDGET = Constraint("price", "<=", 40.0, "under 40")
COLOURS = Constraint("colour", "in", ("blue", "navy blue"), "blue")


@pytest.fixture
def memory(tmp_path):
    memory = Memory(f"sqlite:///{tmp_path / 'deep' / 'conversations.sqlite'}")
    yield memory
    memory.close()


def done(session):
    return Done(session, "search", (BUDGET,), (Candidate(ITEMS[0], 1.0),), {}, "Here it is.", "")


def now(photo):
    ledger = Ledger((BUDGET, COLOURS), ((), (BUDGET,)))
    return Conversation(
        ledger=ledger,
        shown=ITEMS[:2],
        phrase="a scarf",
        photos=(photo,),
        seen=frozenset({"s1", "s2"}),
        reasons={"s1": ("x",)},
    )


def test_a_session_goes_on_where_it_ended(memory, tmp_path):
    photo = tmp_path / "photo.png"
    photo.touch()
    memory.keep(Request("a scarf"), now(photo), done("a"), SHOP)
    again = Memory(f"sqlite:///{tmp_path / 'deep' / 'conversations.sqlite'}")
    assert again.recall("a", SHOP, "me") == now(photo)
    assert again.turns("a") == [("a scarf", "Here it is.")]
    again.close()


def test_sessions_do_not_see_each_other(memory, tmp_path):
    memory.keep(Request("a scarf"), now(tmp_path), done("a"), SHOP)
    assert memory.recall("b", SHOP, "me") == Conversation()


def test_another_catalogue_starts_afresh(memory, tmp_path):
    memory.keep(Request("a scarf"), now(tmp_path), done("a"), SHOP)
    assert memory.recall("a", Catalogue("other", SHOP.items), "me") == Conversation()


def test_items_and_photos_that_are_gone_are_left_out(memory, tmp_path):
    memory.keep(Request("a scarf"), now(tmp_path / "gone.png"), done("a"), SHOP)
    smaller = Catalogue("shop", {"s2": ITEMS[1]})
    seen = memory.recall("a", smaller, "me")
    assert (seen.shown, seen.photos) == ((ITEMS[1],), ())


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="MAGPIE_DATABASE_URL"):
        Memory(f"sqlite:///{tmp_path / 'file' / 'x.sqlite'}")
