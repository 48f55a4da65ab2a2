"""Files that a catalogue names on the web, from rows to items with files, in order and a few ahead."""

import json
import threading
from dataclasses import replace

import pytest

from retrieval.catalogue.formats.table import Problem
from retrieval.catalogue.reader import read_catalogue
from retrieval.catalogue.remote_media import RemoteMedia
from retrieval.catalogue.rows import Row
from retrieval.catalogue.web.limits import FetchLimits
from retrieval.errors import StorageError
from tests.builders import png
from tests.media_server import Page

LIMITS = FetchLimits(silence=1.0, attempts=2, first_wait=0.01, private=True)
RED, BLUE = png("red", (8, 8)), png("blue", (8, 8))
WAVE = b"RIFF\0\0\0\0WAVEfmt " + b"\0" * 60


@pytest.fixture
def read(tmp_path):
    """Return a function: content, file name → items by id, problems, and what was reported."""

    def read_file(content, name="shop.csv", limits=LIMITS, **options):
        (tmp_path / name).write_text(content, "utf-8")
        reports = []
        told = {"report": lambda done, met: reports.append((done, met)), **options}
        with RemoteMedia(tmp_path / "media", limits, **told) as media:
            *found, _ = read_catalogue(tmp_path / name, fetch=media.fetched)
        items = {one.item.id: one.item for one in found if isinstance(one, Row)}
        return items, [one for one in found if isinstance(one, Problem)], reports

    return read_file


def contents(files):
    return [file.read_bytes() for file in files]


def test_pictures_recordings_and_videos_are_fetched_in_the_order_of_the_cell(
    server, read, tmp_path
):
    (tmp_path / "own.png").write_bytes(BLUE)
    server.pages |= {"/red": Page(RED, pause=0.2), "/blue": Page(BLUE), "/say": Page(WAVE)}
    server.pages["/show"] = Page(b"\0\0\0\x1cftypisom" + b"\0" * 60)
    red, blue, say, show = map(server.address, ("/red", "/blue", "/say", "/show"))
    items, problems, reports = read(
        "id,title,pictures,recordings,videos\n"
        f'1,Cup,"{red}, {blue}",{say},\n2,Bowl,{blue}|own.png|{red},,{show}\n3,Fork,own.png,,\n'
    )
    assert problems == []
    assert contents(items["1"].pictures) == [RED, BLUE]
    assert contents(items["2"].pictures) == [BLUE, BLUE, RED]
    assert contents(items["1"].recordings) == [WAVE]
    assert items["2"].videos[0].suffix == ".mp4"
    assert contents(items["3"].pictures) == [BLUE]
    assert sorted(server.paths()) == ["/blue", "/red", "/say", "/show"]
    assert reports[-1] == (4, 4)


def test_what_is_here_is_not_asked_for_again(server, read):
    server.pages["/a"] = Page(RED)
    shop = f"id,title,pictures\n1,Cup,{server.address('/a')}\n2,Cup 2,{server.address('/a')}\n"
    first, _, _ = read(shop)
    server.pages["/a"].content = BLUE
    again, _, reports = read(shop)
    assert (again, len(server.asked), reports) == (first, 1, [])
    fresh, _, _ = read(shop, refetch=True)
    assert contents(fresh["1"].pictures) == [BLUE]
    assert len(server.asked) == 2
    server.pages.clear()
    assert contents(read(shop, refetch=True)[0]["1"].pictures) == [BLUE]


def test_every_failure_has_its_row_and_the_item_stays(server, read):
    server.pages |= {"/a": Page(RED), "/page": Page(b"<html>")}
    items, problems, _ = read(
        "id,title,pictures,recordings\n"
        f"1,Cup,{server.address('/none')}|{server.address('/a')},\n"
        f"2,Bowl,{server.address('/page')},{server.address('/a')}\n"
        "3,Fork,ftp://shop.test/a.jpg|https://me:x@shop.test/a.jpg,\n"
        "4,Knife,http://169.254.169.254/key.jpg,\n"
    )
    assert list(items) == ["1", "2", "3", "4"]
    assert contents(items["1"].pictures) == [RED]
    assert [(one.row, one.field) for one in problems] == [
        (2, "pictures"), (3, "pictures"), (3, "recordings"), (4, "pictures"), (4, "pictures"),
        (5, "pictures"),
    ]  # fmt: skip
    said = [f"{one.value} {one.problem}: {one.cure}" for one in problems]
    assert said[0] == f"{server.address('/none')} answers 404 (Not Found): correct the address"
    assert "is no picture but a web page: give the address of the picture itself" in said[1]
    assert "is no recording but a picture" in said[2]
    assert said[3].startswith("ftp://shop.test/a.jpg is neither http nor https, nor a file")
    assert "holds a user's name or password" in said[4]
    assert "leads to 169.254.169.254, inside this machine or its network" in said[5]


def test_a_shopify_export_has_its_pictures_and_those_of_its_variants(server, read):
    for name, content in {"/front": RED, "/back": BLUE, "/slate": BLUE}.items():
        server.pages[name] = Page(content)
    front, back, slate, gone = map(server.address, ("/front", "/back", "/slate", "/gone"))
    items, problems, _ = read(
        "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Image Src,Variant Image\n"
        f"cup,Cup,Color,Red,C-R,5,{front},{front}\n"
        f"cup,,,Slate,C-S,6,{back},{slate}\n"
        f"cup,,,Gold,C-G,7,{gone},{gone}\n"
    )
    cup = items["cup"]
    assert contents(cup.pictures) == [RED, BLUE]
    assert [one.picture and one.picture.read_bytes() for one in cup.variants] == [RED, BLUE, None]
    assert [(one.row, one.field) for one in problems] == [(4, "pictures")]  # once, not twice
    assert server.paths().count("/front") == 1


