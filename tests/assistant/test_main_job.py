"""The main job with the real models over the demo catalogue, as a user meets it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from assistant.evaluation.statements import supported
from assistant.events import Done
from assistant.turn.request import Request
from assistant.turn.single_search import find_once
from retrieval.constraints import satisfies_all
from retrieval.embed import QueryVectors
from retrieval.items import Query
from retrieval.media.pictures import read_picture
from retrieval.search import rank

pytestmark = pytest.mark.models

# What is said of an item, and nowhere written: the words to ask with, and the item.
SPOKEN = (
    ("gloves to use the touch screen of a phone", "gloves-01"),
    ("a cushion with dried lavender inside", "cushion-04"),
    ("a drum with a practice pad that makes it quieter", "drum-01"),
    ("a watch to read the time in the dark", "watch-01"),
)


def last(agent, session, words="", **rest):
    *_, done = agent.reply(Request(words, **rest), session)
    assert isinstance(done, Done)
    return done


def speak(words, path):
    if shutil.which("espeak-ng") is None:
        pytest.skip("espeak-ng is not installed: apt-get install espeak-ng")
    subprocess.run(["espeak-ng", "-s", "150", "-w", str(path), words], check=True)
    return path


def distorted(picture):
    """Return a picture as a phone would take it: cropped, turned, brightened."""
    wide, high = picture.size
    turned = picture.rotate(6, resample=Image.Resampling.BICUBIC, fillcolor=(228, 226, 222))
    cropped = turned.crop((wide // 20, high // 20, wide - wide // 25, high - wide // 18))
    return ImageEnhance.Brightness(cropped).enhance(1.15)


def test_a_warm_scarf_under_40_dollars(agent):
    done = last(agent, "scarf", "a warm scarf under 40 dollars")
    assert len(done.candidates) >= 4
    assert all(c.item.price is not None and c.item.price <= 40 for c in done.candidates)
    assert {c.item.attributes["kind"] for c in done.candidates} == {"scarf"}
    assert {c.said for c in done.constraints} == {"scarf", "under 40 dollars"}
    assert all(done.reasons[c.item.id] for c in done.candidates)
    assert "Scarf" in done.answer or "scarf" in done.answer
    assert not done.notice


def test_a_question_of_general_knowledge_is_answered_by_the_model_and_shown_as_such(agent):
    done = last(agent, "general", "is wool warmer than cotton?")
    first, *_, lead_back = done.answer.splitlines()
    assert (done.intent, done.candidates) == ("advice", ())
    assert done.model
    assert first.startswith("In general, and not from the catalogue: ")
    assert "wool" in first.lower()
    assert lead_back.endswith("?")


def test_contributions_add_up_to_the_score(agent):
    for candidate in last(agent, "sum", "a blue mug").candidates:
        assert sum(candidate.contributions.values()) == pytest.approx(candidate.score, abs=1e-4)


def test_a_conversation_keeps_its_thread(agent):
    first = last(agent, "thread", "a striped mug under 30 dollars")
    second = last(agent, "thread", "now a lamp")
    assert {c.item.category for c in second.candidates} <= {"Lighting", "Decor"}
    assert all(satisfies_all(c.item, second.constraints) for c in second.candidates)
    assert any(c.field == "price" and c.value == 30.0 for c in second.constraints)
    third = last(agent, "thread", "ignore the budget")
    assert max(c.item.price for c in third.candidates) > 30
    assert first.candidates


def test_a_question_is_answered_from_the_record(agent):
    shown = last(agent, "question", "a blue mug")
    done = last(agent, "question", "how much does the first one hold?")
    assert done.intent == "about"
    item = shown.candidates[0].item
    assert item.title in done.answer
    facts = [fact for claim in done.claims for fact in claim.facts]
    assert facts
    assert all(supported(fact, item) for fact in facts)


@pytest.mark.media
def test_a_spoken_request_finds_what_keeps_coffee_hot(agent, tmp_path):
    recording = speak("something to keep my coffee hot", tmp_path / "q.wav")
    done = last(agent, "spoken", recording=recording)
    assert "coffee" in done.transcript.lower()
    kinds = {c.item.attributes["kind"] for c in done.candidates[:3]}
    assert kinds & {"vacuum flask", "travel mug", "mug"}


@pytest.mark.parametrize(("asked", "wanted"), SPOKEN)
def test_what_is_only_said_in_a_recording_is_found(agent, asked, wanted):
    found = find_once(Request(asked), agent.index, agent.encoders, limit=3)
    assert wanted in [candidate.item.id for candidate in found.candidates]


def test_a_distorted_photo_finds_its_item_among_the_first_three(agent):
    shown = [item for item in agent.catalogue.items.values() if item.pictures]
    photos = [distorted(read_picture(item.pictures[0])) for item in shown]
    vectors = agent.encoders.picture.encode(photos)
    hits = [
        item.id
        in [c.item.id for c in rank(Query(), QueryVectors(photo=vector), agent.index, limit=3)]
        for item, vector in zip(shown, vectors, strict=True)
    ]
    assert np.mean(hits) >= 0.9


def test_a_photo_with_words_is_neither_drowned(agent):
    mug = agent.catalogue.items["mug-01"]
    photo = mug.pictures[0]
    assert isinstance(photo, Path)
    done = last(agent, "composed", "like this but in red", photos=(photo,))
    assert all("red" in c.item.attributes["colour"] for c in done.candidates)
    assert done.candidates[0].item.attributes["kind"] in ("mug", "travel mug")


def run(*arguments, home):
    environment = {**os.environ, "MAGPIE_HOME": str(home)}
    command = [sys.executable, "-m", "assistant.commands.main", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_the_commands_print_one_json_object_and_hold_a_conversation(agent, home):
    asked = ("ask", "a warm scarf under 40 dollars", "--model", "none", "--json")
    first = json.loads(run(*asked, home=home).stdout)
    assert all(item["price"] <= 40 and item["reasons"] for item in first["items"])
    again = run(
        "ask", "in red", "--session", first["session"], "--model", "none", "--json", home=home
    )
    second = json.loads(again.stdout)
    assert {c["field"] for c in second["constraints"]} >= {"price", "colour"}
    assert "No language model" in second["notice"]


def test_what_was_understood_of_the_columns_is_shown(demo_index, home):
    told = json.loads(run("catalogue", "demo", "--json", home=home).stdout)
    kinds = {one["name"]: (one["role"], one["type"], one["unit"]) for one in told["fields"]}
    assert kinds["stock"] == ("stock", "number", "")
    assert kinds["capacity"] == ("attribute", "quantity", "ml")
    table = run("catalogue", home=home)
    assert "shop.profile.toml" in table.stdout + table.stderr


def test_bad_input_ends_with_status_2_and_one_line(agent, home, tmp_path):
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"")
    for arguments in (
        ("search", "--photo", str(broken)),
        ("search", ""),
        ("search", "x", "--name", "nowhere"),
        ("catalogue", "nowhere"),
        ("index", str(tmp_path / "missing.csv"), "--name", "x"),
        ("ask", "--recording", str(broken), "--model", "none"),
    ):
        done = run(*arguments, home=home)
        assert done.returncode == 2, (arguments, done.stderr)
        line = done.stderr.strip().splitlines()[-1]
        assert line.startswith("magpie: ")
        assert "Traceback" not in done.stderr
