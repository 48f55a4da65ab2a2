"""Scripted conversations: every expectation can pass and can fail, and nothing is lost."""

import json
from dataclasses import replace

import pytest

from assistant.answering.claims import Claim, Support, check
from assistant.answering.explain import plain_claim
from assistant.evaluation import judge as aspects
from assistant.evaluation.conditions import held_by, read_condition, true_of
from assistant.evaluation.guess_language import language_of
from assistant.evaluation.inputs import photographed, request_for
from assistant.evaluation.judge import Finding, judge
from assistant.evaluation.measures import (
    Judged,
    bootstrap,
    jaccard,
    latencies,
    measures,
    overlap,
    stability,
)
from assistant.evaluation.outcome import Outcome, outcomes_json, read_outcomes
from assistant.evaluation.play import Played, Stage, as_scripts, play, play_all
from assistant.evaluation.report import Run, as_json, failure_lines, markdown, sample, table
from assistant.evaluation.run import Chosen, choose, evaluate, judged, keep
from assistant.evaluation.script import (
    Expected,
    Line,
    Reworded,
    Script,
    load_reworded,
    load_scripts,
)
from assistant.evaluation.statements import dropped, statements
from assistant.settings import load_settings
from assistant.understanding.catalogue_values import Vocabulary
from demo import catalogue_path
from retrieval.catalogue.reader import read_catalogue
from retrieval.catalogue.rows import Row
from retrieval.errors import SettingsError
from retrieval.items import Catalogue, Constraint, item_text
from retrieval.media.pictures import read_picture
from tests.fakes import ShelfAgent
from tests.shop import ITEMS, SHOP

FJORD, MEADOW, ALPINE = ITEMS[:3]
WORDS = Vocabulary(SHOP)
BUDGET = Constraint("price", "<=", 40.0, "under 40")
SCARF = Constraint("category", "=", "scarves", "scarf")


def conditions(*texts):
    return tuple(read_condition(text) for text in texts)


def failed(expected, outcome, before=()):
    """Return what failed in a turn that followed one which showed `before`."""
    script = Script("s", "w", (Line(Expected(), "hi"), Line(expected, "hi")))
    found = judge(script, (Outcome(shown=tuple(before)), outcome), SHOP)[1]
    assert found, "nothing was checked"
    return [finding for finding in found if not finding.passed]


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
    assert script.lines == (Line(expected, "a scarf under 40"),)


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
DEMO = {row.item.id: row.item for row in read_catalogue(catalogue_path()) if isinstance(row, Row)}


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
    fields |= {name for item in DEMO.values() for name in item.attributes}
    for line in script.lines:
        expected = line.expected
        fitting = {name for name, i in DEMO.items() if all(true_of(i, c) for c in expected.every)}
        named = (*expected.every, *expected.first, *expected.some, *expected.holds)
        assert {condition.field for condition in named} <= fields
        assert fitting or expected.empty
        assert set(expected.shows) <= fitting
        assert set(expected.hides) <= set(DEMO)
        for condition in (*expected.first, *expected.some):
            assert any(true_of(DEMO[name], condition) for name in fitting)
        request = request_for(replace(line, spoken="", seed=0), tmp_path)
        files = [*request.photos, *([request.recording] if request.recording else [])]
        assert all(file.is_file() for file in files)


# The judge: each expectation passes and fails

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
    script = Script("s", "w", tuple(Line(Expected(means=places), "x") for places in ((), (), (2,))))
    talked = (Outcome(shown=("s1", "s2")), Outcome(answer="Hello."), Outcome(meant=("s2",)))
    assert judge(script, talked, SHOP)[2][0].passed  # small talk leaves the items on screen


def test_what_was_shown_two_turns_ago_is_not_fresh():
    script = Script("s", "w", tuple(Line(Expected(fresh=True), "x") for _ in range(3)))
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


# Playing


def stage(folder, agent, version="1"):
    return Stage({"demo": agent}, folder, version)


def scarf_script(name="a scarf", words="a scarf under 40"):
    return Script(name, "a scarf", (Line(Expected(every=conditions("price <= 40")), words),))


def test_a_conversation_is_one_session_and_two_are_two():
    agent = ShelfAgent(list(ITEMS))
    script = Script("s", "w", (Line(Expected(), "a mug"), Line(Expected(), "a scarf")))
    outcomes = play(script, agent)
    assert [o.intent for o in outcomes] == ["search", "search"]
    play(script, agent)
    sessions = [session for _, session in agent.requests]
    assert sessions[0] == sessions[1] != sessions[2] == sessions[3]


def test_a_turn_that_is_refused_is_an_outcome_and_the_next_goes_on():
    script = Script("s", "w", (Line(Expected(), " "), Line(Expected(), "a mug")))
    refused, answered = play(script, ShelfAgent(list(ITEMS)))
    assert refused.error.startswith("MessageError: the message is empty")
    assert answered.shown


