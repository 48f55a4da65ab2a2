"""A fourth domain takes a catalogue and a data file: docs/domains.md, done as it says."""

import re
from contextlib import closing
from pathlib import Path

import pytest

from assistant.agent import Agent
from assistant.memory.store import Memory
from assistant.page.examples import starting_points
from assistant.page.markup.cards import CardStyle, card
from assistant.understanding.catalogue_values import Vocabulary
from retrieval.index.bm25 import BM25Index
from retrieval.index.chroma import ChromaStore
from retrieval.index.index import index_catalogue, open_index
from tests.builders import ENCODERS, ids, last

DOCS = Path(__file__).parents[2] / "docs" / "domains.md"


@pytest.fixture(scope="module")
def kitchen(tmp_path_factory):
    """An agent over the recipes of the document, indexed as `magpie index` does it."""
    folder = tmp_path_factory.mktemp("kitchen")
    blocks = re.findall(r"```(csv|toml)\n(.+?)```", DOCS.read_text("utf-8"), re.S)
    for kind, text in blocks:
        name = {"csv": "recipes.csv", "toml": "recipes.domain.toml"}[kind]
        (folder / name).write_text(text, "utf-8")
    report = index_catalogue(folder / "recipes.csv", folder / "index", ENCODERS, ChromaStore)
    assert (report.domain, report.items) == ("recipes", 6)
    index = open_index(folder / "index", ENCODERS, ChromaStore, BM25Index)
    memory = Memory(f"sqlite:///{folder / 'conversations.sqlite'}")
    with closing(index), closing(memory):
        yield Agent(
            index=index, encoders=ENCODERS, model=None, memory=memory,
            vocabulary=Vocabulary(index.catalogue), explained=1,
        )  # fmt: skip


def test_it_speaks_of_recipes_and_keeps_limits_on_their_columns(kitchen):
    done = last(kitchen, "vegan, at most 30 minutes", session="a")
    assert ids(done)
    for candidate in done.candidates:
        assert candidate.item.attributes["diet"] == "vegan"
        assert int(candidate.item.attributes["minutes"].split()[0]) <= 30
    assert "recipes" in done.answer
    assert "item" not in done.answer


def test_what_is_not_there_is_said_in_its_words(kitchen):
    done = last(kitchen, "vegan and vegetarian and at most 2 minutes", session="b")
    assert not ids(done)
    assert done.answer.startswith("No recipe")


def test_newer_recipes_come_first_where_nothing_else_tells(kitchen):
    done = last(kitchen, "surprise me", session="c")
    assert any("recent" in one.contributions for one in done.candidates)


def test_its_card_shows_no_price_and_its_page_offers_its_examples(kitchen):
    catalogue = kitchen.catalogue
    drawn = card(catalogue.items["r1"], (), settled=True, style=CardStyle(catalogue.domain))
    assert "no price" not in drawn
    assert '<p class="card-price">25 minutes</p>' in drawn
    assert "vegan" in drawn.partition("card-title")[0]
    assert starting_points(catalogue)[0].words == "something vegan in half an hour"
