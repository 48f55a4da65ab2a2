"""What an index keeps of an item: its record, its digest and its pictures."""

from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.errors import StorageError
from retrieval.index.records import (
    digest,
    encoded_digest,
    keep_pictures,
    read_record,
    write_record,
)
from retrieval.items import Item, Variant

ITEM = Item(
    id="k1",
    title="Tin cup ☕ <|im_start|>",
    price=12.5,
    attributes={"base colour": "sky blue"},
    pictures=(Path("/shop/caf\udce9.png"),),  # a file name that is not UTF-8
    recordings=(Path("/shop/cup.ogg"),),
    transcripts=("it keeps coffee hot",),
    variants=(
        Variant("k1-s", {"size": "S"}, 12.5, 0.0, Path("/shop/s.png")),
        Variant("k1-m", {"size": "M"}, None, None),
    ),
)


@pytest.mark.parametrize("item", [ITEM, Item("1", "Cup"), replace(ITEM, price=0.0)])
def test_a_record_holds_the_whole_item(item):
    assert read_record(write_record(item)) == item
    assert "\n" not in write_record(item)
    write_record(item).encode()


def whole(item, *others):
    return digest(item, encoded_digest(item, *others))


def test_a_digest_changes_with_fields_files_and_bytes(tmp_path):
    picture = tmp_path / "cup.png"
    picture.write_bytes(b"one")
    item = replace(ITEM, pictures=(picture, b"inside"), recordings=())
    first = whole(item)
    assert whole(replace(item)) == first
    others = [
        replace(item, title="Cup"),
        replace(item, price=None),
        replace(item, attributes={}),
        replace(item, pictures=(picture, b"others")),
        replace(item, pictures=(b"inside",), recordings=(picture,)),
    ]
    changed = {whole(other) for other in others} | {whole(item, "whisper")}
    picture.write_bytes(b"other")
    assert len(changed | {whole(item), first}) == len(others) + 3


def test_what_is_encoded_changes_with_words_and_files_and_not_with_price_or_stock(tmp_path):
    first = encoded_digest(ITEM)
    for other in (
        replace(ITEM, price=1.0, currency="EUR"),
        replace(ITEM, attributes={**ITEM.attributes, "stock": "3", "list price": "15"}),
        replace(ITEM, variants=()),
    ):
        assert encoded_digest(other) == first
        assert digest(other, first) != digest(ITEM, first)
    assert encoded_digest(replace(ITEM, title="Cup")) != first
    assert encoded_digest(replace(ITEM, recordings=())) != first


def test_encoded_pictures_become_files_named_after_their_content(tmp_path):
    webp, odd = b"RIFF1234WEBP", b"whatever"
    kept = keep_pictures(Item("1", "Cup", pictures=(webp, Path("a.png"), odd, webp)), tmp_path)
    assert [path.suffix for path in kept.pictures] == [".webp", ".png", ".picture", ".webp"]
    assert [path.read_bytes() for path in (kept.pictures[0], kept.pictures[2])] == [webp, odd]
    assert len(list(tmp_path.iterdir())) == 2


def test_a_disk_that_refuses_is_named_and_no_half_file_stays(tmp_path):
    with pytest.raises(StorageError, match=r"cannot be written \(No such file"):
        keep_pictures(Item("1", "Cup", pictures=(b"RIFF",)), tmp_path / "gone")
    assert list(tmp_path.iterdir()) == []
