"""The shortlist: kept for its owner alone, side by side, and as one file to take along."""

import base64
import re

from assistant.page.panels.kept_panel import change_kept, kept_drawer
from retrieval.items import Catalogue, Item
from tests.builders import png

NASTY = "<img src=x onerror=alert(1)>"
ITEMS = [
    Item("m1", "Enamel mug", price=14.5, currency="USD", pictures=(png("teal", (9, 9)),)),
    Item("m2", "Tin cup", price=9, currency="USD", attributes={"colour": "teal"}),
    Item("x", NASTY, NASTY, NASTY, 1.0, "USD", NASTY, {NASTY: NASTY}),
]
SHOP = Catalogue("shop", {one.id: one for one in ITEMS})


def keep(memory, *items, user="ann", act="keep"):
    for item in items:
        change_kept(memory, SHOP, user, {"act": act, "item": item})


def file_of(drawn):
    return base64.b64decode(re.search(r'text/html[^"]*base64,([^"]*)"', drawn)[1]).decode()


def test_what_is_kept_stays_in_order_for_its_owner_alone(memory):
    keep(memory, "m2", "m1", "m2", "no such item")
    assert [one.id for one in memory.kept.of("ann", "shop")] == ["m2", "m1"]
    assert memory.kept.of("bob", "shop") == memory.kept.of("ann", "another shop") == ()
    keep(memory, "m2", act="let go")
    keep(memory, "m2", act="let go")
    assert [one.title for one in memory.kept.of("ann", "shop")] == ["Enamel mug"]


def test_two_or_more_stand_side_by_side(memory):
    assert "Nothing yet" in kept_drawer(memory, SHOP, "ann")
    keep(memory, "m1")
    assert "<table>" not in kept_drawer(memory, SHOP, "ann")
    keep(memory, "m2")
    assert "<table>" in kept_drawer(memory, SHOP, "ann")


def test_the_file_holds_all_of_it_and_fetches_nothing(memory):
    keep(memory, "m1", "m2")
    page = file_of(kept_drawer(memory, SHOP, "ann"))
    assert "Enamel mug" in page
    assert "data:image/webp;base64," in page
    assert not re.search(r'(src|href)="(?!data:)', page)


def test_records_become_no_markup(memory):
    keep(memory, "x", "m1")
    drawn = kept_drawer(memory, SHOP, "ann")
    assert NASTY not in drawn
    assert NASTY not in file_of(drawn)


def test_what_has_left_the_catalogue_keeps_its_title(memory):
    keep(memory, "m1")
    drawn = kept_drawer(memory, Catalogue("shop", {}), "ann")
    assert "Enamel mug" in drawn
    assert "no longer in this catalogue" in drawn
    keep(memory, "m1", act="let go")
    assert not memory.kept.of("ann", "shop")


def test_nothing_is_kept_of_who_is_not_to_be_remembered_and_forgetting_lets_go(memory):
    keep(memory, "m1")
    memory.switch("ann", on=False)
    keep(memory, "m2")
    assert [one.id for one in memory.kept.of("ann", "shop")] == ["m1"]
    assert memory.forget("ann") == 1
    assert not memory.kept.of("ann", "shop")
