"""Fetching from a real server: continuing, attempts, limits, redirects, refusals."""

import threading
import time
from dataclasses import replace

import pytest

from retrieval.catalogue.web.limits import FetchLimits
from retrieval.errors import MediaError, PassingMediaError, UnreachableError
from tests.builders import png
from tests.media_server import Page

RED = png("red", (8, 8))
LARGE = RED + bytes(range(256)) * 300  # a picture with something behind it, 76,800 bytes and more


def limits_of(desk, **changes):
    return desk(replace(desk().limits, **changes))


def test_a_picture_is_fetched_once_and_named_by_its_address_and_bytes(server, fetch, desk):
    server.pages["/..%2f..%2fetc/cup.php?v=1"] = Page(RED, headers={"Content-Type": "text/html"})
    address = server.address("/..%2f..%2fetc/cup.php?v=1")
    place = fetch(address)
    assert (place.read_bytes(), place.suffix) == (RED, ".png")
    assert place.parents[1].name == "media"
    assert place.stem.isalnum()
    assert sorted(one.name for one in place.parent.iterdir()) == [place.name]
    before = place.stat().st_mtime_ns
    assert fetch(address) == place
    assert len(server.asked) == 1
    assert fetch(address, at=desk(refetch=True)) == place
    assert (len(server.asked), place.stat().st_mtime_ns) == (2, before)  # the same bytes are kept
    headers = server.asked[0][1]
    assert headers["Host"] == f"127.0.0.1:{server.port}"
    assert not {"Cookie", "Authorization", "Referer"} & set(headers)


def test_a_lost_connection_is_taken_up_where_it_broke(server, fetch):
    server.pages["/a"] = Page(LARGE, version="one", cut=50_000)
    assert fetch(server.address("/a")).read_bytes() == LARGE
    (_, first), (_, second) = server.asked
    assert "Range" not in first
    assert (second["Range"], second["If-Range"]) == ("bytes=50000-", '"one"')


def test_another_version_is_fetched_from_its_beginning(server, fetch, desk):
    page = server.pages["/a"] = Page(LARGE, version="one", cut=50_000)
    once = limits_of(desk, attempts=1)
    with pytest.raises(PassingMediaError, match="cut off"):
        fetch(server.address("/a"), at=once)
    page.content, page.version = RED, "two"
    assert fetch(server.address("/a"), at=once).read_bytes() == RED


def test_without_a_version_nothing_is_continued(server, fetch):
    server.pages["/a"] = Page(LARGE, cut=50_000)
    assert fetch(server.address("/a")).read_bytes() == LARGE
    assert not any("Range" in headers for _, headers in server.asked)


def test_a_weak_version_gives_way_to_the_date(server, fetch):
    dated = {"Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT", "ETag": 'W/"one"'}
    server.pages["/a"] = Page(LARGE, headers=dated, cut=50_000)
    assert fetch(server.address("/a")).read_bytes() == LARGE
    assert server.asked[1][1]["If-Range"] == dated["Last-Modified"]


@pytest.mark.parametrize("statuses", [(500,), (503, 502), (429,)])
def test_what_may_pass_is_tried_again(server, fetch, statuses):
    server.pages["/a"] = Page(RED, first=statuses)
    assert fetch(server.address("/a")).read_bytes() == RED
    assert len(server.asked) == len(statuses) + 1


def test_retry_after_is_honoured_up_to_a_limit(server, fetch, desk):
    server.pages["/a"] = Page(RED, first=(429,), headers={"Retry-After": "1"})
    started = time.monotonic()
    assert fetch(server.address("/a")).read_bytes() == RED
    assert time.monotonic() - started >= 0.9
    server.pages["/b"] = Page(RED, first=(503,), headers={"Retry-After": "3600"})
    with pytest.raises(MediaError, match=r"answers 503 .*asks to wait 3,600 s: the next run"):
        fetch(server.address("/b"))


