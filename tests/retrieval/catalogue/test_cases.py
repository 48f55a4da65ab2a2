"""Files of shops that could not be read before, as they were handed over."""

from pathlib import Path

import pytest

from retrieval.catalogue.formats.table import Problem
from retrieval.catalogue.reader import ReadAs, read_catalogue
from retrieval.catalogue.rows import Row
from retrieval.items import Variant

CASES = Path(__file__).parent / "cases"


def read(name):
    """Return a file's items by id, its problems but for pictures on the web, and how it was read."""
    *found, read_as = read_catalogue(CASES / name)
    assert isinstance(read_as, ReadAs)
    items = {row.item.id: row.item for row in found if isinstance(row, Row)}
    problems = [one for one in found if isinstance(one, Problem) and one.field != "pictures"]
    return items, problems, read_as


@pytest.mark.parametrize("name", ["shopify.csv", "shopify_renamed.csv"])
def test_a_shopify_export_has_products_prices_and_variants(name):
    items, problems, read_as = read(name)
    assert (read_as.format, read_as.products, read_as.variants) == ("Shopify export", 6, 12)
    assert problems == []
    jacket = items["fjellvik-rain-jacket"]
    assert (jacket.price, jacket.brand, jacket.category) == (89.0, "Fjellvik", "Jackets")
    expected = "Waterproof shell with taped seams. 2-way zip. Packs into its pocket"
    assert jacket.description == expected
    assert jacket.attributes["size"] == "S, M, L"
    assert jacket.attributes["color"] == "Moss, Slate"
    assert jacket.variants[3] == Variant("FJ-RJ-SL-M", {"color": "Slate", "size": "M"}, 94.0, 7.0)
    assert items["orla-merino-beanie"].variants == ()  # its only option is "Default Title"
    assert items["fjellvik-down-vest"].attributes["list price"] == "149"
    assert not any("variant" in name for item in items.values() for name in item.attributes)
    assert jacket.attributes["weight"].startswith("410 g")  # of Variant Grams
    assert "Variant Taxable" in read_as.unused


def test_a_woocommerce_export_has_prices_categories_and_text():
    items, problems, read_as = read("woocommerce.csv")
    assert (read_as.format, problems) == ("WooCommerce export", [])
    assert items["101"].price == 8.5
    assert items["101"].description.endswith("Second flush leaf from two gardens. Brew 4 minutes.")
    assert (items["102"].price, items["102"].attributes["list price"]) == (11.9, "14.9")
    assert items["101"].category == "Black tea"
    assert items["103"].description.endswith("Steamed green tea – brew at 70°C.")
    chai = items["104"]
    assert [(one.code, one.price) for one in chai.variants] == [
        ("TEA-CHA-100", 7.2),
        ("TEA-CHA-250", 15.5),
    ]
    assert (chai.price, chai.attributes["pack"]) == (7.2, "100 g, 250 g")
    assert items.keys().isdisjoint({"105", "106"})
    assert items["107"].attributes["stock"] == "0"


@pytest.mark.parametrize("name", ["merchant.tsv", "merchant_g.tsv"])
def test_a_merchant_feed_has_sale_prices_and_stock(name):
    items, problems, read_as = read(name)
    assert (read_as.format, problems) == ("Google Merchant feed", [])
    assert (items["LMP-01"].price, items["LMP-01"].currency) == (14.99, "USD")
    assert items["LMP-04"].attributes["stock"] == "0"
    assert items["STV-01"].price == 1049.0
    bags = items["BAG"]  # three rows of one group; the lanterns of one group are different things
    assert bags.title == "Tarn Dry Bag"
    assert [(one.code, one.price) for one in bags.variants] == [
        ("BAG-01", 18.0),
        ("BAG-02", 19.5),
        ("BAG-03", 31.0),
    ]
    assert not {"item group id", "condition"} & {
        n for one in items.values() for n in one.attributes
    }


def test_in_a_german_price_list_the_point_parts_thousands():
    items, problems, _ = read("artikel.csv")
    prices = {"S-200": 2499.0, "S-201": 1150.0, "L-102": 1299.0, "S-202": 29.0, "L-100": 24.9}
    assert {id_: items[id_].price for id_ in prices} == prices
    assert [problem.field for problem in problems] == ["encoding"]
    assert items["S-201"].attributes["colour"] == "grün"


def test_one_zero_byte_costs_nothing_and_is_reported():
    items, problems, _ = read("clocks.csv")
    assert len(items) == 12
    assert items["K-06"].description == "A alarm clock with a quiet movement."
    assert [(one.row, one.field) for one in problems] == [(8, "description")]


def test_markup_is_read_as_text():
    items, problems, _ = read("bedding.csv")
    assert problems == []
    assert items["B-1"].title == "Marlow Bedspread & Pillow Set"
    assert items["B-2"].description == "Pure new wool. Dry clean only."
    assert items["B-3"].title == "Café Stripe Duvet Cover"
    expected = "Woven stripe, buttons at the foot. Machine washable."
    assert items["B-3"].description == expected
    assert items["B-4"].description == "Stonewashed linen, softer with every wash."
    assert items["B-5"].description == "Down < 30 %, feather > 70 %."
    assert items["B-6"].description == "Knitted throw, 130x170 cm. Gift wrapped"


def test_rows_that_differ_in_size_alone_are_one_product():
    items, problems, read_as = read("tees.csv")
    assert (read_as.products, read_as.variants, problems) == (7, 13, [])
    tee = items["BT-W-XS"]
    assert (tee.title, tee.attributes["size"]) == ("Brisk Tee, white", "XS, S, M, L, XL, XXL, 3XL")
    assert [one.code for one in tee.variants][:3] == ["BT-W-XS", "BT-W-S", "BT-W-M"]
    assert items["BT-B-M"].title == "Brisk Tee, black, M"


def test_a_wrong_quote_costs_its_own_row_only():
    items, problems, _ = read("inches.csv")
    assert list(items) == [f"Q-{n:02}" for n in (1, 2, 4, 6, 7, 8, 10, 11, 12)]
    assert [(one.row, one.field) for one in problems] == [(4, "row"), (6, "row"), (10, "row")]
    assert "check its quotes" in problems[0].cure
