"""The file that says what an index was built with, and the lock that only one writer holds."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from retrieval.embed import Encoders
from retrieval.errors import (
    IndexBusyError,
    IndexMismatchError,
    IndexMissingError,
    SettingsError,
    StorageError,
    StoreError,
)
from retrieval.fusion.concatenation import Population
from retrieval.index.manifest import (
    check_manifest,
    index_folder,
    new_manifest,
    read_manifest,
    read_populations,
    write_manifest,
    write_populations,
    writing,
)
from retrieval.items import MODALITIES
from tests.fakes import ColourPictureEncoder, HashedTextEncoder

ENCODERS = Encoders(HashedTextEncoder(), ColourPictureEncoder())


@pytest.mark.parametrize("name", ["", "..", "a/b", "a b", "-x", "x" * 61, "кот", "a\n", "."])
def test_a_name_that_leads_elsewhere_is_refused(name, tmp_path):
    with pytest.raises(SettingsError, match="cannot name an index"):
        index_folder(tmp_path, name)


def test_a_name_is_a_folder(tmp_path):
    assert index_folder(tmp_path, "my-shop_2") == tmp_path / "my-shop_2"


def test_a_manifest_comes_back_as_it_was(tmp_path):
    manifest = new_manifest(ENCODERS, Path("shop.csv"))
    write_manifest(tmp_path, manifest)
    assert read_manifest(tmp_path) == manifest
    assert Path(manifest.source).is_absolute()
    check_manifest(tmp_path, manifest, ENCODERS)


def test_no_index_names_the_command_that_builds_one(tmp_path):
    with pytest.raises(
        IndexMissingError, match=r"no index 'shop': magpie index CATALOGUE --name shop$"
    ):
        read_manifest(tmp_path / "shop")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"schema": 1}', b"\xff"])
def test_a_manifest_that_cannot_be_understood_is_refused(tmp_path, content):
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(IndexMismatchError, match="--rebuild$"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    ("what", "built", "message"),
    [
        ("schema", 1, "schema 1, but 4 is in use"),
        ("fusion", "sum", "fusion sum, but concatenation is in use"),
        (
            "encoders",
            {"text": "other, 64", "picture": "mean colour, 4"},
            "encoders other, 64; mean",
        ),
    ],
)
def test_what_was_built_otherwise_is_refused_with_the_command_that_mends_it(
    tmp_path, what, built, message
):
    write_manifest(tmp_path, new_manifest(ENCODERS, tmp_path / "my shop.csv"))
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {what: built}))
    with pytest.raises(IndexMismatchError, match=message) as caught:
        check_manifest(tmp_path, read_manifest(tmp_path), ENCODERS)
    cure = f"magpie index '{tmp_path / 'my shop.csv'}' --name {tmp_path.name} --rebuild"
    assert str(caught.value).endswith(cure)


def test_populations_come_back_as_they_were(tmp_path):
    random = np.random.default_rng(0)
    populations = {
        name: Population(
            random.normal(size=3).astype("f4"), random.normal(size=(3, 3)).astype("f4")
        )
        for name in MODALITIES
    }
    write_populations(tmp_path, populations)
    found = read_populations(tmp_path, new_manifest(ENCODERS, Path("shop.csv")))
    for name in MODALITIES:
        assert np.array_equal(found[name].mean, populations[name].mean)
        assert np.array_equal(found[name].covariance, populations[name].covariance)


def test_an_index_that_was_never_finished_says_how_to_go_on(tmp_path):
    with pytest.raises(StoreError, match="being built, or that was interrupted; to go on: magpie"):
        read_populations(tmp_path, new_manifest(ENCODERS, Path("shop.csv")))
    (tmp_path / "populations.npz").write_bytes(b"half")
    with pytest.raises(StoreError, match="--rebuild"):
        read_populations(tmp_path, new_manifest(ENCODERS, Path("shop.csv")))


def test_a_second_process_is_told_that_the_index_is_busy(tmp_path):
    code = (
        "import sys; from pathlib import Path; from retrieval.index.manifest import writing\n"
        "with writing(Path(sys.argv[1])): print('in', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"in\n"
        with pytest.raises(IndexBusyError, match="another process is writing"), writing(tmp_path):
            pass
        other.kill()
    with writing(tmp_path):  # a process that died holds nothing
        pass


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with (
        pytest.raises(StorageError, match="cannot be written"),
        writing(tmp_path / "file" / "shop"),
    ):
        pass
