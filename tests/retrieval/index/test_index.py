"""Indexing over fakes with real logic; the last tests use Chroma itself."""

import csv
import signal
import subprocess
import sys
import textwrap

import numpy as np
import pyarrow
import pytest
from PIL import Image
from pyarrow import parquet

from retrieval.embed import Encoders
from retrieval.errors import CatalogueError, IndexMismatchError, StorageError, StoreError
from retrieval.index.bm25 import BM25Words
from retrieval.index.chroma import ChromaStore
from retrieval.index.index import index_catalogue, open_index
from retrieval.items import Query
from retrieval.search import search
from tests.fakes import ColourPictureEncoder, HashedTextEncoder, MemoryStore, SidecarTranscriber
from tests.waves import save_wave


class Shop:
    """A catalogue file, its index in memory, and encoders that count what they are given."""

    def __init__(self, folder):
        self.source, self.index = folder / "shop.csv", folder / "index"
        self.encoders = Encoders(HashedTextEncoder(), ColourPictureEncoder(), SidecarTranscriber())
        self.shelf = {}
        self.room = None

    def write(self, *rows):
        with self.source.open("w", newline="") as file:
            csv.writer(file).writerows([("id", "title", "pictures", "recordings"), *rows])

    def paint(self, name, colour):
        Image.new("RGB", (6, 6), colour).save(self.source.parent / name)

    def say(self, name, words):
        (self.source.parent / name).write_bytes(b"sound")
        (self.source.parent / name).with_suffix(".txt").write_text(words)

    def run(self, **options):
        def open_store(folder):
            return MemoryStore(self.shelf, self.room)

        return index_catalogue(self.source, self.index, self.encoders, open_store, **options)

    def open(self):
        return open_index(
            self.index, self.encoders, lambda folder: MemoryStore(self.shelf), BM25Words
        )


@pytest.fixture
def shop(tmp_path):
    return Shop(tmp_path)


def counts(report):
    return (report.added, report.updated, report.unchanged, report.removed)


def many(number):
    return [(str(n), f"Cup number {n}", "", "") for n in range(number)]


def test_what_is_indexed_is_what_is_opened(shop):
    shop.paint("red.png", "red")
    shop.say("scarf.ogg", "it keeps you warm")
    shop.write(("1", "Cup", "red.png", ""), ("2", "Scarf", "", "scarf.ogg"))
    report = shop.run()
    assert (report.name, report.items, counts(report), report.problems) == (
        "index",
        2,
        (2, 0, 0, 0),
        (),
    )
    items = shop.open().catalogue.items
    assert list(items) == ["1", "2"]
    assert items["1"].pictures == (shop.source.parent / "red.png",)
    assert items["2"].transcripts == ("it keeps you warm",)


def test_what_has_not_changed_costs_nothing(shop):
    shop.paint("red.png", "red")
    shop.say("scarf.ogg", "warm")
    shop.write(("1", "Cup", "red.png", ""), ("2", "Scarf", "", "scarf.ogg"))
    shop.run()
    before = (
        shop.encoders.text.encoded,
        shop.encoders.picture.encoded,
        len(shop.encoders.transcriber.heard),
    )
    assert counts(shop.run()) == (0, 0, 2, 0)
    after = (
        shop.encoders.text.encoded,
        shop.encoders.picture.encoded,
        len(shop.encoders.transcriber.heard),
    )
    assert after == before


def test_changes_are_followed_and_what_vanished_is_removed(shop):
    shop.paint("cup.png", "red")
    shop.write(("1", "Cup", "cup.png", ""), ("2", "Scarf", "", ""), ("3", "Cap", "", ""))
    shop.run()
    shop.paint("cup.png", "blue")
    shop.write(
        ("1", "Cup", "cup.png", ""),
        ("3", "Wool cap", "", ""),
        ("4", "Bag", "", ""),
        ("5", "Hat", "", ""),
    )
    report = shop.run()
    assert (report.items, counts(report)) == (4, (2, 2, 0, 1))
    index = shop.open()
    assert sorted(index.catalogue.items) == ["1", "3", "4", "5"]
    assert index.catalogue.items["3"].title == "Wool cap"
    assert search(Query("blue"), index, shop.encoders, limit=1)[0].item.id == "1"


