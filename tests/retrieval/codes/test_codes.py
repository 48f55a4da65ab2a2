"""Which codes of a catalogue's items does a message name?"""

import pytest

from retrieval.codes.forms import model_numbers, plain_code, same_codes
from retrieval.items import Catalogue, Item, Variant

ITEMS = (
    Item("EL-1406", "JBL Charge"),
    Item("70010", "Lowa Renegade Lite"),
    Item("412", "Garden hose"),
    Item("T-401", "Harvest Valley"),
    Item("A20310", "Spätburgunder", attributes={"isbn": "978-0-306-40615-7"}),
    Item("h1", "Sony WH-1000XM5, black", attributes={"gtin": "4548736132580"}),
    Item("h2", "Sony WH-1000XM5, silver", attributes={"gtin": "012345678905"}),
    Item("w1", "Casio CA14-516 watch"),
    Item("z1", "Zebra ZB-20 lamp", variants=(Variant("ZL-77/R", {"colour": "red"}),)),
    Item("ipad-10", "Apple iPad 10 32GB 4K 5G USB-C IP67 SPF50 B&W", attributes={"size": "42"}),
    Item("mug-01", "Harbour Mug"),
)
CODES = Catalogue("c", {item.id: item for item in ITEMS}).codes


@pytest.mark.parametrize(
    ("message", "ids"),
    [
        ("WH-1000XM5", {"h1", "h2"}),
        ("do you have wh1000xm5?", {"h1", "h2"}),
        ("WH 1000 XM5s", {"h1", "h2"}),
        ("W H one thousand X M five", {"h1", "h2"}),
        ("W, H, 1,000, X, M, 5.", {"h1", "h2"}),
        ("double u H one thousand dash X M 5", {"h1", "h2"}),
        ("E L fourteen oh six", {"EL-1406"}),
        ("E L one for oh six", {"EL-1406"}),
        ("the EL.14/06 please", {"EL-1406"}),
        ("有EL1406吗", {"EL-1406"}),
        ("E L eins vier null sechs", {"EL-1406"}),
        ("ca14 516 around 40", {"w1"}),
        ("zb-20 or t 401", {"z1", "T-401"}),
        ("ZL77R", {"z1"}),
        ("70010", {"70010"}),
        ("seven zero zero one zero", {"70010"}),
        ("item 412", {"412"}),
        ("Artikel-Nr. 412", {"412"}),
        ("A 20310", {"A20310"}),
        ("978 0 306 40615 7", {"A20310"}),
        ("0-306-40615-2", {"A20310"}),  # the ISBN of ten digits of the same book
        ("04548736132580", {"h1"}),
        ("UPC 12345678905", {"h2"}),
        ("mug-01", {"mug-01"}),
    ],
)
def test_a_code_is_found_however_it_is_written_or_spoken(message, ids):
    (*named,) = CODES.named(message)
    assert {id_ for one in named for id_ in one.ids} == ids
    assert all(one.ids for one in named)


@pytest.mark.parametrize(
    "message",
    [
        "iPad 10", "2 x AA", "size 42", "at least 16 GB", "4K", "5G", "USB-C", "B&W", "32GB", "IP67",
        "SPF50", "412", "under 70010", "$70010", "70010 euros", "700 10", "between 10 000 and 70,010",
        "a 1000 piece puzzle", "in 2020", "a mug 01", "boots in 41", "0-306-40615-3", "W32L34", "MP3",
        "one of the two for four people", "covid19", "2026-11-28", "USD500",
    ],
)  # fmt: skip
def test_plain_words_and_numbers_are_no_codes(message):
    assert CODES.named(message) == []


@pytest.mark.parametrize(
    ("message", "said", "code"),
    [
        ("do you have SKU 99999?", "SKU 99999", "99999"),
        ("ISBN 978 3 16 148410 0 under 20 euro", "ISBN 978 3 16 148410 0", "978 3 16 148410 0"),
        ("Artikelnummer: 4711", "Artikelnummer: 4711", "4711"),
        ("a WH-1000XM6, please", "WH-1000XM6", "WH-1000XM6"),
    ],
)
def test_a_code_that_no_item_has_is_still_seen(message, said, code):
    (named,) = CODES.named(message)
    assert (named.said, named.code, named.ids) == (said, code, ())


def test_a_small_number_may_be_a_place_on_screen():
    (named,) = CODES.named("item number 2")
    assert named.place == 2
    assert CODES.named("SKU 412")[0].place == 0


def test_what_is_sought_is_like_an_item_and_not_the_item_itself():
    assert CODES.named("something like EL-1406")[0].likened
    assert not CODES.named("I want the EL-1406")[0].likened


def test_forms_on_paper():
    assert plain_code("WH–1000 XM5/B") == "wh1000xm5b"
    # 978030640615: 9+3*7+8+0+3+0+6+3*4+0+3*6+1+3*5 = 93, so the check digit is 7
    assert list(same_codes("0306406152")) == ["0306406152", "306406152", "9780306406157"]
    assert list(same_codes("0306406153")) == ["0306406153", "306406153"]


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Sony WH-1000XM5 headphones", ["WH-1000XM5"]),
        ("ZB-20 lamp 20 W, 4-in-1", ["ZB-20"]),
        ("HP 15-fd0001ng 16GB DDR5", ["15-fd0001ng"]),
        ("Sony WH 1000 XM5", ["WH 1000 XM5"]),
        ("500-piece puzzle, 3rd edition, 30x40 cm, 10000mAh, 1080p", []),
        ("Bowers B&W 606 S3 24-105mm", []),
    ],
)
def test_the_model_numbers_of_a_title(title, found):
    assert list(model_numbers(title)) == found


def test_a_word_of_many_titles_is_no_model_number():
    many = [Item(f"g{n}", f"Laptop {n} RTX4070") for n in range(30)]
    codes = Catalogue("c", {item.id: item for item in many}).codes
    assert not any(one.ids for one in codes.named("RTX4070"))
