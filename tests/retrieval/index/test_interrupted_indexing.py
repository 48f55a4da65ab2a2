"""Indexing that is interrupted, meets a full disk or finds its store gone, last with Chroma itself."""

import signal
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from retrieval.embed import Encoders
from retrieval.errors import CatalogueError, IndexMismatchError, StorageError, StoreError
from retrieval.index.bm25 import BM25Index
from retrieval.index.chroma import ChromaStore
from retrieval.index.index import index_catalogue, open_index
from retrieval.index.journal import Journal
from retrieval.items import Query
from retrieval.search import search
from tests.builders import counts, cups
from tests.fakes import ColourPictureEncoder, HashedTextEncoder, MemoryStore


def kept(shop):
    """Return how many items an interrupted run has kept for the next one."""
    return sum(map(len, Journal(shop.index).batches()))


def test_an_interrupted_run_loses_nothing_and_the_next_one_goes_on(shop):
    shop.write(*cups(900))

    def stop(rows):
        if rows == 800:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shop.run(report=stop)
    stored = kept(shop)
    assert stored >= 256
    shop.encoders.text.encoded = 0
    assert counts(shop.run()) == (900 - stored, 0, stored, 0)
    assert shop.encoders.text.encoded == 900 - stored
    assert len(shop.open().catalogue.items) == 900


def test_a_run_interrupted_before_its_end_is_still_summed_up(shop):
    shop.write(*cups(300))
    shop.room = 10_000
    shop.run()
    shop.write(*cups(200), ("200", "A red scarf", "", ""))
    whole = (shop.place / "populations.npz").read_bytes()

    class Stubborn(MemoryStore):
        def vectors(self, ids):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index_catalogue(
            shop.source,
            shop.index,
            shop.encoders,
            lambda folder: Stubborn(shop.disk.setdefault(folder, {}), disk=shop.disk),
        )
    assert (shop.place / "populations.npz").read_bytes() == whole
    assert len(shop.open().catalogue.items) == 300
    assert counts(shop.run()) == (0, 0, 201, 99)
    assert (shop.place / "populations.npz").read_bytes() != whole


def test_a_full_disk_keeps_what_was_stored(shop):
    shop.write(*cups(900))
    shop.room = 600
    with pytest.raises(StorageError, match="full"):
        shop.run()
    stored = kept(shop)
    assert stored in (256, 512, 768)
    shop.room = None
    assert counts(shop.run()) == (900 - stored, 0, stored, 0)


def test_a_catalogue_that_cannot_be_read_removes_nothing(shop):
    shop.write(*cups(5))
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
    shop.write(*cups(3))
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
    shop.write(*cups(3))
    shop.run()
    shop.shelf.clear()
    with pytest.raises(
        StoreError, match=f"0 of its 3 items: magpie index {shop.source} --name index$"
    ):
        shop.open()
    assert counts(shop.run()) == (3, 0, 0, 0)
    assert len(shop.open().catalogue.items) == 3


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
    shop.write(*cups(1500))
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
    index = open_index(shop.index, shop.encoders, ChromaStore, BM25Index)
    found = search(Query("cup number 777"), index, shop.encoders, limit=3)
    assert found[0].item.id == "777"
    index.close()
    assert np.isclose(found[0].score, sum(found[0].contributions.values()))
