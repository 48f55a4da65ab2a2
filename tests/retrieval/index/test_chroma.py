"""One contract, held to by Chroma, in folders and on a real server, and by the fake for elsewhere."""

import numpy as np
import pytest

from retrieval.errors import StorageError, StoreError
from retrieval.index.chroma import ChromaStore
from retrieval.index.placement import Placement
from retrieval.protocols import Entry
from tests.fakes import MemoryStore

SHARDS = {"folder": 1, "two folders": 2, "server": 1, "two on a server": 2}


@pytest.fixture(params=["memory", *SHARDS])
def open_store(request, tmp_path):
    shelf, opened, kind = {}, [], request.param
    place = tmp_path / "shop" / "generation-1" / "store"
    place.parent.mkdir(parents=True)

    def open_():
        if kind == "memory":
            store = MemoryStore(shelf)
        else:
            servers = (request.getfixturevalue("chroma_server").address,) * ("server" in kind)
            store = Placement(servers, SHARDS[kind]).open(place)
        opened.append(store)
        return store

    yield open_
    for store in opened:
        store.close()


def entry(id_, vector, document="{}", **metadata):
    return Entry(id_, np.array(vector, dtype=np.float32), document, metadata)


def test_nearest_is_by_inner_product_and_not_by_angle(open_store):
    store = open_store()
    store.upsert([entry("short", [1, 0]), entry("long", [3, 3]), entry("away", [-2, 0])])
    assert list(store.nearest(np.array([1, 0], np.float32), limit=3)) == ["long", "short", "away"]
    assert list(store.nearest(np.array([1, 0], np.float32), limit=1)) == ["long"]


def test_each_of_the_nearest_comes_with_its_inner_product(open_store):
    store = open_store()
    store.upsert([entry(str(n), [n, 1]) for n in range(20)])
    found = store.nearest(np.array([1, 2], np.float32), limit=3)
    assert list(found) == ["19", "18", "17"]
    assert list(found.values()) == pytest.approx([21, 20, 19])


def test_only_some_ids_are_admitted(open_store):
    store = open_store()
    store.upsert([entry(str(n), [np.cos(n / 100), np.sin(n / 100)]) for n in range(300)])
    query = np.array([1, 0], np.float32)
    assert list(store.nearest(query, limit=2, among=["207", "103", "none", "105"])) == [
        "103",
        "105",
    ]
    assert not store.nearest(query, limit=2, among=[])


def test_entries_and_vectors_come_back_as_they_were(open_store):
    store = open_store()
    store.upsert([entry("b", [1, 2], "first", digest="x"), entry("a", [3, 4], "second")])
    found = {e.id: (e.document, dict(e.metadata), e.vector.size) for e in store.entries()}
    assert found == {"b": ("first", {"digest": "x"}, 0), "a": ("second", {}, 0)}
    vectors = store.vectors(["a", "none"])
    assert {id_: vector.tolist() for id_, vector in vectors.items()} == {"a": [3, 4]}


def test_an_id_named_twice_is_one_vector(open_store):
    store = open_store()
    store.upsert([entry("one", [1, 2]), entry("two", [3, 4])])
    found = store.vectors(["one", "two", "one"])
    assert {id_: vector.tolist() for id_, vector in found.items()} == {"one": [1, 2], "two": [3, 4]}


def test_upsert_replaces_and_delete_forgets(open_store):
    store = open_store()
    store.upsert([entry("a", [1, 0], "old", note="n"), entry("b", [0, 1])])
    store.upsert([entry("a", [0, 2], "new")])
    store.delete(["b", "none"])
    store.delete([])
    assert [(e.id, e.document) for e in store.entries()] == [("a", "new")]
    assert list(store.nearest(np.array([0, 1], np.float32), limit=5)) == ["a"]


