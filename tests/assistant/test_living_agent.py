"""A conversation goes on while another process indexes its catalogue anew, with real Chroma."""

import subprocess
import sys

import pytest

from assistant.agent import Agent
from assistant.living_agent import LivingAgent
from assistant.memory.store import Memory
from assistant.page.reply import parts
from assistant.page.session import replies
from assistant.turn.request import Request
from assistant.understanding.catalogue_values import Vocabulary
from retrieval.embed import Encoders
from retrieval.index.bm25 import BM25Index
from retrieval.index.chroma import ChromaStore
from retrieval.index.index import index_catalogue, open_index
from retrieval.index.newer import IndexWatch
from tests.builders import ids, last
from tests.fakes import ColourPictureEncoder, HashedTextEncoder

HEAD = "id,title,category,price,currency,colour,stock"
RIBBED, MEADOW, ALPINE, MUG = (
    "s1,Ribbed Scarf,Scarves,32,USD,blue,4", "s2,Meadow Scarf,Scarves,18.5,USD,green,9",
    "s3,Alpine Scarf,Scarves,75,USD,red,2", "m1,Harbour Mug,Mugs,12,USD,blue,9",
)  # fmt: skip
ELSEWHERE = """
import sys; from pathlib import Path
from retrieval.embed import Encoders
from retrieval.index.index import index_catalogue
from retrieval.index.chroma import ChromaStore
from tests.fakes import ColourPictureEncoder, HashedTextEncoder
encoders = Encoders(HashedTextEncoder(256), ColourPictureEncoder())
index_catalogue(Path(sys.argv[1]), Path(sys.argv[2]), encoders, ChromaStore)
"""


class LivingShop:
    """A shop whose catalogue another process indexes, and an agent that is open meanwhile."""

    def __init__(self, folder):
        self.source, self.folder = folder / "shop.csv", folder / "shop"
        self.encoders = Encoders(HashedTextEncoder(256), ColourPictureEncoder())
        self.write(RIBBED, MEADOW, ALPINE, MUG)
        index_catalogue(self.source, self.folder, self.encoders, ChromaStore)
        index = self.open()
        agent = Agent(
            index=index,
            encoders=self.encoders,
            model=None,
            memory=Memory(f"sqlite:///{folder / 'conversations.sqlite'}"),
            vocabulary=Vocabulary(index.catalogue),
        )
        watch = IndexWatch(self.folder, index.generation, self.open)
        self.agent = LivingAgent(agent, watch)

    def open(self):
        return open_index(self.folder, self.encoders, ChromaStore, BM25Index)

    def write(self, *rows):
        self.source.write_text("\n".join((HEAD, *rows)))

    def index(self, *, dimension=256, **options):
        encoders = Encoders(HashedTextEncoder(dimension), ColourPictureEncoder())
        index_catalogue(self.source, self.folder, encoders, ChromaStore, **options)

    def index_elsewhere(self):
        command = [sys.executable, "-c", ELSEWHERE, self.source, self.folder]
        subprocess.run(command, check=True)


@pytest.fixture
def living(tmp_path):
    shop = LivingShop(tmp_path)
    yield shop
    shop.agent.close()


def test_the_next_turn_has_the_new_items_prices_and_stock(living):
    assert set(ids(last(living.agent, "a scarf under 40 dollars"))) == {"s1", "s2"}
    living.write(
        RIBBED.replace(",32,", ",44,"), MEADOW, ALPINE.replace(",75,", ",35,"), MUG,
        "s4,Velvet Scarf,Scarves,20,USD,purple,1",
    )  # fmt: skip
    living.index_elsewhere()
    done = last(living.agent, "a purple scarf", session="other")
    assert ids(done) == ["s4"]
    done = last(living.agent, "show me scarves")  # the budget of this conversation still holds
    assert {one.item.id: one.item.price for one in done.candidates} == {
        "s2": 18.5, "s3": 35.0, "s4": 20.0
    }  # fmt: skip
    assert living.agent.catalogue.items["s1"].price == 44.0
    assert living.agent.vocabulary.catalogue is living.agent.catalogue


