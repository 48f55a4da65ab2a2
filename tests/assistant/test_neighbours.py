"""Other catalogues beside the first: real indexes, the same models, each with its own items."""

from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace

import pytest

from assistant.agent import Agent
from assistant.memory.store import Memory
from assistant.neighbours import Neighbours
from assistant.settings import load_settings
from assistant.turn.request import Request
from assistant.understanding.catalogue_values import Vocabulary
from retrieval.embed import Encoders
from retrieval.errors import MagpieError, StoreError
from retrieval.index.bm25 import BM25Index
from retrieval.index.chroma import ChromaStore
from retrieval.index.index import index_catalogue, open_index
from tests.builders import ids, small_index
from tests.fakes import ColourPictureEncoder, HashedTextEncoder, ScriptedModel

SCARF = {"id": "1", "title": "Wool scarf", "category": "scarves", "price": "30", "currency": "USD"}
LAMP = {"id": "1", "title": "Desk lamp", "category": "lamps", "price": "50", "currency": "EUR"}


@pytest.fixture
def shops(tmp_path):
    """Return the first agent, and what opens the others; `lent.agent` may be replaced."""
    settings = load_settings(home=tmp_path, catalogue="scarves")
    small_index(settings.indexes_folder / "scarves", [SCARF])
    small_index(settings.indexes_folder / "lamps", [LAMP])
    encoders = Encoders(HashedTextEncoder(), ColourPictureEncoder(), None)
    index = open_index(settings.indexes_folder / "scarves", encoders, ChromaStore, BM25Index)
    memory = Memory(settings.database)
    first = Agent(
        index=index, encoders=encoders, model=None, memory=memory,
        vocabulary=Vocabulary(index.catalogue), joining=True,
    )  # fmt: skip
    lent = SimpleNamespace(agent=first, settings=settings)

    @contextmanager
    def lend():
        yield lent.agent

    lent.others = Neighbours(settings, lend)
    yield lent
    lent.others.close()
    index.close()
    memory.close()


def done_of(agent, words, session="s"):
    *_, done = agent.reply(Request(words, user="ann"), session)
    return done


def test_each_answers_with_its_own_items_and_remembers_its_own_talk(shops):
    lamps = shops.others.open("lamps")
    assert lamps.catalogue.name == "lamps"
    assert lamps.vocabulary.catalogue is lamps.catalogue
    found = done_of(lamps, "a lamp", "of-lamps")
    assert [one.item.title for one in found.candidates] == ["Desk lamp"]
    assert ids(found) == ids(done_of(shops.agent, "a scarf", "of-scarves"))  # the same id, "1"
    of_lamps = shops.agent.memory.recall("of-lamps", lamps.catalogue, "ann")
    assert [one.title for one in of_lamps.shown] == ["Desk lamp"]
    assert not shops.agent.memory.recall("of-lamps", shops.agent.catalogue, "ann").shown


def test_a_model_that_joins_the_first_joins_the_others(shops):
    lamps = shops.others.open("lamps")
    assert lamps._living.model is None
    model = ScriptedModel()
    shops.agent = replace(shops.agent, model=model, joining=False, reranks=False)
    done_of(lamps, "a lamp")
    assert lamps._living.model is model


def test_what_is_not_there_or_of_other_encoders_is_refused(shops):
    for name in ("none", "", "../lamps", "x" * 999):
        with pytest.raises(StoreError, match="there is no index"):
            shops.others.open(name)
    encoders = Encoders(HashedTextEncoder(128), ColourPictureEncoder(), None)
    source = shops.settings.indexes_folder / "lamps.csv"
    place = shops.settings.indexes_folder / "odd"
    index_catalogue(source, place, encoders, ChromaStore)
    with pytest.raises(MagpieError):
        shops.others.open("odd")
    assert shops.others.open("lamps").catalogue.items
