"""A shop's feed by its address: what it is, its first bytes say; limits and refusals as for media."""

import io
import threading
import zipfile

import pytest
from openpyxl import Workbook

from retrieval.errors import MediaError, UnreachableError
from tests.builders import png
from tests.media_server import Page

ROWS = b"id,title\n" + b"".join(b"%d,Cup number %d\n" % (n, n) for n in range(900))


def workbook():
    kept = io.BytesIO()
    Workbook().save(kept)
    return kept.getvalue()


def parcel():
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("list.csv", ROWS)
    return kept.getvalue()


FEEDS = [
    (ROWS, ".csv"),
    (b"\xef\xbb\xbfid\ttitle\n1\tCup\n", ".tsv"),
    ("id,title\n1,Tasse\n".encode("utf-16"), ".csv"),
    (b'[{"id": 1}, {"id": 2}]', ".json"),
    (b'{"products": [\n{"id": 1}]}', ".json"),
    (b'{"id": 1}\n{"id": 2}\n', ".jsonl"),
    (b'<?xml version="1.0"?><rss><channel/></rss>', ".xml"),
    (b"<feed/>", ".xml"),
    (b"<!DOCTYPE html><title>Cups</title>", ".html"),
    (b"PAR1....", ".parquet"),
    (workbook(), ".xlsx"),
    (parcel(), ".zip"),
]


@pytest.mark.parametrize(("content", "suffix"), FEEDS)
def test_a_feed_is_known_by_its_first_bytes(content, suffix, server, fetch):
    server.pages["/feed.php"] = Page(content)
    place = fetch(server.address("/feed.php"), "feed")
    assert (place.read_bytes(), place.suffix) == (content, suffix)


@pytest.mark.parametrize("content", [png("red", (8, 8)), b"\0\1\2" * 99, b"", b" \n"])
def test_what_is_no_table_is_refused(content, server, fetch):
    server.pages["/feed"] = Page(content)
    with pytest.raises(MediaError, match="is no feed|is empty"):
        fetch(server.address("/feed"), "feed")


def test_a_feed_that_is_too_large_is_refused_also_where_its_size_is_not_said(server, fetch):
    server.pages["/large"] = Page(ROWS * 9)
    with pytest.raises(MediaError, match="at most 100,000"):
        fetch(server.address("/large"), "feed")


def test_it_tells_how_much_is_here(server, fetch, desk):
    told = []
    server.pages["/feed"] = Page(ROWS, pause=0.01, slow=5000)
    fetch(server.address("/feed"), "feed", desk(arrived=lambda *one: told.append(one)))
    assert told[-1] == (len(ROWS), len(ROWS))
    assert len(told) > 2


def test_it_is_stopped_while_it_arrives(server, fetch, desk):
    server.pages["/feed"] = Page(ROWS, pause=0.2, slow=1000)
    at = desk()
    threading.Timer(0.5, at.web.stop).start()
    with pytest.raises(UnreachableError):
        fetch(server.address("/feed"), "feed", at)
