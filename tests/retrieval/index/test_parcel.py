"""A zip that somebody hands over: unpacked where it should be, and not more than it may."""

import stat
import zipfile

import pytest

from retrieval.errors import CatalogueError
from retrieval.index.parcel import unpack_parcel


def zipped(folder, files, links=()):
    parcel = folder / "shop.zip"
    with zipfile.ZipFile(parcel, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        for name in links:
            link = zipfile.ZipInfo(name)
            link.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(link, "/etc/passwd")
    return parcel


def unpacked(into):
    return sorted(str(one.relative_to(into)) for one in into.rglob("*") if one.is_file())


def test_the_table_and_its_pictures_are_unpacked_and_nothing_else(tmp_path):
    files = {"a/shop.csv": "id,title", "a/p/1.png": "x", "a/run.sh": "x", "__MACOSX/a/._1.png": "x",
             "a/.hidden.csv": "x"}  # fmt: skip
    parcel = zipped(tmp_path, files, links=["a/link.png"])
    assert unpack_parcel(parcel, tmp_path / "in") == tmp_path / "in" / "a" / "shop.csv"
    assert unpacked(tmp_path / "in") == ["a/p/1.png", "a/shop.csv"]


@pytest.mark.parametrize("name", ["../out.csv", "/out.csv", "a/../../out.csv", "..\\out.csv"])
def test_nothing_is_written_outside(tmp_path, name):
    parcel = zipped(tmp_path, {name: "x", "in.csv": "id,title"})
    assert unpack_parcel(parcel, tmp_path / "in") == tmp_path / "in" / "in.csv"
    assert unpacked(tmp_path) == ["in/in.csv", "shop.zip"]


def test_only_pictures_are_a_folder_of_pictures(tmp_path):
    assert unpack_parcel(zipped(tmp_path, {"1.png": "x"}), tmp_path / "in") == tmp_path / "in"


@pytest.mark.parametrize(
    ("files", "said"),
    [({"a.csv": "", "b.xlsx": ""}, "2 tables"), ({"read.me": ""}, "neither"), ({}, "neither")],
)
def test_what_is_no_catalogue_is_refused(tmp_path, files, said):
    with pytest.raises(CatalogueError, match=said):
        unpack_parcel(zipped(tmp_path, files), tmp_path / "in")


def test_a_bomb_is_not_unpacked(tmp_path):
    parcel = zipped(tmp_path, {"a.csv": "0" * 5_000_000})
    assert parcel.stat().st_size < 10_000
    with pytest.raises(CatalogueError, match="too large"):
        unpack_parcel(parcel, tmp_path / "in", most=1_000_000)
    (tmp_path / "no.zip").write_text("no zip")
    with pytest.raises(CatalogueError, match="cannot be unpacked"):
        unpack_parcel(tmp_path / "no.zip", tmp_path / "in")
