"""Several processes and one index: who reads it sees a finished state, whole, whatever is written."""

import json
import signal
import subprocess
import sys
from contextlib import closing, contextmanager

import numpy as np
import pytest

from retrieval.embed import Encoders, passage
from retrieval.index.bm25 import BM25Index
from retrieval.index.chroma import ChromaStore
from retrieval.index.index import all_vectors, index_catalogue, open_index, read_items
from retrieval.index.journal import Journal
from retrieval.index.manifest import read_manifest
from retrieval.index.newer import IndexWatch
from retrieval.items import Query
from retrieval.search import search
from tests.builders import counts, cups
from tests.fakes import ColourPictureEncoder, HashedTextEncoder

WRITER = """
import sys, time; from pathlib import Path
from retrieval.embed import Encoders
from retrieval.index.index import index_catalogue
from retrieval.index.chroma import ChromaStore
from tests.fakes import ColourPictureEncoder, HashedTextEncoder

def report(rows):
    if rows == int(sys.argv[4]):
        print("now", flush=True)
        time.sleep(600)

encoders = Encoders(HashedTextEncoder(), ColourPictureEncoder())
source, folder = map(Path, sys.argv[1:3])
rebuild = sys.argv[3] == "rebuild"
index_catalogue(source, folder, encoders, ChromaStore, rebuild=rebuild, report=report)
"""
READER = """
import sys; from pathlib import Path
from retrieval.index.generations import held_generation
with held_generation(Path(sys.argv[1])):
    print("in", flush=True)
    sys.stdin.read()
"""


