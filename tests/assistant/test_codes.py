"""An item that is named by its code comes first, in a search and in a conversation."""

import pytest

from assistant.turn.request import Request
from assistant.turn.single_search import find_once
from retrieval.items import Item
from retrieval.protocols import Transcript
from tests.builders import ITEMS, build, ids, last

CODED = (
    *ITEMS,
    Item("EL-1406", "Charge Speaker", "Plays for 14 hours.", "Speakers", 44.0, "USD",
         attributes={"colour": "black", "stock": "3"}),
    Item("h1", "Sony WH-1000XM5", "Over the ear.", "Headphones", 349.0, "USD", "Sony"),
)  # fmt: skip


@pytest.fixture
def agent(tmp_path):
    agent = build(tmp_path, items=CODED)
    yield agent
    agent.memory.close()


@pytest.mark.parametrize(
    ("message", "first", "constraints"),
    [
        ("EL-1406", "EL-1406", []),
        ("do you have the E L fourteen oh six?", "EL-1406", []),
        ("about wh1000xm5", "h1", []),
        ("WH-1000XM5 scarf", "h1", []),  # another kind of thing is no limit beside a code
        ("el 1406 under 50 dollars", "EL-1406", [("price", "<=", 50.0)]),
        ("is the EL-1406 black?", "EL-1406", []),
        ("Haben Sie den WH-1000XM5?", "h1", []),
        ("¿tiene el EL-1406?", "EL-1406", []),
        ("sku el1406", "EL-1406", []),
    ],
)
def test_the_item_of_a_code_comes_first(agent, message, first, constraints):
    done = last(agent, message)
    assert ids(done)[0] == first
    assert [(c.field, c.op, c.value) for c in done.constraints] == constraints
    found = find_once(Request(message), agent.index, agent.encoders, limit=5)
    assert found.candidates[0].item.id == first
    assert [(c.op, c.value) for c in found.query.constraints] == [c[1:] for c in constraints]
    assert found.candidates[0].score == pytest.approx(
        sum(found.candidates[0].contributions.values())
    )


def test_what_is_not_there_is_said_with_its_code(agent):
    done = last(agent, "do you have SKU 99999?")
    assert (ids(done), done.answer) == ([], "No item in this catalogue has the code “99999”.")
    near = last(agent, "a WH-1000XM6", session="t")
    assert near.answer.startswith("No item in this catalogue has the code “WH-1000XM6”.")
    assert ids(near)
    assert "„99999“" in last(agent, "Haben Sie Artikelnummer 99999?", session="u").answer
    once = find_once(Request("SKU 99999"), agent.index, agent.encoders, limit=3)
    assert once.notice == "No item in this catalogue has the code “99999”."


def test_a_limit_of_the_same_message_holds_and_is_said(agent):
    done = last(agent, "EL-1406 under $20")
    assert "EL-1406" not in ids(done)
    assert done.answer.startswith("Charge Speaker is left out: $44, $24 over")


def test_earlier_limits_that_the_item_breaks_lapse(agent):
    last(agent, "scarves under $20")
    done = last(agent, "WH-1000XM5")
    assert (ids(done)[0], done.constraints) == ("h1", ())


def test_a_code_points_at_its_item_where_no_item_is_sought(agent):
    last(agent, "speakers")
    assert (
        last(agent, "how much is EL-1406?").answer
        == "The record of Charge Speaker says: price: $44."
    )
    compared = last(agent, "compare EL-1406 with WH-1000XM5")
    assert compared.answer.startswith("Charge Speaker and Sony WH-1000XM5 side by side: ")
    cheaper = last(agent, "something like WH-1000XM5 but cheaper")
    assert cheaper.intent == "more like"
    assert "h1" not in ids(cheaper)


@pytest.mark.parametrize(
    ("heard", "first", "mended"),
    [
        ("Do you have the E L fourteen oh six?", "EL-1406", ""),
        ("Do you have EL 14.06?", "EL-1406", ""),
        ("Do you have the WHO 1000XM5?", "h1", "“WHO 1000XM5” and took it for the code WH1000XM5."),
    ],
)
def test_a_code_is_found_by_voice(tmp_path, heard, first, mended):
    agent = build(tmp_path, items=CODED, heard=Transcript(heard, "en", 2.0))
    done = last(agent, recording=tmp_path / "said.wav")
    assert (ids(done)[0], done.constraints) == (first, ())
    assert mended in done.notice
    assert ("took it for" in done.notice) == bool(mended)
    request = Request(recording=tmp_path / "said.wav")
    found = find_once(request, agent.index, agent.encoders, limit=3)
    assert found.candidates[0].item.id == first
    agent.memory.close()


def test_a_number_on_screen_is_no_code(agent):
    shown = ids(last(agent, "scarves"))
    assert last(agent, "tell me about item 2").meant == (shown[1],)
