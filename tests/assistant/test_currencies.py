"""Several currencies in one catalogue are kept apart, and that is said."""

import pytest

from assistant.commands.json_output import catalogue_profile_json
from assistant.commands.terminal import print_profile
from assistant.turn.request import Request
from assistant.turn.single_search import find_once
from retrieval.field_profile import CatalogueProfile
from retrieval.items import Catalogue, Item
from tests.builders import build, ids, last

MUGS = [Item(f"e{n}", f"Mug model {n}", "", "Mugs", 10.0 * n, "EUR") for n in range(1, 5)]
BOWLS = [Item(f"u{n}", f"Bowl model {n}", "", "Bowls", 9.0 * n, "USD") for n in range(1, 4)]
HERE = "Prices here are in EUR (4), USD (3);"


@pytest.fixture
def agent(tmp_path):
    agent = build(tmp_path, items=(*BOWLS, *MUGS))
    yield agent
    agent.memory.close()


@pytest.mark.parametrize(
    ("message", "unit", "shown"),
    [
        ("anything up to 20 euro", "EUR", {"e1", "e2"}),
        ("anything under €20", "EUR", {"e1"}),
        ("anything under $20", "USD", {"u1", "u2"}),
        ("something for 15 to 25 dollars", "USD", {"u2"}),
        ("anything up to 20", "", {"e1", "e2", "u1", "u2"}),
        ("anything up to 20 pounds", "", {"e1", "e2", "u1", "u2"}),
    ],
)
def test_a_limit_holds_in_the_currency_that_it_names(agent, message, unit, shown):
    done = last(agent, message)
    assert set(ids(done)) == shown
    assert {c.unit for c in done.constraints} == {unit}
    found = find_once(Request(message), agent.index, agent.encoders, limit=9)
    assert {one.item.id for one in found.candidates} == shown
    said = f"{HERE} “{done.constraints[0].said}” is read in each item’s own currency."
    assert (said in done.answer) == (said in found.notice) == (not unit)


def test_a_sign_of_several_currencies_is_read_in_the_most_common_and_said(tmp_path):
    items = [Item(f"c{n}", "Cup", price=20.0, currency="CAD") for n in range(2)]
    agent = build(tmp_path, items=(*items, Item("u", "Cup", price=10.0, currency="USD")))
    done = last(agent, "cups under $30")
    assert set(ids(done)) == {"c0", "c1"}
    assert "Prices here are in CAD (2), USD (1); “under $30” is read in CAD." in done.answer
    agent.memory.close()


def test_an_order_by_price_mixes_no_currencies(agent):
    done = last(agent, "the cheapest things")
    assert ids(done) == ["e1", "e2", "e3", "e4", "u1", "u2"]
    assert f"{HERE} they are sorted within each currency, EUR first." in done.answer
    assert HERE not in last(agent, "the cheapest mugs", session="t").answer


def test_cheaper_is_measured_within_one_currency(agent):
    shown = ids(last(agent, "mugs or bowls"))
    done = last(agent, f"cheaper than number {shown.index('e3') + 1}")
    assert [(c.value, c.unit) for c in done.constraints if c.field == "price"] == [(29.99, "EUR")]
    assert not {"u1", "u2", "u3"} & set(ids(done))


def test_what_is_priced_in_another_currency_is_said_so(agent):
    answer = last(agent, "bowls under 30 euro").answer
    assert "Bowl model 1 ($9, not in EUR)" in answer
    last(agent, "anything under 20 euro", session="t")
    why = last(agent, "why not Bowl model 1?", session="t").answer
    assert why == "Bowl model 1 is left out: $9, not in EUR, and you asked for under €20."


def test_one_currency_is_as_before(tmp_path):
    agent = build(tmp_path, items=MUGS)
    done = last(agent, "mugs under 20")
    assert [c.unit for c in done.constraints if c.field == "price"] == [""]
    assert "Prices here" not in done.answer
    assert "under €20" in done.answer
    agent.memory.close()


def test_the_owner_is_told(capsys):
    mixed = Catalogue("c", {item.id: item for item in (*MUGS, *BOWLS)})
    assert catalogue_profile_json(CatalogueProfile(), mixed.currencies, "en")["currencies"] == {
        "EUR": 4,
        "USD": 3,
    }
    print_profile(CatalogueProfile(), mixed.currencies, "en")
    print_profile(CatalogueProfile(), {"EUR": 4}, "en")
    assert capsys.readouterr().out.count("prices are in EUR (4), USD (3)") == 1
