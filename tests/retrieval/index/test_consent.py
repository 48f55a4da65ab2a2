"""Consent from the file to the index: who refuses is not there, and can leave at any time."""

from contextlib import closing

import pytest

from retrieval.index.bm25 import BM25Index
from retrieval.index.chroma import ChromaStore
from retrieval.index.index import index_catalogue, open_index
from tests.builders import ENCODERS

HEAD = "id,title,description,interests,place,languages,gender,listed,private"


@pytest.fixture
def club(tmp_path):
    """A function that writes a club's rows, indexes them and returns report and index."""
    (tmp_path / "club.links.csv").write_text("one,other\na,b\nb,c\n", "utf-8")

    def run(*rows):
        (tmp_path / "club.csv").write_text("\n".join((HEAD, *rows)) + "\n", "utf-8")
        report = index_catalogue(tmp_path / "club.csv", tmp_path / "index", ENCODERS, ChromaStore)
        with closing(open_index(tmp_path / "index", ENCODERS, ChromaStore, BM25Index)) as index:
            return report, index.catalogue

    return run


ADA = 'a,Ada Quill,I climb. I live in Porto.,climbing,Porto,French,female,yes,"{private}"'
BO = "b,Bo Flint,I sail.,sailing,Ghent,Dutch,male,{listed},"
CY = "c,Cy Marram,I bake.,baking,Lyon,French,male,yes,"


def test_who_says_no_is_not_indexed_and_leaves_after_saying_no(club):
    report, catalogue = club(ADA.format(private=""), BO.format(listed="yes"), CY)
    assert (report.domain, report.refused) == ("people", 0)
    assert catalogue.links == {"a": ("b",), "b": ("a", "c"), "c": ("b",)}
    report, catalogue = club(ADA.format(private=""), BO.format(listed="no"), CY)
    assert (report.removed, report.refused) == (1, 1)
    assert set(catalogue.items) == {"a", "c"}
    assert not catalogue.links


def test_what_becomes_private_is_gone_after_the_next_run(club):
    _, catalogue = club(ADA.format(private=""), CY)
    assert catalogue.items["a"].attributes["place"] == "Porto"
    report, catalogue = club(ADA.format(private="place"), CY)
    assert report.updated == 1
    assert "Porto" not in repr((catalogue.items, catalogue.profile))
    assert catalogue.items["a"].description == "I climb."


def test_protected_fields_are_no_fields_of_the_index(club):
    _, catalogue = club(ADA.format(private=""), CY)
    assert set(catalogue.profile.fields) == {"interests", "place", "languages"}


def test_private_friends_make_no_links(club):
    _, catalogue = club(ADA.format(private="friends"), BO.format(listed="yes"), CY)
    assert catalogue.links == {"b": ("c",), "c": ("b",)}
    assert catalogue.items["a"].attributes["place"] == "Porto"  # only the links are private


def test_links_alone_can_change_and_encode_nothing(club, tmp_path):
    club(ADA.format(private=""), CY)
    (tmp_path / "club.links.csv").write_text("one,other\na,c\n", "utf-8")
    report, catalogue = club(ADA.format(private=""), CY)
    assert (report.added, report.updated) == (0, 0)
    assert catalogue.links == {"a": ("c",), "c": ("a",)}
