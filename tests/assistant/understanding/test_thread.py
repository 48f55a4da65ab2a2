"""What later messages let go of, deny from afar and carry on, on shops that the code was not built beside."""

from dataclasses import replace
from functools import cache

import pytest

from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.conversation import Conversation
from assistant.understanding.dialogue_state import merge
from assistant.understanding.read import read_by_code
from tests.builders import shop_of


@cache
def vocabulary(name):
    return Vocabulary(shop_of(name))


def held(name, *messages):
    """Return what stands after a conversation, as (field, operator, value)."""
    known, now = vocabulary(name), Conversation()
    for message in messages:
        reading = read_by_code(message, now, known)
        kinds, anew = frozenset(known.kinds), reading.intent == "search"
        state = merge(now.state, reading.changes, kinds=kinds, anew=anew)
        now = replace(now, state=state, phrase=reading.phrase or now.phrase)
    return {(c.field, c.op, c.value) for c in now.state.constraints}


@pytest.mark.parametrize(
    ("first", "then", "kept"),
    [
        ("toys made of wood", "the wood doesn't matter", False),
        ("toys made of wood", "forget the wood", False),
        ("toys made of wood", "it needn't be wood", False),
        ("toys made of wood", "under 40 please", True),
    ],
)
def test_a_wish_is_let_go_of(first, then, kept):
    assert (("material", "=", "wood") in held("toys_kids.csv", first, then)) == kept


@pytest.mark.parametrize(
    "message",
    [
        "dolls in any material but plastic",
        "dolls. plastic breaks in no time, so skip those",
        "dolls, but plastic's off the table",
        "steer me clear of plastic dolls",
    ],
)
def test_what_is_denied_in_other_words_is_left_out(message):
    held_now = held("toys_kids.csv", message)
    assert ("material", "not in", ("plastic",)) in held_now
    assert ("category", "=", "dolls") in held_now


def test_what_is_fine_after_all_is_denied_no_more():
    after = held("toys_kids.csv", "dolls, no plastic", "plastic is fine after all")
    assert after == {("category", "=", "dolls")}


def test_the_same_rules_hold_for_another_kind():
    after = held("toys_kids.csv", "dolls made of wood under 40", "now puzzles, same rules")
    assert {(field, value) for field, _, value in after} == {
        ("category", "puzzles"),
        ("material", "wood"),
        ("price", 40.0),
    }


def test_what_only_titles_tell_is_found_and_denied():
    assert held("garden_tools.csv", "secateurs?") == {("title", "=", "secateur")}
    after = held("garden_tools.csv", "plants", "no hostas!")
    assert ("title", "not in", ("hosta",)) in after
