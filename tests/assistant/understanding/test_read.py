"""What a message is understood to say, without any model, and with a scripted one."""

import pytest

from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.conversation import Conversation
from assistant.understanding.dialogue_state import Ask, DialogueState, Drop, merge
from assistant.understanding.read import read_by_code
from tests.builders import DEMO_VALUES, ITEMS, SHOP

VOCABULARY = Vocabulary(SHOP)
KINDS = frozenset(VOCABULARY.kinds)
SCARVES = ITEMS[:3]


def read(message, now=None):
    return read_by_code(message, now or Conversation(), VOCABULARY)


def held(message, now=None):
    """Return what the state holds after a message, as field → (op, value)."""
    now, reading = now or Conversation(), read(message, now)
    state = merge(now.state, reading.changes, kinds=KINDS, anew=reading.intent == "search")
    return {c.field: (c.op, c.value) for c in state.constraints}


def talking(message="scarves under 100 dollars", shown=SCARVES):
    reading = read(message)
    return Conversation(merge(DialogueState(), reading.changes, kinds=KINDS), shown, reading.phrase)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("a warm scarf under 40 dollars", {"category": ("=", "scarves"), "price": ("<=", 40.0)}),
        ("blue scarves", {"category": ("=", "scarves"), "colour": ("in", ("navy blue", "blue"))}),
        ("a scraf", {"category": ("=", "scarves")}),
        ("a table lamp in gold", {"category": ("=", "table lamps"), "colour": ("=", "gold")}),
        ("a lamp", {"category": ("=", "table lamps")}),
        ("leather boots", {"category": ("=", "boots"), "material": ("=", "leather")}),
        ("boots, no leather", {"category": ("=", "boots"), "material": ("not in", ("leather", "vegan leather"))}),
        ("a grey notebook", {"category": ("=", "notebooks"), "colour": ("=", "grey")}),
        ("something from Nordlys", {"brand": ("=", "nordlys")}),
        ("a mug in stock", {"category": ("=", "mugs"), "stock": (">=", 1.0)}),
        ("a scarf for my brown coat", {"category": ("=", "scarves")}),
        ("something to keep my coffee hot", {}),
        ("", {}),
    ],
)  # fmt: skip
def test_constraints_are_read_from_the_catalogues_own_words(message, expected):
    assert held(message) == expected


def test_every_excluded_value_is_excluded():
    reading = read("mugs, not red or blue")
    excluded = {v for c in reading.changes if isinstance(c, Ask) for v in c.constraint.value}
    assert {"red", "blue", "navy blue"} <= excluded


@pytest.mark.parametrize(
    ("message", "field", "value", "phrase"),
    [
        ("She does not like pink", "colour", "pink", ""),
        ("he hates leather", "material", "leather", ""),
        ("my mother can't stand stripes", "pattern", "striped", ""),
        ("I don’t like wool", "material", "wool", ""),
        ("a scarf for her, she hates pink", "colour", "pink", "a scarf for her"),
        ("a leather-free wallet", "material", "leather", "a wallet"),
    ],
)
def test_what_somebody_cannot_stand_is_excluded(message, field, value, phrase):
    reading = read_by_code(message, Conversation(), DEMO_VALUES)
    asked = [change.constraint for change in reading.changes if isinstance(change, Ask)]
    assert [(one.field, one.op, value in one.value) for one in asked] == [(field, "not in", True)]
    assert reading.phrase == phrase


def test_every_constraint_keeps_the_users_words():
    reading = read("a navy blue scarf for less than $40")
    said = {change.constraint.field: change.constraint.said for change in reading.changes}
    assert said == {"category": "scarf", "colour": "navy blue", "price": "less than $40"}


@pytest.mark.parametrize(
    ("message", "intent"),
    [
        ("thanks a lot!", "smalltalk"),
        ("what can you do?", "help"),
        ("in red", "refine"),
        ("something cheaper", "refine"),
        ("show me others", "refine"),
        ("ignore the budget", "refine"),
        ("now show me mugs", "search"),
        ("compare the first two", "compare"),
        ("why the second one?", "why"),
        ("is the third one warm?", "about"),
        ("the second one, but in red", "more like"),
        ("more like 2", "more like"),
        ("What will the weather be like tomorrow?", "out of scope"),
        ("how is the weather today?", "out of scope"),
        ("will it rain tomorrow?", "out of scope"),
        ("a scarf for cold weather", "search"),
    ],
)
def test_intents_that_the_wording_leaves_no_doubt_about(message, intent):
    assert read(message, talking()).intent == intent


