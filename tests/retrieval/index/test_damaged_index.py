"""An index of which any file is damaged: said in one line with its cure, and the cure works."""

import shutil

import pytest

from retrieval.embed import Encoders
from retrieval.errors import MagpieError
from retrieval.index.bm25 import BM25Index
from retrieval.index.chroma import ChromaStore
from retrieval.index.index import all_vectors, index_catalogue, open_index, read_items
from tests.fakes import ColourPictureEncoder, HashedTextEncoder

ENCODERS = Encoders(HashedTextEncoder(32), ColourPictureEncoder())
DAMAGES = {
    "empty": lambda whole: b"",
    "half": lambda whole: whole[: len(whole) // 2],
    "zeros": lambda whole: bytes(len(whole)),
    "flipped": lambda whole: bytes(b ^ 255 if n % 97 == 0 else b for n, b in enumerate(whole)),
    "other JSON": lambda whole: b'{"fields": [], "items": "x", "schema": "4"}',
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Return a catalogue and its index."""
    folder = tmp_path_factory.mktemp("whole")
    rows = (f"{n},Cup {n},{n}" for n in range(1, 40))
    (folder / "shop.csv").write_text("\n".join(("id,title,price", *rows)))
    index_catalogue(folder / "shop.csv", folder / "shop", ENCODERS, ChromaStore)
    return folder


def use(index):
    opened = open_index(index, ENCODERS, ChromaStore, BM25Index)
    try:
        assert opened.store.nearest(all_vectors(opened)[0], limit=5)
    finally:
        opened.close()


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_named_and_a_rebuild_mends_it(shop, tmp_path, damage):
    files = [path for path in (shop / "shop").rglob("*") if path.is_file() and path.stat().st_size]
    assert len(files) > 5
    for number, path in enumerate(files):
        index = tmp_path / f"{number}" / "shop"
        shutil.copytree(shop / "shop", index)
        (index / path.relative_to(shop / "shop")).write_bytes(DAMAGES[damage](path.read_bytes()))
        for run in (
            lambda index=index: use(index),
            lambda index=index: read_items(index, ChromaStore),
            lambda index=index: index_catalogue(shop / "shop.csv", index, ENCODERS, ChromaStore),
        ):
            try:
                run()
            except MagpieError as error:
                cures = ("--rebuild", "magpie index")
                assert any(cure in str(error) for cure in cures), path.name  # noqa: PT017 - or it runs
                assert "\n" not in str(error), path.name  # noqa: PT017
        index_catalogue(shop / "shop.csv", index, ENCODERS, ChromaStore, rebuild=True)
        use(index)


@pytest.mark.parametrize("record", ["", "null", "[]", "{", '{"id": "1"}', '{"id": 1, "colour": 2}'])
def test_a_damaged_record_is_named(shop, tmp_path, record):
    shutil.copytree(shop / "shop", tmp_path / "shop")
    store = ChromaStore(next((tmp_path / "shop").glob("generation-*")) / "store")
    (first, *_) = store.entries()
    store._items.update(ids=[first.id], metadatas=[{"record": record}])
    store.close()
    with pytest.raises(MagpieError, match="a record of the index is damaged.*--rebuild"):
        use(tmp_path / "shop")
