"""Interactions: three formats read the same, and whatever is wrong is said with its row."""

import json
from contextlib import suppress
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from retrieval.catalogue.interactions import Interaction, read_interactions
from retrieval.errors import InteractionsError

ROWS = [
    {"user": "ann", "item": "lamp", "rating": 5.0, "time": 100.0},
    {"user": "ann", "item": "mug", "rating": 1.0, "time": 200.0},
    {"user": "bob", "item": "mug", "rating": 4.0, "time": 300.0},
]


def written(folder, text, name="said.csv"):
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def told(path, **options):
    """Return the problems as (row, field)."""
    return [(one.row, one.field) for one in read_interactions(path, **options).problems]


def test_every_format_reads_the_same(tmp_path):
    lines = ["user,item,rating,time", *(",".join(map(str, row.values())) for row in ROWS)]
    several = [
        written(tmp_path, "\n".join(lines)),
        written(tmp_path, "\n".join(lines).replace(",", "\t"), "said.tsv"),
        written(tmp_path, "\n".join(map(json.dumps, ROWS)), "said.jsonl"),
        tmp_path / "said.parquet.brotli",
    ]
    parquet.write_table(pa.Table.from_pylist(ROWS), several[-1])
    for path in several:
        found = read_interactions(path)
        assert [(one.user, one.item, one.value, one.time) for one in found.all] == [
            tuple(row.values()) for row in ROWS
        ]
        assert found.problems == ()


def test_liked_is_the_upper_quarter_of_the_scale_unless_it_is_said(tmp_path):
    path = written(tmp_path, "user,item,rating\n" + "".join(f"u{n},i,{n}\n" for n in range(1, 6)))
    assert read_interactions(path).positive_from == 4.0
    assert [one.value for one in read_interactions(path).positives] == [4.0, 5.0]
    assert len(read_interactions(path, positive_from=2).positives) == 4


def test_a_label_of_one_is_liked_and_no_value_at_all_too(tmp_path):
    labels = written(tmp_path, "user_id,Item ID,label\na,x,yes\nb,x,0\nc,x,true\n")
    assert [one.user for one in read_interactions(labels).positives] == ["a", "c"]
    seen = written(tmp_path, "customer,sku\na,x\nb,x\n", "seen.csv")
    assert len(read_interactions(seen).positives) == 2


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (",lamp,5,1", "user"),
        ("ann,,5,1", "item"),
        ("ann,ghost,5,1", "item"),
        ("ann,lamp,good,1", "rating"),
        ("ann,lamp,nan,1", "rating"),
        ("ann,lamp,inf,1", "rating"),
        ("ann,lamp,,1", "rating"),
        ("ann,lamp,5,2000", "time"),
        ("ann,lamp,5", "row"),
        ("ann,lamp,5,1,6", "row"),
        ('ann,"la"mp,5,1', "row"),
    ],
)
def test_a_row_that_cannot_be_used_is_left_out_and_said(tmp_path, row, field):
    path = written(tmp_path, f"user,item,rating,time\nbob,mug,5,1\n{row}\neve,mug,1,1\n")
    found = read_interactions(path, items={"lamp", "mug"}, now=1000.0)
    assert [one.user for one in found.all] == ["bob", "eve"]
    assert [(one.row, one.field) for one in found.problems] == [(3, field)]


def test_a_time_that_is_none_costs_the_time_only(tmp_path):
    path = written(tmp_path, "user,item,time\nann,mug,soon\nbob,mug,5\n")
    assert [one.time for one in read_interactions(path).all] == [None, 5.0]
    assert told(path) == [(2, "time")]


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("0", 0.0), ("1700000000", 1.7e9), ("1700000000000", 1.7e9),
     ("2023-11-14T22:13:20Z", 1.7e9), ("2023-11-14 22:13:20", 1.7e9), ("1970-01-02", 86400.0)],
)  # fmt: skip
def test_times_are_seconds_since_1970(tmp_path, said, seconds):
    path = written(tmp_path, f"user,item,time\nann,mug,{said}\n")
    assert read_interactions(path).all[0].time == seconds


def test_a_table_may_hold_dates(tmp_path):
    path = tmp_path / "said.parquet"
    row = {"user": 5, "item": 7.0, "time": datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)}
    parquet.write_table(pa.Table.from_pylist([row]), path)
    assert read_interactions(path).all == (Interaction("5", "7", 1.0, 1.7e9),)


def test_of_a_repeated_pair_the_latest_stays(tmp_path):
    path = written(
        tmp_path, "user,item,rating,time\nann,mug,1,0\nann,mug,5,9\nann,mug,2,4\nbob,mug,5,1\n"
    )
    found = read_interactions(path)
    assert [(one.user, one.value) for one in found.all] == [("ann", 5.0), ("bob", 5.0)]
    assert told(path) == [(2, "item"), (4, "item")]


def test_one_user_no_positives_and_no_times_are_said_of_the_whole(tmp_path):
    path = written(tmp_path, "user,item,label\nann,mug,0\nann,lamp,0\n")
    assert told(path) == [(0, "user"), (0, "rating"), (0, "time")]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("said.csv", "", "is empty"),
        ("said.csv", "user,item\n", "no rows"),
        ("said.csv", "user,thing\na,b\n", "no column 'item'"),
        ("said.csv", "user,item\nann,ghost\n", "ghost is not in the catalogue"),
        ("said.jsonl", "[1]\nnull\n", "not a JSON object"),
        ("said.parquet", "nonsense", "not whole Parquet"),
        ("said.txt", "user,item", "is no table"),
    ],
)
def test_a_file_of_no_use_is_refused_with_the_reason(tmp_path, name, text, reason):
    with pytest.raises(InteractionsError, match=reason):
        read_interactions(written(tmp_path, text, name), items={"mug"})


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InteractionsError, match="does not exist"):
        read_interactions(tmp_path / "said.csv")


@given(st.text(max_size=200))
def test_no_text_is_more_than_a_problem(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("any")
    for name in ("said.csv", "said.jsonl"):
        path = folder / name
        path.write_bytes(f"user,item,rating,time\n{text}".encode("utf-8", "replace"))
        with suppress(InteractionsError):  # nothing else may be raised
            assert read_interactions(path).all


def test_no_value_ends_the_reading(tmp_path):
    days = pa.array([0, 5_000_000, 1], pa.date32())
    table = pa.table({"user": ["ann"] * 3, "item": ["lamp", "mug", "pan"], "time": days})
    parquet.write_table(table, tmp_path / "said.parquet")
    assert (2, "time") in told(tmp_path / "said.parquet")
    rows = [
        {"user": "ann", "item": "lamp", "time": "0001-01-01T00:00+23:00"},
        {"user": [[[]]], "item": {"a": "\ud800"}, "time": -1e308},
        {"user": "bob", "item": "mug", "time": "9" * 400},
        {"user": "eve", "item": "mug", "time": "2026-01-01"},
    ]
    path = written(tmp_path, "\n".join(map(json.dumps, rows)), "said.jsonl")
    assert read_interactions(path).all[-1].user == "eve"
