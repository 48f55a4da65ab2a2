"""Exports as shops write them: what a header says of money, weight and contents is used."""

import csv

import pytest

from retrieval.catalogue.reader import read_catalogue
from retrieval.catalogue.rows import Row
from retrieval.items import Catalogue


def items_of(tmp_path, header, *rows, delimiter=","):
    path = tmp_path / "shop.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=delimiter).writerows([header, *rows])
    return {one.item.id: one.item for one in read_catalogue(path) if isinstance(one, Row)}


@pytest.mark.parametrize(
    ("header", "currency"),
    [
        ("Preis (EUR)", "EUR"),
        ("Preis €", "EUR"),
        ("prix_chf", "CHF"),
        ("Precio (USD)", "USD"),
        ("Verkaufspreis [GBP]", "GBP"),
        ("price_eur", "EUR"),
    ],
)
def test_a_price_in_any_language_names_its_currency_in_the_header(tmp_path, header, currency):
    items = items_of(tmp_path, ["SKU", "Bezeichnung", header], ["A-1", "Sofa", "1150"])
    assert (items["A-1"].price, items["A-1"].currency) == (1150.0, currency)
    assert not items["A-1"].attributes.get(header.lower())


def test_a_header_that_only_begins_like_a_price_is_none(tmp_path):
    items = items_of(tmp_path, ["id", "title", "Preisklasse (EUR)"], ["1", "Sofa", "hoch"])
    assert items["1"].price is None


SHOPIFY = ("Handle", "Title", "Option1 Name", "Option1 Value", "Variant SKU", "Variant Grams",
           "Variant Price", "Status")  # fmt: skip


def test_what_shopify_weighs_is_a_weight_and_nought_is_none(tmp_path):
    items = items_of(
        tmp_path,
        SHOPIFY,
        ["cap", "Cap", "Title", "Default Title", "CAP", "90", "19", "active"],
        ["bag", "Bag", "Title", "Default Title", "BAG", "0", "29", "active"],
        ["hat", "Hat", "Title", "Default Title", "HAT", "0.0", "29", "active"],
    )
    weights = {id_: item.attributes.get("weight") for id_, item in items.items()}
    assert weights == {"cap": "90 g", "bag": None, "hat": None}


def test_what_a_feed_measures_for_its_unit_price_is_the_content(tmp_path):
    header = ["id", "title", "link", "image_link", "availability", "price", "unit_pricing_measure"]
    row = ["K1", "Olive Oil", "https://x.example", "", "in_stock", "9.00 EUR", "750ml"]
    assert items_of(tmp_path, header, row)["K1"].attributes["content"] == "750ml"


def test_a_code_without_figures_is_found_as_it_is_written(tmp_path):
    items = items_of(
        tmp_path,
        SHOPIFY,
        ["jacket", "Rain Jacket", "Size", "S", "RJ-S-B", "410", "89", "active"],
        ["jacket", "", "Size", "M", "RJ-M-B", "430", "89", ""],
        ["cap", "Sun Cap", "Title", "Default Title", "SUN-CAP", "90", "19", "active"],
    )
    codes = Catalogue("c", items).codes
    assert [one.ids for one in codes.named("do you have rj-m-b?")] == [("jacket",)]
    assert codes.named("a sun cap, or a sun-cap") == []  # a word is no code
    assert codes.named("rj m b") == []


@pytest.mark.parametrize(
    ("cell", "price", "currency", "sold_by"),
    [
        ("3.50 / m", 3.5, "EUR", "m"),
        ("3,50 €/m", 3.5, "EUR", "m"),
        ("12.90 per kg", 12.9, "EUR", "kg"),
        ("1,99 € pro 100 g", 1.99, "EUR", "100 g"),
        ("2.00 EUR per pair", 2.0, "EUR", "pair"),
        ("4,20 € le kg", 4.2, "EUR", "kg"),
        ("4.20", 4.2, "EUR", None),
    ],
)
def test_a_price_for_a_unit_says_so(tmp_path, cell, price, currency, sold_by):
    rows = [["1", "Rope", cell, "EUR"], ["2", "Cord", "5.25", "EUR"]]
    item = items_of(tmp_path, ["id", "title", "price", "currency"], *rows)["1"]
    assert (item.price, item.currency, item.attributes.get("sold by")) == (price, currency, sold_by)


@pytest.mark.parametrize(
    "cell", ["3.50 / visitor", "ask per mail", "from/to", "3 per cent off", "/", "n/a"]
)
def test_a_price_for_what_is_no_unit_is_no_price(tmp_path, cell):
    rows = [["1", "Rope", cell, "EUR"], ["2", "Cord", "5.25", "EUR"]]
    item = items_of(tmp_path, ["id", "title", "price", "currency"], *rows)["1"]
    assert (item.price, item.attributes.get("sold by")) == (None, None)
