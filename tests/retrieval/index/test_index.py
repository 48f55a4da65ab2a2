"""Indexing over fakes with real logic."""

import numpy as np
import pyarrow
from PIL import Image
from pyarrow import parquet

from retrieval.embed import Encoders
from retrieval.items import Query
from retrieval.search import search
from tests.builders import counts, cups
from tests.media_files import save_wave


def test_what_is_indexed_is_what_is_opened(shop):
    shop.paint("red.png", "red")
    shop.say("scarf.ogg", "it keeps you warm")
    shop.write(("1", "Cup", "red.png", ""), ("2", "Scarf", "", "scarf.ogg"))
    report = shop.run()
    assert (report.name, report.items, counts(report), report.problems) == (
        "index",
        2,
        (2, 0, 0, 0),
        (),
    )
    items = shop.open().catalogue.items
    assert list(items) == ["1", "2"]
    assert items["1"].pictures == (shop.source.parent / "red.png",)
    assert items["2"].transcripts == ("it keeps you warm",)


def test_drafts_and_currencies_are_reported(shop):
    head = "id,title,price,currency,status"
    rows = ["1,Cup,5,EUR,active", "2,Mug,6,USD,active", "3,Jug,7,EUR,active", "4,Pot,8,EUR,draft"]
    shop.source.write_text("\n".join((head, *rows)))
    report = shop.run()
    assert (report.items, report.drafts) == (3, 1)
    assert list(report.currencies.items()) == [("EUR", 2), ("USD", 1)]
    shop.source.write_text("\n".join((head, *rows)).replace("EUR,active", "EUR,archived"))
    again = shop.run()
    assert (again.items, again.removed, again.drafts) == (1, 2, 3)


def test_what_has_not_changed_costs_nothing(shop):
    shop.paint("red.png", "red")
    shop.say("scarf.ogg", "warm")
    shop.write(("1", "Cup", "red.png", ""), ("2", "Scarf", "", "scarf.ogg"))
    shop.run()
    before = (
        shop.encoders.text.encoded,
        shop.encoders.picture.encoded,
        len(shop.encoders.transcriber.heard),
    )
    assert counts(shop.run()) == (0, 0, 2, 0)
    after = (
        shop.encoders.text.encoded,
        shop.encoders.picture.encoded,
        len(shop.encoders.transcriber.heard),
    )
    assert after == before


def test_a_change_of_price_or_stock_encodes_nothing(shop):
    shop.paint("red.png", "red")
    (shop.source.parent / "torn.png").write_bytes(b"torn")
    shop.say("scarf.ogg", "warm")
    head, cup = "id,title,pictures,recordings,price,stock", "1,Cup,red.png|torn.png,,{},{}"
    scarf = "2,Scarf,,scarf.ogg,{},{}"
    shop.source.write_text("\n".join((head, cup.format(5, 3), scarf.format(9, 1))))
    first = shop.run()
    vectors = shop.open().store.vectors(["1", "2"])
    encoded = (shop.encoders.text.encoded, shop.encoders.picture.encoded)
    heard = len(shop.encoders.transcriber.heard)
    shop.source.write_text("\n".join((head, cup.format(4, 0), scarf.format(9, 1))))
    again = shop.run()
    assert counts(again) == (0, 1, 1, 0)
    assert again.problems == first.problems != ()
    index = shop.open()
    cup_now, scarf_now = index.catalogue.items["1"], index.catalogue.items["2"]
    assert (cup_now.price, cup_now.attributes["stock"]) == (4.0, "0")
    assert cup_now.pictures == (shop.source.parent / "red.png",)
    assert scarf_now.transcripts == ("warm",)
    assert (shop.encoders.text.encoded, shop.encoders.picture.encoded) == encoded
    assert len(shop.encoders.transcriber.heard) == heard
    now = index.store.vectors(["1", "2"])
    assert all((now[one] == vectors[one]).all() for one in vectors)


def test_changes_are_followed_and_what_vanished_is_removed(shop):
    shop.paint("cup.png", "red")
    shop.write(("1", "Cup", "cup.png", ""), ("2", "Scarf", "", ""), ("3", "Cap", "", ""))
    shop.run()
    shop.paint("cup.png", "blue")
    shop.write(
        ("1", "Cup", "cup.png", ""),
        ("3", "Wool cap", "", ""),
        ("4", "Bag", "", ""),
        ("5", "Hat", "", ""),
    )
    report = shop.run()
    assert (report.items, counts(report)) == (4, (2, 2, 0, 1))
    index = shop.open()
    assert sorted(index.catalogue.items) == ["1", "3", "4", "5"]
    assert index.catalogue.items["3"].title == "Wool cap"
    assert search(Query("blue"), index, shop.encoders, limit=1)[0].item.id == "1"


