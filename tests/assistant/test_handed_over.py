"""A catalogue on the web, by its address: fetched from a real server, indexed; refused; stopped."""

import re
import time
import zipfile
from dataclasses import replace

import pytest

from assistant.adding import CatalogueAdder
from assistant.handed_over import HandedOver, fetch_source
from assistant.page.markup.wording import wording
from assistant.page.panels.adding_panel import Addition, adding_form
from assistant.settings import load_settings
from retrieval.errors import CatalogueError, MagpieError
from retrieval.index.chroma import ChromaStore
from retrieval.index.manifest import read_manifest
from retrieval.index.summary import read_summary
from tests.adders import HeldEncoder, opened_adder, until
from tests.builders import png
from tests.media_server import MediaServer, Page


@pytest.fixture
def words():
    return HeldEncoder()


@pytest.fixture
def web():
    server = MediaServer()
    yield server
    server.close()


@pytest.fixture
def adder(tmp_path, words):
    yield from opened_adder(words, home=tmp_path / "home")


@pytest.fixture
def fetcher(tmp_path, words):
    """Return an adder that may ask machines of its own network, as the server here is one."""
    words.may.set()
    yield from opened_adder(words, home=tmp_path / "home", private_media=True)


def rows(count):
    return "id,title\n" + "".join(f"{n},Cup number {n}\n" for n in range(count))


LINKED = """<!doctype html><title>Cups</title><script type="application/ld+json">
{"@context": "https://schema.org", "@type": "Product", "sku": "c1", "name": "Enamel cup"}</script>"""
FEED = """<?xml version="1.0"?><rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>
<item><g:id>c1</g:id><g:title>Enamel cup</g:title></item></channel></rss>"""


@pytest.mark.parametrize(
    ("said", "titles"),
    [(rows(2), ["Cup number 0", "Cup number 1"]), (LINKED, ["Enamel cup"]), (FEED, ["Enamel cup"])],
)
def test_a_feed_is_fetched_from_its_address_and_indexed(said, titles, fetcher, web, tmp_path):
    web.pages["/old"] = Page(status=302, headers={"Location": "/shop?feed=1"})
    web.pages["/shop?feed=1"] = Page(said.encode())
    fetcher.fetch(web.address("/old"), "cups")
    assert until(fetcher, "done").done == len(titles)
    indexed = read_summary(tmp_path / "home" / "indexes" / "cups", ChromaStore).catalogue
    assert sorted(one.title for one in indexed.items.values()) == titles


BAD = [
    ("/gone", Page(status=404), "404 .Not Found.: correct the address"),
    ("/page", Page(b"<!doctype html><p>Welcome"), "no product"),
    ("/photo", Page(png("red", (8, 8))), "is no feed but a picture"),
    ("/empty", Page(b""), "is empty"),
    ("/huge", Page(b"", headers={"Content-Length": str(1 << 40)}), "at most 536,870,912"),
    ("/odd", Page(b"a,b\n1,2\n"), "odd|id"),
    ("/packed", Page(b"\x1f\x8b\x08" + b"\0" * 99), "a file packed with gzip"),
]


@pytest.mark.parametrize(("path", "page", "why"), BAD, ids=[one[0] for one in BAD])
def test_what_is_no_feed_is_said_and_can_be_tried_again(path, page, why, fetcher, web):
    web.pages[path] = page
    fetcher.fetch(web.address(path), "cups")
    failed = until(fetcher, "failed")
    assert re.search(why, str(failed.trouble)), failed.trouble
    web.pages[path] = Page(rows(3).encode())
    if path != "/odd" and path != "/page":  # these were fetched, and are what they are
        fetcher.resume()
        assert until(fetcher, "done").done == 3


@pytest.mark.parametrize(
    "address",
    ["", "shop", "ftp://shop.example/f", "file:///etc/passwd", "http://a:b@shop.example/"],
)
def test_what_is_no_address_is_refused_at_once(address, adder):
    with pytest.raises(CatalogueError):
        adder.fetch(address, "cups")
    assert adder.now is None


def test_nothing_is_fetched_from_inside_this_machine(adder, fetcher, web):
    web.pages["/feed"] = Page(rows(3).encode())
    for host in ("127.0.0.1", "localhost"):
        adder.fetch(web.address("/feed", host), "cups")
        failed = until(adder, "failed")
        assert "inside this machine or its network" in str(failed.trouble)
    assert not web.asked


