"""What each kind of export says, written to its specification, becomes items."""

import json
from datetime import UTC, datetime

import pytest

from retrieval.catalogue.acp import write_acp
from retrieval.catalogue.reader import read_catalogue
from retrieval.catalogue.rows import Row
from retrieval.errors import CatalogueError
from retrieval.items import Item, Variant

RSS = """<?xml version="1.0"?>
<rss xmlns:g="http://base.google.com/ns/1.0" version="2.0"><channel><title>Shop</title>
<item><g:id>A1</g:id><title>Dry bag &amp; strap</title><link>https://shop.test/a1</link>
<g:description>&lt;p&gt;Roll-top.&lt;/p&gt;</g:description><g:availability>in stock</g:availability>
<g:price>1,049.00 USD</g:price><g:product_type>Bags &gt; Dry bags</g:product_type>
<g:shipping><g:country>US</g:country></g:shipping><g:gtin>0400</g:gtin></item>
<item><g:id>A2</g:id><g:title>Torch</g:title><g:link>https://shop.test/a2</g:link>
<g:availability>out of stock</g:availability><g:price>12.50 USD</g:price></item>
</channel></rss>"""


def test_a_merchant_feed_in_rss(read):
    items, problems, read_as = read(RSS, "feed.xml")
    assert (read_as.format, read_as.products, problems) == ("Google Merchant feed", 2, [])
    bag, torch = items
    assert bag == Item(
        "A1",
        "Dry bag & strap",
        "Roll-top.",
        "Dry bags",
        1049.0,
        "USD",
        attributes={"gtin": "0400", "stock": "1"},
        url="https://shop.test/a1",
    )
    assert (torch.title, torch.attributes["stock"]) == ("Torch", "0")
    assert read_as.unused == ("shipping",)


def test_a_merchant_feed_in_atom(read):
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0"><entry>'
        '<g:id>A1</g:id><title>Mug</title><link href="https://shop.test/a1"/>'
        "<g:availability>in_stock</g:availability><g:price>9 EUR</g:price></entry></feed>"
    )
    [mug], _, _ = read(atom, "feed.atom")
    assert (mug.title, mug.price, mug.url) == ("Mug", 9.0, "https://shop.test/a1")


def test_an_xml_file_cut_short_keeps_what_came_before_and_says_so(read):
    items, problems, _ = read(RSS[: RSS.index("<item><g:id>A2")], "feed.xml")
    assert [item.id for item in items] == ["A1"]
    assert (problems[0].row, problems[0].field) == (2, "row")


def test_a_sale_price_counts_while_it_is_valid(read):
    rows = ["id\ttitle\tlink\tavailability\tprice\tsale price\tsale price effective date"]
    for number, (price, sale, dates) in enumerate(
        [
            ("20 USD", "15 USD", "2026-11-01T00:00Z/2026-12-01T00:00Z"),
            ("20 USD", "15 USD", "2026-10-01T00:00Z/2026-10-09T00:00Z"),
            ("20 USD", "25 USD", ""),
            ("20 USD", "15 USD", "next week"),
            ("20 USD", "cheap", ""),
        ]
    ):
        rows.append(f"{number}\tMug\thttps://shop.test\tin stock\t{price}\t{sale}\t{dates}")
    now = datetime(2026, 11, 28, tzinfo=UTC)
    items, problems, _ = read("\n".join(rows), "feed.tsv", now=now)
    assert [item.price for item in items] == [15.0, 20.0, 20.0, 20.0, 20.0]
    assert items[0].attributes["list price"] == "20"
    places = [(one.row, one.field) for one in problems]
    assert places == [(4, "sale price"), (5, "sale dates"), (6, "sale price")]


OPENAI = {
    "item_id": "S-1",
    "title": "Trail shoe, red",
    "description": "Light.",
    "url": "https://shop.test/s1",
    "brand": "Fell",
    "seller_name": "Shop",
    "availability": "in_stock",
    "price": "79.99 USD",
    "group_id": "S",
    "color": "red",
    "is_eligible_search": True,
}


