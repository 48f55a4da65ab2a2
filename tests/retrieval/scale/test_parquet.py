"""An index as Parquet files, and an index of such files: nothing is encoded again."""

import json

import numpy as np
import pyarrow.parquet as pq
import pytest

from retrieval.embed import Encoders
from retrieval.errors import IndexMismatchError, StoreError
from retrieval.index.bm25 import BM25Index
from retrieval.index.index import all_vectors, index_catalogue, open_index
from retrieval.scale.parquet import begin_from_parquet, write_parquet
from tests.builders import counts, cups
from tests.fakes import ColourPictureEncoder, HashedTextEncoder


@pytest.fixture
def saved(shop):
    """Return a shop of 2,100 cups, and the folder where its index is saved."""
    shop.write(*cups(2100))
    shop.run()
    folder = shop.source.parent / "vectors"
    assert write_parquet(shop.index, shop.store, folder) == 2100
    return shop, folder


def told(shop, folder):
    index = open_index(folder, shop.encoders, shop.store, BM25Index)
    vectors = all_vectors(index)
    found = {
        id_: (item, vectors[n].tolist())
        for n, (id_, item) in enumerate(index.catalogue.items.items())
    }
    means = {name: one.mean for name, one in index.populations.items()}
    index.close()
    return found, means


def test_an_index_of_files_is_the_same_and_only_what_differs_is_encoded(saved, tmp_path):
    shop, folder = saved
    shop.write(*cups(2099), ("new", "A scarf", "", ""))
    encoded = shop.encoders.text.encoded
    again = tmp_path / "again"
    assert begin_from_parquet(folder, again, shop.source, shop.encoders) == 2100
    report = index_catalogue(shop.source, again, shop.encoders, shop.store)
    assert counts(report) == (1, 0, 2099, 1)
    assert shop.encoders.text.encoded == encoded + 1
    shop.run()
    (one, means), (other, others) = told(shop, shop.index), told(shop, again)
    assert one == other
    assert all(np.allclose(means[name], others[name], atol=1e-6) for name in means)


def test_other_programs_read_the_files(saved):
    shop, folder = saved
    table = pq.read_table(folder)
    assert table.column_names == ["id", "record", "metadata", "vector"]
    assert table.num_rows == 2100
    assert json.loads(table["record"][7].as_py())["title"] == "Cup number 7"
    assert len(table["vector"][7].as_py()) == sum(shop.encoders.dimensions.values()) + 4


def test_files_of_other_encoders_and_broken_ones_are_refused(saved, tmp_path):
    shop, folder = saved
    others = Encoders(HashedTextEncoder(32), ColourPictureEncoder())
    with pytest.raises(IndexMismatchError, match="was encoded by"):
        begin_from_parquet(folder, tmp_path / "again", shop.source, others)
    next(folder.glob("*.parquet")).write_bytes(b"PAR1 and nothing else")
    with pytest.raises(StoreError, match="does not say what encoded it"):
        begin_from_parquet(folder, tmp_path / "again", shop.source, shop.encoders)
    with pytest.raises(StoreError, match="has no Parquet files"):
        begin_from_parquet(tmp_path, tmp_path / "again", shop.source, shop.encoders)
