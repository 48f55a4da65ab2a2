"""What a shop does not sell is no item, and is counted."""

import pytest

from retrieval.errors import CatalogueError

SHOPIFY = """Handle,Title,Body (HTML),Published,Option1 Name,Option1 Value,Variant SKU,Variant Price,Status
tee,Tee,,TRUE,Size,S,T-S,18,active
tee,,,,,M,T-M,18,
vest,Vest,,TRUE,Size,S,V-S,50,draft
vest,,,,,M,V-M,50,
coat,Coat,,FALSE,Title,Default Title,C,90,active
cap,Cap,,TRUE,Title,Default Title,CAP,9,archived
sock,Sock,,,Title,Default Title,SO,5,
"""
WOO = """ID,Type,SKU,Name,Published,Regular price,Parent,Attribute 1 name,Attribute 1 value(s)
1,simple,A,Assam,1,8,,,
2,simple,B,Barley,0,8,,,
3,simple,C,Ceylon,-1,8,,,
4,variable,D,Darjeeling,1,,,Size,"S, M"
5,variation,D-S,Darjeeling S,1,8,D,Size,S
6,variation,D-M,Darjeeling M,0,9,D,Size,M
7,variable,E,Earl Grey,0,,,Size,S
8,variation,E-S,Earl Grey S,1,8,E,Size,S
"""


def test_drafts_of_shopify_are_left_out(read):
    items, problems, read_as = read(SHOPIFY, "products.csv")
    assert ([item.id for item in items], problems) == (["tee", "sock"], [])
    assert len(items[0].variants) == 2
    assert read_as.said == "Shopify export: 2 products, 3 variants; 3 drafts left out"
    assert not {"status", "published"} & items[0].attributes.keys()


def test_what_is_not_published_in_woocommerce_is_left_out(read):
    items, _, read_as = read(WOO, "wc.csv")
    assert [item.title for item in items] == ["Assam", "Darjeeling"]
    assert [one.code for one in items[1].variants] == ["D-S"]
    assert read_as.drafts == 4  # two products, one variant, one parent with what is its


@pytest.mark.parametrize("status", ["draft", "Archived", "Entwurf", "草稿"])
def test_other_tables_have_a_status(read, status):
    items, _, read_as = read(f"id,title,status\n1,Cup,{status}\n2,Mug,active\n3,Jug,\n", "shop.csv")
    assert [item.id for item in items] == ["2", "3"]
    assert read_as.said == "CSV: 2 products; 1 draft left out"
    assert not any("status" in item.attributes for item in items)


def test_a_status_that_says_something_else_is_a_fact(read):
    items, _, read_as = read(
        "id,title,status,published\n1,Cup,refurbished,2019-01-04\n", "shop.csv"
    )
    assert items[0].attributes == {"status": "refurbished", "published": "2019-01-04"}
    assert read_as.drafts == 0


def test_a_merchant_feed_leaves_out_its_drafts(read):
    names = "id,title,link,image link,availability,price,item group id,size,status"
    rows = "1,Cup S,,,in stock,5 EUR,c,S,active\n2,Cup M,,,in stock,6 EUR,c,M,draft\n"
    [cup], _, read_as = read(f"{names}\n{rows}", "feed.csv")
    assert (cup.price, read_as.drafts) == (5.0, 1)


def test_a_draft_has_no_problems(read):
    table = "id,title,price,status\n1,Cup,soon,draft\n2,Mug,later,active\n"
    _, problems, _ = read(table, "shop.csv")
    assert [one.row for one in problems] == [3]


def test_another_column_can_tell_it(read):
    table = "id,title,sichtbar\n1,Cup,nein\n2,Mug,ja\n"
    items, _, read_as = read(table, "shop.csv", mapping={"published": "sichtbar"})
    assert ([item.id for item in items], read_as.drafts) == (["2"], 1)


def test_a_catalogue_of_drafts_is_refused_with_the_reason(read):
    with pytest.raises(CatalogueError, match="every product is a draft, 1 in all: publish one"):
        read("id,title,status\n1,Cup,draft\n", "shop.csv")
