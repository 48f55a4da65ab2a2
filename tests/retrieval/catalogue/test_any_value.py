"""No value ends a run, whatever it is and whatever it makes a library raise."""

import datetime
import json
import sqlite3
import string

import pyarrow
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from retrieval.catalogue.formats.table import Problem
from retrieval.catalogue.profile import infer_profile
from retrieval.catalogue.reader import ReadingOptions, read_catalogue
from retrieval.catalogue.rows import Row
from retrieval.errors import CatalogueError
from retrieval.items import Catalogue
from tests.builders import png

EVERY_INPUT = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def read(source, **options):
    found = list(read_catalogue(source, ReadingOptions(**options)))
    items = [one.item for one in found if isinstance(one, Row)]
    return items, [one for one in found if isinstance(one, Problem)]


@pytest.mark.parametrize(
    "cell",
    [
        "data:image/png;base64," + "iVBORw0KGgo" * 500,
        "data:image/svg+xml,<svg>" + "[*]?" * 2000,
        ",".join(f"picture of a thing {n}.jpg" for n in range(30)),
        "a/" * 3000,
        "\0",
        "*" * 5000,
        "[" * 300,
        "~root/.ssh/id_rsa",
    ],
)
def test_what_is_no_path_is_a_problem_of_its_row(tmp_path, cell):
    rows = [{"id": "1", "title": "Cup", "pictures": cell}, {"id": "2", "title": "Mug"}]
    (tmp_path / "shop.jsonl").write_text("\n".join(map(json.dumps, rows)))
    items, problems = read(tmp_path / "shop.jsonl")
    assert [one.id for one in items] == ["1", "2"]
    assert {one.row for one in problems} == {1}


def in_parquet(path, **columns):
    parquet.write_table(pyarrow.table(columns), path)
    return path


NO_UTF8 = pyarrow.StringArray.from_buffers(
    2,
    pyarrow.array([0, 3, 7], pyarrow.int32()).buffers()[1],
    pyarrow.py_buffer(b"red" + b"bl\xffe"),
)


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        (NO_UTF8, ["red", "ble"]),
        (pyarrow.array([0, 5_000_000], pyarrow.date32()), ["1970-01-01", None]),
        (pyarrow.array([0, 2**60], pyarrow.timestamp("ms")), ["1970-01-01 00:00:00", None]),
        (pyarrow.array([0, 2**62], pyarrow.duration("s")), ["0:00:00", None]),
        (pyarrow.array([0, 1], pyarrow.timestamp("s", "Mars/Olympus")), [None, None]),
        (pyarrow.array([[0], [5_000_000]], pyarrow.list_(pyarrow.date32())), ["1970-01-01", None]),
    ],
)
def test_a_cell_of_parquet_that_has_no_value_here_costs_only_itself(tmp_path, cells, kept):
    path = in_parquet(tmp_path / "shop.parquet", id=["1", "2"], title=["Cup", "Mug"], note=cells)
    items, problems = read(path)
    assert [one.attributes.get("note") for one in items] == kept
    lost = [number for number, value in enumerate(kept, start=1) if value in (None, "ble")]
    assert [(one.row, one.field) for one in problems] == [(number, "note") for number in lost]
    assert all(one.cure for one in problems)


def test_a_database_may_hold_any_value_in_any_column(tmp_path):
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute(
            "create table t (id, title text, price numeric, made date, at datetime, more json)"
        )
        rows = [
            ("1", "Cup", "ask us", "soon", "noon", "{"),
            ("2", b"M\xffug", "Infinity", 7, b"\xff", '{"a": 1}'),
        ]
        connection.executemany("insert into t values (?, ?, ?, ?, ?, ?)", rows)
        connection.execute("update t set title = cast(title as text)")
    connection.close()
    items, problems = read(f"sqlite:///{tmp_path / 'shop.db'}")
    assert [(one.id, one.title) for one in items] == [("1", "Cup"), ("2", "Mug")]
    assert items[0].attributes["made"] == "soon"
    assert {(one.row, one.field) for one in problems} >= {(1, "price"), (2, "title")}


