"""No item ever breaks a constraint, and the state obeys: over thousands of random conversations.

The real state, search and shortlist over real records of the demo; only the encoders and the
store are fakes.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.recommending.leads import Contradiction
from assistant.recommending.shortlist import shortlist
from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.conversation import Conversation, Reading
from assistant.understanding.dialogue_state import (
    Allow,
    Ask,
    DialogueState,
    Drop,
    Shift,
    TurnTo,
    Undo,
    contradiction,
    merge,
)
from assistant.understanding.read import read_by_code
from retrieval.constraints import satisfies_all
from retrieval.embed import Encoders, MediaEmbedder, embed_items
from retrieval.fusion.concatenation import describe, join
from retrieval.index.bm25 import BM25Index
from retrieval.index.index import Index
from retrieval.items import Catalogue, Constraint, item_text
from retrieval.protocols import Entry
from tests.builders import DEMO
from tests.fakes import ColourPictureEncoder, HashedTextEncoder, MemoryStore

ITEMS = tuple(DEMO.items.values())[::3]
SHOP = Catalogue("shop", {item.id: item for item in ITEMS})
VOCABULARY = Vocabulary(SHOP)
KINDS = frozenset(VOCABULARY.kinds)
ENCODERS = Encoders(HashedTextEncoder(32), ColourPictureEncoder(), None)
FIELDS = ("kind", "category", "colour", "material", "pattern", "brand")


@pytest.fixture(scope="module")
def index():
    dimensions, store = ENCODERS.dimensions, MemoryStore()
    parts = embed_items(ITEMS, [[] for _ in ITEMS], ENCODERS)
    vectors = np.stack([join(one, dimensions) for one in parts])
    store.upsert([Entry(i.id, v, "") for i, v in zip(ITEMS, vectors, strict=True)])
    words = BM25Index([item_text(item) for item in ITEMS])
    return Index(SHOP, dimensions, describe([vectors], dimensions), store, words)


def wished(name):
    values = st.sampled_from(sorted(SHOP.values[name]))
    one = values.map(lambda value: Constraint(name, "=", value, value))
    several = st.sets(values, min_size=1, max_size=3).map(lambda v: tuple(sorted(v)))
    return one | several.map(lambda v: Constraint(name, "in", v, " or ".join(v)))


def excluded(name):
    values = st.sets(st.sampled_from(sorted(SHOP.values[name])), min_size=1, max_size=4)
    return values.map(lambda v: Constraint(name, "not in", tuple(sorted(v)), "not those"))


AMOUNTS = st.sampled_from([2.0, 9.5, 20.0, 40.0, 75.0, 150.0, 400.0, 900.0])
LIMITS = st.builds(
    lambda op, amount: Constraint("price", op, amount, f"{op} {amount}"),
    st.sampled_from(["<=", ">="]), AMOUNTS,
)  # fmt: skip
WISHES = st.sampled_from(FIELDS).flatmap(wished)
EXCLUSIONS = st.sampled_from(FIELDS).flatmap(excluded)
SHIFTS = st.builds(
    Shift, st.sampled_from(["tighten", "loosen"]), st.just("price"), st.sampled_from(["<=", ">="]),
    st.sampled_from([0.1, 0.5, 10.0]), st.just("a bit"), st.booleans(),
)  # fmt: skip
KIND_OF_THING = st.sampled_from(sorted(KINDS)).flatmap(wished)
CHANGES = st.one_of(
    LIMITS.map(Ask), WISHES.map(Ask), EXCLUSIONS.map(Ask), WISHES.map(Allow), SHIFTS,
    KIND_OF_THING.map(TurnTo), st.sampled_from(["price", "colour", ""]).map(Drop), st.just(Undo()),
)  # fmt: skip
TURNS = st.lists(st.lists(CHANGES, max_size=4), max_size=4)
PHRASES = st.lists(st.sampled_from(sorted(VOCABULARY.known)), max_size=4).map(" ".join)


def told(turns):
    state = DialogueState()
    for changes in turns:
        state = merge(state, changes, kinds=KINDS)
    return state


READINGS = st.builds(
    lambda intent, order, others, pointed: Reading(
        intent, "", meant=tuple(pointed[:1]), unlike=tuple(pointed[1:]), order=order, others=others
    ),
    st.sampled_from(["search", "refine", "more like", "less like"]),
    st.sampled_from(["", "price", "capacity"]),
    st.booleans(),
    st.lists(st.sampled_from(ITEMS), max_size=3, unique_by=lambda item: item.id),
)


@settings(max_examples=2000, deadline=None)
@given(turns=TURNS, phrase=PHRASES, reading=READINGS)
def test_no_candidate_breaks_a_constraint(index, turns, phrase, reading):
    state, shown = told(turns), (*reading.meant, *reading.unlike)
    now = Conversation(state, shown, phrase, seen=frozenset(item.id for item in shown))
    found = shortlist(reading, now, index, MediaEmbedder(ENCODERS), VOCABULARY, limit=6)
    assert all(satisfies_all(c.item, state.constraints) for c in found.candidates)
    if contradiction(state.constraints):
        assert isinstance(found.lead, Contradiction)
        assert not found.candidates
    elif not found.candidates:
        assert found.lead is not None
    fresh = {i.id for i in ITEMS if satisfies_all(i, state.constraints)} - now.seen
    if reading.others and fresh and reading.intent in ("search", "refine"):
        assert not {c.item.id for c in found.candidates} & now.seen


@settings(max_examples=500, deadline=None)
@given(TURNS, KIND_OF_THING)
def test_turning_to_another_kind_keeps_the_budget_the_brand_and_what_is_excluded(turns, kind):
    before = told(turns)
    after = merge(before, [TurnTo(kind)], kinds=KINDS)
    stays = {
        c for c in before.constraints
        if c.field in ("price", "brand") or c.op in ("not in", "!=")
    }  # fmt: skip
    assert stays <= set(after.constraints)
    assert kind in after.constraints


@settings(max_examples=500, deadline=None)
@given(TURNS, st.lists(CHANGES, max_size=4))
def test_undo_restores_exactly(turns, changes):
    before = told(turns)
    after = merge(before, [c for c in changes if not isinstance(c, Undo)], kinds=KINDS)
    if after != before:
        assert merge(after, [Undo()], kinds=KINDS) == before


@settings(max_examples=500, deadline=None)
@given(TURNS, st.sampled_from(["price", "colour", "material"]))
def test_clear_clears_and_nothing_else(turns, name):
    before = told(turns)
    after = merge(before, [Drop(name)], kinds=KINDS)
    assert after.constraints == tuple(c for c in before.constraints if c.field != name)
    assert merge(before, [Drop()], kinds=KINDS).constraints == ()


@settings(max_examples=500, deadline=None)
@given(TURNS, st.text(max_size=40))
def test_a_reading_that_fails_or_means_nothing_changes_nothing(turns, message):
    now = Conversation(told(turns), ITEMS[:3], "mug")
    assert merge(now.state, (), kinds=KINDS) is now.state
    surely = read_by_code(message, now, VOCABULARY)
    if surely.intent in ("about", "why", "compare", "smalltalk", "help"):
        assert merge(now.state, surely.changes, kinds=KINDS) is now.state


@settings(max_examples=500, deadline=None)
@given(TURNS, LIMITS | WISHES | EXCLUSIONS)
def test_what_is_said_last_always_holds(turns, constraint):
    after = merge(told(turns), [Ask(constraint)], kinds=KINDS)
    assert constraint in after.constraints


@settings(max_examples=500, deadline=None)
@given(TURNS, SHIFTS)
def test_a_shift_moves_no_other_constraint(turns, shift):
    before = told(turns)
    after = merge(before, [shift], kinds=KINDS)
    assert len(after.constraints) == len(before.constraints)
    for old, new in zip(before.constraints, after.constraints, strict=True):
        if (old.field, old.op) != ("price", shift.op):
            assert new == old
        elif shift.way == "loosen":
            assert (new.value >= old.value) == (shift.op == "<=") or new.value == old.value
        else:
            assert (new.value <= old.value) == (shift.op == "<=") or new.value == old.value