def test_an_openai_feed_in_json_lines_groups_by_its_group_id(read):
    blue = OPENAI | {
        "item_id": "S-2", "title": "Trail shoe, blue", "color": "blue",
        "price": "69.99 USD", "availability": "pre_order",
    }  # fmt: skip
    lines = "\n".join(map(json.dumps, [OPENAI, OPENAI | {"item_id": "T", "group_id": None}, blue]))
    items, problems, read_as = read(lines, "feed.jsonl")
    assert (read_as.format, read_as.products, problems) == ("OpenAI product feed", 2, [])
    shoe = next(item for item in items if item.id == "S")
    assert (shoe.title, shoe.price) == ("Trail shoe", 79.99)  # the cheaper one is not in stock
    assert shoe.attributes == {"color": "red, blue", "stock": "1"}
    assert shoe.variants[1] == Variant("S-2", {"color": "blue"}, 69.99, 0.0)


def test_an_openai_feed_in_csv(read):
    names = ",".join(OPENAI)
    values = ",".join(f'"{value}"' for value in OPENAI.values())
    [shoe], problems, read_as = read(f"{names}\n{values}\n", "feed.csv")
    assert (read_as.format, problems) == ("OpenAI product feed", [])
    assert (shoe.price, shoe.attributes) == (79.99, {"color": "red", "stock": "1"})


def test_products_of_the_agentic_commerce_protocol(read):
    product = {
        "id": "prod_1",
        "title": "Rain jacket",
        "description": {"html": "<p>Taped seams.</p>"},
        "url": "https://shop.test/1",
        "variants": [
            {
                "id": "v1", "price": {"amount": 8900, "currency": "USD"},
                "list_price": {"amount": 12000, "currency": "USD"},
                "availability": {"available": True, "status": "in_stock"},
                "categories": [{"value": "Clothing > Jackets"}],
                "variant_options": [{"name": "Size", "value": "S"}],
            },
            {
                "id": "v2", "price": {"amount": 8400, "currency": "USD"},
                "availability": {"available": False, "status": "out_of_stock"},
                "variant_options": [{"name": "Size", "value": "M"}],
            },
        ],
    }  # fmt: skip
    yen = {"id": "y", "title": "Cup", "variants": [{"id": "y", "price": {"amount": 900, "currency": "JPY"}}]}  # fmt: skip
    (jacket, cup), problems, read_as = read(
        "\n".join(map(json.dumps, [product, yen])), "products.jsonl"
    )
    assert (read_as.format, read_as.products, read_as.variants) == ("ACP feed", 2, 3)
    assert problems == []
    assert (jacket.title, jacket.description) == ("Rain jacket", "Taped seams.")
    assert (jacket.category, jacket.price, jacket.currency) == ("Jackets", 89.0, "USD")
    assert jacket.attributes == {"size": "S, M", "list price": "120", "stock": "1"}
    assert [one.code for one in jacket.variants] == ["v1", "v2"]
    assert (cup.price, cup.variants) == (900.0, ())


def test_items_written_as_acp_are_read_back_equal(tmp_path):
    items = [
        Item("1", "Cup, “blue”", "Thin.\nLight.", "Cups", 12.99, "USD", attributes={"stock": "4"}),
        Item("2", "Lamp"),
        Item(
            "3",
            "Tee",
            "Cotton & linen.",
            price=18.1,
            currency="EUR",
            variants=(
                Variant("3-S", {"size": "S"}, 18.1, 3.0),
                Variant("3-M", {"size": "M", "colour": "red"}, 19.0, 0.0),
                Variant("3-L", {"size": "L"}, None, None),
            ),
        ),
        Item(
            "4", "Vase", price=4000.0, currency="JPY", variants=(Variant("4a", {}, 4000.0, None),)
        ),
    ]
    path = tmp_path / "products.jsonl"
    write_acp(items, path)
    back = [row.item for row in read_catalogue(path) if isinstance(row, Row)]
    for before, after in zip(items, back, strict=True):
        for field in ("id", "title", "description", "category", "price", "currency", "variants"):
            assert getattr(after, field) == getattr(before, field), field


