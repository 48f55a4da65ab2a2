"""Figures over played conversations, statements checked again, and the report of both."""

import json

import pytest

from assistant.answering.utterances import Claim
from assistant.evaluation.judge import judge
from assistant.evaluation.measures import (
    JudgedConversation,
    bootstrap,
    jaccard,
    latencies,
    measures,
    overlap_of_wordings,
    stability,
)
from assistant.evaluation.outcome import Outcome
from assistant.evaluation.play import Played, as_scripts
from assistant.evaluation.report import (
    Run,
    conversation_json,
    conversation_markdown,
    conversation_table,
    failure_lines,
    sample,
)
from assistant.evaluation.run import Chosen, choose_scripts, evaluate_conversations, keep
from assistant.evaluation.script import (
    Expected,
    Reworded,
    Script,
    ScriptLine,
    load_reworded,
    load_scripts,
)
from assistant.evaluation.statements import full_record, statements, supported
from assistant.recommending.evidence import has
from assistant.recommending.facts import Fact, Money
from assistant.settings import load_settings
from assistant.understanding.catalogue_values import Vocabulary
from retrieval.errors import SettingsError
from tests.builders import BUDGET, ITEMS, SHOP, conditions, scarf_script

ALPINE = ITEMS[2]
WORDS = Vocabulary(SHOP)
SCRIPTS = load_scripts()


# Figures


def held(*outcomes, expected=(), script=None):
    lines = tuple(ScriptLine(one, "x") for one in expected or [Expected()] * len(outcomes))
    script = script or Script("s", "w", lines)
    played = Played(script, outcomes)
    return JudgedConversation(played, judge(script, outcomes, SHOP), WORDS)


def figure(name, *conversations):
    return next(one for one in measures(conversations) if one.name.startswith(name))


def test_violations_count_items_once_and_only_where_a_limit_was_stated():
    limits = Expected(every=conditions("price <= 40", "colour has blue"))
    one = held(
        Outcome(shown=("s1", "s2", "s3"), constraints=(BUDGET,)),
        Outcome(shown=("l1",)),
        expected=(limits, Expected()),
    )
    preferences, price, state = (
        figure(name, one)
        for name in ("items that break any", "items outside", "items that break what")
    )
    assert (preferences.hits, preferences.of) == (
        2,
        3,
    )  # s2 is green; s3 is red and too dear, but one item
    assert (price.hits, price.of) == (1, 3)
    assert (state.hits, state.of) == (1, 4)


def test_grounding_references_and_whole_conversations_are_shares():
    good = held(
        Outcome(shown=("s1", "s2"), constraints=(BUDGET,)), Outcome(meant=("s2",)),
        expected=(Expected(holds=conditions("price <= 40")), Expected(means=(2,))),
    )  # fmt: skip
    bad = held(Outcome(constraints=()), expected=(Expected(holds=conditions("price <= 40")),))
    assert figure("constraint grounding", good, bad).share == 0.5
    assert figure("cross-turn reference", good, bad).share == 1.0
    assert figure("conversations without", good, bad).share == 0.5


def test_feedback_counts_turns_in_which_everything_about_the_items_came():
    asked = Expected(every=conditions("price <= 40"), fresh=True, feedback=True, intent=("refine",))
    moved = held(Outcome(), Outcome(shown=("s1",), intent="search"), expected=(Expected(), asked))
    stuck = held(Outcome(shown=("s1",)), Outcome(shown=("s1",)), expected=(Expected(), asked))
    assert figure("feedback", moved, stuck).share == 0.5  # the intent is another measure


def test_refusals_and_failures_are_counted():
    asked = Expected(intent=("out of scope",))
    one = held(Outcome(intent="out of scope"), Outcome(intent="out of scope"), Outcome(error="x"),
               Outcome(notice="The language model failed, so …"),
               expected=(asked, Expected(), Expected(), Expected()))  # fmt: skip
    assert (figure("refusals", one).hits, figure("refusals", one).of) == (1, 3)
    assert figure("turns with a failure", one).hits == 2


def test_the_bootstrap_resamples_conversations():
    assert bootstrap([(1, 1)] * 20) == (1.0, 1.0)
    low, high = bootstrap([(1, 1)] * 10 + [(0, 1)] * 10)
    assert 0.2 < low < 0.5 < high < 0.8
    assert bootstrap([(0, 0)]) == (0.0, 0.0)
    assert bootstrap([(1, 1), (0, 1)] * 5) == bootstrap([(1, 1), (0, 1)] * 5)


def test_overlap_by_hand():
    a, b = ["1", "2", "3", "4", "5", "9"], ["1", "2", "3", "6", "7", "9"]
    assert overlap_of_wordings([a, b]) == pytest.approx(3 / 5)  # the sixth does not count
    assert jaccard([a, b]) == pytest.approx(3 / 7)
    assert overlap_of_wordings([a, a, b]) == pytest.approx((1 + 2 * 3 / 5) / 3)
    assert overlap_of_wordings([["1", "2"], ["1", "2"]]) == 1.0  # as many as there are
    assert overlap_of_wordings([["1", "2"], []]) == 0.0


def test_stability_is_the_mean_over_requests():
    scripts = as_scripts([Reworded("mug", ("a", "b")), Reworded("scarf", ("c", "d"))])
    shown = (("m1",), ("m1",), ("s1",), ("s2",))
    played = [Played(s, (Outcome(shown=ids),)) for s, ids in zip(scripts, shown, strict=True)]
    assert stability(played)[0].share == 0.5


