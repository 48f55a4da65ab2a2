"""Bad input of every kind: what is wrong is named with its place, and the rest is read."""

import sqlite3

import openpyxl
import pyarrow
import pytest
from pyarrow import parquet

from retrieval.catalogue.formats.table import Problem
from retrieval.catalogue.reader import ReadingOptions, read_catalogue
from retrieval.catalogue.rows import Row
from retrieval.errors import CatalogueError

ONCE = "the column repeats an earlier one: it is not read"


def read(path, **options):
    found = list(read_catalogue(path, ReadingOptions(**options)))
    items = [one.item for one in found if isinstance(one, Row)]
    return items, [one for one in found if isinstance(one, Problem)]


def workbook(path, rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


def test_a_header_that_stands_twice_is_read_once_in_every_container(tmp_path):
    rows = [["id", "title", "Colour", "colour"], ["1", "Cup", "red", "blue"]]
    text = "\n".join(map(",".join, rows))
    (tmp_path / "shop.csv").write_text(text)
    (tmp_path / "shop.tsv").write_text(text.replace(",", "\t"))
    workbook(tmp_path / "shop.xlsx", rows)
    columns = [pyarrow.array([cell]) for cell in rows[1]]
    parquet.write_table(pyarrow.Table.from_arrays(columns, rows[0]), tmp_path / "shop.parquet")
    for kind in ("csv", "tsv", "xlsx", "parquet"):
        items, problems = read(tmp_path / f"shop.{kind}")
        assert [one.attributes for one in items] == [{"colour": "red"}], kind
        assert [(one.row, one.field, one.problem) for one in problems] == [(1, "colour", ONCE)]
        assert problems[0].cure == "give the column a name of its own"


def test_a_header_that_stands_twice_exactly_is_read_once_in_parquet(tmp_path):
    columns = [pyarrow.array([cell]) for cell in ("1", "Cup", "red", "blue")]
    table = pyarrow.Table.from_arrays(columns, ["id", "title", "colour", "colour"])
    parquet.write_table(table, tmp_path / "shop.parquet")
    items, problems = read(tmp_path / "shop.parquet")
    assert [one.attributes for one in items] == [{"colour": "red"}]
    assert [(one.field, one.problem) for one in problems] == [("colour", ONCE)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("shop.json", '[{"id": 1, "title": "Cup", "title": "Mug"}]'),
        ("shop.jsonl", '{"id": 1, "title": "Cup", "Title": "Mug"}\n'),
        ("feed.xml", "<rss><item><id>1</id><title>Cup</title><title>Mug</title></item></rss>"),
    ],
)
def test_a_name_that_stands_twice_in_a_record_loses_no_record(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    items, _ = read(tmp_path / name)
    assert [one.id for one in items] == ["1"]
    assert items[0].title


def test_of_two_products_with_one_id_the_first_counts(tmp_path):
    path = tmp_path / "shop.csv"
    path.write_text("id,title,price\n1,Cup,5\n2,Mug,6\n1,Pan,7\n 1 ,Pot,8\n")
    items, problems = read(path)
    assert [(one.id, one.title) for one in items] == [("1", "Cup"), ("2", "Mug")]
    assert [(one.row, one.field, one.value) for one in problems] == [(4, "id", "1"), (5, "id", "1")]
    assert problems[0].problem == "stands in an earlier row: the row is left out"
    assert problems[0].cure.startswith("give each product an id of its own")


def test_a_column_of_which_nothing_can_be_read_costs_only_itself(tmp_path):
    path = tmp_path / "shop.csv"
    rows = [f"{n},Cup {n},ask us,red" for n in range(300)]
    path.write_text("\n".join(("id,title,price,colour", *rows)))
    items, problems = read(path)
    assert len(items) == len(problems) == 300
    assert {one.price for one in items} == {None}
    assert {one.attributes["colour"] for one in items} == {"red"}
    assert {(one.field, one.problem, one.value, one.cure) for one in problems} == {
        ("price", "is not a price: the item stays without a price", "ask us", "write a number such as 12.50")
    }  # fmt: skip


def test_a_column_of_bytes_or_of_zero_bytes_is_no_reason_to_stop(tmp_path):
    path = tmp_path / "shop.csv"
    path.write_bytes(b"id,title,note\n1,Cup,a\0b\n2,Mug,c\n")
    items, problems = read(path)
    assert [one.attributes["note"] for one in items] == ["ab", "c"]
    assert [(one.row, one.field, one.value) for one in problems] == [(2, "note", "ab")]
    table = pyarrow.table({"id": ["1"], "title": ["Cup"], "hash": [b"\xff\xfe"], "price": [b"5"]})
    parquet.write_table(table, tmp_path / "shop.parquet")
    assert [one.id for one in read(tmp_path / "shop.parquet")[0]] == ["1"]


def test_a_workbook_of_three_sheets_asks_which(tmp_path):
    book = openpyxl.Workbook()
    for name in ("Products", "Prices 2026", "Notes"):
        sheet = book.create_sheet(name)
        sheet.append(["id", "title"])
        sheet.append(["1", name])
    path = tmp_path / "shop.xlsx"
    book.save(path)  # with the empty first sheet that every new workbook has
    with pytest.raises(
        CatalogueError, match=r"several sheets \(Products, Prices 2026, Notes\)"
    ) as asked:
        read(path)
    assert "choose one with --sheet, as in --sheet 'Products'" in str(asked.value)
    assert [one.title for one in read(path, sheet="Prices 2026")[0]] == ["Prices 2026"]


@pytest.fixture
def keyless(tmp_path):
    """Return a database whose table has no key, and a row twice."""
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table stock (thing text, wording text, price real)")
        rows = [
            ("a", "Tin cup", 5.0),
            ("b", "Tin mug", 6.0),
            ("a", "Tin cup", 5.0),
            (None, "Pan", 1.0),
        ]
        connection.executemany("insert into stock values (?, ?, ?)", rows)
    connection.close()
    return f"sqlite:///{path}"


def test_a_table_without_a_key_asks_which_column_is_the_id(keyless):
    with pytest.raises(CatalogueError, match="has no column 'id'") as asked:
        read(keyless)
    assert "columns: thing, wording, price" in str(asked.value)
    assert "--map id=" in str(asked.value)
    items, problems = read(keyless, mapping={"id": "thing", "title": "wording"})
    assert [(one.id, one.price) for one in items] == [("a", 5.0), ("b", 6.0)]
    assert [(one.row, one.field, one.value) for one in problems] == [(3, "id", "a"), (4, "id", "")]
    query = "select rowid as id, wording as title, price from stock"
    assert [one.id for one in read(keyless, query=query)[0]] == ["1", "2", "3", "4"]