GROUP = {
    "@context": "https://schema.org",
    "@type": "ProductGroup",
    "productGroupID": "tee",
    "name": "Brisk tee",
    "description": "Combed cotton.",
    "brand": {"@type": "Brand", "name": "Brisk"},
    "variesBy": ["https://schema.org/size"],
    "aggregateRating": {"ratingValue": "4.4", "reviewCount": 89},
    "hasVariant": [
        {
            "@type": "Product", "sku": "T-S", "size": "S", "name": "Brisk tee S",
            "offers": {"price": "18.00", "priceCurrency": "USD", "availability": "https://schema.org/InStock"},
        },
        {
            "@type": "Product", "sku": "T-M", "size": "M", "name": "Brisk tee M",
            "offers": [{"price": 19, "priceCurrency": "USD", "availability": "http://schema.org/OutOfStock"}],
        },
    ],
}  # fmt: skip


def test_json_ld_of_a_group_and_of_a_product(read):
    single = {
        "@type": "Product",
        "sku": "C-1",
        "name": "Cup",
        "material": "clay",
        "offers": {"lowPrice": 9},
    }
    document = {"@graph": [GROUP, {"@type": "WebPage", "mainEntity": single}]}
    (tee, cup), problems, read_as = read(json.dumps(document), "shop.jsonld")
    assert (read_as.format, read_as.products, problems) == ("schema.org products", 2, [])
    assert (tee.id, tee.title, tee.brand, tee.price) == ("tee", "Brisk tee", "Brisk", 18.0)
    assert tee.attributes["size"] == "S, M"
    assert tee.attributes["rating"] == "4.4"
    assert tee.variants[1] == Variant("T-M", {"size": "M"}, 19.0, 0.0)
    assert (cup.id, cup.price, cup.attributes["material"]) == ("C-1", 9.0, "clay")


def test_json_ld_in_a_page(read):
    page = (
        "<html><head><script type='application/ld+json'>{broken</script>"
        f'<script type="application/ld+json">{json.dumps(GROUP)}</script></head></html>'
    )
    [tee], problems, _ = read(page, "tee.html")
    assert (tee.id, len(tee.variants)) == ("tee", 2)
    assert [(one.row, one.field) for one in problems] == [(1, "script")]
    with pytest.raises(CatalogueError, match="holds no product as JSON-LD"):
        read("<html><p>Nothing</p></html>", "empty.html")


def test_a_json_list_of_objects_is_a_table(read):
    [cup], _, read_as = read('{"products": [{"id": 1, "title": "Cup", "price": 2}]}', "shop.json")
    assert (cup.id, cup.price, read_as.format) == ("1", 2.0, "JSON")


@pytest.mark.parametrize("value", [5, "x", None, [], {}, [5], True, {"amount": "x"}, [{"a": [1]}]])
@pytest.mark.parametrize("field", ["variants", "media", "description", "price", "stock", "url"])
def test_nonsense_in_a_feed_is_no_traceback(read, field, value):
    fine = {
        "id": "1",
        "title": "Cup",
        "variants": [{"id": "v", "price": {"amount": 100, "currency": "USD"}}],
    }
    odd = {"id": "2", "title": "Mug", "variants": [{"id": "w"}], field: value}
    inner = {
        "id": "3",
        "title": "Pot",
        "variants": [{"id": "u", field: value, "barcodes": value, "availability": value}],
    }
    items, _, _ = read("\n".join(map(json.dumps, [fine, odd, inner])), "products.jsonl")
    assert [item.id for item in items] == ["1", "2", "3"]


@pytest.mark.parametrize("value", [5, "x", None, [], {}, [5], True, [{"a": [1]}]])
@pytest.mark.parametrize(
    "field", ["offers", "brand", "image", "category", "hasVariant", "variesBy", "name"]
)
def test_nonsense_in_json_ld_is_no_traceback(read, field, value):
    items, _, _ = read(
        json.dumps([{"@type": "Product", "sku": "1", "name": "Cup"}, GROUP | {field: value}]),
        "a.json",
    )
    assert items[0].id == "1"
