"""A finished index from above: which there are, prices, what could not be read, and a map."""

import numpy as np
import pytest

from retrieval.embed import Encoders
from retrieval.errors import IndexMissingError
from retrieval.index.bm25 import BM25Index
from retrieval.index.chroma import ChromaStore
from retrieval.index.index import index_catalogue, open_index
from retrieval.index.summary import indexed, plane, price_bars, read_problems, read_summary
from tests.fakes import ColourPictureEncoder, HashedTextEncoder

ROWS = "id,title,price,currency\n1,Red cup,5,EUR\n2,Blue cup,7,EUR\n3,Oak table,90,EUR\n4,,8,EUR\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "shop.csv").write_text(ROWS)
    encoders = Encoders(HashedTextEncoder(), ColourPictureEncoder(), None)
    index_catalogue(tmp_path / "shop.csv", tmp_path / "indexes" / "shop", encoders, ChromaStore)
    return tmp_path / "indexes" / "shop"


def test_an_index_is_seen_from_above_while_it_is_open(folder):
    encoders = Encoders(HashedTextEncoder(), ColourPictureEncoder(), None)
    opened = open_index(folder, encoders, ChromaStore, BM25Index)
    seen = read_summary(folder, ChromaStore)
    assert (seen.manifest.items, len(seen.catalogue.items)) == (3, 3)
    assert seen.manifest.read_as.endswith("3 products")
    [problem] = read_problems(seen.problems, 9)
    assert problem[:2] == ("5", "title")
    at = {one.item: np.array([one.x, one.y]) for one in seen.points}
    assert np.linalg.norm(at["1"] - at["2"]) < np.linalg.norm(at["1"] - at["3"])
    assert 0 < seen.seen <= 1
    assert len(opened.store.vectors(["1", "2", "3"])) == 3  # is open as before
    opened.close()


def test_only_finished_indexes_are_listed(folder):
    (folder.parent / "half" / "unfinished").mkdir(parents=True)
    (folder.parent / "damaged").mkdir()
    (folder.parent / "damaged" / "manifest.json").write_text("{")
    (folder.parent / "note.txt").touch()
    assert indexed(folder.parent) == [("shop", 3)]
    assert indexed(folder.parent / "none") == []
    with pytest.raises(IndexMissingError):
        read_summary(folder.parent / "none", ChromaStore)


def test_rows_are_laid_out_where_they_differ_most():
    rows = np.array([[0, 0, 5], [4, 0, 5], [0, 1, 5], [4, 1, 5]], dtype=np.float32)
    flat, seen = plane(rows)  # the variance is 4 along the first axis, 1/4 along the second
    assert seen == pytest.approx(1.0)
    assert flat.tolist() == [[0, 0], [1, 0], [0, 1], [1, 1]]
    assert plane(rows[:1])[0].tolist() == [[0, 0]]
    assert plane(np.vstack([rows[:1]] * 3))[0].tolist() == [[0, 0]] * 3


def test_prices_are_counted_in_round_bars_and_the_dearest_are_in_the_last():
    bars = price_bars([1, 2, 9, 10, 11, 24, 5000])
    assert sum(one.items for one in bars) == 7
    assert bars[0].low == 0
    assert bars[-1].high == 5000
    assert len({round(one.high - one.low, 6) for one in bars[:-1]}) <= 1
    assert [(one.low, one.high) for one in price_bars([0.5])][:1] == [(0.0, 0.05)]
    assert sum(one.items for one in price_bars([0, 0])) == 2
    assert price_bars([]) == []
