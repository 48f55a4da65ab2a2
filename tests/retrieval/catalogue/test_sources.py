"""Workbooks, databases and encodings; what is not clear in them is asked."""

import sqlite3
from contextlib import suppress

import openpyxl
import pytest

from retrieval.catalogue.formats.markup import plain_text
from retrieval.catalogue.formats.opening import source_name
from retrieval.catalogue.formats.table import Problem
from retrieval.catalogue.reader import NO_OPTIONS, ReadingOptions, read_catalogue
from retrieval.catalogue.rows import Row
from retrieval.errors import CatalogueError
from retrieval.items import Item


def read(source, options=NO_OPTIONS):
    found = list(read_catalogue(source, options))
    items = [row.item for row in found if isinstance(row, Row)]
    return items, [one for one in found if isinstance(one, Problem)]


@pytest.fixture
def workbook(tmp_path):
    def write(**sheets):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        path = tmp_path / "shop.xlsx"
        book.save(path)
        return path

    return write


ROWS = [[None], ["SKU", "Name", "Price", "Colour"], [7, "Cup", 12.5, "red"], ["8", "Mug", "#N/A", None]]  # fmt: skip


def test_a_workbook_is_read_from_its_first_filled_row(workbook):
    items, problems = read(workbook(Products=ROWS, Empty=[]))
    assert items == [
        Item("7", "Cup", price=12.5, attributes={"colour": "red"}),
        Item("8", "Mug"),
    ]
    assert [(one.row, one.field) for one in problems] == [(4, "Price")]


def test_of_several_sheets_one_must_be_chosen(workbook):
    path = workbook(Products=ROWS, Prices=[["id"], [1]])
    with pytest.raises(CatalogueError, match=r"\(Products, Prices\): choose one with --sheet"):
        read(path)
    assert len(read(path, ReadingOptions(sheet="Products"))[0]) == 2
    with pytest.raises(CatalogueError, match="no sheet 'Other': its sheets are Products, Prices"):
        read(path, ReadingOptions(sheet="Other"))


def test_what_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "shop.xlsx"
    path.write_text("id,title\n")
    with pytest.raises(CatalogueError, match="is not an Excel workbook"):
        read(path)


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table products (sku text, name text, price real, size text)")
        rows = [("a", "Cup", 12.5, "S"), ("b", "Mug", None, None)]
        connection.executemany("insert into products values (?, ?, ?, ?)", rows)
    connection.close()
    return f"sqlite:///{path}"


def test_a_database_is_read_by_its_url(database):
    items, problems = read(database)
    assert (len(items), problems) == (2, [])
    assert items[0] == Item("a", "Cup", price=12.5, attributes={"size": "S"})
    query = ReadingOptions(query="select sku as id, upper(name) as title from products")
    assert [item.title for item in read(database, query)[0]] == ["CUP", "MUG"]


def test_what_is_not_clear_in_a_database_is_asked(database, tmp_path):
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("create table orders (n integer, who text)")
        connection.execute("insert into orders values (1, 'Anna Berg')")
    connection.close()
    with pytest.raises(CatalogueError, match="these tables: orders, products: choose one with"):
        read(database)
    assert len(read(database, ReadingOptions(table="products"))[0]) == 2
    with pytest.raises(CatalogueError, match=r"no column 'title' \(columns: n, who\)"):
        read(database, ReadingOptions(table="orders"))
    with pytest.raises(CatalogueError, match="has no table 'none'"):
        read(database, ReadingOptions(table="none"))
    with pytest.raises(CatalogueError, match=r"cannot be read .*no such column"):
        read(database, ReadingOptions(query="select colour from products"))


def test_a_database_that_is_not_there_is_not_made_and_no_password_is_shown(tmp_path):
    with pytest.raises(CatalogueError, match="there is no file"):
        read(f"sqlite:///{tmp_path}/none.db")
    assert not (tmp_path / "none.db").exists()
    assert source_name("postgresql://me:secret@host/shop") == "postgresql://me:***@host/shop"
    with pytest.raises(CatalogueError, match="cannot be opened"):
        read("nosuch://me:secret@host/shop")


@pytest.mark.parametrize(
    ("encoding", "title"),
    [
        ("utf-16-le", "Tasse à café"),
        ("cp1252", "Tischlampe für die Füße"),
        ("cp1251", "Большая синяя чашка"),
        ("gb18030", "蓝色的大杯子，很好看"),
        ("cp932", "青い大きなカップです"),
    ],
)
def test_an_encoding_is_seen_and_said(tmp_path, encoding, title):
    path = tmp_path / "shop.csv"
    path.write_bytes(f"id,title\n1,{title}\n2,{title} 2\n".replace("，", " ").encode(encoding))
    items, problems = read(path)
    assert items[0].title == title.replace("，", " ")
    assert [(one.row, one.field) for one in problems] == [(0, "encoding")]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Light,\nfor camp", "Light,\nfor camp"),
        ("Salt &amp; pepper", "Salt & pepper"),
        ("AT&T, a < b, 3 <5", "AT&T, a < b, 3 <5"),
        ("<p>One</p><p>Two!</p>Three", "One. Two! Three"),
        ("a<b>b</b>c<br>d", "abc. d"),
        ("<script>x()</script><style>p{}</style><!-- no -->Yes", "Yes"),
        ("&lt;p&gt;Tea&amp;nbsp;pot&lt;/p&gt;", "Tea pot"),
        ("<p>unclosed <b>bold", "unclosed bold"),
        ("<|im_start|>cup", "<|im_start|>cup"),
        ("<" + "div>" + "<div>" * 3000 + "deep", "deep"),
    ],
)
def test_markup_becomes_text(markup, text):
    assert plain_text(markup) == text


def test_two_open_quotes_and_a_broken_multi_line_cell_lose_only_their_rows(tmp_path):
    path = tmp_path / "shop.csv"
    path.write_text(
        'id,title,note\n1,"Cup,x\n2,Mug,"two\nlines "bad" here"\n3,Pan,y\n4,"Pot,z\n5,Jug,w\n'
    )
    items, problems = read(path)
    assert [item.id for item in items] == ["3", "5"]
    assert [one.row for one in problems] == [2, 3, 4, 6]


def test_an_address_on_the_web_is_not_taken_for_a_database():
    with pytest.raises(CatalogueError, match="is on the web and is not fetched: give the file"):
        read("https://shop.test/feed.xml")


def test_a_workbook_damaged_anywhere_is_read_or_refused(workbook):
    path = workbook(Products=ROWS)
    whole = path.read_bytes()
    for place in range(0, len(whole), 97):
        path.write_bytes(whole[:place] + b"\x01\x02\x03\x04" + whole[place + 4 :])
        with suppress(CatalogueError):
            read(path)