def test_nor_by_a_redirect(adder, web, monkeypatch):
    """The first machine may be asked, the one that it names may not."""
    web.pages["/feed"] = Page(status=302, headers={"Location": "http://10.0.0.7/feed"})
    monkeypatch.setattr(
        "retrieval.catalogue.web.connections.may_answer",
        lambda machine, private=False: machine == "127.0.0.1",
    )
    adder.fetch(web.address("/feed"), "cups")
    assert "10.0.0.7, inside this machine or its network" in str(until(adder, "failed").trouble)


def test_fetching_is_stopped_and_goes_on_where_it_stopped(fetcher, web, tmp_path):
    content = rows(900).encode()
    web.pages["/feed"] = Page(content, version="one", pause=0.05, slow=500)
    fetcher.fetch(web.address("/feed"), "cups")
    while not (fetcher.now.doing == "fetching" and fetcher.now.done > 1000):
        time.sleep(0.01)
    assert fetcher.now.total == len(content)
    assert "cups: 0 MB fetched." in adding_form(fetcher.now, wording("en"))
    fetcher.cancel()
    until(fetcher, "stopped")
    web.pages["/feed"].pause = 0
    again = CatalogueAdder(fetcher._settings, fetcher._lend)  # Magpie was started again
    assert again.now == Addition("cups", "stopped")
    again.resume()
    assert until(again, "done").done == 900
    assert web.asked[-1][1]["Range"].startswith("bytes=")
    web.pages["/feed"] = Page(rows(5).encode())
    again.fetch(web.address("/feed"), "cups")  # its address again is an update
    again._thread.join()
    assert (again.now.doing, again.now.total) == ("done", 5)


def test_a_feed_that_cannot_be_had_again_leaves_what_was_there(fetcher, web, tmp_path):
    web.pages["/feed"] = Page(rows(5).encode())
    fetcher.fetch(web.address("/feed"), "cups")
    until(fetcher, "done")
    fetcher.fetch(web.address("/gone"), "cups")
    until(fetcher, "failed")
    assert (tmp_path / "home" / "added" / "cups" / "cups.csv").read_text() == rows(5)
    assert read_manifest(tmp_path / "home" / "indexes" / "cups").items == 5


def test_how_much_is_fetched_is_said_in_the_visitor_s_language():
    now = Addition("cups", "fetching", 1_200_000, 4_000_000, left=118.0)
    assert "1,2 von 4 MB geholt. Noch etwa 2 Minuten." in adding_form(now, wording("de"))
    assert "cups: 1.2 MB fetched." in adding_form(replace(now, total=0, left=None), wording("en"))


def test_the_command_fetches_what_it_indexes_and_what_stands_beside_it_stays(web, tmp_path):
    settings = load_settings(home=tmp_path / "home", catalogue="cups", private_media=True)
    web.pages["/feed.xml"] = Page(rows(3).encode())
    told = []
    source = fetch_source(web.address("/feed.xml"), settings, told.append)
    assert (source.name, source.read_text()) == ("cups.csv", rows(3))
    assert (told[-1].done, told[-1].total, told[-1].unit) == (len(rows(3)), len(rows(3)), "bytes")
    source.with_name("cups.csv.note").write_text("mine")
    web.pages["/feed.xml"] = Page(LINKED.encode())
    again = fetch_source(web.address("/feed.xml"), settings, told.append)
    assert again.name == "cups.html"
    assert sorted(one.name for one in again.parent.iterdir()) == ["cups.csv.note", "cups.html"]


def test_the_command_says_what_is_wrong_with_an_address_or_name(web, tmp_path):
    settings = load_settings(home=tmp_path / "home", catalogue="cups")
    address = web.address("/feed.xml")
    with pytest.raises(CatalogueError, match="127.0.0.1, inside this machine"):
        fetch_source(address, settings, lambda step: None)
    assert not list((tmp_path / "home" / "added").iterdir())  # the page offers nothing of it
    with pytest.raises(MagpieError):
        fetch_source(address, settings.model_copy(update={"catalogue": "../out"}), print)


def test_what_cannot_be_kept_leaves_the_table_that_was(tmp_path):
    kept = HandedOver(load_settings(home=tmp_path / "home"))
    table, broken = tmp_path / "cups.csv", tmp_path / "cups.zip"
    table.write_text(rows(2))
    kept.keep(table, "cups")
    (kept.source("cups").parent / "cups.profile.toml").write_text('catalogue_language = "de"')
    with zipfile.ZipFile(broken, "w") as parcel:
        parcel.writestr("one.csv", rows(1))
        parcel.writestr("two.csv", rows(1))
    with pytest.raises(CatalogueError):
        kept.keep(broken, "cups")
    beside = kept.source("cups").parent
    assert sorted(one.name for one in beside.iterdir()) == ["cups.csv", "cups.profile.toml"]
    assert kept.source("cups").read_text() == rows(2)
