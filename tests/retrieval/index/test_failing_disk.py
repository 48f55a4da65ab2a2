"""What a failing disk has shown (`python -m tests.faults`), each without the disk."""

import errno

import pytest

from retrieval.catalogue.reader import read_catalogue
from retrieval.errors import CatalogueError, StorageError, StoreError
from retrieval.index.chroma import ChromaStore
from tests.builders import counts, cups


def test_a_catalogue_that_fails_half_way_is_no_shorter_catalogue(shop):
    shop.write(*cups(300))
    shop.run()

    def failing(products):
        for number, product in enumerate(products):
            if number == 200:
                raise OSError(errno.EIO, "Input/output error")
            yield product

    with pytest.raises(CatalogueError, match=r"cannot be read to its end \(Input/output error\)"):
        list(read_catalogue(shop.source, fetch=failing))
    with pytest.raises(CatalogueError):
        shop.run(fetch=failing)
    assert len(shop.open().catalogue.items) == 300
    assert counts(shop.run()) == (0, 0, 300, 0)


def test_a_readers_mark_that_cannot_be_removed_is_left_to_the_next_writer(shop):
    shop.write(*cups(3))
    shop.run()
    index = shop.open()
    (mark,) = (shop.index / "readers").iterdir()
    mark.unlink()
    mark.mkdir()  # cannot be unlinked
    index.close()
    mark.rmdir()
    shop.write(*cups(4))
    assert counts(shop.run()) == (1, 0, 3, 0)


class PanicException(BaseException):
    pass


@pytest.mark.parametrize(
    ("said", "kind"), [("disk I/O error", StorageError), ("called on None", StoreError)]
)
def test_a_panic_of_chroma_is_told_in_one_line(tmp_path, said, kind):
    store = ChromaStore(tmp_path / "store", room=0)

    class Panicking:
        def delete(self, ids):
            raise PanicException(said)

    store._items = Panicking()
    with pytest.raises(kind, match=said):
        store.delete(["a"])
    store.close()
