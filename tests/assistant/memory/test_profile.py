"""The taste profile: what counts, what is said, and what a user changes."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.memory.profile import (
    Opinion,
    ProfileEdit,
    line_text,
    own_sentence,
    profile,
    profile_json,
    profile_text,
    without_disliked,
)
from assistant.understanding.catalogue_values import Vocabulary
from retrieval.errors import MessageError
from retrieval.items import Candidate, Catalogue, Item, normal, raw_value

NOW = datetime(2026, 11, 23, tzinfo=UTC)
MATERIALS = ("wool", "leather", "cotton", "glass", "steel")
# Forty items: every fifth is of wool, every second is blue.
ITEMS = tuple(
    Item(f"i{n}", f"Thing {n}", "", "Things", 10.0, "USD", "Acme",
         {"material": MATERIALS[n % 5], "colour": ("blue", "red")[n % 2], "season": f"season {n % 8}"})
    for n in range(40)
)  # fmt: skip
SHOP = Vocabulary(Catalogue("shop", {item.id: item for item in ITEMS}))


def felt(feeling, *places):
    return [Opinion(f"i{n}", f"Thing {n}", feeling, "card", NOW) for n in places]


def sentences(opinions, edits=()):
    return [line_text(line) for line in profile(opinions, edits, SHOP).lines]


def test_what_the_liked_items_share_is_said_with_the_items():
    assert sentences(felt("like", 0, 5, 15)) == [
        "You like wool (liked: Thing 0, Thing 5, Thing 15)."
    ]


def test_what_the_disliked_items_share_is_avoided():
    assert sentences(felt("dislike", 1, 6)) == ["You avoid leather (disliked: Thing 1, Thing 6)."]


def test_one_item_says_nothing_and_neither_does_what_every_item_has():
    assert sentences(felt("like", 0)) == []
    # Two blue things of different materials: half of all things are blue, all are by Acme.
    assert sentences(felt("like", 0, 2)) == []


def test_what_is_liked_and_disliked_alike_is_not_said():
    assert sentences([*felt("like", 0, 5), *felt("dislike", 10, 15)]) == []


def test_the_rule_on_paper():
    # 2 of 2 liked are wool, 6 of the other 38: log(2.5*32.5/(0.5*6.5)) = 3.219;
    # its error is sqrt(1/2.5 + 1/0.5 + 1/6.5 + 1/32.5) = 1.607; 3.219 - 1.645*1.607 = 0.575 > 0.
    assert sentences(felt("like", 0, 5)) == ["You like wool (liked: Thing 0, Thing 5)."]
    # 2 of 6: log(2.5*28.5/(4.5*6.5)) = 0.890, error 0.891; the lower bound is below 0.
    assert sentences(felt("like", 0, 5, 1, 12, 23, 34)) == []


def test_a_field_that_does_not_speak_for_itself_is_named():
    assert sentences(felt("like", 0, 8, 16)) == [
        "You like the season “season 0” (liked: Thing 0, Thing 8, Thing 16)."
    ]


def test_long_lists_of_items_are_cut_in_words_and_whole_in_json():
    known = profile(felt("like", 0, 5, 15, 25, 35), (), SHOP)
    (line,) = [one for one in known.lines if one.value == "wool"]
    assert line_text(line).endswith("(liked: Thing 0, Thing 5, Thing 15 and 2 more).")
    told = next(s for s in profile_json(known)["sentences"] if s["value"] == "wool")
    assert len(told["because_of"]) == 5
    assert told["said_by_user"] is False


def test_the_users_own_words_stay_and_are_marked():
    known = profile([], [ProfileEdit("added", "I wear size 42")], SHOP)
    assert profile_text(known) == "1. I wear size 42 (your own words)"
    assert profile_json(known)["sentences"][0]["said_by_user"] is True


def test_a_removed_sentence_does_not_come_back():
    (line,) = profile(felt("like", 0, 5), (), SHOP).lines
    edits = [ProfileEdit("removed", line.key)]
    assert sentences(felt("like", 0, 5, 15), edits) == []


def test_items_that_left_the_catalogue_are_named_but_not_counted():
    gone = replace(felt("like", 0)[0], item="gone", title="Old thing")
    known = profile([gone, *felt("like", 5)], (), SHOP)
    assert known.lines == ()
    assert profile_text(known) == "Liked: Old thing, Thing 5."


def test_nothing_is_said_of_nothing():
    assert profile_text(profile([], [], SHOP)) == "Nothing is remembered."


@given(st.lists(st.integers(0, 39), unique=True), st.lists(st.integers(0, 39), unique=True))
def test_every_sentence_is_true_of_the_items_it_names(liked, disliked):
    opinions = [*felt("like", *liked), *felt("dislike", *(n for n in disliked if n not in liked))]
    by_title = {item.title: item for item in ITEMS}
    for line in profile(opinions, (), SHOP).lines:
        assert len(line.reasons) >= 2
        named = [by_title[title] for title in line.reasons]
        assert {normal(raw_value(item, line.field)) for item in named} == {line.value}
        felt_so = {one.title for one in opinions if one.feeling == line.feeling}
        assert set(line.reasons) <= felt_so


@pytest.mark.parametrize("text", ["", " \n", "x" * 201])
def test_a_sentence_must_be_one(text):
    with pytest.raises(MessageError, match="sentence"):
        own_sentence(text)


def test_a_sentence_of_several_lines_becomes_one():
    assert own_sentence(" I like\n wool ") == "I like wool"


def test_disliked_items_leave_the_list_unless_named_or_alone():
    candidates = [Candidate(item, 1.0) for item in ITEMS[:4]]
    hidden = frozenset({"i0", "i2"})
    kept = without_disliked(candidates, hidden, "something blue", limit=2)
    assert [c.item.id for c in kept.candidates] == ["i1", "i3"]
    assert kept.left_out == ("Thing 0",)  # the third would not have been shown anyway
    alone = without_disliked(candidates[:1], hidden, "something blue", limit=2)
    assert [c.item.id for c in alone.candidates] == ["i0"]
    assert alone.left_out == ()