def test_broken_pictures_and_recordings_are_reported_with_their_row_and_left_out(shop):
    shop.paint("good.png", "red")
    folder = shop.source.parent
    (folder / "text.jpg").write_text("no picture")
    (folder / "empty.png").touch()
    (folder / "cut.png").write_bytes((folder / "good.png").read_bytes()[:40])
    (folder / "broken.ogg").touch()
    shop.say("silence.ogg", "")
    save_wave(np.zeros(16_000), folder / "silence.ogg")
    shop.write(
        ("1", "Cup", "text.jpg|good.png", ""),
        ("2", "Scarf", "empty.png|cut.png", "broken.ogg|silence.ogg"),
    )
    problems = shop.run().problems
    assert [(p.row, p.field) for p in problems] == [
        (2, "pictures"),
        (3, "pictures"),
        (3, "pictures"),
        (3, "recordings"),
        (3, "recordings"),
    ]
    assert "is not a picture" in problems[0].problem
    assert "silence.ogg says nothing: it is silent" in problems[4].problem
    items = shop.open().catalogue.items
    assert (items["1"].pictures, items["2"].pictures) == ((folder / "good.png",), ())
    assert shop.run().problems == problems  # unchanged rows repeat what was wrong with them


def test_problems_of_the_catalogue_are_in_the_report(shop):
    shop.write(("1", "Cup", "none.png", ""), ("", "Scarf", "", ""), ("1", "Cap", "", ""))
    report = shop.run()
    assert (report.items, [(p.row, p.field) for p in report.problems]) == (
        1,
        [(2, "pictures"), (3, "id"), (4, "id")],
    )


def test_without_a_speech_model_recordings_wait_until_there_is_one(shop):
    shop.say("scarf.ogg", "warm")
    shop.write(("2", "Scarf", "", "scarf.ogg"))
    whole = shop.encoders
    shop.encoders = Encoders(whole.text, whole.picture)
    assert [p.field for p in shop.run().problems] == ["recordings"]
    shop.encoders = whole
    assert counts(shop.run()) == (0, 1, 0, 0)
    assert shop.open().catalogue.items["2"].transcripts == ("warm",)


def test_an_item_is_found_by_what_only_its_recording_says(shop):
    shop.say("flask.ogg", "it keeps coffee hot all day")
    shop.write(
        ("1", "Flask", "", "flask.ogg"), *((f"x{n}", f"Flask {n}", "", "") for n in range(30))
    )
    shop.run()
    found = search(Query("keeps coffee hot"), shop.open(), shop.encoders, limit=3)
    assert found[0].item.id == "1"
    assert found[0].contributions["speech"] > 0.0


def test_an_interrupted_run_loses_nothing_and_the_next_one_goes_on(shop):
    shop.write(*many(900))

    def stop(rows):
        if rows == 800:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shop.run(report=stop)
    stored = len(shop.shelf)
    assert stored >= 256
    shop.encoders.text.encoded = 0
    assert counts(shop.run()) == (900 - stored, 0, stored, 0)
    assert shop.encoders.text.encoded == 900 - stored
    assert len(shop.open().catalogue.items) == 900


def test_a_run_interrupted_before_its_end_is_still_summed_up(shop):
    shop.write(*many(300))
    shop.room = 10_000
    shop.run()
    shop.write(*many(200), ("200", "A red scarf", "", ""))
    folder = shop.index / "populations.npz"
    whole = folder.read_bytes()

    class Stubborn(MemoryStore):
        def vectors(self, ids):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index_catalogue(shop.source, shop.index, shop.encoders, lambda f: Stubborn(shop.shelf))
    assert folder.read_bytes() == whole
    assert counts(shop.run()) == (0, 0, 201, 0)
    assert folder.read_bytes() != whole


def test_a_full_disk_keeps_what_was_stored(shop):
    shop.write(*many(900))
    shop.room = 600
    with pytest.raises(StorageError, match="full"):
        shop.run()
    stored = len(shop.shelf)
    assert stored in (256, 512)
    shop.room = None
    assert counts(shop.run()) == (900 - stored, 0, stored, 0)


