"""The judge of a turn: every expectation can pass and can fail, and nothing is lost."""

import json
from dataclasses import replace

import pytest

from assistant.answering.utterances import Claim
from assistant.evaluation import judge as aspects
from assistant.evaluation.guess_language import language_of
from assistant.evaluation.judge import Finding, judge
from assistant.evaluation.outcome import Outcome, outcomes_json, read_outcomes
from assistant.evaluation.script import (
    Expected,
    Script,
    ScriptLine,
)
from assistant.recommending.evidence import has
from assistant.recommending.facts import Fact, Money, UnitAmount
from retrieval.items import Constraint
from tests.builders import BUDGET, ITEMS, SCARF, SHOP, conditions

ALPINE = ITEMS[2]


def failed(expected, outcome, before=()):
    """Return what failed in a turn that followed one which showed `before`."""
    script = Script("s", "w", (ScriptLine(Expected(), "hi"), ScriptLine(expected, "hi")))
    found = judge(script, (Outcome(shown=tuple(before)), outcome), SHOP)[1]
    assert found, "nothing was checked"
    return [finding for finding in found if not finding.passed]


SHOWN = Outcome(
    intent="search", shown=("s1", "s2"), constraints=(BUDGET, SCARF), meant=("s3",), answer="Here."
)


@pytest.mark.parametrize(
    ("expected", "good", "bad"),
    [
        (Expected(every=conditions("price <= 40")), SHOWN, replace(SHOWN, shown=("s1", "s3"))),
        (Expected(every=conditions("price <= 40")), SHOWN, replace(SHOWN, shown=())),
        (Expected(first=conditions("colour has navy")), SHOWN, replace(SHOWN, shown=("s2", "s1"))),
        (Expected(first=conditions("colour has navy")), SHOWN, replace(SHOWN, shown=())),
        (Expected(some=conditions("colour has green")), SHOWN, replace(SHOWN, shown=("s1",))),
        (Expected(shows=("s2",)), SHOWN, replace(SHOWN, shown=("s1",))),
        (Expected(hides=("s3",)), SHOWN, replace(SHOWN, shown=("s3",))),
        (Expected(holds=conditions("price <= 40")), SHOWN, replace(SHOWN, constraints=(SCARF,))),
        (Expected(lacks=("colour",)), SHOWN, replace(SHOWN, constraints=(Constraint("colour", "=", "red"),))),
        (Expected(means=(1,)), SHOWN, replace(SHOWN, meant=())),
        (Expected(means=(1,)), SHOWN, replace(SHOWN, meant=("s3", "m1"))),
        (Expected(names=(2,)), replace(SHOWN, answer="The Harbour Mug."), SHOWN),
        (Expected(fresh=True), SHOWN, replace(SHOWN, shown=("s1", "m1"))),
        (Expected(fresh=True), SHOWN, replace(SHOWN, shown=())),
        (Expected(cheaper=True), SHOWN, replace(SHOWN, shown=("l1",))),
        (Expected(below=1), SHOWN, replace(SHOWN, shown=("s1", "l1"))),
        (Expected(below=9), None, SHOWN),  # a place that was not there
        (Expected(order="cheapest", every=conditions("category is Scarves")), replace(SHOWN, shown=("s2", "s1")), SHOWN),
        (Expected(order="dearest", every=conditions("category is Scarves")), replace(SHOWN, shown=("s3", "s1")), replace(SHOWN, shown=("s1", "s2"))),
        (Expected(empty=True), replace(SHOWN, answer="No record mentions “tent”."), SHOWN),
        (Expected(empty=True), replace(SHOWN, shown=()), replace(SHOWN, shown=(), answer="")),
        (Expected(asks=True), replace(SHOWN, shown=(), answer="Which one counts?"), SHOWN),
        (Expected(asks=True), replace(SHOWN, shown=(), answer="哪一个？"), replace(SHOWN, shown=())),
        (Expected(talk=True), replace(SHOWN, shown=()), SHOWN),
        (Expected(talk=True), replace(SHOWN, shown=()), replace(SHOWN, shown=(), answer="")),
        (Expected(intent=("search", "refine")), SHOWN, replace(SHOWN, intent="help")),
        (Expected(says=("HERE", "there")), SHOWN, replace(SHOWN, answer="No.")),
        (Expected(hushes=("You are a",)), SHOWN, replace(SHOWN, answer="you are  a shop")),
        (Expected(language="en"), replace(SHOWN, answer="Here is what fits."), replace(SHOWN, answer="Das passt.")),
    ],
)  # fmt: skip
def test_every_expectation_can_pass_and_can_fail(expected, good, bad):
    before = ("s3", "m1")
    if good is not None:
        assert failed(expected, good, before) == []
    (finding, *_) = failed(expected, bad, before)
    assert finding.expected
    assert finding.came


def test_a_turn_that_ended_with_an_error_fails_as_one():
    (finding,) = failed(Expected(intent=("search",)), Outcome(error="MessageError: empty"))
    assert (finding.aspect, finding.came) == (aspects.FAULT, "MessageError: empty")


def test_a_place_means_the_list_that_stood_there_last():
    script = Script(
        "s", "w", tuple(ScriptLine(Expected(means=places), "x") for places in ((), (), (2,)))
    )
    talked = (Outcome(shown=("s1", "s2")), Outcome(answer="Hello."), Outcome(meant=("s2",)))
    assert judge(script, talked, SHOP)[2][0].passed  # small talk leaves the items on screen


def test_what_was_shown_two_turns_ago_is_not_fresh():
    script = Script("s", "w", tuple(ScriptLine(Expected(fresh=True), "x") for _ in range(3)))
    shown = (Outcome(shown=("s1",)), Outcome(shown=("s2",)), Outcome(shown=("s1",)))
    assert [turn[0].passed for turn in judge(script, shown, SHOP)] == [True, True, False]


@pytest.mark.parametrize(
    ("answer", "language"),
    [
        ("6 items fit: at most $40.", "en"),
        ("6 Artikel passen: höchstens $40. “This is the record of it.”", "de"),
        ("6 artículos cumplen: como máximo 40.", "es"),
        ("Voici ce que je vous propose avec votre budget.", "fr"),
        ("有六件商品符合：最多 $40。 Harbour Mug", "zh"),
        ("Harbour Mug", ""),
    ],
)
def test_the_language_of_an_answer_is_told_by_its_small_words(answer, language):
    assert language_of(answer) == language


PRICE = Fact("kept", "price", {"price": Money(75.0, "USD"), "gap": UnitAmount(0.5, "kg"), "values": ("a", "b")})  # fmt: skip


def test_outcomes_survive_the_disk():
    outcome = replace(
        SHOWN,
        constraints=(BUDGET, Constraint("colour", "not in", ("red", "blue"), "neither")),
        reasons={"s1": ("it is warm",)},
        claims=(Claim("It is red.", ("s3",), (has(ALPINE, "colour"), PRICE)), Claim("No.")),
        timings_ms={"total": 2.5},
    )
    assert read_outcomes(json.loads(json.dumps(outcomes_json([outcome])))) == (outcome,)


def test_a_finding_is_told_where_the_limit_was_broken():
    (finding,) = failed(Expected(every=conditions("price <= 40")), Outcome(shown=("s1", "s3")))
    assert finding == Finding(
        aspects.LIMIT, passed=False, expected="every item: price <= 40", came="s3 (75.0)"
    )
