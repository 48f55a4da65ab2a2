"""The first minute: requests wait with what is done, then are answered; the rest joins."""

import threading
from contextlib import nullcontext
from functools import partial
from types import SimpleNamespace

import pytest

from assistant.beginning import Beginning, let_all_join
from assistant.events import Done, Preparing
from assistant.models import Step
from assistant.page.markup.steps import preparing_said
from assistant.page.markup.wording import wording
from assistant.page.session import replies
from assistant.settings import load_settings
from assistant.turn.request import Request
from retrieval.errors import IndexMissingError, StoreError
from retrieval.items import Item
from tests.fakes import ShelfAgent

MUG = Item("m1", "Enamel mug", "Keeps coffee hot.", "kitchen", 14.5, "USD")


INDEXING = Step("Indexing catalogue.csv", 30, unit="items", doing="indexing", about="catalogue.csv")


def said(beginning, language="en"):
    return preparing_said(beginning.preparing(), wording(language))


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def beginning(tmp_path, clock):
    made = Beginning(load_settings(home=tmp_path), clock=clock)
    yield made
    made._memory.close()


def test_before_anything_is_loaded_it_has_the_records_and_the_memory(beginning):
    assert len(beginning.catalogue.items) == 280
    assert beginning.catalogue.currency == "USD"
    assert beginning.memory.remembers("somebody")
    assert beginning.vocabulary.kinds
    assert said(beginning) == "Getting ready — Starting"


def test_who_borrows_the_agent_waits_until_there_is_one(beginning):
    def borrow():
        with beginning.lend() as agent:
            lent.append(agent)

    lent, shelf = [], ShelfAgent([MUG])
    waiting = threading.Thread(target=borrow)
    waiting.start()
    waiting.join(0.2)
    assert waiting.is_alive()
    beginning.answer_with(SimpleNamespace(lend=lambda: nullcontext(shelf)))
    waiting.join(10)
    assert lent == [shelf]


def test_who_waits_for_an_agent_that_never_comes_is_told(tmp_path):
    ending = Beginning(load_settings(home=tmp_path))
    told = []

    def borrow():
        try:
            with ending.lend():
                pass
        except StoreError as error:
            told.append(str(error))

    waiting = threading.Thread(target=borrow)
    waiting.start()
    ending.close()
    waiting.join(10)
    assert told == ["Magpie ends before it could answer: start it again"]


def test_a_catalogue_that_was_never_indexed_is_refused_before_a_page_opens(tmp_path):
    with pytest.raises(IndexMissingError):
        Beginning(load_settings(home=tmp_path, catalogue="nowhere"))


def test_it_tells_how_much_is_done_and_how_long_the_rest_takes(beginning, clock):
    fetching = partial(Step, "Fetching words", unit="bytes", doing="fetching", about="words")
    beginning.told(fetching(9e6, 90e6))
    assert said(beginning) == "Getting ready — Fetching words: 9 of 90 MB"
    clock.now = 4.0
    assert said(beginning).endswith("9 of 90 MB, about 36 s left")
    assert said(beginning, "de").endswith("9 von 90 MB, noch etwa 36 s")
    beginning.told(fetching(90e6, 90e6))
    beginning.told(INDEXING)
    assert said(beginning).endswith("Indexing catalogue.csv: 30 items so far")
    clock.now = 5.0
    beginning.told(Step("Quantising", 1, 196, "layers", doing="quantising", about="words"))
    clock.now = 15.0
    assert said(beginning).endswith("1 of 196 layers, about 32 min left")
    beginning.told(Step("Measuring", detail="for the terminal alone"))
    assert said(beginning).endswith("about 32 min left")


def test_a_request_waits_and_says_for_what_and_is_then_answered(beginning):
    shelf = ShelfAgent([MUG])
    events = beginning.reply(Request("a mug"), "s1")
    beginning.told(Step("Loading the text encoder", doing="loading_encoders"))
    assert next(events) == Preparing("loading_encoders")
    beginning.answer_with(shelf)
    rest = list(events)
    assert isinstance(rest[-1], Done)
    assert beginning.catalogue is shelf.catalogue
    assert said(beginning).startswith("You can search already; more is joining — ")


def test_the_page_shows_what_a_waiting_request_waits_for(beginning):
    grown = replies(beginning, Request("a mug"), "s1")
    assert next(grown).waiting
    beginning.told(INDEXING)
    assert next(grown).waiting == "Indexing catalogue.csv: 30 items so far"
    threading.Timer(0.1, beginning.answer_with, [ShelfAgent([MUG])]).start()
    *_, last = grown
    assert not last.waiting
    assert [one.item for one in last.candidates] == [MUG]


def test_what_cannot_join_is_complained_of_and_the_rest_joins(tmp_path, beginning, monkeypatch):
    """The language model's name is wrong; photos and recordings join all the same."""
    joined = []
    told = []
    living = SimpleNamespace(
        model=None,
        expect_model=lambda: told.append("joining"),
        take=lambda model, *, reranks: told.append(model),
        encoders=SimpleNamespace(
            picture=SimpleNamespace(encode=lambda pictures: joined.append("picture")),
            transcriber=None,
        ),
    )
    monkeypatch.setattr("assistant.beginning.build_living_agent", lambda *_: living)
    said = []
    wrong = load_settings(home=tmp_path, language_model="./no/such/folder")
    assert let_all_join(beginning, wrong, lambda step: None, said.append) is living
    assert joined == ["picture"]
    assert told == ["joining", None]
    assert len(said) == 1
    assert "no/such/folder" in said[0]
    assert said[0].endswith("(Magpie goes on without it)")
    assert beginning.preparing() is None