def test_a_model_that_still_joins_is_not_said_to_be_absent(living):
    def notice():
        *_, done = living.agent.reply(Request("a blue scarf, please"), "joining")
        return done.notice

    living.agent.expect_model()
    assert "still joining" in notice()
    living.agent.take(None, reranks=False)
    assert "No language model" in notice()


def test_an_item_that_is_gone_is_said_to_be_gone_and_keeps_its_place(living):
    shown = ids(last(living.agent, "scarves"))
    rows = {"s1": RIBBED, "s2": MEADOW, "s3": ALPINE}
    titles = {id_: row.split(",")[1] for id_, row in rows.items()}
    first, second, third = shown
    living.write(rows[second].replace(",USD", "5,USD"), rows[third], MUG)
    living.index()
    gone = f"{titles[first]} is no longer in the catalogue."
    for words in (
        "tell me about the first one", "why the first one?", "more like the first one",
        "the first one, but in red", "I like the first one", "I don't like the first one",
        f"does the {titles[first].split()[0].lower()} one have wool?",
    ):  # fmt: skip
        done = last(living.agent, words)
        assert (done.answer, ids(done)) == (gone, []), words
    assert not living.agent.memory.opinions("s", "shop")
    done = last(living.agent, "tell me about the second one")
    assert done.meant == (second,)
    assert titles[second] in done.answer
    assert last(living.agent, "I like the second one").meant == (second,)
    compared = last(living.agent, "compare the first two")
    assert gone in compared.notice
    assert "less; colour: " in last(living.agent, "compare the last two").answer
    assert set(ids(last(living.agent, "something cheaper"))) <= {second, third}
    assert first not in ids(last(living.agent, "scarves"))


def test_when_all_that_was_shown_is_gone_it_is_said(living):
    last(living.agent, "scarves")
    living.write(MUG)
    living.index()
    for words in ("compare the first two", "compare them", "I like them", "why the first one?"):
        assert "is no longer in the catalogue" in last(living.agent, words).answer, words
    assert ids(last(living.agent, "a mug")) == ["m1"]


def test_a_turn_that_runs_sees_one_index_to_its_end(living):
    turn = living.agent.reply(Request("scarves"), "s")
    next(turn)
    before = living.agent.catalogue
    living.write(MUG)
    living.index()
    assert ids(last(living.agent, "mugs", session="other")) == ["m1"]
    assert living.agent.catalogue is not before
    *_, done = turn
    assert set(ids(done)) == {"s1", "s2", "s3"}
    assert last(living.agent, "tell me about the first one").answer.endswith("in the catalogue.")
    assert len(list((living.folder / "readers").iterdir())) == 1  # the former one is closed


def test_an_index_of_other_encoders_is_not_opened_and_the_former_one_answers(living):
    living.write(MUG)
    living.index(rebuild=True, dimension=32)
    for _ in range(2):
        done = last(living.agent, "scarves")
        assert set(ids(done)) == {"s1", "s2", "s3"}
        assert "indexed anew, and that cannot be opened here" in done.notice
    living.index(rebuild=True)
    done = last(living.agent, "mugs")
    assert (ids(done), done.notice) == (["m1"], last(living.agent, "mugs", session="new").notice)


def test_the_page_goes_on_with_a_conversation(living):
    def told(words):
        *_, reply = replies(living.agent, Request(words), "s")
        return str(parts(reply, "USD"))

    told("a scarf")
    living.write(MUG, "s5,Purple Scarf,Scarves,20,USD,purple,1")
    living.index()
    assert "is no longer in the catalogue" in told("tell me about the first one")
    assert "Purple Scarf" in told("a scarf")


def test_a_look_without_a_newer_index_costs_next_to_nothing(living):
    def refuse():
        raise AssertionError

    watch = IndexWatch(living.folder, living.open().generation, refuse)
    assert all(watch.newer() is None for _ in range(1000))