@pytest.mark.parametrize(
    ("page", "reason", "asked"),
    [
        (Page(status=404), r"answers 404 \(Not Found\): correct the address", 1),
        (Page(status=403), r"answers 403 \(Forbidden\): give an address that needs no", 1),
        (Page(status=599), "answers 599: the next run tries again", 1),
        (Page(status=500), r"answers 500 \(Internal Server Error\)", 3),
        (Page(b"<html><body>gone"), "is no picture but a web page", 1),
        (Page(b"OggS" + b"\0" * 600), "is no picture but a recording", 1),
        (Page(b"\x1f\x8b\x08" * 9, headers={"Content-Encoding": "gzip"}), r"packed \(gzip\)", 1),
        (Page(b""), r"is empty \(0 bytes\)", 1),
        (Page(RED + b"\0" * 100_000), "has 100,0.. bytes, at most 100,000: give a smaller", 1),
        (Page(status=206), r"answers 206", 1),
        (Page(status=302), r"answers 302", 1),
    ],
)
def test_what_cannot_be_had_says_why_and_leaves_nothing(
    server, fetch, tmp_path, page, reason, asked
):
    server.pages["/a"] = page
    with pytest.raises(MediaError, match=reason):
        fetch(server.address("/a"))
    assert len(server.asked) == asked
    left = [p for p in (tmp_path / "media").rglob("*") if p.is_file() and p.suffix != ".lock"]
    assert left == []


def test_what_does_not_say_its_size_is_cut_off_at_the_limit(server, fetch):
    server.pages["/a"] = Page(
        RED + b"\0" * 150_000, headers={"Content-Length": "150000000", "Connection": "close"}
    )
    with pytest.raises(MediaError, match="has 150,000,000 bytes"):
        fetch(server.address("/a"))
    chunks = b"".join(b"400\r\n" + bytes([n % 256]) * 0x400 + b"\r\n" for n in range(200))
    body = b"8\r\n\x89PNG\r\n\x1a\n\r\n" + chunks + b"0\r\n\r\n"
    server.pages["/b"] = Page(body, headers={"Transfer-Encoding": "chunked"})
    with pytest.raises(MediaError, match=r"has more than 100,000 bytes: give a smaller one"):
        fetch(server.address("/b"))


def test_a_recording_has_a_larger_limit(server, fetch):
    content = b"RIFF\0\0\0\0WAVEfmt " + b"\0" * 150_000
    server.pages["/a"] = Page(content)
    place = fetch(server.address("/a"), "recording")
    assert (place.stat().st_size, place.suffix) == (len(content), ".wav")


def test_a_host_that_stays_silent_costs_a_limited_time(server, fetch, desk):
    server.pages["/a"] = Page(RED, pause=2.0)
    quick = limits_of(desk, silence=0.2, attempts=2)
    started = time.monotonic()
    with pytest.raises(PassingMediaError, match=r"stays silent for 0\.2 s"):
        fetch(server.address("/a"), at=quick)
    assert time.monotonic() - started < 1.5


def test_a_trickle_ends_with_the_time_of_a_file_and_is_continued(server, fetch, desk):
    page = server.pages["/a"] = Page(LARGE, version="one", pause=0.1, slow=10_000)
    allowance = replace(desk().limits.allowances["picture"], seconds=0.45)
    short = limits_of(desk, allowances={"picture": allowance})
    with pytest.raises(PassingMediaError, match="takes too long: the next run goes on with it"):
        fetch(server.address("/a"), at=short)
    page.pause = 0.0
    assert fetch(server.address("/a"), at=short).read_bytes() == LARGE
    assert server.asked[-1][1]["Range"].startswith("bytes=")


def test_redirects_are_followed_a_few_times(server, fetch):
    for step in range(5):
        server.pages[f"/{step}"] = Page(status=302, headers={"Location": f"/{step + 1}"})
    server.pages["/5"] = Page(RED)
    assert fetch(server.address("/0")).read_bytes() == RED
    server.pages["/5"] = Page(status=307, headers={"Location": "/0"})
    with pytest.raises(MediaError, match="redirected more than 5 times"):
        fetch(server.address("/1"))


