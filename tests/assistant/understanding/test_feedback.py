"""What a user says of shown items, read by code."""

import pytest

from assistant.understanding.acts.feedback import opinion_said
from assistant.understanding.tokens.cues import read_sentence
from tests.builders import ITEMS

SHOWN = (ITEMS[0], ITEMS[3], ITEMS[6])  # a navy scarf, a blue mug, brown boots


@pytest.mark.parametrize(
    ("message", "feeling", "ids"),
    [
        ("I like the second one", "like", ["m1"]),
        ("I really like the second mug!", "like", ["m1"]),
        ("I love the Ranger Boots", "like", ["b1"]),
        ("i like 2", "like", ["m1"]),
        ("I like the first and the third", "like", ["s1", "b1"]),
        ("the first one is lovely", "like", ["s1"]),
        ("I don't like the third", "dislike", ["b1"]),
        ("I don’t like the third one at all", "dislike", ["b1"]),
        ("I do not like number 1", "dislike", ["s1"]),
        ("the second one is not for me", "dislike", ["m1"]),
        ("I hate the boots", "dislike", ["b1"]),
        ("the last one isn't my style, sorry", "dislike", ["b1"]),
        ("none of these", "dislike", ["s1", "m1", "b1"]),
        ("I don't like any of them", "dislike", ["s1", "m1", "b1"]),
        ("not my taste", "dislike", []),
        ("I like it", "like", []),
        ("not for me", "dislike", []),
    ],
)
def test_a_plain_opinion_is_read(message, feeling, ids):
    said = opinion_said(read_sentence(message), SHOWN)
    assert said is not None
    assert (said.feeling, [item.id for item in said.items]) == (feeling, ids)


@pytest.mark.parametrize("message", ["I like it", "not my taste", "I don't like this one"])
def test_it_is_the_item_when_there_is_only_one(message):
    assert opinion_said(read_sentence(message), SHOWN[1:2]).items == SHOWN[1:2]


def test_a_value_that_nobody_likes_is_no_opinion_of_the_one_item_that_has_it():
    assert opinion_said(read_sentence("I don't like merino wool"), SHOWN[:1]) is None


@pytest.mark.parametrize(
    "message",
    [
        "I like the second one, but in red",
        "like the second one but cheaper",
        "I'd like a scarf",
        "I would like the cheapest one under 30",
        "I don't like leather",
        "I like wool, show me a scarf",
        "something like the second one",
        "none of these fit my budget",
        "show me something else",
        "is it for me or for a child?",
        "",
    ],
)
def test_what_says_more_than_an_opinion_is_left_to_the_others(message):
    assert opinion_said(read_sentence(message), SHOWN) is None


def test_without_items_on_screen_there_is_nothing_to_like():
    assert opinion_said(read_sentence("I like the second one"), ()) is None
