"""Refinement that moves: likes and dislikes, no doubles, composed queries, what would change."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from assistant.agent import Agent
from assistant.commands.json_output import turn_json
from assistant.events import Found, Request
from assistant.memory.store import Memory
from assistant.recommending.evidence import (
    Counterfactual,
    first_without_budget,
    ordinal,
    what_would_change,
)
from assistant.recommending.rerank import fits, joined, leaves_open, rerank
from assistant.understanding.catalogue_values import Vocabulary
from retrieval.embed import Encoders, QueryVectors, at_the_ends, embed_items, embed_query
from retrieval.errors import MessageError
from retrieval.fusion.concatenation import describe, join, taken_apart
from retrieval.fusion.mmr import likeness, spread_out
from retrieval.fusion.rocchio import ALPHA, BETA, GAMMA, moved, moved_scores
from retrieval.index.bm25 import BM25Words
from retrieval.index.index import Index
from retrieval.index.records import write_record
from retrieval.items import Candidate, Catalogue, Constraint, Item, Query, item_text
from retrieval.protocols import Entry
from retrieval.search import diverse, rank, search
from tests.fakes import ColourPictureEncoder, HashedTextEncoder, MemoryStore
from tests.scripted import ScriptedModel

EAST, NORTH = np.array([1, 0], np.float32), np.array([0, 1], np.float32)
DIMENSIONS = {"text": 2, "picture": 2, "speech": 2, "sound": 2}


# ---- arithmetic on paper ------------------------------------------------------------------------


def test_a_query_moves_toward_the_liked_and_away_from_the_disliked():
    found = moved({"text": EAST}, [{"text": NORTH}], [])
    assert found["text"] == pytest.approx(np.array([1.0, 0.75]) / 1.25)  # 3-4-5
    away = moved({"text": EAST}, [], [{"text": NORTH}])
    assert away["text"] == pytest.approx(np.array([ALPHA, -GAMMA]) / math.hypot(ALPHA, GAMMA))
    both = moved({"text": EAST}, [{"text": NORTH}, {"text": EAST}], [{"text": NORTH}])
    expected = np.array([ALPHA + BETA / 2, BETA / 2 - GAMMA])
    assert both["text"] == pytest.approx(expected / np.linalg.norm(expected))


def test_a_modality_that_only_a_disliked_item_has_stays_out():
    assert set(moved({"text": EAST}, [{"picture": NORTH}], [{"speech": EAST}])) == {
        "text",
        "picture",
    }
    assert moved({}, [], [{"text": EAST}]) == {}


def test_shared_words_move_the_same_way():
    query, like, dislike = (np.array(row, np.float32) for row in ([1, 0, 0], [0, 1, 0], [0, 0, 1]))
    assert moved_scores(query, [], []) == pytest.approx(query)
    assert moved_scores(query, [like], [dislike]) == pytest.approx(
        np.array([ALPHA, BETA, -GAMMA]) / (ALPHA + BETA)
    )


def test_a_stored_vector_comes_apart_into_what_it_was_made_of():
    parts = {"text": EAST, "speech": NORTH}
    again = taken_apart(join(parts, DIMENSIONS), DIMENSIONS)
    assert set(again) == {"text", "speech"}
    assert again["speech"] == pytest.approx(NORTH)


def test_a_double_makes_room_and_the_best_stays_first():
    alike = np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]], np.float32)
    # By relevance .8: the double of the first has .8·.9 − .2·1 = .52, the third .8·.7 − 0 = .56.
    scores = [1.0, 0.9, 0.7, 0.0]
    alike = np.pad(alike, (0, 1))
    assert spread_out(scores, alike, limit=2, relevance=0.8) == [0, 2]
    assert spread_out(scores, alike, limit=2, relevance=1.0) == [0, 1]
    assert spread_out(scores, alike, limit=9, relevance=0.8) == [0, 2, 1, 3]
    assert spread_out([], np.zeros((0, 0)), limit=3) == []


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-50, 50), min_size=1, max_size=12), st.integers(1, 12), st.integers(0, 9))
def test_choices_are_distinct_and_hold_the_best(scores, limit, seed):
    dice = np.random.default_rng(seed)
    vectors = dice.normal(size=(len(scores), 6)).astype(np.float32)
    alike = np.clip(vectors @ vectors.T, 0, 1)
    chosen = spread_out(scores, alike, limit=limit)
    assert len(set(chosen)) == len(chosen) == min(limit, len(scores))
    assert scores[chosen[0]] == max(scores)


def test_likeness_is_the_mean_cosine_of_what_both_have():
    stored = np.stack(
        [
            join(parts, DIMENSIONS)
            for parts in (
                {"text": EAST, "picture": EAST},
                {"text": EAST, "picture": NORTH},
                {"speech": EAST},
                {"text": -EAST},
            )
        ]
    )
    alike = likeness(stored, DIMENSIONS)
    assert np.diag(alike) == pytest.approx([1, 1, 1, 1])
    assert alike[0, 1] == pytest.approx(0.5)
    assert alike[0, 2] == 0.0
    assert alike[0, 3] == 0.0  # opposite is not less alike than unlike


# ---- a small shop -------------------------------------------------------------------------------

ENCODERS = Encoders(HashedTextEncoder(512), ColourPictureEncoder())
COLOURS = ("red", "green", "blue", "white", "black")
WORN = ("scarf", "mug", "lamp", "chair", "rug")
MATERIALS = ("wooden", "steel", "woven")


def stock():
    """Return one item of each kind, colour and material, and a row of doubles."""
    for n, (kind, colour, material) in enumerate(
        (k, c, m) for k in WORN for c in COLOURS for m in MATERIALS
    ):
        facts = {"colour": colour, "material": material}
        words = f"made by hand in {('spring', 'summer', 'autumn', 'winter')[n % 4]}"
        title = f"{material} {colour} {kind}"
        yield Item(f"i{n}", title, words, kind, 5.0 + n, "USD", attributes=facts), colour
    for n in range(8):
        facts = {"colour": "blue", "material": "glass"}
        title = "glass blue vase plain"
        yield Item(f"d{n}", title, "a vase", "vase", 20.0, "USD", attributes=facts), "blue"
    for n, material in enumerate(("clay", "tin", "marble", "paper")):
        facts = {"colour": "blue", "material": material}
        words = ("round", "thrown by hand", "tall for tulips", "folds flat")[n]
        item = Item(material, f"{material} blue vase", words, "vase", 22.0, "USD", attributes=facts)
        yield item, "blue"


@pytest.fixture(scope="module")
def index():
    items, colours = zip(*stock(), strict=True)
    pictures = [[Image.new("RGB", (4, 4), colour)] for colour in colours]
    parts = embed_items(items, pictures, ENCODERS)
    vectors = np.stack([join(one, ENCODERS.dimensions) for one in parts])
    store = MemoryStore()
    store.upsert([Entry(i.id, v, write_record(i)) for i, v in zip(items, vectors, strict=True)])
    return Index(
        Catalogue("shop", {item.id: item for item in items}),
        ENCODERS.dimensions,
        describe([vectors], ENCODERS.dimensions),
        store,
        BM25Words([item_text(item) for item in items]),
    )


@pytest.fixture
def agent(index, tmp_path):
    memory = Memory(f"sqlite:///{tmp_path / 'conversations.sqlite'}")
    yield Agent(
        index=index,
        encoders=ENCODERS,
        model=None,
        memory=memory,
        vocabulary=Vocabulary(index.catalogue),
        explained=1,
    )
    memory.close()


@pytest.fixture(scope="module")
def red(tmp_path_factory):
    path = tmp_path_factory.mktemp("photos") / "red.png"
    Image.new("RGB", (5, 5), "red").save(path)
    return path


def last(agent, words="", **rest):
    *_, done = agent.reply(Request(words, **rest), "s")
    return done


def shown(done):
    return [one.item for one in done.candidates]


def test_doubles_do_not_fill_the_screen_and_scores_still_add_up(index):
    ranked = rank(Query("blue vase"), embed_query(Query("blue vase"), ENCODERS), index, limit=40)
    plain, chosen = ranked[:6], diverse(ranked, index, limit=6)
    assert sum(one.item.title == "glass blue vase plain" for one in plain) >= 5
    assert sum(one.item.title == "glass blue vase plain" for one in chosen) <= 3
    assert chosen[0] == ranked[0]
    assert [one.score for one in chosen] == sorted((one.score for one in chosen), reverse=True)
    for one in chosen:
        assert one.score == pytest.approx(sum(one.contributions.values()))


def test_the_cheapest_are_the_cheapest_even_if_alike(agent):
    prices = [item.price for item in shown(last(agent, "the cheapest vase"))]
    assert prices == [20.0] * 6


def test_likes_and_dislikes_move_the_ranking(index):
    query = Query("mug")
    vectors = embed_query(query, ENCODERS)
    items = index.catalogue.items
    red = next(i for i in items.values() if i.title == "wooden red mug")
    green = next(i for i in items.values() if i.title == "steel green mug")

    def reds(query):
        found = rank(query, vectors, index, limit=100)
        return [one.item.attributes["colour"] for one in found]

    before = reds(query)
    liked = reds(Query("mug", liked=(red.id,)))
    assert liked[:5].count("red") > before[:5].count("red")
    away = reds(Query("mug", liked=(red.id,), disliked=(green.id,)))
    assert away.index("green") > liked.index("green")
    for one in rank(Query("mug", liked=(red.id,)), vectors, index, limit=9):
        assert one.score == pytest.approx(sum(one.contributions.values()))


def test_an_example_alone_is_a_query(index):
    found = rank(Query(liked=("clay",)), QueryVectors(), index, limit=3)
    assert found[0].item.id == "clay"


def test_more_like_one_and_less_like_another_brings_new_items_nearer_to_the_first(agent):
    first = shown(last(agent, "a mug"))
    done = last(agent, "more like 2, less like 4")
    again = shown(done)
    assert again
    assert not {item.id for item in again} & {item.id for item in first}
    assert {item.category for item in again} == {"mug"}
    liked, disliked = first[1], first[3]
    near = sum(_alike(item, liked) for item in again)
    assert near >= sum(_alike(item, disliked) for item in again)


def _alike(one, other):
    return sum(one.attributes[name] == other.attributes[name] for name in ("colour", "material"))


@pytest.mark.parametrize(
    ("wish", "field", "value"),
    [("like the first but wooden", "material", "wooden"), ("like the second but in blue", "colour", "blue")],
)  # fmt: skip
def test_a_change_wins_over_the_example(agent, wish, field, value):
    last(agent, "a steel lamp")
    again = shown(last(agent, wish))
    assert again
    assert {item.attributes[field] for item in again} == {value}
    assert {item.category for item in again} == {"lamp"}


def test_what_was_shown_does_not_come_back_until_it_is_searched_for_anew(agent):
    first = {item.id for item in shown(last(agent, "a rug"))}
    second = {item.id for item in shown(last(agent, "show me something else"))}
    third = {item.id for item in shown(last(agent, "more like the first one"))}
    assert len(first) == len(second) == 6
    assert not first & second
    assert not third & (first | second)
    assert {item.id for item in shown(last(agent, "a rug"))} == first


def test_when_every_one_of_a_kind_was_seen_the_nearest_others_are_named_as_such(agent):
    last(agent, "a vase")
    last(agent, "show me something else")
    done = last(agent, "more like the first one")
    assert done.answer.startswith(("You have seen every one of that kind", "You have seen every"))


# ---- photo and words ----------------------------------------------------------------------------


def test_the_ends_of_the_balance_are_the_photo_and_the_words_alone(index, red):
    both = embed_query(Query("blue lamp", (red,)), ENCODERS)
    for balance, alone in ((0.0, Query("", (red,))), (1.0, Query("blue lamp"))):
        found = search(Query("blue lamp", (red,), balance=balance), index, ENCODERS, limit=30)
        assert found == search(alone, index, ENCODERS, limit=30)
    assert at_the_ends(both, 0.5) is both
    assert at_the_ends(QueryVectors(photo=both.photo), 1.0).photo is both.photo  # nothing else is


def test_more_words_mean_more_of_what_the_words_say(index, red):
    def blues(balance):
        found = search(Query("blue lamp", (red,), balance=balance), index, ENCODERS, limit=10)
        return sum(one.contributions["words"] > 0 for one in found)

    counts = [blues(balance) for balance in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert counts == sorted(counts)


@pytest.mark.parametrize("balance", [-0.1, 1.5, float("nan")])
def test_a_balance_beyond_the_ends_is_refused_and_nothing_changes(agent, red, balance):
    with pytest.raises(MessageError, match="from 0"):
        last(agent, "a lamp", photos=(red,), balance=balance)
    assert shown(last(agent, "a lamp"))


def test_the_balance_of_a_turn_holds_for_its_refinements(agent, red):
    photo_alone = last(agent, "chair", photos=(red,), balance=0.0)
    assert {item.attributes["colour"] for item in shown(photo_alone)[:3]} == {"red"}
    assert agent.memory.recall("s", agent.catalogue, "me").balance == 0.0
    last(agent, "under $60")
    assert agent.memory.recall("s", agent.catalogue, "me").balance == 0.0
    last(agent, "a chair")
    assert agent.memory.recall("s", agent.catalogue, "me").balance == 0.5


def test_a_colour_said_beside_a_photo_is_kept_to(agent, red):
    done = last(agent, "like this but in blue", photos=(red,))
    assert {item.attributes["colour"] for item in shown(done)} == {"blue"}
    assert [(c.field, c.value) for c in done.constraints] == [("colour", "blue")]


# ---- what would change --------------------------------------------------------------------------


class CountingStore(MemoryStore):
    """Counts what it is asked for."""

    asked = 0

    def vectors(self, ids):
        self.asked += 1
        return super().vectors(ids)


def test_ranks_without_a_part_are_those_of_a_search_without_it(index, red, agent):
    done = last(agent, "a blue lamp under $70", photos=(red,))
    constraints = done.constraints
    words = agent.memory.recall("s", agent.catalogue, "me").phrase
    without = {
        "photo": Query(words, constraints=constraints),
        "words": Query("", (red,), constraints),
        "budget": Query(words, (red,), tuple(c for c in constraints if c.field != "price")),
    }
    for item in shown(done):
        told = {one.without: one.rank for one in done.without[item.id]}
        assert set(told) == {"photo", "words", "budget"}
        for part, query in without.items():
            ranked = [one.item.id for one in search(query, index, ENCODERS, limit=100)]
            assert told[part] == ranked.index(item.id) + 1
    listed = turn_json(done)["items"][0]["without"]
    assert [one["part"] for one in listed] == ["photo", "words", "budget"]
    assert all(set(one) == {"part", "rank", "now", "first"} for one in listed)


def test_what_would_come_first_without_the_budget_is_named(agent):
    done = last(agent, "a scarf for winter under $7")
    (told,) = done.without[shown(done)[0].id]
    assert told.without == "budget"
    assert told.first.price > 7
    assert "winter" in told.first.description
    said = f"without your limit on the price {told.first.title} (${told.first.price:g}) would come first"
    assert done.reasons[shown(done)[0].id][-1] == said == first_without_budget((told,))


def test_nothing_is_searched_again_where_nothing_can_be_left_out(agent):
    agent.index.store.asked = 0
    done = last(agent, "a blue lamp")
    assert done.without == {} or all(not several for several in done.without.values())
    assert last(agent, "the cheapest lamp under $60").without == {}


def test_items_are_on_screen_before_anything_is_searched_again(index, red, tmp_path):
    counting = CountingStore(index.store.shelf)
    memory = Memory(f"sqlite:///{tmp_path / 'c.sqlite'}")
    watched = Index(index.catalogue, index.dimensions, index.populations, counting, index.words)
    agent = Agent(
        index=watched,
        encoders=ENCODERS,
        model=None,
        memory=memory,
        vocabulary=Vocabulary(index.catalogue),
        explained=1,
    )
    asked = {}
    encoded = ENCODERS.text.encoded
    for event in agent.reply(Request("a blue lamp under $70", (red,)), "s"):
        asked.setdefault(type(event), counting.asked)
    assert ENCODERS.text.encoded == encoded + 1  # searching again encodes nothing
    assert counting.asked == asked[Found] + 3
    memory.close()


def test_only_what_moves_an_item_far_is_worth_a_word():
    assert what_would_change([Counterfactual("photo", 3, 1)]) == ()
    assert what_would_change([Counterfactual("photo", 14, 1)]) == (
        "without your photo the search would put it 14th instead of 1st",
    )
    assert what_would_change([Counterfactual("words", None, 2)]) == (
        "without your words the search would not find it near the top",
    )
    assert what_would_change([Counterfactual("budget", 40, 1)]) == ()
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "111th",
    ]  # fmt: skip


def test_an_empty_shortlist_has_nothing_to_leave_out(agent):
    assert last(agent, "a vase under $3").without == {}


# ---- when the model has nothing to add ----------------------------------------------------------

RED = Constraint("colour", "=", "red", "red")
SCARF = Constraint("category", "in", ("scarves",), "scarf")


@pytest.mark.parametrize(
    ("query", "open_"),
    [
        (Query("a red scarf", constraints=(RED, SCARF)), False),
        (Query("a warm red scarf", constraints=(RED, SCARF)), True),
        (Query("red", constraints=(SCARF,)), True),
        (Query("something red", constraints=(RED,)), False),
        (Query("", constraints=(RED,)), False),
        (Query("a warm scarf", liked=("i1",)), False),
        (Query("a warm one like this", photos=(Path("photo.jpg"),)), False),
        (Query("scarf", constraints=(Constraint("price", "<=", 40.0, "under 40"), SCARF)), False),
    ],
)
def test_the_model_orders_only_where_words_ask_for_more_than_is_held(query, open_):
    assert leaves_open(query) is open_


def test_the_joined_order_goes_from_retrieval_to_the_models(index):
    items = list(index.catalogue.items.values())[:3]
    candidates = [
        Candidate(item, score) for item, score in zip(items, (3.0, 2.0, 1.0), strict=True)
    ]
    fit = np.array([0.0, 1.0, 2.0])
    assert joined(candidates, fit, weight=0.0) == candidates
    assert joined(candidates, fit, weight=1.0) == candidates[::-1]
    model = ScriptedModel()
    assert fits("red", candidates, model).shape == (3,)
    assert {c.item.id for c in rerank("red", candidates, model)} == {i.id for i in items}


def test_an_example_holds_for_the_refinements_after_it_and_no_longer(agent):
    last(agent, "a mug")
    last(agent, "like the first but steel")
    liked = agent.memory.recall("s", agent.catalogue, "me").liked
    assert len(liked) == 1
    green = shown(last(agent, "in green"))
    assert [(item.category, item.attributes["material"]) for item in green] == [("mug", "steel")]
    assert agent.memory.recall("s", agent.catalogue, "me").liked == liked
    last(agent, "less like the first one")
    kept = agent.memory.recall("s", agent.catalogue, "me")
    assert kept.liked == liked
    assert len(kept.disliked) == 1
    last(agent, "a lamp")
    after = agent.memory.recall("s", agent.catalogue, "me")
    assert (after.liked, after.disliked) == ((), ())
