"""A file is written whole or not at all."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from retrieval.errors import StorageError
from retrieval.files import write_whole


def test_a_file_is_replaced_whole(tmp_path):
    path = tmp_path / "a.json"
    write_whole(path, b"old")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_many_threads_may_write_the_same_file(tmp_path):
    content = b"x" * 100_000
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(write_whole, tmp_path / "a", content) for _ in range(200)]:
            done.result()
    assert (tmp_path / "a").read_bytes() == content
    assert len(list(tmp_path.iterdir())) == 1


def test_a_disk_that_refuses_is_named_and_leaves_nothing(tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(StorageError, match="folder cannot be written .* use another folder"):
        write_whole(tmp_path / "folder", b"x")  # a folder is in the way
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
