"""What a photo shows is a soft wish: it orders, it never excludes, and what is said comes first."""

import json

import numpy as np
import pytest
from PIL import Image

from assistant.agent import Agent
from assistant.commands.json_output import turn_json
from assistant.evaluation.inputs import photographed
from assistant.memory.store import Memory
from assistant.page.markup.chips import chips
from assistant.turn.request import Request
from assistant.understanding.catalogue_values import Vocabulary
from retrieval.embed import MediaEmbedder, embed_query
from retrieval.items import Constraint, Item, Preference, Query
from retrieval.photo_attributes import read_photo_attributes
from retrieval.search import met_preferences, rank
from tests.builders import ENCODERS, shelf
from tests.fakes import MemoryStore

RED_CUP = (Preference("category", "cup", 0.9), Preference("colour", "red", 0.8))


@pytest.fixture(scope="module")
def index():
    return shelf(120, MemoryStore())


@pytest.fixture(scope="module")
def photo(tmp_path_factory):
    path = tmp_path_factory.mktemp("photos") / "red.png"
    Image.new("RGB", (5, 5), "red").save(path)
    return path


@pytest.fixture
def shelf_agent(index, tmp_path):
    memory = Memory(f"sqlite:///{tmp_path / 'conversations.sqlite'}")
    vocabulary = Vocabulary(index.catalogue)
    yield Agent(index=index, encoders=ENCODERS, model=None, memory=memory, vocabulary=vocabulary)
    memory.close()


def test_what_near_pictures_agree_on_is_seen(index, photo):
    vector = embed_query(Query("", (photo,)), MediaEmbedder(ENCODERS)).photo
    (colour,) = read_photo_attributes(
        vector, ("colour", "category"), index
    )  # red things of every category
    assert (colour.field, colour.value) == ("colour", "red")
    assert 2 / 3 <= colour.share <= 1
    assert read_photo_attributes(vector, (), index) == ()


def test_a_photo_of_nothing_in_particular_shows_nothing(index):
    grey = np.full(index.dimensions["picture"], index.dimensions["picture"] ** -0.5, np.float32)
    assert read_photo_attributes(grey, ("category",), index) == ()


def test_a_colour_counts_only_for_the_kind_that_was_seen():
    cup, red_cup, red_lamp = (
        Item(id_, id_, category=kind, attributes={"colour": colour})
        for id_, kind, colour in (("1", "Cup", "blue"), ("2", "cup", "Red"), ("3", "lamp", "red"))
    )
    assert met_preferences(cup, RED_CUP) == RED_CUP[:1]
    assert met_preferences(red_cup, RED_CUP) == RED_CUP
    assert met_preferences(red_lamp, RED_CUP) == ()


def test_wishes_lift_and_never_exclude(index, photo):
    query = Query("", (photo,))
    vectors = embed_query(query, MediaEmbedder(ENCODERS))
    plain = rank(query, vectors, index, limit=120)
    wished = rank(Query("", (photo,), preferences=RED_CUP), vectors, index, limit=120)
    assert {one.item.id for one in wished} == {one.item.id for one in plain}
    assert wished[0].item.category == "cup"
    for one in wished:
        assert one.score == pytest.approx(sum(one.contributions.values()))
        assert (one.contributions["seen"] > 0) == (one.item.category == "cup")
    assert all("seen" not in one.contributions for one in plain)


def test_what_the_user_says_replaces_what_was_seen(shelf_agent, photo):
    *_, done = shelf_agent.reply(Request("like this but a blue cup", photos=(photo,)), "s")
    assert done.candidates
    assert done.preferences == ()
    assert {one.item.attributes["colour"] for one in done.candidates} == {"blue"}


def test_a_named_kind_takes_the_colour_of_the_photo(shelf_agent, photo):
    *_, done = shelf_agent.reply(Request("a lamp in this colour", photos=(photo,)), "s")
    assert [(preference.field, preference.value) for preference in done.preferences] == [
        ("colour", "red")
    ]
    assert {one.item.category for one in done.candidates} == {"lamp"}
    first = done.candidates[0]
    assert first.item.attributes["colour"] == "red"
    assert "as your photo seems to show: red" in done.reasons[first.item.id]
    said = json.loads(json.dumps(turn_json(done)))
    assert said["seen"] == [{"field": "colour", "value": "red", "share": pytest.approx(1, abs=0.2)}]
    assert all(one["field"] != "colour" for one in said["constraints"])  # nobody said it


def test_without_a_photo_nothing_is_seen(shelf_agent):
    *_, done = shelf_agent.reply(Request("a red cup"), "s")
    assert done.preferences == ()


def test_a_seen_wish_is_drawn_apart_from_what_was_said():
    drawn = chips(
        (Constraint("colour", "=", "red", "red"),), (Preference("category", "<cup>", 1),), "USD"
    )
    assert 'class="chip seen"' in drawn
    assert "&lt;cup&gt;" in drawn


@pytest.mark.models
def test_cheaper_ones_like_the_photo_are_of_its_kind(agent, tmp_path):
    item = agent.catalogue.items["shirt-01"]
    photo = photographed(item.pictures[0], tmp_path, seed=7)
    *_, done = agent.reply(Request("", photos=(photo,)), "seen")
    assert ("kind", "shirt") in [
        (preference.field, preference.value) for preference in done.preferences
    ]
    *_, done = agent.reply(Request("cheaper ones"), "seen")
    limit = next(c.value for c in done.constraints if c.field == "price")
    assert all(one.item.price <= limit for one in done.candidates)
    assert done.candidates[0].item.attributes["kind"] == "shirt"


@pytest.mark.models
@pytest.mark.parametrize(("id_", "limit"), [("teapot-01", 45), ("teapot-02", 50)])
def test_who_refines_what_the_photo_brought_first_means_its_kind(agent, tmp_path, id_, limit):
    photo = photographed(agent.catalogue.items[id_].pictures[0], tmp_path, seed=4)
    *_, done = agent.reply(Request("", photos=(photo,)), id_)
    assert done.candidates[0].item.id == id_
    *_, done = agent.reply(Request(f"under {limit} dollars"), id_)
    assert all(one.item.price <= limit for one in done.candidates)
    assert {one.item.attributes["kind"] for one in done.candidates} == {"teapot"}
