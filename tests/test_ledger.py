"""The ledger: what holds after each change, on paper."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.ledger import Ask, Drop, Ledger, TurnTo, Undo, contradiction, merge
from retrieval.items import Constraint

KINDS = frozenset({"category"})
CHEAP = Constraint("price", "<=", 40.0, "under 40")
BLUE = Constraint("colour", "=", "blue", "blue")
RED = Constraint("colour", "=", "red", "red")
SCARF = Constraint("category", "=", "scarves", "scarf")
MUG = Constraint("category", "=", "mugs", "mug")
NO_WOOL = Constraint("material", "not in", ("wool", "merino wool"), "wool")


def after(*turns, ledger=None):
    ledger = ledger or Ledger()
    for changes in turns:
        ledger = merge(ledger, changes, kinds=KINDS)
    return ledger


def test_turning_to_another_kind_keeps_the_budget_and_what_is_excluded():
    ledger = after([TurnTo(SCARF), Ask(BLUE), Ask(CHEAP), Ask(NO_WOOL)], [TurnTo(MUG)])
    assert set(ledger.constraints) == {CHEAP, NO_WOOL, MUG}


def test_a_new_search_without_a_named_kind_lets_the_old_kind_lapse():
    ledger = merge(after([TurnTo(SCARF), Ask(CHEAP)]), [], kinds=KINDS, anew=True)
    assert ledger.constraints == (CHEAP,)


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
    ledger = after([Ask(NO_WOOL)], [Ask(Constraint("material", "=", "wool", "wool"))])
    excluded = next(c for c in ledger.constraints if c.op == "not in")
    assert excluded.value == ("merino wool",)


def test_a_field_or_everything_is_cleared():
    ledger = after([Ask(CHEAP), Ask(BLUE)])
    assert merge(ledger, [Drop("price")], kinds=KINDS).constraints == (BLUE,)
    assert merge(ledger, [Drop()], kinds=KINDS).constraints == ()


def test_undo_takes_one_turn_back_and_no_change_is_no_turn():
    ledger = after([Ask(CHEAP)], [Ask(BLUE)], [])
    assert merge(ledger, [Undo()], kinds=KINDS).constraints == (CHEAP,)
    assert after([Undo()]).constraints == ()


def test_contradiction_is_noticed():
    low = Constraint("price", ">=", 50.0)
    assert contradiction((CHEAP, low)) == (low, CHEAP)
    assert contradiction((CHEAP, Constraint("price", ">=", 40.0))) is None


constraints = st.one_of(
    st.builds(lambda op, v: Constraint("price", op, v), st.sampled_from(["<=", ">="]), st.floats(1, 99)),
    st.builds(lambda f, v: Constraint(f, "=", v), st.sampled_from(["colour", "category"]), st.sampled_from("abc")),
    st.builds(lambda v: Constraint("colour", "not in", tuple(v)), st.sets(st.sampled_from("abc"), min_size=1)),
)  # fmt: skip
changes = st.one_of(
    constraints.map(Ask), st.sampled_from(["price", "colour", ""]).map(Drop), st.just(Undo())
)


@given(st.lists(st.lists(changes, max_size=4), max_size=6))
def test_the_newest_wish_always_holds_and_nothing_contradicts_within_a_field(turns):
    ledger = Ledger()
    for turn in turns:
        ledger = merge(ledger, turn, kinds=KINDS)
        asked = [c for c in turn if isinstance(c, Ask)]
        if turn and asked == [turn[-1]] and not any(isinstance(c, Undo) for c in turn):
            assert asked[0].constraint in ledger.constraints
        for name in ("colour", "category"):
            assert sum(c.field == name and c.op == "=" for c in ledger.constraints) <= 1
        assert contradiction(ledger.constraints) is None
