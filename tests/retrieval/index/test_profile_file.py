"""The profile of an index: kept, corrected without encoding, and refused with its place."""

import pytest

from retrieval.embed import Encoders
from retrieval.errors import CatalogueError
from retrieval.index.bm25 import BM25Index
from retrieval.index.index import index_catalogue, open_index, read_items
from tests.fakes import ColourPictureEncoder, HashedTextEncoder, MemoryStore

SHOP = "id,title,weight (kg),glow\n" + "".join(f"l{n},Lamp {n},{n}.5,{n}00\n" for n in range(1, 9))


@pytest.fixture
def shop(tmp_path):
    (tmp_path / "shop.csv").write_text(SHOP)
    return tmp_path / "shop.csv"


def test_the_profile_is_kept_and_a_correction_encodes_nothing(shop, tmp_path):
    encoders, shelf = Encoders(HashedTextEncoder(), ColourPictureEncoder()), {}

    def build():
        return index_catalogue(shop, tmp_path / "lamps", encoders, lambda _: MemoryStore(shelf))

    build()
    opened = open_index(tmp_path / "lamps", encoders, lambda _: MemoryStore(shelf), BM25Index)
    weight = opened.catalogue.profile.fields["weight"]
    assert (weight.type, weight.unit, weight.filled) == ("quantity", "kg", 8)
    assert opened.catalogue.items["l1"].attributes["weight"] == "1.5 kg"
    (tmp_path / "shop.profile.toml").write_text('[glow]\nunit = "lm"\ntype = "quantity"\n')
    before = encoders.text.encoded
    report = build()
    assert (report.unchanged, encoders.text.encoded) == (8, before)
    records = read_items(tmp_path / "lamps", lambda _: MemoryStore(shelf))
    assert records.profile.fields["glow"].unit == "lm"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("glow = 1", r"write \[glow\]"), ("[glow", "cannot be read"),
        ("[shine]\nunit = 'lm'", "'shine' is no field of this catalogue"),
    ],
)  # fmt: skip
def test_a_correction_that_cannot_be_used_is_named_with_its_file(shop, tmp_path, said, reason):
    (tmp_path / "shop.profile.toml").write_text(said)
    encoders = Encoders(HashedTextEncoder(), ColourPictureEncoder())
    with pytest.raises(CatalogueError, match=rf"shop\.profile\.toml.*{reason}"):
        index_catalogue(shop, tmp_path / "lamps", encoders, lambda _: MemoryStore())