def test_broken_pictures_and_recordings_are_reported_with_their_row_and_left_out(shop):
    shop.paint("good.png", "red")
    folder = shop.source.parent
    (folder / "text.jpg").write_text("no picture")
    (folder / "empty.png").touch()
    (folder / "cut.png").write_bytes((folder / "good.png").read_bytes()[:40])
    (folder / "broken.ogg").touch()
    shop.say("silence.ogg", "")
    save_wave(np.zeros(16_000), folder / "silence.ogg")
    shop.write(
        ("1", "Cup", "text.jpg|good.png", ""),
        ("2", "Scarf", "empty.png|cut.png", "broken.ogg|silence.ogg"),
    )
    problems = shop.run().problems
    assert [(p.row, p.field) for p in problems] == [
        (2, "pictures"),
        (3, "pictures"),
        (3, "pictures"),
        (3, "recordings"),
        (3, "recordings"),
    ]
    assert "is not a picture" in problems[0].problem
    assert problems[0].value.endswith("text.jpg")
    assert problems[0].cure == "give a whole JPEG, PNG, WebP, HEIC, AVIF or GIF file"
    assert problems[4].problem == "says nothing: it is silent"
    assert problems[4].value.endswith("silence.ogg")
    items = shop.open().catalogue.items
    assert (items["1"].pictures, items["2"].pictures) == ((folder / "good.png",), ())
    assert shop.run().problems == problems  # unchanged rows repeat what was wrong with them


def test_problems_of_the_catalogue_are_in_the_report(shop):
    shop.write(("1", "Cup", "none.png", ""), ("", "Scarf", "", ""), ("1", "Cap", "", ""))
    report = shop.run()
    assert (report.items, [(p.row, p.field) for p in report.problems]) == (
        1,
        [(2, "pictures"), (3, "id"), (4, "id")],
    )


def test_without_a_speech_model_recordings_wait_until_there_is_one(shop):
    shop.say("scarf.ogg", "warm")
    shop.write(("2", "Scarf", "", "scarf.ogg"))
    whole = shop.encoders
    shop.encoders = Encoders(whole.text, whole.picture)
    assert [p.field for p in shop.run().problems] == ["recordings"]
    shop.encoders = whole
    assert counts(shop.run()) == (0, 1, 0, 0)
    assert shop.open().catalogue.items["2"].transcripts == ("warm",)


def test_an_item_is_found_by_what_only_its_recording_says(shop):
    shop.say("flask.ogg", "it keeps coffee hot all day")
    shop.write(
        ("1", "Flask", "", "flask.ogg"), *((f"x{n}", f"Flask {n}", "", "") for n in range(30))
    )
    shop.run()
    found = search(Query("keeps coffee hot"), shop.open(), shop.encoders, limit=3)
    assert found[0].item.id == "1"
    assert found[0].contributions["speech"] > 0.0


def test_a_catalogue_of_one_item_can_be_searched(shop):
    shop.write(("1", "Cup", "", ""))
    shop.run()
    found = search(Query("a cup"), shop.open(), shop.encoders, limit=5)
    assert [candidate.item.id for candidate in found] == ["1"]


def test_pictures_inside_a_table_are_kept_as_files_and_swept(shop, tmp_path):
    def encoded(colour):
        path = tmp_path / "one.webp"
        Image.new("RGB", (60, 80), colour).save(path)
        return path.read_bytes()

    shop.source = tmp_path / "shop.parquet"
    red, blue, green = map(encoded, ("red", "blue", "green"))
    table = {"id": ["1", "2", "3"], "title": ["a", "b", "c"], "image": [red, blue, b"broken"]}
    parquet.write_table(pyarrow.table(table), shop.source)
    assert [p.row for p in shop.run().problems] == [3]
    items = shop.open().catalogue.items
    assert items["1"].pictures[0].read_bytes() == red
    assert items["1"].pictures[0].suffix == ".webp"
    parquet.write_table(
        pyarrow.table({key: value[:2] for key, value in table.items()} | {"image": [red, green]}),
        shop.source,
    )
    shop.run()
    assert {p.read_bytes() for p in (shop.index / "pictures").iterdir()} == {red, green}


def test_progress_is_told(shop):
    shop.write(*cups(4))
    rows = []
    shop.run(report=rows.append)
    assert rows == [1, 2, 3, 4]
