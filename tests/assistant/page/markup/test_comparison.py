"""Items side by side: what differs stands first, and nothing becomes markup."""

import re

from assistant.page.kept_exchanges import exchange_json, read_exchange
from assistant.page.markup.comparison import MOST_COMPARED, comparison_table
from assistant.page.reply import Reply, after
from assistant.page.session import Exchange
from assistant.turn.request import Request
from retrieval.items import Item
from tests.builders import last

MUG = Item("m1", "Enamel mug", price=14.5, currency="USD", attributes={"colour": "teal"})
CUP = Item(
    "m2", "Tin cup", price=9, currency="USD", attributes={"colour": "Teal", "volume": "300 ml"}
)


def rows(drawn):
    """Return each row's name, cells and whether it is marked."""
    body = drawn.partition("<tbody>")[2]
    return [
        (name, re.findall(r"<td[^>]*>(.*?)</td>", cells), bool(mark))
        for mark, name, cells in re.findall(
            r'<tr( class="differs")?><th[^>]*>(.*?)</th>(.*?)</tr>', body
        )
    ]


def test_what_differs_stands_first_and_is_marked():
    assert rows(comparison_table([MUG, CUP], "shop")) == [
        ("price", ["$14.50", "$9"], True),
        ("colour", ["teal", "Teal"], False),
        ("volume", ["–", "300 ml"], False),  # what one record does not say sets nothing apart
    ]


def test_one_item_is_no_comparison_and_too_many_are_cut():
    assert comparison_table([MUG], "shop") == ""
    many = [Item(str(n), f"Mug {n}") for n in range(MOST_COMPARED + 3)]
    assert comparison_table(many, "shop").count('scope="col"') == MOST_COMPARED


def test_records_become_no_markup():
    hostile = "<img src=x onerror=alert(1)>"
    nasty = Item(hostile, hostile, category=hostile, attributes={hostile: hostile})
    assert "<img" not in comparison_table([nasty, nasty], "shop", hostile)


def test_a_request_to_compare_shows_a_table_that_is_kept(shop_agent):
    last(shop_agent, "a mug")
    done = last(shop_agent, "compare the first two")
    assert {one.id for one in done.compared} == {"m1", "m2"}
    reply = after(Reply(), done)
    items = shop_agent.catalogue.items
    kept = read_exchange(exchange_json(Exchange("", (), Request("compare"), reply)), items, "ann")
    assert kept.reply.compared == done.compared
