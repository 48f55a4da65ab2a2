"""`magpie taste …` over the demo catalogue, as a user types it; no model is loaded."""

import json

import pytest
from typer.testing import CliRunner

from assistant.commands.taste import taste_app
from assistant.memory.store import Memory
from assistant.settings import load_settings
from retrieval.errors import IndexMissingError, MessageError
from tests.builders import DEMO

ITEMS = list(DEMO.items.values())
WOOL = [one for one in ITEMS if one.attributes.get("material") == "wool"][:3]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("MAGPIE_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments):
    done = CliRunner().invoke(taste_app, arguments)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def like(*items, user="me"):
    memory = Memory(load_settings().database)
    for item in items:
        memory.feel(user, "demo", item, "like", "words")
    memory.close()


def test_a_profile_is_shown_with_its_reasons():
    like(*WOOL)
    assert "You like wool (liked: " in run("show")
    told = json.loads(run("show", "--json"))
    assert told["user"] == "me"
    assert {one["id"] for one in told["liked"]} == {one.id for one in WOOL}
    assert "Nothing is remembered." in run("show", "--user", "you")


def test_a_sentence_is_added_and_removed_by_its_number():
    like(*WOOL)
    assert "1. I only wear cotton (your own words)" in run("add", "I only wear cotton")
    assert "I only wear cotton" not in run("remove", "1").splitlines()[1]
    number = next(
        one["number"]
        for one in json.loads(run("show", "--json"))["sentences"]
        if one["value"] == "wool"
    )
    told = json.loads(run("remove", str(number), "--json"))
    assert "wool" not in [one["value"] for one in told["sentences"]]


@pytest.mark.parametrize("number", ["0", "1", "99"])
def test_a_number_that_is_not_there_is_refused(number):
    with pytest.raises(MessageError, match="taste show"):
        run("remove", number)


def test_it_is_saved_as_text_and_as_json(home):
    run("add", "I wear size 42")
    run("export", "--out", str(home / "mine.json"))
    run("export", "--out", str(home / "mine.txt"))
    assert json.loads((home / "mine.json").read_text())["sentences"][0]["said_by_user"]
    assert (home / "mine.txt").read_text() == "1. I wear size 42 (your own words)\n"
    assert run("export") == "1. I wear size 42 (your own words)\n"


def test_forgetting_asks_and_is_of_one_user():
    like(WOOL[0])
    like(WOOL[1], user="you")
    with pytest.raises(MessageError, match="--yes"):
        run("forget")
    assert json.loads(run("forget", "--yes", "--json")) == {"forgotten": 1}
    assert "Liked" not in run("show")
    assert WOOL[1].title in run("show", "--user", "you")
    with pytest.raises(MessageError, match="nothing to forget"):
        run("forget", "--yes", "--everything")


def test_switched_off_it_can_be_seen_but_not_added_to(monkeypatch):
    like(WOOL[0])
    monkeypatch.setenv("MAGPIE_REMEMBER", "false")
    assert "Remembering is off" in run("show")
    with pytest.raises(MessageError, match="MAGPIE_REMEMBER"):
        run("add", "I wear size 42")


def test_an_index_that_is_not_there_is_named():
    with pytest.raises(IndexMissingError, match="nowhere"):
        run("show", "--name", "nowhere")
