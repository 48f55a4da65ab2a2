"""Playing conversations: sessions, refusals, runs that stop and go on, spoken and reworded lines."""

from dataclasses import replace

import pytest

from assistant.evaluation import judge as aspects
from assistant.evaluation.inputs import photographed, request_for
from assistant.evaluation.play import PlaySetting, as_scripts, play, play_all
from assistant.evaluation.run import judge_turns
from assistant.evaluation.script import (
    Expected,
    Reworded,
    Script,
    ScriptLine,
    load_scripts,
)
from demo import catalogue_path
from retrieval.media.pictures import read_picture
from tests.builders import ITEMS, scarf_script
from tests.fakes import ShelfAgent

SCRIPTS = load_scripts()


def stage(folder, agent, version="1"):
    return PlaySetting({"demo": agent}, folder, version)


def test_a_conversation_is_one_session_and_two_are_two():
    agent = ShelfAgent(list(ITEMS))
    script = Script("s", "w", (ScriptLine(Expected(), "a mug"), ScriptLine(Expected(), "a scarf")))
    outcomes = play(script, agent)
    assert [o.intent for o in outcomes] == ["search", "search"]
    play(script, agent)
    sessions = [session for _, session in agent.requests]
    assert sessions[0] == sessions[1] != sessions[2] == sessions[3]


def test_a_turn_that_is_refused_is_an_outcome_and_the_next_goes_on():
    script = Script("s", "w", (ScriptLine(Expected(), " "), ScriptLine(Expected(), "a mug")))
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
        script = Script("s", "w", (ScriptLine(expected, "a scarf"),))
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
    request = request_for(ScriptLine(Expected(), spoken="-v is no option here"), tmp_path)
    assert request.recording.stat().st_size > 10_000


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
    found = judge_turns(played, {"demo": brief})
    broken = [f for one in found for _, f in one.failures if f.aspect == aspects.LIMIT]
    assert broken == []
    assert not [f for one in found for _, f in one.failures if f.aspect == aspects.FAULT]