def test_a_stopped_run_goes_on_and_a_changed_one_begins_again(tmp_path):
    scripts = [scarf_script("one"), scarf_script("two", "a mug under 20")]
    stopped = ShelfAgent(list(ITEMS), before=_stop_at("a mug under 20"))
    with pytest.raises(KeyboardInterrupt):
        play_all(scripts, stage(tmp_path, stopped), lambda done: None)
    agent, told = ShelfAgent(list(ITEMS)), []
    played = play_all(scripts, stage(tmp_path, agent), told.append)
    assert [request.words for request, _ in agent.requests] == ["a mug under 20"]
    assert told == [0, 1, 2]
    assert all(one.outcomes for one in played)
    assert play_all(scripts, stage(tmp_path, agent), told.append) == played
    assert len(agent.requests) == 1
    play_all(scripts, stage(tmp_path, agent, "2"), told.append)
    assert len(agent.requests) == 3


def _stop_at(words):
    def before(event):
        if words in getattr(event, "phrase", ""):
            raise KeyboardInterrupt

    return before


def test_a_changed_expectation_is_judged_anew_without_playing_again(tmp_path):
    agent = ShelfAgent(list(ITEMS))
    for expected in (Expected(), Expected(hides=("s1",))):
        script = Script("s", "w", (Line(expected, "a scarf"),))
        (one,) = play_all([script], stage(tmp_path, agent), lambda done: None)
    assert len(agent.requests) == 1
    assert one.script.lines[0].expected.hides == ("s1",)


def test_a_kept_result_that_is_broken_is_played_again(tmp_path):
    agent = ShelfAgent(list(ITEMS))
    play_all([scarf_script()], stage(tmp_path, agent), lambda done: None)
    (kept,) = tmp_path.glob("*.json")
    kept.write_text("{")
    play_all([scarf_script()], stage(tmp_path, agent), lambda done: None)
    assert len(agent.requests) == 2


def test_outcomes_survive_the_disk():
    outcome = replace(
        SHOWN,
        constraints=(BUDGET, Constraint("colour", "not in", ("red", "blue"), "neither")),
        reasons={"s1": ("it is warm",)},
        claims=(check("The Alpine Scarf is brushed.", (ALPINE,)), Claim("No.", ("s1",), ("no",))),
        timings_ms={"total": 2.5},
    )
    assert read_outcomes(json.loads(json.dumps(outcomes_json([outcome])))) == (outcome,)


def test_a_catalogue_that_is_not_there_skips_its_conversations(tmp_path):
    script = replace(scarf_script(), catalogue="fashion")
    (one,) = play_all([script], stage(tmp_path, ShelfAgent([])), lambda done: None)
    assert one.skipped == "the fashion catalogue is not there"


def test_a_distorted_picture_is_another_picture_and_always_the_same(tmp_path):
    picture = catalogue_path().parent / "pictures" / "mug-01-1.webp"
    once = photographed(picture, tmp_path, 1).read_bytes()
    assert photographed(picture, tmp_path, 1).read_bytes() == once
    assert photographed(picture, tmp_path, 2).read_bytes() != once
    assert read_picture(once).size != read_picture(picture).size


def test_a_wording_is_a_conversation_of_its_own():
    scripts = as_scripts([Reworded("mug", ("a mug", "mugs"))])
    assert [(s.wants, s.lines[0].words) for s in scripts] == [("mug", "a mug"), ("mug", "mugs")]
    assert len({s.name for s in scripts}) == 2


def test_of_a_wording_only_the_items_are_waited_for(tmp_path):
    agent = ShelfAgent(list(ITEMS))
    script, nothing = as_scripts([Reworded("mug", ("a mug", " "))])
    (whole,), (items,) = play(script, agent), play(script, agent, only_items=True)
    assert items.shown == whole.shown
    assert items.shown
    assert (items.answer, items.timings_ms) == ("", {})
    (failed,) = play(nothing, agent, only_items=True)
    assert "empty" in failed.error


@pytest.mark.media
def test_a_spoken_line_becomes_a_recording(tmp_path):
    request = request_for(Line(Expected(), spoken="-v is no option here"), tmp_path)
    assert request.recording.stat().st_size > 10_000


# Figures


def held(*outcomes, expected=(), script=None):
    lines = tuple(Line(one, "x") for one in expected or [Expected()] * len(outcomes))
    script = script or Script("s", "w", lines)
    played = Played(script, outcomes)
    return Judged(played, judge(script, outcomes, SHOP), WORDS)


def figure(name, *conversations):
    return next(one for one in measures(conversations) if one.name.startswith(name))


def test_violations_count_items_once_and_only_where_a_limit_was_stated():
    limits = Expected(every=conditions("price <= 40", "colour has blue"))
    one = held(
        Outcome(shown=("s1", "s2", "s3"), constraints=(BUDGET,)),
        Outcome(shown=("l1",)),
        expected=(limits, Expected()),
    )
    wishes, price, ledger = (
        figure(name, one)
        for name in ("items that break any", "items outside", "items that break what")
    )
    assert (wishes.hits, wishes.of) == (2, 3)  # s2 is green; s3 is red and too dear, but one item
    assert (price.hits, price.of) == (1, 3)
    assert (ledger.hits, ledger.of) == (1, 4)


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
    assert overlap([a, b]) == pytest.approx(3 / 5)  # the sixth does not count
    assert jaccard([a, b]) == pytest.approx(3 / 7)
    assert overlap([a, a, b]) == pytest.approx((1 + 2 * 3 / 5) / 3)
    assert overlap([["1", "2"], ["1", "2"]]) == 1.0  # as many as there are
    assert overlap([["1", "2"], []]) == 0.0


