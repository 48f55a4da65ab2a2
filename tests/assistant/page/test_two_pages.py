"""Two processes show the same conversation: neither overwrites what the other has kept."""

import time

import pytest

from assistant.memory.store import Memory
from assistant.page.session import exchange_from_message
from assistant.page.turns import Turns
from retrieval.errors import MessageError
from retrieval.items import Item
from tests.kept_agent import KeptAgent

ITEMS = [Item("m1", "Enamel mug", "Keeps coffee hot.", "kitchen", 14.5, "USD")]
PATIENCE = 30  # seconds; a bound for a stuck turn


@pytest.fixture
def pages(database):
    """Return two pages with memories of their own over one database, and their agents."""
    memories = [Memory(database) for _ in range(2)]
    agents = [KeptAgent(ITEMS, memory) for memory in memories]
    pages = [Turns(agent) for agent in agents]
    yield pages, agents
    for page, agent, memory in zip(pages, agents, memories, strict=True):
        agent.go_on.set()
        page.close()
        memory.close()


def send(page, session, words):
    return page.send(session, "ann", exchange_from_message({"text": words})).session


def said(page, session):
    end = time.monotonic() + PATIENCE
    while (now := page.open(session, "ann")).busy:
        assert time.monotonic() < end
        time.sleep(0.005)
    return [(one.words, bool(one.reply and one.reply.answer)) for one in now.exchanges]


def test_a_page_takes_up_what_the_other_has_added(pages):
    (one, other), _ = pages
    session = send(one, "", "a mug")
    assert said(one, session) == [("a mug", True)]
    assert said(other, session) == [("a mug", True)]
    send(other, session, "a blue one")
    assert said(other, session)[1] == ("a blue one", True)
    send(one, session, "a red one")
    there = [("a mug", True), ("a blue one", True), ("a red one", True)]
    assert said(one, session) == there
    assert said(Turns(pages[1][0]), session) == there


def test_a_place_that_the_other_has_taken_is_not_written_over(pages):
    (one, other), (slow, _) = pages
    session = send(one, "", "a mug")
    said(one, session)
    said(other, session)
    slow.go_on.clear()
    send(one, session, "a blue one")
    assert slow.computing.wait(PATIENCE)
    send(other, session, "a white one")  # it sees that the other has gone on, and comes after it
    said(other, session)
    with pytest.raises(MessageError, match="has gone on in another window"):
        send(one, session, "a red one")  # its own turn still runs, so it cannot take that up
    slow.go_on.set()
    said(one, session)
    send(one, session, "a green one")
    words = [words for words, _ in said(Turns(pages[1][0]), session)]
    assert words == ["a mug", "a blue one", "a white one", "a green one"]