def test_latencies_are_percentiles_of_turns():
    one = held(*(Outcome(timings_ms={"total": float(ms)}) for ms in range(1, 102)))
    assert latencies([one]) == {"total": (101, 51.0, 96.0)}


# Statements


GOOD = Claim("Alpine Scarf is made of cashmere.", ("s3",), (has(ALPINE, "material"),))
FALSE = Claim(
    "Alpine Scarf is made of silk.",
    ("s3",),
    (Fact("has", "attribute material", {"field": "material", "value": "silk"}),),
)
OPENING = Claim("Three items fit.")  # of no item, so no statement
TOLD = Outcome(shown=("s1", "s3"), claims=(OPENING, GOOD, FALSE), answer="…", model="small")


def test_every_sentence_about_an_item_is_held_against_its_record_again():
    found = statements(TOLD, SHOP)
    assert [(one.sentence, one.items, one.stands) for one in found] == [
        (GOOD.sentence, (ALPINE,), True),
        (FALSE.sentence, (ALPINE,), False),
    ]


NOTE, PRICED = SHOP.items["n1"], Money(75.0, "USD")


@pytest.mark.parametrize(
    ("kind", "item", "good", "bad"),
    [
        ("has", ALPINE, {"field": "colour", "value": "red"}, {"field": "colour", "value": "blue"}),
        ("has", ALPINE, {"field": "price", "value": PRICED}, {"field": "price", "value": Money(7.0, "USD")}),
        ("wished", ALPINE, {"field": "colour", "value": "Red"}, {"field": "stock", "value": "red"}),
        ("price", ALPINE, {"price": PRICED}, {"price": Money(75.5, "USD")}),
        ("first", ALPINE, {"field": "price", "value": PRICED}, {"field": "price", "value": Money(1.0, "USD")}),
        ("quote", ALPINE, {"text": "Brushed and very warm."}, {"text": "Brushed in Peru."}),
        ("spoken", NOTE, {"text": "Every page is waterproof."}, {"text": "Stitched, lies flat."}),
        ("unsaid", NOTE, {"field": "material"}, {"field": "colour"}),
    ],
)  # fmt: skip
def test_a_fact_of_each_kind_stands_on_its_record_or_falls(kind, item, good, bad):
    assert supported(Fact(kind, "x", good), item)
    assert not supported(Fact(kind, "x", bad), item)


def test_precision_is_the_share_of_sentences_that_stand():
    assert figure("statement precision", held(TOLD)).share == pytest.approx(1 / 2)


# The report


@pytest.fixture
def runs():
    one = held(Outcome(shown=("s3",), answer=GOOD.sentence, claims=(GOOD,), model="small",
                       timings_ms={"total": 5.0}),
               expected=(Expected(every=conditions("price <= 40")),))  # fmt: skip
    skipped = Played(scarf_script(), skipped="espeak-ng is not installed")
    return [Run("small", [one], [skipped], []), Run("none", [one], [], [])]


def test_the_models_stand_side_by_side(runs):
    headings, rows = conversation_table(runs)
    assert headings == ["", "wanted", "small", "none"]
    assert {len(row) for row in rows} == {4}
    assert rows[1] == ["items outside a stated price limit", "0", "1 of 1", "1 of 1"]
    assert rows[-1] == ["total, p50 (p95)", "", "5 (5) ms", "5 (5) ms"]


def test_a_failure_names_conversation_turn_expected_and_came(runs):
    (line,) = failure_lines(runs[0])
    assert line == "s, turn 1 (“x”): expected every item: price <= 40; came s3 (75.0)"


def test_the_report_is_kept_whole(runs, tmp_path):
    written = keep(runs, tmp_path).read_text("utf-8")
    assert "1 skipped: espeak-ng is not installed" in written
    assert "expected every item: price <= 40" in written
    assert json.loads((tmp_path / "report.json").read_text("utf-8")) == conversation_json(runs)
    sentences = (tmp_path / "sentences-small.md").read_text("utf-8")
    assert sentences == sample(runs[0])
    assert "1. [ ] Alpine Scarf is made of cashmere." in sentences
    assert f"> {ALPINE.title}. {full_record(ALPINE)}" in sentences
    assert conversation_markdown(runs, "Here.").startswith("# Conversations, measured")


def test_only_and_limit_choose(tmp_path):
    def chosen(**options):
        return choose_scripts(SCRIPTS, load_reworded(), Chosen((), tmp_path, **options))

    scripts, reworded = chosen()
    assert (len(scripts), len(reworded)) == (len(SCRIPTS), 20)
    scripts, reworded = chosen(only="Photo", limit=3)
    assert len(scripts) == 3
    assert all(s.photos for s in scripts)
    assert reworded == []
    with pytest.raises(SettingsError, match="fits no conversation.*budget"):
        chosen(only="submarine")


def test_a_pattern_that_fits_nothing_is_told_before_any_model_is_loaded(tmp_path):
    loaded = []
    with pytest.raises(SettingsError, match="submarine"):
        evaluate_conversations(
            Chosen((), tmp_path, only="submarine"), load_settings(home=tmp_path), loaded.append
        )
    assert loaded == []
