"""What would change without the photo, the words or the budget, and when the model is to order."""

from pathlib import Path

import numpy as np
import pytest

from assistant.agent import Agent
from assistant.commands.json_output import turn_json
from assistant.events import Found, Words
from assistant.memory.store import Memory
from assistant.recommending.evidence import (
    Counterfactual,
    first_without_budget,
    what_would_change,
)
from assistant.recommending.facts import Fact, Money
from assistant.recommending.rerank import fits, joint_order, leaves_open, rerank
from assistant.turn.request import Request
from assistant.understanding.catalogue_values import Vocabulary
from retrieval.index.index import Index
from retrieval.items import Candidate, Constraint, Query
from retrieval.search import search
from tests.builders import ENCODERS, last
from tests.fakes import MemoryStore, ScriptedModel


def shown(done):
    return [one.item for one in done.candidates]


# ---- what would change --------------------------------------------------------------------------


class CountingStore(MemoryStore):
    """Counts what it is asked for."""

    asked = 0

    def vectors(self, ids):
        self.asked += 1
        return super().vectors(ids)


def test_ranks_without_a_part_are_those_of_a_search_without_it(handmade_index, red, handmade_agent):
    done = last(handmade_agent, "a blue lamp under $70", photos=(red,))
    constraints = done.constraints
    words = handmade_agent.memory.recall("s", handmade_agent.catalogue, "me").phrase
    without = {
        "photo": Query(words, constraints=constraints),
        "words": Query("", (red,), constraints),
        "budget": Query(words, (red,), tuple(c for c in constraints if c.field != "price")),
    }
    for item in shown(done):
        told = {one.without: one.rank for one in done.without[item.id]}
        assert set(told) == {"photo", "words", "budget"}
        for part, query in without.items():
            ranked = [one.item.id for one in search(query, handmade_index, ENCODERS, limit=100)]
            assert told[part] == ranked.index(item.id) + 1
    listed = turn_json(done)["items"][0]["without"]
    assert [one["part"] for one in listed] == ["photo", "words", "budget"]
    assert all(set(one) == {"part", "rank", "now", "first"} for one in listed)


def test_what_would_come_first_without_the_budget_is_named(handmade_agent):
    done = last(handmade_agent, "a scarf for winter under $7")
    (told,) = done.without[shown(done)[0].id]
    assert told.without == "budget"
    assert told.first.price > 7
    assert "winter" in told.first.description
    said = f"without your limit on the price {told.first.title} (${told.first.price:g}) would come first"
    assert done.reasons[shown(done)[0].id][-1] == said
    price = Money(told.first.price, "USD")
    (fact,) = first_without_budget((told,))
    assert fact == Fact("budget", "search", {"title": told.first.title, "price": price})


def test_nothing_is_searched_again_where_nothing_can_be_left_out(handmade_agent):
    handmade_agent.index.store.asked = 0
    done = last(handmade_agent, "a blue lamp")
    assert done.without == {} or all(not several for several in done.without.values())
    assert last(handmade_agent, "the cheapest lamp under $60").without == {}


def test_items_are_on_screen_before_anything_is_searched_again(handmade_index, red, tmp_path):
    counting = CountingStore(handmade_index.store.shelf)
    memory = Memory(f"sqlite:///{tmp_path / 'c.sqlite'}")
    watched = Index(
        handmade_index.catalogue,
        handmade_index.dimensions,
        handmade_index.populations,
        counting,
        handmade_index.lexical,
    )
    agent = Agent(
        index=watched,
        encoders=ENCODERS,
        model=None,
        memory=memory,
        vocabulary=Vocabulary(handmade_index.catalogue),
        explained=1,
    )
    asked, seen = {}, []
    encoded = ENCODERS.text.encoded
    for event in agent.reply(Request("a blue lamp under $70", (red,)), "s"):
        asked.setdefault(type(event), counting.asked)
        if isinstance(event, Found | Words):
            seen.append(ENCODERS.text.encoded)
    assert seen[:2] == [encoded + 1] * 2  # searching again encodes nothing
    assert counting.asked == asked[Found] + 3
    memory.close()


def test_only_what_moves_an_item_far_is_worth_a_word():
    assert what_would_change([Counterfactual("photo", 3, 1)]) == ()
    assert what_would_change([Counterfactual("photo", 14, 1)]) == (
        Fact("without", "search", {"part": "photo", "rank": 14, "now": 1}),
    )
    assert what_would_change([Counterfactual("words", None, 2)]) == (
        Fact("without", "search", {"part": "words"}),
    )
    assert what_would_change([Counterfactual("budget", 40, 1)]) == ()


def test_an_empty_shortlist_has_nothing_to_leave_out(handmade_agent):
    assert last(handmade_agent, "a vase under $3").without == {}


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


def test_the_joined_order_goes_from_retrieval_to_the_models(handmade_index):
    items = list(handmade_index.catalogue.items.values())[:3]
    candidates = [
        Candidate(item, score) for item, score in zip(items, (3.0, 2.0, 1.0), strict=True)
    ]
    fit = np.array([0.0, 1.0, 2.0])
    assert joint_order(candidates, fit, weight=0.0) == candidates
    assert joint_order(candidates, fit, weight=1.0) == candidates[::-1]
    model = ScriptedModel()
    assert fits("red", candidates, model).shape == (3,)
    assert {c.item.id for c in rerank("red", candidates, model)} == {i.id for i in items}