def deep(levels):
    return "[" * levels + "1" + "]" * levels


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("shop.jsonl", f'{{"id": "1", "title": "Cup", "x": {deep(400)}}}\n{{"id": 2, "title": "Mug"}}'),
        ("shop.json", f'[{{"id": {deep(400)}, "title": "Cup"}}, {{"id": 2, "title": "Mug"}}]'),
        (
            "feed.xml",
            f"<rss><item><id>1</id><x>{'<a>' * 2000}{'</a>' * 2000}</x></item>"
            "<item><id>2</id><title>Mug</title></item></rss>",
        ),
        (
            "page.json",
            f'[{{"@type": "Product", "name": "Cup", "sku": "1", "brand": {deep(400)}}},'
            '{"@type": "Product", "name": "Mug", "sku": "2"}]',
        ),
    ],
)  # fmt: skip
def test_what_is_nested_without_end_costs_its_row(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    items, problems = read(tmp_path / name)
    assert [one.id for one in items] == ["2"]
    assert problems


def test_paths_and_globs_stay_beside_the_catalogue(tmp_path):
    shop, outside = tmp_path / "shop", tmp_path / "outside"
    for folder in (shop / "pictures", outside):
        folder.mkdir(parents=True)
        (folder / "cup.png").write_bytes(png("red", (8, 8)))
    (shop / "linked").symlink_to(outside)  # by whoever owns the machine
    names = {
        "1": "pictures/cup.png", "2": "pictures/*.png", "3": f"{shop}/pictures/cup.png", "4": "linked/cup.png",
        "5": "../outside/cup.png", "6": "../outside/*.png", "7": f"{outside}/cup.png", "8": "/et[c]/passw?",
        "9": "pictures/../../outside/cup.png",
    }  # fmt: skip
    rows = ({"id": id_, "title": "Cup", "pictures": name} for id_, name in names.items())
    (shop / "shop.jsonl").write_text("\n".join(map(json.dumps, rows)))
    items, problems = read(shop / "shop.jsonl")
    assert [one.id for one in items if one.pictures] == ["1", "2", "3", "4"]
    assert [one.row for one in problems] == [5, 6, 7, 8, 9]
    assert {one.problem for one in problems} == {
        "lies outside the catalogue's folder and is not read"
    }


@pytest.mark.parametrize("unseen", ["\u200b", "\u200d\u2060 \ufeff", "\u202e", "\u3164", "\u0301"])
def test_what_cannot_be_seen_is_neither_an_id_nor_a_title(tmp_path, unseen):
    rows = [
        {"id": unseen, "title": "Cup"},
        {"id": "2", "title": unseen},
        {"id": "3\u202e", "title": f"Mug\u202e\u2066 👩‍🚀{unseen}"},
    ]
    (tmp_path / "shop.jsonl").write_text("\n".join(map(json.dumps, rows)))
    items, problems = read(tmp_path / "shop.jsonl")
    assert [one.id for one in items] == ["3"]
    assert items[0].title.startswith("Mug 👩‍🚀")
    assert not set(items[0].title) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert [(one.row, one.field) for one in problems] == [(1, "id"), (2, "title")]


COLUMNS = (
    "id",
    "title",
    "price",
    "pictures",
    "stock",
    "sale price",
    "sale ends",
    "weight (kg)",
    "size",
)
LETTERS = st.one_of(
    st.text(max_size=20),
    st.text(alphabet=string.digits + ".,-/%$€ xkgcm'", max_size=12),
    st.sampled_from(["\ud800", "1e999", "-0", "9" * 400, "١٢", "½", "=1+1", "<b>", "&#0;", "..//"]),
)
PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), LETTERS,
    st.binary(max_size=8), st.dates(), st.datetimes(),
)  # fmt: skip
JSON_CELLS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | LETTERS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(LETTERS, inner, max_size=3),
)


def judged(source):
    """Read a source and infer its profile, unless it is refused as a whole."""
    try:
        items, problems = read(source)
    except CatalogueError:
        return
    assert all(one.problem for one in problems)
    infer_profile(Catalogue("shop", {one.id: one for one in items}))


@EVERY_INPUT
@given(st.lists(st.dictionaries(st.sampled_from(COLUMNS), JSON_CELLS, min_size=3), max_size=5))
def test_any_json_is_read_or_refused(tmp_path, rows):
    (tmp_path / "shop.jsonl").write_text("\n".join(map(json.dumps, rows)))
    judged(tmp_path / "shop.jsonl")


@EVERY_INPUT
@given(st.lists(st.lists(LETTERS, min_size=3, max_size=9), max_size=5))
def test_any_csv_is_read_or_refused(tmp_path, rows):
    lines = [COLUMNS, *rows]
    text = "\n".join(",".join(cell.replace("\ud800", "") for cell in line) for line in lines)
    (tmp_path / "shop.csv").write_text(text)
    judged(tmp_path / "shop.csv")


@EVERY_INPUT
@example("shop.csv", b"/")  # a header of nothing but a mark
@given(
    st.sampled_from(("shop.csv", "shop.jsonl", "shop.json", "feed.xml", "page.html")), st.binary()
)
def test_any_bytes_are_read_or_refused(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    judged(tmp_path / name)


@EVERY_INPUT
@given(st.lists(st.tuples(*[PLAIN] * len(COLUMNS)), max_size=5))
def test_any_row_of_a_database_is_read_or_refused(tmp_path, rows):
    (tmp_path / "shop.db").unlink(missing_ok=True)
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        kinds = ("text", "text", "numeric", "text", "integer", "real", "date", "real", "datetime")
        columns = ", ".join(f'"{n}" {kind}' for n, kind in zip(COLUMNS, kinds, strict=True))
        connection.execute(f"create table t ({columns})")
        marks = ", ".join("?" * len(COLUMNS))
        connection.executemany(f"insert into t values ({marks})", [list(map(_stored, row)) for row in rows])  # fmt: skip
    connection.close()
    judged(f"sqlite:///{tmp_path / 'shop.db'}")


def _stored(value):
    """Return a value as SQLite can hold it."""
    if isinstance(value, int) and abs(value) >= 2**63:
        return str(value)
    if isinstance(value, str):
        return value.replace("\ud800", "")
    return value if isinstance(value, int | float | bytes | None) else str(value)


@EVERY_INPUT
@given(
    st.lists(
        st.tuples(LETTERS, st.dates(datetime.date(1, 1, 1)), st.integers(-(2**63), 2**63 - 1)),
        min_size=1, max_size=5,
    )
)  # fmt: skip
def test_any_row_of_parquet_is_read_or_refused(tmp_path, rows):
    words, days, numbers = zip(*rows, strict=True)
    numbered = pyarrow.array(numbers, pyarrow.int64())
    in_parquet(
        tmp_path / "shop.parquet",
        id=numbered,
        title=[word.replace("\ud800", "") for word in words],
        day=pyarrow.array(days),
        price=numbered.view(pyarrow.float64()),
        at=numbered.view(pyarrow.timestamp("ns")),
        later=numbered.view(pyarrow.timestamp("us", "Nowhere/Land")),
        length=numbered.view(pyarrow.duration("ms")),
        year=numbered.view(pyarrow.date64()),
    )
    judged(tmp_path / "shop.parquet")
