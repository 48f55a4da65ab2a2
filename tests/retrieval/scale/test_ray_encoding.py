"""Workers of a real Ray cluster make the index that one process makes, also when one is killed."""

import signal
import subprocess
import sys
import textwrap
import time
from functools import partial

import numpy as np
import pytest

from retrieval.errors import SettingsError, WorkerError
from retrieval.index.bm25 import BM25Index
from retrieval.index.index import all_vectors, index_catalogue, open_index
from retrieval.index.journal import Journal
from retrieval.items import Query
from retrieval.scale.ray_encoding import THIS_MACHINE, RayEncoding
from retrieval.search import search
from tests.builders import counts
from tests.worker_encoders import fake_encoders, mortal_encoders

COLOURS = ("red", "green", "blue")


@pytest.fixture
def pictured(shop):
    """Return a shop of 900 cups, four batches, of which some are shown and some speak."""
    for colour in COLOURS:
        shop.paint(f"{colour}.png", colour)
    shop.say("spoken.wav", "a cup for the garden")
    rows = [
        (str(n), f"Cup number {n} {COLOURS[n % 3]}", f"{COLOURS[n % 3]}.png" * (n % 2), "spoken.wav" * (n % 97 == 0))
        for n in range(900)
    ]  # fmt: skip
    shop.write(*rows, ("900", "A cup whose picture is not there", "gone.png", ""))
    return shop


def told(shop, folder):
    """Return an index's records and vectors, and what forty queries find in it."""
    index = open_index(folder, shop.encoders, shop.store, BM25Index)
    words = (f"number {n} {COLOURS[n % 3]}" for n in range(0, 800, 20))
    found = [search(Query(one), index, shop.encoders, limit=5) for one in words]
    return list(index.catalogue.items.values()), all_vectors(index), found


def assert_same(shop, folder, other):
    (items, vectors, found), (others, further, again) = told(shop, folder), told(shop, other)
    assert items == others
    assert np.array_equal(vectors, further)
    assert found == again


def test_workers_make_the_very_index_also_when_one_is_killed(pictured, tmp_path):
    alone = pictured.run()
    mark = tmp_path / "died"
    workers = RayEncoding(THIS_MACHINE, partial(mortal_encoders, mark), workers=2)
    together = index_catalogue(
        pictured.source, tmp_path / "together", pictured.encoders, pictured.store, encode=workers
    )
    assert mark.exists()
    assert counts(together) == counts(alone) == (901, 0, 0, 0)
    assert together.problems == alone.problems
    assert together.problem_count == 1
    assert_same(pictured, tmp_path / "together", pictured.index)


def test_a_killed_driver_loses_nothing_that_its_workers_have_encoded(pictured, tmp_path):
    code = f"""
        from pathlib import Path
        from retrieval.index.index import index_catalogue
        from retrieval.index.placement import Placement
        from retrieval.scale.ray_encoding import RayEncoding
        from tests.worker_encoders import fake_encoders
        index_catalogue(
            Path({str(pictured.source)!r}), Path({str(tmp_path / "killed")!r}), fake_encoders(),
            Placement().open, encode=RayEncoding("local", fake_encoders, 1),
        )
    """
    driver = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)])
    journal, until = Journal(tmp_path / "killed"), time.monotonic() + 60
    while not list(journal.batches()) and time.monotonic() < until and driver.poll() is None:
        time.sleep(0.02)
    driver.send_signal(signal.SIGKILL)
    driver.wait()
    kept = sum(map(len, journal.batches()))
    assert kept >= 256
    pictured.index = tmp_path / "killed"
    assert counts(pictured.run()) == (901 - kept, 0, kept, 0)
    pictured.index = tmp_path / "alone"
    pictured.run()
    assert_same(pictured, tmp_path / "killed", tmp_path / "alone")


def test_a_cluster_that_is_not_there_is_an_error_with_a_cure(pictured):
    with pytest.raises(WorkerError, match=r"at 127.0.0.1:9 .*refused.*ray start --head"):
        pictured.run(encode=RayEncoding("127.0.0.1:9", fake_encoders))
    with pytest.raises(SettingsError, match="--ray nowhere: write 'local', or HOST:PORT"):
        pictured.run(encode=RayEncoding("nowhere", fake_encoders))