def test_a_merchant_feed_has_its_additional_pictures(server, read):
    server.pages |= {"/1": Page(RED), "/2": Page(BLUE), "/3": Page(RED)}
    one, two, three = map(server.address, ("/1", "/2", "/3"))
    items, problems, _ = read(
        "id\ttitle\tlink\tprice\tavailability\timage_link\tadditional_image_link\n"
        f"1\tCup\thttps://shop.test/1\t5.00 EUR\tin stock\t{one}\t{two},{three}\n",
        "feed.tsv",
    )
    assert (contents(items["1"].pictures), problems) == ([RED, BLUE, RED], [])


def test_addresses_inside_of_objects_and_without_a_scheme_are_addresses(server, read):
    server.pages["/1"] = Page(RED)
    picture = {"@type": "ImageObject", "url": server.address("/1")}
    shop = json.dumps({"id": 1, "title": "Cup", "image": [picture, "//127.0.0.1:1/x.png"]})
    items, (problem,), _ = read(shop, "shop.jsonl")
    assert contents(items["1"].pictures) == [RED]
    assert (problem.value, problem.problem) == ("https://127.0.0.1:1/x.png", "cannot be reached")


def silence(host, port):
    raise OSError(-3, "Temporary failure in name resolution")


def test_offline_every_item_stays_and_it_is_said_once(read):
    rows = "".join(f"{n},Cup {n},https://shop{n % 5}.test/{n}.jpg\n" for n in range(400))
    calls = []
    items, problems, _ = read(
        f"id,title,pictures\n{rows}",
        resolve=lambda host, port: calls.append(host) or silence(host, port),
    )
    assert len(items) == 400
    last = problems[-1]
    assert (last.row, last.field) == (0, "network")
    assert "this machine seems to be offline; " in last.problem
    assert "the next run fetches them" in last.problem
    assert len([one for one in problems if one.row]) < 20
    assert len(calls) < 40


def test_a_host_that_does_not_answer_is_left_and_others_go_on(server, read):
    server.pages["/a"] = Page(RED)
    rows = "".join(
        f"{n},Cup {n},http://gone.test/{n}.jpg|{server.address('/a')}?{n}\n" for n in range(60)
    )
    server.pages |= {f"/a?{n}": Page(RED) for n in range(60)}
    items, problems, _ = read(f"id,title,pictures\n{rows}", resolve=silence)
    assert all(contents(item.pictures) == [RED] for item in items.values())
    assert "gone.test: " in problems[-1].problem
    assert "more files are left, since it cannot be reached: gone.test is not found" in (
        problems[-1].problem
    )
    assert len(problems) < 20


def test_few_ask_a_host_at_once(server, read):
    most, now, lock = [0], [0], threading.Lock()
    answer = server.answer

    def counted(handler):
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        answer(handler)
        with lock:
            now[0] -= 1

    server.answer = counted
    server.pages |= {f"/{n}": Page(RED, pause=0.01) for n in range(40)}
    rows = "".join(f"{n},Cup {n},{server.address(f'/{n}')}\n" for n in range(40))
    items, _, _ = read(f"id,title,pictures\n{rows}", limits=replace(LIMITS, per_host=3))
    assert len(items) == 40
    assert 2 <= most[0] <= 3


def test_only_a_window_of_rows_is_read_ahead(server, tmp_path):
    server.pages |= {f"/{n}": Page(RED) for n in range(2000)}
    server.pages["/0"] = Page(RED, pause=0.3)
    rows = "".join(f"{n},Cup {n},{server.address(f'/{n}')}\n" for n in range(2000))
    (tmp_path / "shop.csv").write_text(f"id,title,pictures\n{rows}")
    with RemoteMedia(tmp_path / "media", LIMITS) as media:
        found = read_catalogue(tmp_path / "shop.csv", fetch=media.fetched)
        assert next(found).item.id == "0"
    assert len(server.asked) <= 258


def test_ctrl_c_while_fetching_loses_nothing(server, read, tmp_path):
    large = RED + bytes(range(256)) * 300
    server.pages["/small"] = Page(BLUE)
    server.pages["/large"] = Page(large, version="one", pause=0.2, slow=20_000)
    small, big = server.address("/small"), server.address("/large")
    shop = f"id,title,pictures\n1,Cup,{small}\n2,Bowl,{big}\n"

    def stop(done, met):
        if any(part.stat().st_size for part in (tmp_path / "media").rglob("*.part")):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(shop, report=stop)
    server.pages["/large"].pause = 0.0
    items, problems, _ = read(shop)
    assert (contents(items["2"].pictures), problems) == ([large], [])
    assert server.paths().count("/small") == 1
    assert server.asked[-1][1].get("Range", "").startswith("bytes=")


def test_a_disk_that_cannot_be_written_ends_the_run(server, read, tmp_path):
    (tmp_path / "media").write_text("no folder")
    server.pages["/a"] = Page(RED)
    with pytest.raises(StorageError, match="cannot be written"):
        read(f"id,title,pictures\n1,Cup,{server.address('/a')}\n")
