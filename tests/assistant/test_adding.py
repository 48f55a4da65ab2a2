"""A catalogue that is handed over on the page: indexed in a thread, stopped, gone on with."""

import pytest

from assistant.adding import CatalogueAdder
from assistant.page.markup.wording import wording
from assistant.page.panels.adding_panel import Addition, adding_form, carry_out_adding
from assistant.page.panels.uploads import private_uploads, uploaded
from assistant.settings import load_settings
from retrieval.errors import CatalogueError, MagpieError, MessageError
from retrieval.index.chroma import ChromaStore
from retrieval.index.manifest import read_manifest
from retrieval.index.summary import read_summary
from tests.adders import HeldEncoder, opened_adder, until

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def words():
    return HeldEncoder()


@pytest.fixture
def adder(tmp_path, words):
    yield from opened_adder(words, home=tmp_path / "home")


def table(folder, rows):
    place = folder / "list.csv"
    place.write_text("id,title\n" + "".join(f"{n},Cup number {n}\n" for n in range(rows)))
    return place


def test_a_table_becomes_an_index(adder, words, tmp_path):
    words.may.set()
    adder.add(table(tmp_path, 5), "cups")
    done = until(adder, "done")
    assert (done.name, done.done, done.total) == ("cups", 5, 5)
    indexes = tmp_path / "home" / "indexes"
    assert len(read_summary(indexes / "cups", ChromaStore).catalogue.items) == 5
    adder.add(table(tmp_path, 6), "cups")  # its own name again is an update
    adder._thread.join()
    assert adder.now.total == 6


def test_it_is_stopped_and_goes_on_where_it_stopped(adder, words, tmp_path):
    adder.add(table(tmp_path, 900), "cups")
    assert words.begun.wait(30)
    encoded = words.encoded
    with pytest.raises(MessageError, match="is being added"):
        adder.add(table(tmp_path, 1), "mugs")
    adder.cancel()
    words.may.set()
    assert until(adder, "stopped").total == 900
    adder.resume()
    assert until(adder, "done").done == 900
    assert words.encoded <= 900 + encoded  # what was finished is not encoded again
    assert read_manifest(tmp_path / "home" / "indexes" / "cups").items == 900


def test_after_a_restart_it_can_go_on(adder, words, tmp_path):
    adder.add(table(tmp_path, 900), "cups")
    assert words.begun.wait(30)
    adder.cancel()
    words.may.set()
    until(adder, "stopped")
    again = CatalogueAdder(load_settings(home=tmp_path / "home"), adder._lend)
    assert again.now == Addition("cups", "stopped")
    again.resume()
    assert until(again, "done").done == 900


@pytest.mark.parametrize("name", ["demo", "taken", "../out", "", HOSTILE])
def test_a_name_that_is_taken_or_none_is_refused(adder, tmp_path, name):
    (tmp_path / "home" / "indexes" / "taken").mkdir(parents=True)
    with pytest.raises(MagpieError):
        adder.add(table(tmp_path, 1), name)
    assert adder.now is None
    assert not (tmp_path / "home" / "added").exists()


def test_what_cannot_be_read_is_told_and_escaped(adder, tmp_path):
    bad = tmp_path / "list.csv"
    bad.write_text(f"{HOSTILE},x\n1,2\n")
    adder.add(bad, "bad")
    failed = until(adder, "failed")
    assert failed.trouble
    drawn = adding_form(
        Addition("bad", "failed", trouble=CatalogueError(HOSTILE)), wording("de"), trouble=HOSTILE
    )
    assert HOSTILE not in drawn
    assert 'data-act="resume"' in drawn


def test_only_what_was_uploaded_is_taken(adder, tmp_path):
    with private_uploads():
        for path in ("", "/etc/passwd", str(table(tmp_path, 1)), "../x", "x\0y", "x" * 9000):
            with pytest.raises(MessageError, match="has not arrived"):
                carry_out_adding(adder, {"act": "add", "path": path, "text": "cups"})
            with pytest.raises(MessageError):
                uploaded(path)
    assert adder.now is None


def test_the_time_left_is_said_in_the_visitor_s_language():
    now = Addition("cups", "indexing", 30, 90, left=118.0)
    assert "30 von 90 Artikeln gelesen. Noch etwa 2 Minuten." in adding_form(now, wording("de"))
    assert "<form" not in adding_form(now, wording("de"))
    assert "About 1 second left." in adding_form(
        Addition("cups", "indexing", 89, 90, left=0.4), wording("en")
    )
