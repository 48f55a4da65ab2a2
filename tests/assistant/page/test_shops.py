"""The catalogues that are open on the page: opened once, each with its own conversations."""

import pytest

from assistant.page.session import sent
from assistant.page.shops import OpenShops
from assistant.turn.request import Request
from retrieval.errors import MessageError, StoreError
from retrieval.items import Catalogue, Item
from tests.fakes import ShelfAgent

MUG, LAMP = Item("1", "Enamel mug"), Item("1", "Desk lamp")


def named(name, item, memory):
    agent = ShelfAgent([item], memory=memory)
    agent.catalogue = Catalogue(name, {item.id: item})
    return agent


@pytest.fixture
def shops(memory):
    opened = []

    def open_agent(name):
        if name != "lamps":
            raise StoreError(f"there is no index {name}")
        opened.append(name)
        return named(name, LAMP, memory)

    shops = OpenShops(named("mugs", MUG, memory), open_agent)
    shops.opened = opened
    yield shops
    shops.close()


def test_the_first_is_there_and_another_is_opened_once(shops):
    assert shops.open("") is shops.open("mugs") is shops.first
    assert shops.there("lamps") is None
    assert shops.item("lamps", "1") is None
    assert shops.open("lamps") is shops.open("lamps") is shops.there("lamps")
    assert shops.opened == ["lamps"]
    assert (shops.item("lamps", "1"), shops.item("mugs", "1")) == (LAMP, MUG)
    with pytest.raises(StoreError):
        shops.open("none")
    assert shops.there("none") is None


def test_one_that_stays_alone_opens_none(memory):
    shops = OpenShops(named("mugs", MUG, memory))
    assert not shops.can_open
    with pytest.raises(MessageError, match="is not open here"):
        shops.open("lamps")
    shops.close()


def test_a_conversation_belongs_to_its_catalogue(shops, memory):
    lamps = shops.open("lamps")
    now = lamps.turns.send("", "ann", sent(Request("a lamp")))
    assert now.catalogue == "lamps"
    lamps.turns.close()
    assert [one.title for one in memory.history.talks("ann", "lamps")] == ["a lamp"]
    assert not memory.history.talks("ann", "mugs")
    assert not shops.first.turns.open(now.session, "ann").exchanges
    assert "pictures/" not in str(now.messages())  # neither has a picture
    shops.forget_all("ann")
