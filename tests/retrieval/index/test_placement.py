"""Where vectors are kept: in shards, on a real server, moved from one place to another."""

import json
from urllib.request import urlopen

import numpy as np
import pytest

from retrieval.errors import StoreError
from retrieval.index.bm25 import BM25Index
from retrieval.index.index import all_vectors, index_catalogue, open_index
from retrieval.index.placement import Placement
from retrieval.protocols import Entry
from tests.builders import counts, cups
from tests.chroma_server import ChromaServer
from tests.token_proxy import TOKEN, TokenProxy


@pytest.fixture
def cupboard(shop):
    """Return a shop of thirty cups whose vectors Chroma keeps."""
    shop.write(*cups(30))
    return shop


def indexed(shop, placement, **options):
    """Build or update the shop's index where a placement says."""
    report = index_catalogue(shop.source, shop.index, shop.encoders, placement.open, **options)
    placement.prune(shop.index)
    return report


def told(shop, placement):
    """Return every item's record and vector, and what is near the first one."""
    index = open_index(shop.index, shop.encoders, placement.open, BM25Index)
    vectors = dict(zip(index.catalogue.items, all_vectors(index), strict=True))
    near = index.store.nearest(vectors["0"], limit=9)
    items = index.catalogue.items
    index.close()
    rounded = {id_: [round(float(x), 5) for x in vectors[id_]] for id_ in sorted(vectors)}
    scores = sorted(round(one, 4) for one in near.values())
    return {id_: items[id_] for id_ in sorted(items)}, rounded, scores


def names_on(address):
    place = "api/v2/tenants/default_tenant/databases/default_database/collections"
    with urlopen(f"{address}/{place}") as answer:
        return sorted(one["name"] for one in json.load(answer))


def test_shards_tell_the_nearest_of_the_whole_and_never_another(tmp_path):
    dice = np.random.default_rng(4)
    vectors = dice.normal(size=(600, 16)).astype(np.float32)
    store = Placement(shards=3).open(tmp_path / "shop" / "generation-1" / "store")
    store.upsert([Entry(f"i{n}", vector, "{}") for n, vector in enumerate(vectors)])
    some = [f"i{n}" for n in range(0, 600, 3)]
    for query in dice.normal(size=(20, 16)).astype(np.float32):
        scores = vectors @ query
        exact = [f"i{n}" for n in np.argsort(-scores)[:10]]
        assert list(store.nearest(query, limit=10)) == exact
        among = [f"i{n}" for n in np.argsort(-scores) if n % 3 == 0][:10]
        assert list(store.nearest(query, limit=10, among=some)) == among
    store.close()


def test_an_index_moves_by_a_setting_and_encodes_nothing_again(cupboard, chroma_server):
    before = names_on(chroma_server.address)
    alone, sharded = Placement(), Placement(shards=2)
    server = Placement((chroma_server.address,))
    both = Placement((chroma_server.address,) * 2, shards=3)
    indexed(cupboard, alone)
    encoded, first = cupboard.encoders.text.encoded, told(cupboard, alone)
    for placement in (sharded, both, server):
        report = indexed(cupboard, placement)
        assert counts(report) == (0, 0, 30, 0)
        assert told(cupboard, placement) == first
        expected = placement.shards * bool(placement.servers)
        assert len(names_on(chroma_server.address)) == len(before) + expected
    assert cupboard.encoders.text.encoded == encoded
    indexed(cupboard, alone, rebuild=True)
    assert told(cupboard, alone) == first
    server.prune(cupboard.index)
    assert names_on(chroma_server.address) == before


def test_a_run_that_changes_nothing_leaves_the_store_where_it_is(cupboard, chroma_server):
    server = Placement((chroma_server.address,))
    indexed(cupboard, server)
    place = cupboard.place
    indexed(cupboard, server)
    assert cupboard.place == place
    cupboard.write(*cups(31))
    assert counts(indexed(cupboard, server)) == (1, 0, 30, 0)
    assert cupboard.place != place
    assert len(told(cupboard, server)[0]) == 31


def test_what_is_on_a_server_is_not_opened_without_its_address(cupboard, chroma_server):
    indexed(cupboard, Placement((chroma_server.address,)))
    with pytest.raises(StoreError, match="is on a Chroma server: say in MAGPIE_STORE on which"):
        told(cupboard, Placement())


def test_a_server_killed_between_two_queries_is_an_error_and_then_answers_again(
    cupboard, tmp_path_factory
):
    server = ChromaServer(tmp_path_factory.mktemp("own"))
    server.start()
    placement = Placement((server.address,), shards=2)
    indexed(cupboard, placement)
    index = open_index(cupboard.index, cupboard.encoders, placement.open, BM25Index)
    query = all_vectors(index)[0]
    near = index.store.nearest(query, limit=5)
    server.kill()
    with pytest.raises(StoreError, match=r"Chroma failed at .*see that the server runs"):
        index.store.nearest(query, limit=5)
    server.start()
    assert list(index.store.nearest(query, limit=5).values()) == pytest.approx(list(near.values()))
    index.close()
    server.kill()


def test_a_server_behind_tls_is_sent_the_token(cupboard, chroma_server, tmp_path, monkeypatch):
    proxy = TokenProxy(chroma_server.address, tmp_path)
    try:
        placement = Placement((proxy.address,), token=TOKEN)
        with pytest.raises(StoreError, match="CERTIFICATE_VERIFY_FAILED|Could not connect"):
            indexed(cupboard, placement)
        monkeypatch.setenv("SSL_CERT_FILE", str(proxy.certificate))
        assert indexed(cupboard, placement).added == 30
        assert len(told(cupboard, placement)[0]) == 30
        with pytest.raises(StoreError, match="401|Unauthorized|no such token"):
            told(cupboard, Placement((proxy.address,), token="guessed"))
    finally:
        proxy.close()
