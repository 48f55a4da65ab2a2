"""The indexed catalogues on the page: what is known of them, and nothing of a record as markup."""

import re

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assistant.page.panels.catalogue_panel import Whereabouts, catalogue_drawer, problems_route
from retrieval.index.placement import Placement
from tests.builders import small_index

HERE = Whereabouts("shop")
HOSTILE = 'Cup"onload=alert(1) a="<b'
HALF = 'a < b & "c"'
ROWS = [
    {"id": "1", "title": "Red cup", "category": "cups", "price": "5", "currency": "EUR"},
    {"id": "2", "title": HOSTILE, "category": HALF, "price": "7", "currency": "EUR"},
    {"id": "3", "title": "Oak table", "category": "tables", "price": "=1+1", "currency": "EUR"},
    {"id": "4", "title": "", "category": "cups", "price": "8", "currency": "EUR"},
]


@pytest.fixture(scope="module")
def indexes(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    small_index(home / "indexes" / "shop", ROWS)
    return home / "indexes"


def test_what_is_known_of_an_index_is_drawn(indexes):
    drawn = catalogue_drawer(indexes, "shop", HERE)
    assert '<option value="shop" selected>shop: 3 items</option>' in drawn
    assert drawn.count("<circle") == 3
    assert "3 products" in drawn
    assert 'href="catalogues/shop/problems.csv"' in drawn
    assert "You are searching in this one." in drawn
    assert 'data-act="enter"' not in drawn
    elsewhere = catalogue_drawer(indexes, "shop", Whereabouts("demo", can_enter=True))
    assert 'data-act="enter" data-text="shop"' in elsewhere
    assert 'data-act="enter"' not in catalogue_drawer(indexes, "shop", Whereabouts("demo"))
    assert 'data-entered="shop"' in catalogue_drawer(indexes, "shop", Whereabouts("demo", "shop"))
    assert "3 Artikel" in catalogue_drawer(indexes, "shop", HERE, "de")
    assert HOSTILE not in drawn
    assert HALF not in drawn
    assert 'aria-label="Cup&quot;onload' in drawn


def test_an_index_in_shards_is_drawn_too(tmp_path):
    sharded = Placement(shards=2)
    small_index(tmp_path / "shop", ROWS, sharded.open)
    drawn = catalogue_drawer(tmp_path, "shop", HERE, open_store=sharded.open)
    assert "3 items" in drawn
    assert drawn.count("<circle") == 3
    assert drawn == catalogue_drawer(tmp_path, "shop", HERE)  # what is made of what, it says


def test_before_it_is_opened_nothing_is_read(indexes):
    assert "<circle" not in catalogue_drawer(indexes, "", HERE)


@pytest.mark.parametrize("name", ["../shop", HOSTILE, "none", "a" * 99])
def test_a_name_that_is_none_is_told(indexes, name):
    drawn = catalogue_drawer(indexes, name, HERE)
    assert 'role="alert"' in drawn
    assert HOSTILE not in drawn


def test_the_table_of_problems_is_handed_out_without_formulas(indexes):
    client = TestClient(Starlette(routes=[problems_route(indexes)]))
    answer = client.get("/catalogues/shop/problems.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="problems.csv"'
    rows = answer.text.removeprefix("\ufeff").splitlines()
    assert rows[0] == "row,field,value,reason,cure"
    assert "'=1+1" in answer.text
    assert not re.search(r"(^|,)=", answer.text, re.MULTILINE)
    for name in ("none", "..%2Fshop", "%3Cb%3E"):
        assert client.get(f"/catalogues/{name}/problems.csv").status_code == 404
