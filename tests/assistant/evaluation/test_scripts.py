"""Scripted conversations: how conditions and scripts are read, and what those that ship promise."""

from dataclasses import replace

import pytest

from assistant.evaluation.conditions import held_by, read_condition, true_of
from assistant.evaluation.inputs import request_for
from assistant.evaluation.script import (
    Expected,
    ScriptLine,
    load_reworded,
    load_scripts,
)
from retrieval.errors import SettingsError
from retrieval.items import Constraint
from tests.builders import BUDGET, DEMO, ITEMS, conditions

FJORD, MEADOW, ALPINE = ITEMS[:3]


# Conditions


@pytest.mark.parametrize(
    ("condition", "true", "false"),
    [
        ("price <= 32", FJORD, ALPINE),
        ("price >= 32", FJORD, MEADOW),
        ("price < 32", MEADOW, FJORD),
        ("price > 32", ALPINE, FJORD),
        ("price <= 900", FJORD, ITEMS[8]),  # no price, no promise
        ("category is Scarves | Mugs", FJORD, ITEMS[5]),
        ("category is not Mugs", FJORD, ITEMS[3]),
        ("colour has blue", FJORD, ALPINE),
        ("colour has not blue | red", MEADOW, ALPINE),
        ("material is leather", ITEMS[6], ITEMS[7]),  # vegan leather is something else …
        ("material has leather", ITEMS[7], MEADOW),  # … but has the word
        ("text has every page", ITEMS[8], FJORD),  # what the recording says counts
        ("stock >= 1", FJORD, MEADOW),
    ],
)
def test_a_condition_is_read_against_the_record(condition, true, false):
    read = read_condition(condition)
    assert true_of(true, read)
    assert not true_of(false, read)
    assert read_condition(str(read)) == read


@pytest.mark.parametrize("text", ["cheap", "price <= cheap", "price", "price ~ 3", ""])
def test_a_bad_condition_says_how_to_write_one(text):
    with pytest.raises(SettingsError, match="condition"):
        read_condition(text)


def test_a_ledger_holds_a_limit_only_as_stated():
    under = read_condition("price <= 40")
    assert held_by([BUDGET], under, ITEMS)
    assert not held_by([replace(BUDGET, value=39.0)], under, ITEMS)
    assert not held_by([replace(BUDGET, op=">=")], under, ITEMS)


def test_a_ledger_holds_a_value_that_lets_nothing_else_through():
    blue = read_condition("colour has blue")
    assert held_by([Constraint("colour", "in", ("blue", "navy blue"))], blue, ITEMS)
    assert held_by([Constraint("colour", "=", "blue")], blue, ITEMS)
    assert not held_by([Constraint("colour", "in", ("blue", "red"))], blue, ITEMS)
    assert not held_by([Constraint("colour", "=", "violet")], blue, ITEMS)  # lets nothing through
    not_wool = read_condition("material has not wool")
    assert held_by([Constraint("material", "not in", ("wool",))], not_wool, ITEMS)
    assert not held_by([BUDGET], not_wool, ITEMS)


# Scripts

WHOLE = """
[[conversation]]
name = "a scarf"
wants = "a scarf"
covers = ["budget"]
[[conversation.turn]]
user = "a scarf under 40"
every = ["price <= 40"]
means = 2
feedback = true
"""


def write(folder, text, name="one.toml"):
    (folder / name).write_text(text, "utf-8")
    return folder


def test_a_script_is_read_whole(tmp_path):
    (script,) = load_scripts(write(tmp_path, WHOLE))
    assert (script.name, script.covers, script.catalogue) == ("a scarf", ("budget",), "demo")
    expected = Expected(every=conditions("price <= 40"), means=(2,), feedback=True)
    assert script.lines == (ScriptLine(expected, "a scarf under 40"),)


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ('every = ["price <= 40"]', 'every = ["cheap"]', "turn 1, every: the condition 'cheap'"),
        ("means = 2", 'means = "2"', "turn 1, means: '2' is not a whole number"),
        ("feedback = true", 'feedback = "yes"', "turn 1, feedback: 'yes' is not true or false"),
        ("feedback = true", "feedbak = true", "turn 1: unknown key 'feedbak'"),
        ("feedback = true", 'order = "best"', "order: 'best' is none of cheapest, dearest"),
        ("feedback = true", 'language = "xx"', "language: 'xx' is none of"),
        ('user = "a scarf under 40"', "", "turn 1: nothing is handed over"),
        ('wants = "a scarf"', "", "'wants' is missing"),
        ('wants = "a scarf"', 'wants = "x"\ncatalogue = "books"', "catalogue: 'books'"),
        ('covers = ["budget"]', "covers = [1]", "covers: 1 is not text"),
        ("[[conversation.turn]]", "[[conversation.turns]]", "unknown key 'turns'"),
        ("[[conversation]]", "[[conversation", "one.toml is no TOML"),
    ],
)
def test_a_wrong_script_is_refused_with_its_place(tmp_path, wrong, right, said):
    assert wrong in WHOLE
    with pytest.raises(SettingsError) as refused:
        load_scripts(write(tmp_path, WHOLE.replace(wrong, right)))
    assert said in str(refused.value)
    assert "one.toml" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_two_conversations_cannot_share_a_name(tmp_path):
    with pytest.raises(SettingsError, match="the name 'a scarf' is taken"):
        load_scripts(write(write(tmp_path, WHOLE), WHOLE, "two.toml"))


def test_a_request_needs_its_six_wordings(tmp_path):
    write(tmp_path, '[[request]]\nname = "mug"\nwordings = ["a mug", "mugs", "a mug"]')
    with pytest.raises(SettingsError, match=r"one.toml, request 1 \(mug\): 2 wordings: give 6"):
        load_reworded(tmp_path)


# The scripts that ship

SCRIPTS = load_scripts()


def test_there_are_as_many_scripts_of_each_kind_as_promised():
    assert sum(2 <= len(script.lines) <= 6 for script in SCRIPTS) >= 80
    assert sum(script.photos for script in SCRIPTS) >= 15
    assert sum(script.recordings for script in SCRIPTS) >= 10
    assert sum(script.language != "en" for script in SCRIPTS) >= 15
    assert {script.language for script in SCRIPTS} == {"en", "de", "es", "fr", "zh"}
    assert any(script.catalogue == "fashion" for script in SCRIPTS)
    assert len(load_reworded()) == 20


@pytest.mark.parametrize("script", [s for s in SCRIPTS if s.catalogue == "demo"], ids=str)
def test_what_a_script_expects_is_possible(script, tmp_path):
    fields = {"price", "text", "title", "category", "brand"}
    fields |= {name for item in DEMO.items.values() for name in item.attributes}
    for line in script.lines:
        expected = line.expected
        fitting = {
            name for name, i in DEMO.items.items() if all(true_of(i, c) for c in expected.every)
        }
        named = (*expected.every, *expected.first, *expected.some, *expected.holds)
        assert {condition.field for condition in named} <= fields
        assert fitting or expected.empty
        assert set(expected.shows) <= fitting
        assert set(expected.hides) <= set(DEMO.items)
        for condition in (*expected.first, *expected.some):
            assert any(true_of(DEMO.items[name], condition) for name in fitting)
        request = request_for(replace(line, spoken="", seed=0), tmp_path)
        files = [*request.photos, *([request.recording] if request.recording else [])]
        assert all(file.is_file() for file in files)


def test_the_demo_is_what_the_scripts_were_written_for():
    assert len(DEMO.items) == 280
