"""The state: what holds after each change, on paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from retrieval.items import Constraint

KINDS = frozenset({"category"})
CHEAP = Constraint("price", "<=", 40.0, "under 40")
BLUE = Constraint("colour", "=", "blue", "blue")
RED = Constraint("colour", "=", "red", "red")
SCARF = Constraint("category", "=", "scarves", "scarf")
MUG = Constraint("category", "=", "mugs", "mug")
NO_WOOL = Constraint("material", "not in", ("wool", "merino wool"), "wool")


def after(*turns, state=None):
    state = state or DialogueState()
    for changes in turns:
        state = merge(state, changes, kinds=KINDS)
    return state


def test_turning_to_another_kind_keeps_the_budget_and_what_is_excluded():
    state = after([TurnTo(SCARF), Ask(BLUE), Ask(CHEAP), Ask(NO_WOOL)], [TurnTo(MUG)])
    assert set(state.constraints) == {CHEAP, NO_WOOL, MUG}


def test_a_new_search_without_a_named_kind_lets_the_old_kind_lapse():
    state = merge(after([TurnTo(SCARF), Ask(CHEAP)]), [], kinds=KINDS, anew=True)
    assert state.constraints == (CHEAP,)


def test_a_newer_wish_replaces_an_older_one():
    assert after([Ask(BLUE)], [Ask(RED)]).constraints == (RED,)


def test_a_budget_is_tightened_and_loosened():
    tighter = Constraint("price", "<=", 20.0, "under 20")
    assert after([Ask(CHEAP)], [Ask(tighter)]).constraints == (tighter,)
    assert after([Ask(tighter)], [Ask(CHEAP)]).constraints == (CHEAP,)


def test_a_lower_limit_stands_beside_an_upper_one_unless_they_contradict():
    low, high = Constraint("price", ">=", 10.0), Constraint("price", ">=", 50.0)
    assert set(after([Ask(CHEAP)], [Ask(low)]).constraints) == {CHEAP, low}
    assert after([Ask(CHEAP)], [Ask(high)]).constraints == (high,)


def test_wishing_for_what_was_excluded_takes_only_that_back():
    state = after([Ask(NO_WOOL)], [Ask(Constraint("material", "=", "wool", "wool"))])
    excluded = next(c for c in state.constraints if c.op == "not in")
    assert excluded.value == ("merino wool",)


def test_a_field_or_everything_is_cleared():
    state = after([Ask(CHEAP), Ask(BLUE)])
    assert merge(state, [Drop("price")], kinds=KINDS).constraints == (BLUE,)
    assert merge(state, [Drop()], kinds=KINDS).constraints == ()


def test_undo_takes_one_turn_back_and_no_change_is_no_turn():
    state = after([Ask(CHEAP)], [Ask(BLUE)], [])
    assert merge(state, [Undo()], kinds=KINDS).constraints == (CHEAP,)
    assert after([Undo()]).constraints == ()


def test_contradiction_is_noticed():
    low = Constraint("price", ">=", 50.0)
    assert contradiction((CHEAP, low)) == (low, CHEAP)
    assert contradiction((CHEAP, Constraint("price", ">=", 40.0))) is None


def test_limits_that_one_message_contradicts_are_both_kept_and_a_newer_message_settles_it():
    low = Constraint("price", ">=", 50.0, "over 50")
    both = after([Ask(low), Ask(CHEAP)])
    assert both.constraints == (low, CHEAP)
    assert contradiction(both.constraints) == (low, CHEAP)
    settled = Constraint("price", "<=", 45.0, "under 45")
    assert after([Ask(settled)], state=both).constraints == (settled,)
    assert after([Ask(CHEAP), Ask(low)], state=after([Ask(CHEAP)])).constraints == (CHEAP, low)


def test_a_value_wished_for_and_excluded_in_one_message_is_kept_both_ways():
    not_red = Constraint("colour", "not in", ("red",), "red")
    assert contradiction(after([Ask(RED), Ask(not_red)]).constraints) == (RED, not_red)
    assert after([Ask(RED)], [Ask(not_red)]).constraints == (not_red,)


def test_the_narrower_of_a_wish_and_an_exclusion_holds_within_one_message():
    blues = Constraint("colour", "in", ("blue", "navy blue"), "blue")
    no_navy = Constraint("colour", "not in", ("navy blue",), "navy")
    (kept, _) = after([Ask(blues), Ask(no_navy)]).constraints
    assert kept.value == ("blue",)
    merino = Constraint("material", "=", "merino wool", "merino")
    (_, excluded) = after([Ask(merino), Ask(NO_WOOL)]).constraints
    assert excluded.value == ("wool",)


@pytest.mark.parametrize(
    ("shift", "value"),
    [
        (Shift("loosen", "price", "<=", 10.0, "up to 10 more"), 50.0),
        (Shift("tighten", "price", "<=", 0.1, "10 % less", share=True), 36.0),
        (Shift("tighten", "price", "<=", 100.0, "100 less"), 0.0),
    ],
)
def test_a_shift_moves_its_own_limit_and_keeps_both_wordings(shift, value):
    (moved,) = after([Ask(CHEAP)], [shift]).constraints
    assert moved.value == value
    assert moved.said == f"under 40, {shift.said}"


def test_a_lower_limit_is_loosened_downwards():
    low = Constraint("price", ">=", 50.0, "over 50")
    loosened = after([Ask(low)], [Shift("loosen", "price", ">=", 10.0, "10 less")])
    assert loosened.constraints[0].value == 40.0


def test_a_shift_without_a_limit_changes_nothing_and_cannot_be_undone():
    state = after([Ask(BLUE)])
    assert merge(state, [Shift("loosen", "price", "<=", 5.0, "5 more")], kinds=KINDS) is state


def test_a_wish_is_loosened_by_another_value():
    (wish,) = after([Ask(BLUE)], [Allow(Constraint("colour", "=", "red", "red"))]).constraints
    assert (wish.op, wish.value, wish.said) == ("in", ("blue", "red"), "blue, red")
    allowed = after([Ask(NO_WOOL)], [Allow(Constraint("material", "=", "wool", "wool"))])
    assert allowed.constraints[0].value == ("merino wool",)


constraints = st.one_of(
    st.builds(lambda op, v: Constraint("price", op, v), st.sampled_from(["<=", ">="]), st.floats(1, 99)),
    st.builds(lambda f, v: Constraint(f, "=", v), st.sampled_from(["colour", "category"]), st.sampled_from("abc")),
    st.builds(lambda v: Constraint("colour", "not in", tuple(v)), st.sets(st.sampled_from("abc"), min_size=1)),
)  # fmt: skip
changes = st.one_of(
    constraints.map(Ask), st.sampled_from(["price", "colour", ""]).map(Drop), st.just(Undo())
)


@given(st.lists(changes, max_size=12))
def test_one_change_a_message_always_holds_and_never_contradicts(turns):
    state = DialogueState()
    for change in turns:
        state = merge(state, [change], kinds=KINDS)
        if isinstance(change, Ask):
            assert change.constraint in state.constraints
        for name in ("colour", "category"):
            assert sum(c.field == name and c.op == "=" for c in state.constraints) <= 1
        assert contradiction(state.constraints) is None
