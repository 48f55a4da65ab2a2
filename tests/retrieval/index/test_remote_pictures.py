"""A catalogue whose pictures stand on the web becomes an index that is searched by them."""

import pytest

from retrieval.catalogue.remote_media import RemoteMedia
from retrieval.catalogue.web.limits import FetchLimits
from retrieval.items import Query
from retrieval.search import search
from tests.builders import counts, png
from tests.media_server import Page

LIMITS = FetchLimits(silence=1.0, attempts=1, private=True)


@pytest.fixture
def run(shop, tmp_path):
    """Return a function that indexes the shop, with its files on the web."""

    def index(**options):
        with RemoteMedia(tmp_path / "media", LIMITS) as media:
            return shop.run(fetch=media.fetched, **options)

    return index


def test_pictures_on_the_web_are_fetched_indexed_and_found(shop, server, run, tmp_path):
    for colour in ("red", "blue", "green"):
        server.pages[f"/{colour}.png"] = Page(png(colour, (6, 6)))
    red, blue, green = map(server.address, ("/red.png", "/blue.png", "/green.png"))
    shop.write(("1", "Cup", red, ""), ("2", "Cup", blue, ""), ("3", "Cup", green, ""))
    report = run()
    assert (counts(report), report.problems) == ((3, 0, 0, 0), ())
    assert shop.encoders.picture.encoded == 3
    shop.paint("asked.png", "blue")
    asked = Query(photos=(tmp_path / "asked.png",), balance=0.0)
    assert search(asked, shop.open(), shop.encoders, limit=1)[0].item.id == "2"
    encoded = shop.encoders.picture.encoded
    assert counts(run()) == (0, 0, 3, 0)
    assert (shop.encoders.picture.encoded, len(server.asked)) == (encoded, 3)


def test_without_the_network_items_stay_and_later_only_they_are_encoded(shop, server, run):
    server.pages["/red.png"] = Page(png("red", (6, 6)))
    server.pages["/blue.png"] = Page(png("blue", (6, 6)), first=(404, 404))
    shop.write(
        ("1", "Cup", server.address("/red.png"), ""), ("2", "Mug", server.address("/blue.png"), "")
    )
    first = run()
    assert (counts(first), [one.row for one in first.problems]) == ((2, 0, 0, 0), [3])
    assert shop.open().catalogue.items["2"].pictures == ()
    again = run()
    assert (counts(again), again.problems) == ((0, 0, 2, 0), first.problems)
    texts = shop.encoders.text.encoded
    third = run()
    assert (counts(third), third.problems) == ((0, 1, 1, 0), ())
    assert shop.encoders.text.encoded == texts + 1
    assert shop.open().catalogue.items["2"].pictures[0].read_bytes() == png("blue", (6, 6))


def test_a_picture_that_is_not_reached_any_more_is_the_one_that_is_here(shop, server, run):
    server.pages["/red.png"] = Page(png("red", (6, 6)))
    shop.write(("1", "Cup", server.address("/red.png"), ""))
    run()
    server.pages.clear()
    assert (counts(run()), len(server.asked)) == ((0, 0, 1, 0), 1)


def test_an_interrupted_run_goes_on(shop, server, run):
    server.pages |= {f"/{n}": Page(png("red", (6, 6))) for n in range(600)}
    shop.write(*((str(n), f"Cup {n}", server.address(f"/{n}"), "") for n in range(600)))

    def stop(rows):
        if rows == 550:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(report=stop)
    assert run().items == 600
    again = shop.encoders.text.encoded - 600
    assert 0 <= again <= 2 * 256  # up to two batches are encoded again, but fetched once
    assert len(server.asked) <= 600 + LIMITS.at_once
