"""Conversations in a real database: SQLite, PostgreSQL."""

import sqlite3

import pytest

from assistant.events import Done
from assistant.memory.store import Memory
from assistant.recommending.facts import Fact, Money
from assistant.understanding.conversation import Conversation
from assistant.understanding.dialogue_state import DialogueState
from retrieval.errors import MessageError, StorageError
from retrieval.items import Candidate, Catalogue, Constraint, Item
from tests.builders import ITEMS, SHOP

BUDGET = Constraint("price", "<=", 40.0, "under 40")
PRICE = Fact("price", "price and limit", {"price": Money(32.0, "USD"), "side": "most"})
COLOURS = Constraint("colour", "in", ("blue", "navy blue"), "blue")


@pytest.fixture
def memory(database):
    memory = Memory(database)
    yield memory
    memory.close()


def done(session):
    return Done(session, "search", (BUDGET,), (Candidate(ITEMS[0], 1.0),), {}, "Here it is.", "")


def now(photo):
    state = DialogueState((BUDGET, COLOURS), ((), (BUDGET,)))
    return Conversation(
        state=state,
        shown=ITEMS[:2],
        phrase="a scarf",
        photos=(photo,),
        seen=frozenset({"s1", "s2"}),
        reasons={"s1": (PRICE, Fact("quote", "description", {"text": "Soft."}))},
        turns=3,
    )


def test_a_session_goes_on_where_it_ended(memory, database, tmp_path):
    photo = tmp_path / "photo.png"
    photo.touch()
    memory.keep("me", "a scarf", now(photo), done("a"), SHOP)
    again = Memory(database)
    assert again.recall("a", SHOP, "me") == now(photo)
    assert again.turns("a") == [("a scarf", "Here it is.")]
    again.close()


def test_sessions_do_not_see_each_other(memory, tmp_path):
    memory.keep("me", "a scarf", now(tmp_path), done("a"), SHOP)
    assert memory.recall("b", SHOP, "me") == Conversation()


def test_another_catalogue_starts_afresh(memory, tmp_path):
    memory.keep("me", "a scarf", now(tmp_path), done("a"), SHOP)
    assert memory.recall("a", Catalogue("other", SHOP.items), "me") == Conversation()


def test_a_photo_that_is_gone_is_left_out_and_an_item_keeps_its_place_and_title(memory, tmp_path):
    memory.keep("me", "a scarf", now(tmp_path / "gone.png"), done("a"), SHOP)
    smaller = Catalogue("shop", {"s2": ITEMS[1]})
    seen = memory.recall("a", smaller, "me")
    assert (seen.shown, seen.photos) == ((Item("s1", ITEMS[0].title), ITEMS[1]), ())


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="MAGPIE_DATABASE_URL"):
        Memory(f"sqlite:///{tmp_path / 'file' / 'x.sqlite'}")


def test_tastes_are_kept_apart_by_user_and_by_catalogue(memory):
    memory.feel("a", "shop", ITEMS[0], "like", "card")
    memory.add_sentence("a", "I wear size 42")
    assert [one.title for one in memory.opinions("a", "shop")] == ["Fjord Ribbed Scarf"]
    assert memory.opinions("a", "shop")[0].at.tzinfo is not None
    assert memory.opinions("a", "other") == memory.opinions("b", "shop") == ()
    assert memory.edits("b") == ()
    assert memory.forget("b") == 0
    assert memory.forget("a") == 2
    assert memory.opinions("a", "shop") == memory.edits("a") == ()


def test_a_session_is_refused_to_another_user(memory, tmp_path):
    memory.keep("a", "a scarf", now(tmp_path), done("s"), SHOP)
    with pytest.raises(MessageError, match="'s' belongs to another user"):
        memory.recall("s", SHOP, "b")
    with pytest.raises(MessageError, match="another user"):
        memory.keep("b", "a scarf", now(tmp_path), done("s"), SHOP)
    assert memory.recall("s", SHOP, "a").phrase == "a scarf"


def test_forgetting_everything_takes_the_conversations_of_that_user_alone(memory, tmp_path):
    for user in ("a", "b"):
        memory.keep(user, "x", now(tmp_path), done(f"of {user}"), SHOP)
    assert memory.forget("a", conversations=True) == 1
    assert memory.turns("of a") == []
    assert memory.recall("of a", SHOP, "a") == Conversation()
    assert memory.turns("of b") == [("x", "Here it is.")]


def test_switched_off_only_what_the_next_turn_needs_is_kept(memory, tmp_path):
    memory.switch("a", on=False)
    assert not memory.remembers("a")
    assert memory.remembers("b")
    memory.keep("a", "secret words", now(tmp_path), done("s"), SHOP)
    assert memory.turns("s") == []
    assert memory.recall("s", SHOP, "a").state.constraints == (BUDGET, COLOURS)
    memory.switch("a", on=True)
    assert memory.remembers("a")


def test_a_database_of_a_former_version_goes_on(tmp_path):
    place = tmp_path / "old.sqlite"
    old = sqlite3.connect(place)
    old.executescript(
        """
        CREATE TABLE sessions (id VARCHAR PRIMARY KEY, catalogue VARCHAR NOT NULL,
                               started DATETIME NOT NULL, state TEXT NOT NULL);
        CREATE TABLE turns (id INTEGER PRIMARY KEY, session VARCHAR NOT NULL REFERENCES sessions,
                            at DATETIME NOT NULL, words TEXT NOT NULL, answer TEXT NOT NULL,
                            shown TEXT NOT NULL);
        INSERT INTO sessions VALUES ('s', 'shop', '2026-11-01 10:00:00.000000', '{"constraints":
            [], "before": [], "shown": ["s1"], "phrase": "a scarf", "photos": [], "seen": ["s1"],
            "reasons": {"s1": ["$32 is under your $40"]}}');
        INSERT INTO turns VALUES (1, 's', '2026-11-01 10:00:00.000000', 'a scarf', 'Here.', '[]');
        """
    )
    old.close()
    memory = Memory(f"sqlite:///{place}")
    opened = memory.recall("s", SHOP, "me")
    assert (opened.shown, opened.reasons, opened.turns) == (ITEMS[:1], {}, 0)
    assert memory.turns("s") == [("a scarf", "Here.")]
    memory.feel("me", "shop", ITEMS[0], "like", "words")
    assert len(memory.opinions("me", "shop")) == 1
    memory.close()


def test_a_database_that_breaks_is_named(tmp_path):
    place = tmp_path / "conversations.sqlite"
    memory = Memory(f"sqlite:///{place}")
    memory.close()
    place.write_bytes(b"not a database at all, but long enough to be read as one" * 20)
    with pytest.raises(StorageError, match="nothing can be kept at sqlite"):
        memory.opinions("a", "shop")