def test_stability_is_the_mean_over_requests():
    scripts = as_scripts([Reworded("mug", ("a", "b")), Reworded("scarf", ("c", "d"))])
    shown = (("m1",), ("m1",), ("s1",), ("s2",))
    played = [Played(s, (Outcome(shown=ids),)) for s, ids in zip(scripts, shown, strict=True)]
    assert stability(played)[0].share == 0.5


def test_latencies_are_percentiles_of_turns():
    one = held(*(Outcome(timings_ms={"total": float(ms)}) for ms in range(1, 102)))
    assert latencies([one]) == {"total": (101, 51.0, 96.0)}


# Statements


GOOD, FALSE = "The Alpine Scarf is brushed.", "The Alpine Scarf is waterproof."
WRITTEN = (
    Claim("3 items fit.", (), (), (Support("3 items fit.", "limit"),)),
    plain_claim(FJORD, ("colour: navy blue",)),
    check(GOOD, (ALPINE,)),
    Claim(FALSE, ("s3",), (), (Support("waterproof", "description"),)),  # said to stand, does not
    Claim("The Meadow Scarf is of silk.", ("s2",), ("silk",)),  # dropped
)
TOLD = Outcome(shown=("s1", "s2", "s3"), claims=WRITTEN, answer=GOOD, model="small")


def test_statements_are_checked_again_and_told_apart_from_what_code_wrote():
    found = statements(TOLD, ITEMS[:3], WORDS)
    assert [(s.sentence, s.by_code, s.stands) for s in found] == [
        (WRITTEN[1].sentence, True, True), (GOOD, False, True), (FALSE, False, False),
    ]  # fmt: skip


def test_what_the_model_wrote_and_nobody_saw_is_counted_as_dropped():
    assert dropped(TOLD) == (1, 3)  # of two shown and one dropped; what code wrote does not count
    assert dropped(replace(TOLD, model="")) == (0, 0)


def test_precision_is_the_share_of_sentences_that_stand():
    assert figure("statement precision", held(TOLD)).share == pytest.approx(2 / 3)


# The report


@pytest.fixture
def runs():
    one = held(Outcome(shown=("s3",), answer=GOOD, claims=(check(GOOD, (ALPINE,)),), model="small",
                       timings_ms={"total": 5.0}),
               expected=(Expected(every=conditions("price <= 40")),))  # fmt: skip
    skipped = Played(scarf_script(), skipped="espeak-ng is not installed")
    return [Run("small", [one], [skipped], []), Run("none", [one], [], [])]


def test_the_models_stand_side_by_side(runs):
    headings, rows = table(runs)
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
    assert json.loads((tmp_path / "report.json").read_text("utf-8")) == as_json(runs)
    sentences = (tmp_path / "sentences-small.md").read_text("utf-8")
    assert sentences == sample(runs[0])
    assert "1. [ ] (model) The Alpine Scarf is brushed." in sentences
    assert f"> {item_text(ALPINE).split('. ')[0]}" in sentences
    assert markdown(runs, "Here.").startswith("# Conversations, measured")


def test_only_and_limit_choose(tmp_path):
    def chosen(**options):
        return choose(SCRIPTS, load_reworded(), Chosen((), tmp_path, **options))

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
        evaluate(
            Chosen((), tmp_path, only="submarine"), load_settings(home=tmp_path), loaded.append
        )
    assert loaded == []


def test_a_finding_is_told_where_the_limit_was_broken():
    (finding,) = failed(Expected(every=conditions("price <= 40")), Outcome(shown=("s1", "s3")))
    assert finding == Finding(
        aspects.LIMIT, passed=False, expected="every item: price <= 40", came="s3 (75.0)"
    )


# The real agent

SAMPLE = (
    "a warm scarf under 40, then grey",
    "like the second, in red",
    "not brown",
    "like this but in black",
    "no tents",
    "de: rote Tasse unter 20",
)


@pytest.mark.models
def test_a_sample_of_conversations_breaks_no_limit(agent, tmp_path):
    scripts = [script for script in SCRIPTS if script.name in SAMPLE]
    assert len(scripts) == len(SAMPLE)
    brief = replace(agent, explained=1)  # half the words, all of the items
    played = play_all(scripts, stage(tmp_path, brief), lambda done: None)
    found = judged(played, {"demo": brief})
    broken = [f for one in found for _, f in one.failures if f.aspect == aspects.LIMIT]
    assert broken == []
    assert not [f for one in found for _, f in one.failures if f.aspect == aspects.FAULT]


def test_the_demo_is_what_the_scripts_were_written_for():
    assert len(Catalogue("demo", DEMO).items) == 280
