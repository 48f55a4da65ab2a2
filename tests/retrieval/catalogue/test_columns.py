"""Which column fills which field is seen, said, or asked; never guessed."""

import pytest

from retrieval.errors import CatalogueError


@pytest.mark.parametrize(
    ("header", "field", "value"),
    [
        ("Artikelnummer;Bezeichnung;Preis", "price", 12.5),
        ("référence;nom;prix", "price", 12.5),
        ("sku;nombre;precio", "price", 12.5),
        ("商品编号;名称;价格", "price", 12.5),
    ],
)
def test_clear_names_in_other_languages_are_understood(read, header, field, value):
    [item], _, _ = read(f"{header}\n1;Cup;12,50\n", "shop.csv")
    assert (item.id, item.title, getattr(item, field)) == ("1", "Cup", value)


def test_what_is_not_clear_is_asked_and_can_be_said(read):
    table = "Ref no,Text,Amount\nA,Blue cup,12.50\nB,Red cup,9\n"
    with pytest.raises(CatalogueError, match=r"might be Ref no or .*--map id=\"Ref no\""):
        read(table, "shop.csv")
    mapping = {"id": "Ref no", "title": "text", "price": "Amount"}
    items, _, _ = read(table, "shop.csv", mapping=mapping)
    assert [(item.id, item.title, item.price) for item in items] == [
        ("A", "Blue cup", 12.5),
        ("B", "Red cup", 9.0),
    ]
    with pytest.raises(
        CatalogueError, match=r"no column 'Colour': --map title=COLUMN takes one of"
    ):
        read(table, "shop.csv", mapping={"title": "Colour"})
    with pytest.raises(CatalogueError, match=r"several .*\(item_id, product_id\)"):
        read("item_id,product_id,title\n1,2,Cup\n", "shop.csv")


def test_a_format_can_be_forced_and_an_unknown_one_is_refused(read):
    table = "id,title,condition\n1,Cup,new\n"
    [cup], _, read_as = read(table, "shop.csv", format="merchant")
    assert (cup.attributes, read_as.format) == ({}, "Google Merchant feed")
    with pytest.raises(CatalogueError, match=r"'magento' is no format: use one of shopify"):
        read(table, "shop.csv", format="magento")


def test_prices_that_can_be_two_are_problems_with_their_row(read):
    items, problems, _ = read("id;title;price\n1;a;1.150\n2;b;349\n", "shop.csv")
    assert [item.price for item in items] == [None, 349.0]
    assert [(one.row, one.field) for one in problems] == [(2, "price")]
    assert "can be 1150 or 1.15" in problems[0].said


def test_a_chosen_column_can_be_an_attribute(read):
    [cup], _, _ = read("id,title,Farbe\n1,Cup,rot\n", "shop.csv", mapping={"colour": "Farbe"})
    assert cup.attributes == {"colour": "rot"}


def test_a_column_named_variants_is_no_acp_feed(read):
    [cup], _, read_as = read("id,title,variants\n1,Cup,2\n", "shop.csv")
    assert (cup.attributes, read_as.format) == ({"variants": "2"}, "CSV")


@pytest.mark.parametrize(
    ("header", "category"),
    [
        ("id,name,Pflanzenart", "Staude"),
        ("id,name,Type de plante", "Staude"),
        ("id,name,Plant type", "Staude"),
        ("id,name,Tipo", "Staude"),
        ("id,name,Dept.", "Staude"),
        ("id,name,Plant type,category", "c"),  # which another column is called
        ("id,name,Start", ""),  # "Start" ends so by chance, and every cell is another
        ("id,name,Lens type,Frame type", ""),  # which of the two is not clear
    ],
)
def test_the_only_column_that_is_called_a_type_of_something_is_the_category(read, header, category):
    several = "Start" not in header
    cells = ["Staude", "Staude", "Staude", "Rose", "Rose", "Rose"] if several else list("abcdef")
    more = header.count(",") - 2
    other = {"category": "c", "Frame type": "round"}.get(header.rpartition(",")[2], "")
    rows = "".join(
        f"{n},Thing {n},{cell}{f',{other if n % 2 else other + other[:1]}' * more}\n"
        for n, cell in enumerate(cells)
    )
    items, _, _ = read(f"{header}\n{rows}", "shop.csv")
    assert items[1].category == category


@pytest.mark.parametrize(
    ("header", "row", "price"),
    [
        ("id,name,Price inc VAT", "1,Bag,£129.00", 129.0),
        ("id,name,Our price,Weight", "1,Bag,129,2.5", 129.0),
        ("id,name,Preis inkl. MwSt,Gewicht", '1,Tasche,"129,00",2', 129.0),
        ("id,name,You pay", "1,Bag,£129.00", 129.0),
        ("id,name,Deposit,You pay", "1,Bag,£10.00,£129.00", 129.0),
        ("id,name,Weekday,Weekend", "1,Bag,£10.00,£12.00", None),  # which is not clear
        ("id,name,Purchase price,Sell @", "1,Bag,10.00,12.00", 12.0),
        ("id,name,Price list", "1,Bag,see shop", None),  # no amount
        ("id,name,Weight", "1,Bag,2.5", None),
    ],
)
def test_the_only_column_of_prices_or_money_is_the_price(read, header, row, price):
    items, _, _ = read(f"{header}\n{row}\n", "shop.csv")
    assert items[0].price == price


@pytest.mark.parametrize(
    ("header", "row", "told"),
    [
        ("Stock No,Make,Model,Our Price", "BK1,Trek,FX 2 Disc,£629.00", {"title": "Model"}),
        ("ITEM_NUM,SCAN_CODE,Tea name,VK", "7,0433,Assam Gold,8.20", {"title": "Tea name"}),
        ("Stock code,Description,Price", "AQ1,Juwel Rio 125 black,259.99", {"title": "Description"}),
        ("Tea name,Retail Price", "Assam Gold,£8.20", {"title": "Tea name", "id": "Tea name"}),
        ("ref,Wine,Country,Bottle $", "w1,Old Block Shiraz,Australia,$120.00", {"title": "Wine"}),
    ],
)  # fmt: skip
def test_columns_that_no_name_tells_are_taken_by_header_words_and_cells_and_said(
    read, header, row, told
):
    items, _, read_as = read(f"{header}\n{row}\n", "shop.csv")
    columns = dict(zip(header.split(","), row.split(","), strict=True))
    guessed = dict(read_as.guessed)
    assert told.items() <= guessed.items()
    for field, column in told.items():
        assert getattr(items[0], field) == columns[column]
        assert f"{column} for the {field}" in read_as.said


def test_names_of_people_are_no_titles(read):
    with pytest.raises(CatalogueError, match="no column 'title'"):
        read("no,who,when\n1,Anna Berg,2024-05-01\n", "orders.csv")


def test_sizes_are_no_description(read):
    header = "id,title,dimensions,Notes"
    rows = "1,Box,31 x 26 x 4.5 cm,A box of oak with a lid that closes well\n"
    items, _, read_as = read(f"{header}\n{rows}", "shop.csv")
    assert dict(read_as.guessed) == {"description": "Notes"}
    assert items[0].attributes["dimensions"] == "31 x 26 x 4.5 cm"