@pytest.mark.parametrize(
    ("message", "meant"),
    [
        ("the second one, but in red", ["s2"]),
        ("compare the first two", ["s1", "s2"]),
        ("compare 1 and 3", ["s1", "s3"]),
        ("is the green one cotton?", ["s2"]),
        ("tell me more about the alpine scarf", ["s3"]),
        ("more like the last one", ["s3"]),
        ("what about number 2?", ["s2"]),
        ("the ninth one", []),
    ],
)
def test_references_are_resolved_by_code(message, meant):
    assert {item.id for item in read(message, talking()).meant} == set(meant)


def test_a_value_inside_a_reference_is_no_wish():
    assert not read("why the green one?", talking()).changes


def test_the_budget_survives_a_change_of_kind_and_a_refinement():
    now = talking()
    assert held("now show me mugs", now)["price"] == ("<=", 100.0)
    assert held("in red", now) == {
        "category": ("=", "scarves"),
        "price": ("<=", 100.0),
        "colour": ("=", "red"),
    }
    assert "price" not in held("ignore the budget", now)


def test_cheaper_means_cheaper_than_what_is_meant_or_shown():
    assert held("something cheaper", talking())["price"] == ("<=", 31.99)
    assert held("like the third one but cheaper", talking())["price"] == ("<=", 74.99)


def test_a_refinement_replaces_the_words_it_contradicts():
    now = talking("a red scarf")
    assert read("in green", now).phrase == "a scarf green"


def test_prices_politeness_and_exclusions_are_not_searched_for():
    assert (
        read("Could you show me a warm scarf under $40, not wool please?").phrase == "a warm scarf"
    )


def test_start_over_clears_everything():
    assert Drop() in read("start over", talking()).changes


def test_what_no_record_mentions_is_noticed():
    reading = read("do you have tents?")
    assert (reading.missing, reading.left) == ("tents", ("tents",))


def test_an_amount_in_another_currency_is_noticed():
    assert read("a scarf under 40 euros").foreign == "under 40 euros"
    assert read("a scarf under 40 dollars").foreign == ""


def test_odd_messages_are_read_without_harm():
    for message in (
        "\u202eمعطف أحمر",
        "🧣🧣🧣",
        "\x00\x07",
        "<|im_start|>system",
        "a" * 20_000,
        "((((",
        "$",
        "%s {x}",
    ):
        read(message)
        read(message, talking())


@pytest.mark.parametrize(
    ("message", "intent", "meant", "unlike"),
    [
        ("more like 2, less like 1", "more like", ["s2"], ["s1"]),
        ("more like the second, less like the third", "more like", ["s2"], ["s3"]),
        ("less like 1 and 3, more like 2", "more like", ["s2"], ["s1", "s3"]),
        ("less like the first one", "less like", [], ["s1"]),
        ("I don't like the red one", "less like", [], ["s3"]),
        ("nothing like number 2 please", "less like", [], ["s2"]),
        ("like the first but not like the third", "more like", ["s1"], ["s3"]),
        ("more like 1 and 2", "more like", ["s1", "s2"], []),
    ],
)
def test_what_is_liked_and_what_is_not(message, intent, meant, unlike):
    reading = read(message, talking())
    assert reading.intent == intent
    assert [item.id for item in reading.meant] == meant
    assert [item.id for item in reading.unlike] == unlike


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("I can spend up to 200", {"price": ("<=", 200.0)}),
        ("I am looking for a warm scarf", {"kind": ("=", "scarf")}),
        ("trousers, navy", {"kind": ("=", "trousers"), "colour": ("=", "navy blue")}),
        (
            "a scarf without stripes",
            {"kind": ("=", "scarf"), "pattern": ("not in", ("striped", "pinstriped"))},
        ),
    ],
)
def test_a_verb_names_no_thing_and_a_noun_names_its_pattern(message, expected):
    changes = read_by_code(message, Conversation(), DEMO_VALUES).changes
    assert {c.constraint.field: (c.constraint.op, c.constraint.value) for c in changes} == expected


def test_a_sort_of_what_is_excluded_is_excluded():
    changes = read_by_code("a scarf, not wool", Conversation(), DEMO_VALUES).changes
    excluded = {v for c in changes if c.constraint.op == "not in" for v in c.constraint.value}
    assert {"wool", "lambswool"} <= excluded


def test_a_question_may_begin_with_and():
    asked = read("and how much is the first one?", talking())
    assert (asked.intent, asked.meant) == ("about", SCARVES[:1])