def test_a_record_is_replaced_beside_its_vector(open_store):
    store = open_store()
    store.upsert([entry("a", [1, 2], "old", note="n"), entry("b", [3, 4], "other")])
    store.update([entry("a", [], "new", digest="x")])
    store.update([])
    found = {e.id: (e.document, e.metadata.get("digest")) for e in store.entries()}
    assert found == {"a": ("new", "x"), "b": ("other", None)}
    assert store.vectors(["a"])["a"].tolist() == [1, 2]


def test_what_is_stored_outlives_the_store(open_store):
    store = open_store()
    store.upsert([entry(f"{n}", [n, 1]) for n in range(10)])
    store.close()
    again = open_store()
    assert len(again.entries()) == 10
    assert list(again.nearest(np.array([1, 0], np.float32), limit=1)) == ["9"]


def test_a_cleared_store_takes_vectors_of_another_length(open_store):
    store = open_store()
    store.upsert([entry("a", [1, 2])])
    store.clear()
    assert store.entries() == []
    store.upsert([entry("a", [1, 2, 3])])
    assert list(store.nearest(np.ones(3, np.float32), limit=1)) == ["a"]


def test_an_empty_store_has_nothing_near(open_store):
    assert not open_store().nearest(np.ones(2, np.float32), limit=3)


def test_more_rows_than_one_request_may_name(tmp_path):
    store = ChromaStore(tmp_path / "store")
    vectors = np.random.default_rng(0).normal(size=(9000, 4)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    store.upsert([Entry(str(n), vector, "{}") for n, vector in enumerate(vectors)])
    assert [e.id for e in store.entries()] == [str(n) for n in range(9000)]
    assert len(store.vectors([str(n) for n in range(9000)])) == 9000
    true = np.argsort(-(vectors @ vectors[0]))[:100].astype(str)
    assert len(set(true) & set(store.nearest(vectors[0], limit=100))) >= 98
    store.close()


def test_a_disk_without_room_is_refused_before_anything_is_cut_short(tmp_path):
    store = ChromaStore(tmp_path / "store")
    store.upsert([entry("a", [1, 0])])
    store.close()
    full = ChromaStore(tmp_path / "store", room=1 << 62)
    with pytest.raises(StorageError, match=r"nearly full: .* make some"):
        full.upsert([entry("b", [0, 1])])
    assert list(full.nearest(np.array([1, 0], np.float32), limit=2)) == ["a"]
    full.close()


def test_vectors_of_another_length_are_an_error_with_a_cure(tmp_path):
    store = ChromaStore(tmp_path / "store")
    store.upsert([entry("a", [1, 0])])
    with pytest.raises(StoreError, match="--rebuild"):
        store.upsert([entry("b", [0, 1, 2])])
    store.close()


def test_a_damaged_graph_is_an_error_and_is_healed_by_clearing(tmp_path):
    store = ChromaStore(tmp_path / "store")
    vectors = np.random.default_rng(0).normal(size=(1500, 4)).astype(np.float32)
    store.upsert([Entry(str(n), vector, "{}") for n, vector in enumerate(vectors)])
    store.close()
    graph = next(tmp_path.rglob("index_metadata.pickle"))
    graph.write_bytes(graph.read_bytes()[:100])
    broken = ChromaStore(tmp_path / "store")
    with pytest.raises(StoreError, match="--rebuild"):
        broken.nearest(vectors[0], limit=1)
    broken.clear()
    broken.upsert([entry("a", [1, 0])])
    assert list(broken.nearest(np.array([1, 0], np.float32), limit=1)) == ["a"]
    broken.close()


@pytest.mark.parametrize("place", ["localhost:8000", "ftp://localhost"])
def test_a_server_needs_a_url(place):
    with pytest.raises(StoreError, match="is not a Chroma server: give a URL"):
        ChromaStore(place)


def test_a_server_that_does_not_answer_is_an_error():
    with pytest.raises(StoreError, match="Chroma failed at http://127"):
        ChromaStore("http://127.0.0.1:9")