class ChromaShop:
    """A catalogue file and its index in Chroma, written here or by another process."""

    def __init__(self, shop):
        self.shop, self.source, self.folder = shop, shop.source, shop.index
        self.write, self.encoders = shop.write, shop.encoders

    def run(self, **options):
        return index_catalogue(self.source, self.folder, self.encoders, ChromaStore, **options)

    def open(self):
        return open_index(self.folder, self.encoders, ChromaStore, BM25Index)

    @contextmanager
    def writing_elsewhere(self, kind, row):
        """Index in another process, which stops at a row and is killed at the end."""
        command = [sys.executable, "-c", WRITER, str(self.source), str(self.folder), kind, str(row)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout.readline() == b"now\n"
            try:
                yield
            finally:
                process.send_signal(signal.SIGKILL)

    def generations(self):
        return sorted(one.name for one in self.folder.glob("generation-*"))


@pytest.fixture
def chroma(shop):
    return ChromaShop(shop)


def whole(index, title, count):
    """Tell whether an index says the same in its records, its words, its vectors and its graph."""
    vectors, items = all_vectors(index), index.catalogue.items
    near = index.store.nearest(vectors[5], limit=9)
    wanted = [item.title for item in items.values()][77]
    found = search(Query(wanted), index, ENCODERS, limit=1)
    titles = {item.title.rsplit(" ", 1)[0] for item in items.values()}
    texts = ENCODERS.text.encode([passage(item) for item in items.values()])
    same = np.allclose(vectors[:, : ENCODERS.text.dimension], texts, atol=1e-5)
    assert (len(items), len(vectors), set(near) <= set(items)) == (count, count, True)
    return titles == {title} and same and found[0].item.title == wanted


ENCODERS = Encoders(HashedTextEncoder(), ColourPictureEncoder())


@pytest.mark.parametrize(("kind", "rows"), [("update", (1, 1499)), ("rebuild", (1000,))])
def test_a_reader_sees_the_former_state_until_the_next_is_finished(chroma, kind, rows):
    chroma.write(*cups(1500))
    chroma.run()
    with closing(chroma.open()) as before:
        watch = IndexWatch(chroma.folder, before.generation, chroma.open)
        chroma.write(*((str(n), f"Mug number {n}", "", "") for n in range(200, 1700)))
        for row in rows:
            with chroma.writing_elsewhere(kind, row):
                assert whole(before, "Cup number", 1500)
                with closing(chroma.open()) as opened_meanwhile:
                    assert whole(opened_meanwhile, "Cup number", 1500)
                assert watch.newer() is None
            assert whole(before, "Cup number", 1500)
            assert watch.newer() is None
            assert len(read_items(chroma.folder, ChromaStore).items) == 1500
        kept = sum(map(len, Journal(chroma.folder).batches()))
        assert kept >= 512
        encoded = chroma.encoders.text.encoded
        report = chroma.run()
        assert report.items == 1500
        assert chroma.encoders.text.encoded - encoded == 1500 - kept
        assert whole(before, "Cup number", 1500)
        with closing(watch.newer()) as after:
            assert whole(after, "Mug number", 1500)
            assert watch.newer() is None
            assert len(chroma.generations()) == 2  # one of them is still read
    assert not (chroma.folder / "unfinished").exists()
    chroma.write(*cups(3))
    chroma.run()
    assert len(chroma.generations()) == 1


def test_a_first_run_that_was_killed_has_no_index_and_is_gone_on_with(chroma):
    chroma.write(*cups(900))
    with chroma.writing_elsewhere("update", 890):
        pass
    with pytest.raises(Exception, match="being built, or that was interrupted; to go on: magpie"):
        chroma.open()
    assert chroma.run().unchanged >= 256
    with closing(chroma.open()) as index:
        assert whole(index, "Cup number", 900)


def test_a_change_of_price_copies_the_vectors_and_is_a_new_state(chroma):
    rows = [f"{n},Cup number {n},5" for n in range(1500)]
    chroma.source.write_text("\n".join(("id,title,price", *rows)))
    chroma.run()
    with closing(chroma.open()) as before:
        chroma.source.write_text("\n".join(("id,title,price", *rows)).replace(",5", ",4"))
        encoded = chroma.encoders.text.encoded
        assert counts(chroma.run()) == (0, 1500, 0, 0)
        assert chroma.encoders.text.encoded == encoded
        assert {item.price for item in before.catalogue.items.values()} == {5.0}
        with closing(chroma.open()) as after:
            assert {item.price for item in after.catalogue.items.values()} == {4.0}
            assert (all_vectors(after) == all_vectors(before)).all()
            assert whole(after, "Cup number", 1500)


def test_a_run_without_a_change_leaves_the_state_as_it_is(chroma):
    chroma.write(*cups(5))
    chroma.run()
    before = read_manifest(chroma.folder)
    assert counts(chroma.run()) == (0, 0, 5, 0)
    assert read_manifest(chroma.folder) == before
    assert chroma.generations() == [before.generation]
    chroma.source.with_suffix(".profile.toml").write_text('[title]\nnames = ["name"]\n')
    with pytest.raises(Exception, match="title"):
        chroma.run()
    assert read_manifest(chroma.folder) == before
    assert chroma.generations() == [before.generation]


def test_a_killed_reader_holds_nothing(chroma):
    chroma.write(*cups(5))
    chroma.run()
    command = [sys.executable, "-c", READER, str(chroma.folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reader:
        assert reader.stdout.readline() == b"in\n"
        chroma.write(*cups(6))
        chroma.run()
        assert len(chroma.generations()) == 2
        reader.kill()
    chroma.write(*cups(7))
    chroma.run()
    assert len(chroma.generations()) == 1
    assert list((chroma.folder / "readers").iterdir()) == []


def test_an_index_of_an_earlier_version_is_read_updated_and_moved(chroma):
    chroma.write(*cups(40))
    chroma.run()
    [generation] = chroma.generations()
    for one in (chroma.folder / generation).iterdir():
        one.rename(chroma.folder / one.name)
    (chroma.folder / generation).rmdir()
    path = chroma.folder / "manifest.json"
    told = json.loads(path.read_text())
    del told["generation"]
    path.write_text(json.dumps(told))
    with closing(chroma.open()) as before:
        assert len(all_vectors(before)) == 40
        chroma.write(*cups(90))
        assert counts(chroma.run()) == (50, 0, 40, 0)
        with closing(chroma.open()) as after:
            assert whole(after, "Cup number", 90)
        assert (chroma.folder / "store").is_dir()
        assert len(all_vectors(before)) == 40
    chroma.write(*cups(91))
    chroma.run()
    left = {one.name for one in chroma.folder.iterdir()}
    assert left == {"manifest.json", "writing.lock", "readers", "pictures", *chroma.generations()}
    assert len(chroma.generations()) == 1


def test_a_batch_of_the_journal_that_is_not_whole_is_encoded_again(chroma):
    chroma.write(*cups(900))
    with chroma.writing_elsewhere("update", 890):
        pass
    first, *_ = sorted((chroma.folder / "unfinished").glob("*.npz"))
    first.write_bytes(first.read_bytes()[:100])
    chroma.run()
    with closing(chroma.open()) as index:
        assert whole(index, "Cup number", 900)


def test_a_rebuild_begins_afresh_and_is_gone_on_with_without_the_option(chroma):
    chroma.write(*cups(900))
    chroma.run()
    with chroma.writing_elsewhere("rebuild", 890):
        pass
    kept = sum(map(len, Journal(chroma.folder).batches()))
    encoded = chroma.encoders.text.encoded
    assert counts(chroma.run()) == (900 - kept, 0, kept, 0)
    assert chroma.encoders.text.encoded - encoded == 900 - kept
    encoded = chroma.encoders.text.encoded
    assert counts(chroma.run(rebuild=True)) == (900, 0, 0, 0)
    assert chroma.encoders.text.encoded - encoded == 900
