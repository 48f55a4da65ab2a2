"""Catalogue files of every kind are read, and what is wrong in them is reported."""

import json
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from retrieval.catalogue.formats.table import Problem
from retrieval.catalogue.reader import read_catalogue
from retrieval.catalogue.rows import Row
from retrieval.errors import CatalogueError
from retrieval.items import Item


def read(path):
    """Return the items and the problems as (row, field) with their words."""
    found = list(read_catalogue(path))
    items = [row.item for row in found if isinstance(row, Row)]
    return items, [problem for problem in found if isinstance(problem, Problem)]


@pytest.fixture
def table(tmp_path):
    def write(text, name="shop.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding) if isinstance(text, str) else text)
        return path

    return write


def test_a_csv_file_is_read_with_every_known_column(table, tmp_path):
    (tmp_path / "cup.png").touch()
    path = table(
        "id,title,description,category,price,currency,brand,pictures,url,base_colour\n"
        'k1,Tin cup,"Light,\nfor camp",Kitchen,12.50,EUR,Elk,cup.png,https://elk.example,Sky blue\n'
    )
    assert read(path) == (
        [
            Item(
                id="k1",
                title="Tin cup",
                description="Light,\nfor camp",
                category="Kitchen",
                price=12.5,
                currency="EUR",
                brand="Elk",
                attributes={"base colour": "Sky blue"},
                pictures=(tmp_path / "cup.png",),
                url="https://elk.example",
            )
        ],
        [],
    )


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_the_separator_is_seen_in_the_header(table, mark):
    path = table(
        f"id{mark}title{mark}size\n1{mark}Cup, blue; new{mark}L\n".replace(
            "Cup, blue; new", '"Cup, blue; new"'
        )
    )
    items, problems = read(path)
    assert (items[0].title, items[0].attributes, problems) == ("Cup, blue; new", {"size": "L"}, [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_marked_encoding_is_followed(table, encoding):
    items, problems = read(table("id,title\n1,Tasse à café ☕ كوب\n", encoding=encoding))
    assert (items[0].id, items[0].title, problems) == ("1", "Tasse à café ☕ كوب", [])


def test_another_encoding_is_read_as_windows_1252_and_reported(table):
    items, problems = read(table("id,title\n1,Café\n", encoding="cp1252"))
    assert items[0].title == "Café"
    assert problems == [
        Problem(
            0,
            "encoding",
            "is not UTF-8: read as Windows-1252",
            "byte 0xe9 at 14",
            "save the file as UTF-8",
        )
    ]


def test_a_file_that_is_no_text_is_refused(table):
    with pytest.raises(CatalogueError, match=r"shop\.csv is not text .*: save it as UTF-8"):
        read(table(b"id,title\n1,\x81\x8d\x00\x01"))


@pytest.mark.parametrize("cell", ["-", "n/a", "NA", "—"])
def test_a_cell_that_says_nothing_is_no_fact(table, cell):
    items, _ = read(table(f"id,title,heel drop\ns1,Trail shoe,{cell}\n"))
    assert items[0].attributes == {}


def test_prices_are_understood_or_reported(table):
    items, problems = read(
        table('id,title,price\n1,a,"12,50 €"\n2,b,cheap\n3,c,-4\n4,d,nan\n5,e,\n')
    )
    assert [(item.price, item.currency) for item in items] == [(12.5, "EUR"), *[(None, "")] * 4]
    assert [(problem.row, problem.field) for problem in problems] == [
        (n, "price") for n in (3, 4, 5)
    ]
    assert problems[0] == Problem(
        3,
        "price",
        "is not a price: the item stays without a price",
        "cheap",
        "write a number such as 12.50",
    )
    assert [problem.value for problem in problems] == ["cheap", "-4", "nan"]


def test_a_row_without_an_id_or_a_title_or_with_a_known_id_is_left_out(table):
    items, problems = read(table("id,title\n1,Cup\n,Bowl\n3,  \n1,Plate\n5,Fork\n"))
    assert [item.id for item in items] == ["1", "5"]
    assert [(problem.row, problem.field) for problem in problems] == [
        (3, "id"),
        (4, "title"),
        (5, "id"),
    ]


def test_a_broken_row_is_reported_and_the_rest_goes_on(table):
    items, problems = read(table('id,title,size\n1,Cup,S,extra\n2,"Bo"wl,M\n\n3,Fork\n4,Knife,L\n'))
    assert [item.id for item in items] == ["3", "4"]
    assert [(problem.row, problem.field) for problem in problems] == [(2, "row"), (3, "row")]


def test_a_quote_that_is_never_closed_is_reported(table):
    items, problems = read(table('id,title\n1,Cup\n2,"Bowl\n3,Fork\n'))
    assert [item.id for item in items] == ["1", "3"]
    assert [(problem.row, problem.field) for problem in problems] == [(3, "row")]


def test_a_column_without_a_name_and_one_named_twice_are_reported(table):
    items, problems = read(table("id,title,,Title,size\n1,Cup,x,Bowl,L\n"))
    assert (items[0].title, items[0].attributes) == ("Cup", {"size": "L"})
    assert [problem.field for problem in problems] == ["column 3", "Title"]


def test_other_names_fill_a_known_column_only_where_it_is_missing(table):
    assert read(table("sku,name\n1,Cup\n"))[0] == [Item(id="1", title="Cup")]
    items, _ = read(table("id,title,name\n1,Cup,Elk\n"))
    assert (items[0].title, items[0].attributes) == ("Cup", {"name": "Elk"})


def test_control_characters_vanish_and_chat_tokens_stay_as_text(table):
    items, _ = read(table("id,title\n1,A\x07\x1b <|im_start|>cup\u202e 🧣\n"))
    assert items[0].title == "A <|im_start|>cup 🧣"


def test_a_very_long_description_is_kept(table):
    items, _ = read(table("id,title,description\n1,Cup," + "warm " * 60_000 + "\n"))
    assert len(items[0].description) == 5 * 60_000 - 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n", "has no column 'id'"),
        (b"id,price\n1,2\n", r"has no column 'title' \(columns: id, price\)"),
        (b"id,title\n", r"holds no item .*it has no rows"),
        (b"id,title\n,a\n", r"holds no item .*row 2, id: is missing"),
    ],
)
def test_a_file_without_items_is_refused(table, content, message):
    with pytest.raises(CatalogueError, match=message):
        read(table(content))


def test_a_missing_file_and_an_unknown_kind_are_refused(table, tmp_path):
    with pytest.raises(CatalogueError, match=r"none\.csv does not exist"):
        read(tmp_path / "none.csv")
    with pytest.raises(CatalogueError, match=r"shop\.pdf is no catalogue: use \.atom, \.csv"):
        read(table("x", "shop.pdf"))


def test_pictures_are_paths_or_globs_and_missing_ones_are_reported(table, tmp_path):
    for name in ("a1.png", "a2.png", "b.jpg", "weird[1].png"):
        (tmp_path / name).touch()
    path = table(
        "id,title,pictures\n1,x,b.jpg|a*.png\n2,y,c.png\n3,z,c*.png\n"
        "4,w,https://elk.example/cup.png\n5,v,weird[1].png\n"
    )
    items, problems = read(path)
    assert items[0].pictures == tuple(tmp_path / name for name in ("b.jpg", "a1.png", "a2.png"))
    assert items[4].pictures == (tmp_path / "weird[1].png",)
    assert [item.pictures for item in items[1:4]] == [()] * 3
    assert [(one.row, one.field, one.value, one.problem) for one in problems] == [
        (3, "pictures", "c.png", "is not there"),
        (4, "pictures", "c*.png", "is not there"),
        (5, "pictures", "https://elk.example/cup.png", "is on the web and is not fetched here"),
    ]


def test_json_lines_hold_numbers_lists_and_objects(table):
    record = {
        "id": 7,
        "title": "Cup",
        "price": 12.5,
        "colours": ["red", "blue"],
        "waterproof": True,
        "size": {"height_cm": 9.0},
        "attributes": {"Made_in": "Norway"},
        "note": None,
    }
    items, problems = read(table(json.dumps(record) + "\n", "shop.jsonl"))
    assert (items[0].id, items[0].price, problems) == ("7", 12.5, [])
    assert items[0].attributes == {
        "colours": "red, blue",
        "waterproof": "yes",
        "size height": "9 cm",
        "made in": "Norway",
    }


def test_a_broken_line_of_json_is_reported_with_its_line(table):
    deep = '{"id": 1, "title": "a", "b": ' + "[" * 5000 + "]" * 5000 + "}"
    lines = [
        "{",
        "[1]",
        deep,
        '{"title": "Bowl"}',
        '{"id": "5", "title": "\\ud800Cup", "price": 1e999}',
    ]
    items, problems = read(table("\n".join(lines), "shop.jsonl"))
    assert [(item.id, item.title, item.price) for item in items] == [("5", "Cup", None)]
    places = [(problem.row, problem.field) for problem in problems]
    assert places == [(1, "row"), (2, "row"), (3, "row"), (4, "id"), (5, "title"), (5, "price")]


def test_parquet_carries_pictures_as_bytes_or_as_hugging_face_writes_them(tmp_path):
    for name, cells in {
        "plain": [b"one", None],
        "nested": [{"bytes": b"one", "path": "1.png"}, None],
    }.items():
        rows = {"id": [1, 2], "name": ["Cup", "Bowl"], "image": cells, "price": [2.0, None]}
        path = tmp_path / f"{name}.parquet"
        parquet.write_table(pyarrow.table(rows), path)
        items, problems = read(path)
        assert [item.pictures for item in items] == [(b"one",), ()]
        assert [item.price for item in items] == [2.0, None]
        assert problems == []


def test_a_parquet_file_cut_short_is_refused(tmp_path):
    path = tmp_path / "shop.parquet"
    parquet.write_table(pyarrow.table({"id": ["1"], "title": ["Cup"]}), path)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(
        CatalogueError, match=r"shop\.parquet is not whole Parquet .*: write it again"
    ):
        read(path)


def test_a_folder_of_pictures_is_a_catalogue(tmp_path):
    (tmp_path / "mugs").mkdir()
    for name in ("mugs/red_tin-mug.JPG", "scarf.webp", "notes.txt", ".hidden.png"):
        (tmp_path / name).touch()
    items, problems = read(tmp_path)
    assert [(item.id, item.title, item.category) for item in items] == [
        ("mugs/red_tin-mug.JPG", "red tin mug", "mugs"),
        ("scarf.webp", "scarf", ""),
    ]
    assert (items[1].pictures, problems) == ((tmp_path / "scarf.webp",), [])


def test_a_folder_without_pictures_is_refused(tmp_path):
    with pytest.raises(CatalogueError, match="holds no pictures: give a file or another folder"):
        read(tmp_path)
    (tmp_path / "shop.csv").write_text("id,title\n")
    with pytest.raises(CatalogueError, match=r"give .*shop\.csv itself"):
        read(tmp_path)


def test_rows_are_read_one_after_another(tmp_path):
    path = tmp_path / "shop.csv"
    path.write_text("id,title\n1,Cup\n2,Bowl\n")
    assert next(iter(read_catalogue(Path(path)))) == Row(2, Item(id="1", title="Cup"))
