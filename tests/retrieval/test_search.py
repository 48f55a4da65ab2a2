"""A search: its order, its scores, its constraints, and the same from Chroma as from memory."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from retrieval.constraints import satisfies_all
from retrieval.embed import MediaEmbedder, QueryVectors, embed_query
from retrieval.index.chroma import ChromaStore
from retrieval.items import Constraint, Query
from retrieval.protocols import Entry
from retrieval.search import rank, search
from tests.builders import ENCODERS, SHELF_COLOURS, shelf
from tests.fakes import MemoryStore


@pytest.fixture(scope="module")
def index():
    return shelf(900, MemoryStore())


@pytest.fixture(scope="module")
def photo(tmp_path_factory):
    path = tmp_path_factory.mktemp("photos") / "red.png"
    Image.new("RGB", (5, 5), (200, 30, 30)).save(path)
    return path


def test_the_best_come_first_and_contributions_add_up(index, photo):
    for query in (Query("blue lamp"), Query("blue lamp", (photo,)), Query("", (photo,))):
        found = search(query, index, ENCODERS, limit=20)
        assert len(found) == 20
        assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
        for one in found:
            assert set(one.contributions) == {"text", "picture", "speech", "sound", "words"}
            assert one.score == pytest.approx(sum(one.contributions.values()))


def test_scores_are_the_same_whichever_way_an_item_was_found(index):
    best = search(Query("green chair"), index, ENCODERS, limit=10)
    everything = search(Query("green chair"), index, ENCODERS, limit=900)
    assert len(everything) == 900
    for one, same in zip(best, everything, strict=False):
        assert (one.item.id, one.score) == (same.item.id, pytest.approx(same.score))


def test_an_exact_name_is_found_among_many(index):
    assert search(Query("model617"), index, ENCODERS, limit=1)[0].item.id == "i617"


def test_lacking_a_picture_neither_helps_nor_hurts(index):
    found = search(Query("red"), index, ENCODERS, limit=900)
    without = [one for one in found if int(one.item.id[1:]) % 3 == 0]
    assert {one.contributions["picture"] for one in without} == {0.0}
    others = [one.contributions["picture"] for one in found if int(one.item.id[1:]) % 3]
    assert np.mean(others) == pytest.approx(0.0, abs=1e-4)


def test_a_photo_leans_on_pictures_and_balance_moves_between(index, photo):
    alone = search(Query("", (photo,)), index, ENCODERS, limit=5)
    assert {one.item.attributes.get("colour", "red") for one in alone} == {"red"}
    assert {one.contributions["text"] for one in alone} == {0.0}
    words = search(Query("blue lamp"), index, ENCODERS, limit=5)
    all_words = search(Query("blue lamp", (photo,), balance=1.0), index, ENCODERS, limit=5)
    all_photo = search(Query("blue lamp", (photo,), balance=0.0), index, ENCODERS, limit=5)
    assert all_words == words
    assert [one.item for one in all_photo] == [one.item for one in alone]


def test_a_search_can_be_repeated_without_a_part(index, photo):
    query = Query("lamp", (photo,))
    vectors = embed_query(query, MediaEmbedder(ENCODERS))
    assert rank(query, vectors, index, limit=5) == search(query, index, ENCODERS, limit=5)
    without_photo = rank(query, QueryVectors(vectors.words, vectors.caption), index, limit=5)
    assert without_photo == search(Query("lamp"), index, ENCODERS, limit=5)
    without_words = rank(query, QueryVectors(photo=vectors.photo), index, limit=5)
    assert without_words == search(Query("", (photo,)), index, ENCODERS, limit=5)


def test_constraints_alone_give_the_catalogues_order(index):
    found = search(
        Query(constraints=(Constraint("category", "=", "lamp"),)), index, ENCODERS, limit=2
    )
    assert [(one.item.id, one.score) for one in found] == [("i2", 0.0), ("i6", 0.0)]


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(["blue lamp", "model12", "zyzzyva", ""]),
    st.lists(
        st.one_of(
            st.builds(
                Constraint,
                st.just("price"),
                st.sampled_from(["<=", ">="]),
                st.sampled_from([3.0, 200.0, 880.0, 5000.0]),
            ),
            st.builds(
                Constraint,
                st.just("colour"),
                st.sampled_from(["=", "!="]),
                st.sampled_from(SHELF_COLOURS),
            ),
            st.just(Constraint("category", "not in", ("lamp", "cup"))),
            st.just(Constraint("id", "not in", tuple(f"i{n}" for n in range(0, 900, 2)))),
        ),
        max_size=3,
    ),
    st.sampled_from([5, 2000]),
)
def test_no_item_breaks_a_constraint_and_none_is_missed(words, constraints, limit):
    index = CONSTRAINED
    found = search(Query(words, constraints=tuple(constraints)), index, ENCODERS, limit=limit)
    fitting = [i.id for i in index.catalogue.items.values() if satisfies_all(i, constraints)]
    assert {one.item.id for one in found} <= set(fitting)
    assert len(found) == len({one.item.id for one in found}) == min(limit, len(fitting))


CONSTRAINED = shelf(900, MemoryStore())


def test_entries_that_another_process_removed_or_added_are_passed_over(index):
    moving = shelf(600, MemoryStore())
    moving.store.upsert([Entry("new", moving.store.vectors(["i2"])["i2"], "{}")])
    moving.store.delete(["i6"])
    found = search(Query("blue lamp"), moving, ENCODERS, limit=600)
    assert {one.item.id for one in found} == set(moving.catalogue.items) - {"i6"}


def test_chroma_and_plain_memory_find_the_same(tmp_path, index):
    chroma = shelf(900, ChromaStore(tmp_path / "store"))
    asked = (Constraint("colour", "!=", "red"),)
    for query in (Query("blue lamp"), Query("green model33"), Query("cup", constraints=asked)):
        found = search(query, chroma, ENCODERS, limit=10)
        exact = search(query, index, ENCODERS, limit=10)
        # More items tie than are looked through, and which of them are is left to the store.
        assert [one.score for one in found] == pytest.approx([one.score for one in exact])
        assert found[0] == exact[0]
    chroma.store.close()
