"""Feeds larger than memory should be: read row after row, with a bound on memory that is measured.

The bound is on what reading adds in a process of its own: the ids that were met, about a hundred
bytes each, and one row. `benchmarks.catalogue --feed 2000` does the same with 2 GB.
"""

import pytest

from benchmarks.feeds import read_apart, write_feed

PER_ROW = 200 / 2**20  # MiB: an id that must be known again
AT_ONCE = 24  # MiB: libraries that are imported while reading, one row, buffers


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".xml", ".tsv", ".jsonl"])
def test_a_large_feed_is_read_in_bounded_memory(tmp_path, suffix):
    place = tmp_path / f"feed{suffix}"
    rows = write_feed(place, 60_000_000, bad=30_000)
    told = read_apart(place)
    row = 30_000 + (suffix == ".tsv")
    assert (told["items"], told["problems"]) == (rows, [[row, "price", "12,x0"]])
    assert told["peak_mib"] - told["before_mib"] < AT_ONCE + rows * PER_ROW < 40


def test_a_tenth_of_it_is_read_in_a_tenth_of_the_memory(tmp_path):
    for suffix in (".xml", ".csv"):
        rows = write_feed(place := tmp_path / f"feed{suffix}", 6_000_000)
        told = read_apart(place)
        assert (told["items"], told["problems"]) == (rows, [])
        assert told["peak_mib"] - told["before_mib"] < AT_ONCE + rows * PER_ROW


def test_what_is_no_feed_is_not_held_in_memory_before_it_is_refused(tmp_path):
    place = tmp_path / "feed.xml"
    write_feed(place, 30_000_000)
    place.write_bytes(place.read_bytes().replace(b"item>", b"thing>"))
    with pytest.raises(Exception, match="Command") as failed:
        read_apart(place)
    assert "holds no <item> and no <entry>" in failed.value.stderr


@pytest.mark.slow
def test_of_a_hundred_thousand_rows_with_one_bad_all_others_are_read(tmp_path):
    place = tmp_path / "shop.csv"
    with place.open("w") as file:
        file.write("id,title\n")
        for number in range(2, 100_002):
            title = '"A "torn" cup' if number == 65_432 else f"Cup {number}"
            file.write(f"{number},{title}\n")
    told = read_apart(place)
    assert told["items"] == 99_999
    assert told["problems"] == [[65_432, "row", '65432,"A "torn" cup']]
    assert told["peak_mib"] - told["before_mib"] < AT_ONCE + 100_000 * PER_ROW