def test_a_catalogue_that_cannot_be_read_removes_nothing(shop):
    shop.write(*many(5))
    shop.run()
    shop.source.write_text("id,title\n")
    with pytest.raises(CatalogueError):
        shop.run()
    assert len(shop.shelf) == 5
    shop.source.unlink()
    with pytest.raises(CatalogueError):
        shop.run()
    assert len(shop.open().catalogue.items) == 5


def test_other_encoders_are_refused_until_the_index_is_rebuilt(shop):
    shop.write(*many(3))
    shop.run()
    shop.encoders = Encoders(HashedTextEncoder(32), ColourPictureEncoder())
    cure = f"magpie index {shop.source} --name index --rebuild$"
    with pytest.raises(IndexMismatchError, match=cure):
        shop.run()
    with pytest.raises(IndexMismatchError, match=cure):
        shop.open()
    assert counts(shop.run(rebuild=True)) == (3, 0, 0, 0)
    assert len(shop.open().catalogue.items) == 3


def test_an_index_whose_store_has_vanished_says_how_to_fill_it_again(shop):
    shop.write(*many(3))
    shop.run()
    shop.shelf.clear()
    with pytest.raises(
        StoreError, match=f"0 of its 3 items: magpie index {shop.source} --name index$"
    ):
        shop.open()
    assert counts(shop.run()) == (3, 0, 0, 0)
    assert len(shop.open().catalogue.items) == 3


def test_a_catalogue_of_one_item_can_be_searched(shop):
    shop.write(("1", "Cup", "", ""))
    shop.run()
    found = search(Query("a cup"), shop.open(), shop.encoders, limit=5)
    assert [candidate.item.id for candidate in found] == ["1"]


def test_pictures_inside_a_table_are_kept_as_files_and_swept(shop, tmp_path):
    def encoded(colour):
        path = tmp_path / "one.webp"
        Image.new("RGB", (60, 80), colour).save(path)
        return path.read_bytes()

    shop.source = tmp_path / "shop.parquet"
    red, blue, green = map(encoded, ("red", "blue", "green"))
    table = {"id": ["1", "2", "3"], "title": ["a", "b", "c"], "image": [red, blue, b"broken"]}
    parquet.write_table(pyarrow.table(table), shop.source)
    assert [p.row for p in shop.run().problems] == [3]
    items = shop.open().catalogue.items
    assert items["1"].pictures[0].read_bytes() == red
    assert items["1"].pictures[0].suffix == ".webp"
    parquet.write_table(
        pyarrow.table({key: value[:2] for key, value in table.items()} | {"image": [red, green]}),
        shop.source,
    )
    shop.run()
    assert {p.read_bytes() for p in (shop.index / "pictures").iterdir()} == {red, green}


def test_progress_is_told(shop):
    shop.write(*many(4))
    rows = []
    shop.run(report=rows.append)
    assert rows == [1, 2, 3, 4]


INTERRUPTED = """
import signal, sys; from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
from retrieval.embed import Encoders
from retrieval.index.index import index_catalogue
from retrieval.index.chroma import ChromaStore
from tests.fakes import ColourPictureEncoder, HashedTextEncoder

def report(rows):
    if rows == 1200:
        print("now", flush=True)
    if rows > 1200:
        import time; time.sleep(0.05)

encoders = Encoders(HashedTextEncoder(), ColourPictureEncoder())
index_catalogue(Path(sys.argv[1]), Path(sys.argv[2]), encoders, ChromaStore, report=report)
"""


def test_ctrl_c_during_indexing_into_chroma_loses_nothing(shop):
    shop.write(*many(1500))
    code = textwrap.dedent(INTERRUPTED)
    command = [sys.executable, "-c", code, str(shop.source), str(shop.index)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout.readline() == b"now\n"
        run.send_signal(signal.SIGINT)
        assert b"KeyboardInterrupt" in run.stderr.read()
    shop.encoders = Encoders(shop.encoders.text, shop.encoders.picture)
    report = index_catalogue(shop.source, shop.index, shop.encoders, ChromaStore)
    assert report.unchanged >= 512
    assert report.added + report.unchanged == report.items == 1500
    index = open_index(shop.index, shop.encoders, ChromaStore, BM25Words)
    found = search(Query("cup number 777"), index, shop.encoders, limit=3)
    assert found[0].item.id == "777"
    index.store.close()
    assert np.isclose(found[0].score, sum(found[0].contributions.values()))