PUBLIC = "93.184.216.34"


class Names:
    """Resolves names as it is told, and remembers what it was asked."""

    def __init__(self, **known):
        self.known, self.asked = known, []

    def __call__(self, host, port):
        self.asked.append(host)
        if host not in self.known:
            raise OSError(-2, "Name or service not known")
        return self.known[host]


@pytest.mark.parametrize(
    "machines", [["127.0.0.1"], ["10.1.2.3"], [PUBLIC, "192.168.0.1"], ["::1"], ["169.254.169.254"]]
)
def test_a_name_that_leads_inside_is_refused_before_anything_is_asked(
    server, fetch, desk, machines
):
    strict = desk(FetchLimits(), Names(**{"shop.test": machines}))
    with pytest.raises(MediaError, match=r"leads to shop\.test, which is .*, inside this machine"):
        fetch(server.address("/a", "shop.test"), at=strict)
    assert server.asked == []


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost"])
def test_this_machine_is_not_asked(server, fetch, desk, host):
    with pytest.raises(MediaError, match="inside this machine or its network"):
        fetch(server.address("/a", host), at=desk(FetchLimits()))
    assert server.asked == []


@pytest.mark.parametrize(
    "there", ["http://169.254.169.254/latest/meta-data", "http://[fe80::1]/", "http://evil.test/"]
)
def test_a_redirect_inside_is_refused(server, fetch, desk, there):
    names = Names(**{"shop.test": ["127.0.0.1"], "evil.test": ["0.0.0.0"]})
    server.pages["/a"] = Page(status=302, headers={"Location": there})
    with pytest.raises(MediaError, match="inside this machine or its network"):
        fetch(server.address("/a", "shop.test"), at=desk(desk().limits, names))
    assert server.paths() == ["/a"]


def test_a_name_is_resolved_once_and_that_machine_is_asked(server, fetch, desk):
    answers = iter([["127.0.0.1"], ["169.254.169.254"]])
    server.pages["/a"] = server.pages["/b"] = Page(RED)
    bound = desk(desk().limits, lambda host, port: next(answers))
    assert fetch(server.address("/a", "shop.test"), at=bound).read_bytes() == RED
    assert server.asked[0][1]["Host"] == f"shop.test:{server.port}"
    assert fetch(server.address("/b", "shop.test"), at=bound)  # over the same connection
    assert next(answers) == ["169.254.169.254"]


def test_the_next_machine_of_a_host_is_tried(server, fetch, desk):
    names = Names(**{"shop.test": ["127.255.255.255", "127.0.0.1"]})
    server.pages["/a"] = Page(RED)
    assert fetch(server.address("/a", "shop.test"), at=desk(desk().limits, names))


def test_a_host_that_is_not_there_is_unreachable(server, fetch, desk):
    with pytest.raises(UnreachableError, match=r"none\.test is not found \(Name or service"):
        fetch("http://none.test/a", at=desk(desk().limits, Names()))
    server.close()
    with pytest.raises(UnreachableError, match=r"127\.0\.0\.1 does not answer"):
        fetch(server.address("/a"))
    server.__init__()  # something to close again


def test_an_untrusted_certificate_is_refused(server, fetch):
    address = server.address("/a").replace("http:", "https:")
    with pytest.raises(MediaError, match="is not safe: 127"):  # it does not even speak TLS
        fetch(address)


def test_stopping_ends_a_read_at_once_and_keeps_what_came(server, fetch, desk):
    server.pages["/a"] = Page(LARGE, version="one", pause=0.05, slow=5_000)
    long = limits_of(desk, silence=30.0)
    threading.Timer(0.4, long.web.stop).start()
    started = time.monotonic()
    with pytest.raises(UnreachableError, match="is left for the next run"):
        fetch(server.address("/a"), at=long)
    assert time.monotonic() - started < 3
    server.pages["/a"].pause = 0.0
    assert fetch(server.address("/a")).read_bytes() == LARGE
    assert server.asked[-1][1]["If-Range"] == '"one"'
