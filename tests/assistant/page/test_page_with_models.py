"""The page in a real Chromium, with the real models: what must not wait for what."""

import pytest

from assistant.page.examples import starting_points
from retrieval.constraints import satisfies_all
from tests.builders import last

pytestmark = [pytest.mark.browser, pytest.mark.models]

LONG = 300  # seconds; a bound for a stuck model, not a measure of a good one
ADVICE = "is wool warmer than cotton, and why?"  # the model reads it, and answers it


@pytest.fixture(scope="module")
def real(agent, home):
    from assistant.page.page import open_page

    with open_page(agent, home) as address:
        yield address


def test_a_whole_turn_with_the_real_models(visit, real):
    page = visit(real)
    page.send("a warm scarf under 40 dollars", waits=False)
    page.until(lambda: page.all("#chat .card"))
    page.until(lambda: "scar" in "".join(page.text("#chat .words")))
    assert page.all("#chat .waiting")  # items and sentences are here, the model computes
    page.until(lambda: not page.all("#chat .waiting"), LONG)
    prices = [float(price.strip("$")) for price in page.text("#chat .card-price")]
    assert prices
    assert max(prices) <= 40
    assert all(page.text("#chat .card-why"))
    assert page.text("#chat .words")[0]
    assert not page.all("#chat .trouble")
    page.all("#chat .why-this summary")[0].click()
    assert "under $40: $" in page.all("#chat .why-this")[0].text
    page.send("compare the first two")
    assert len(page.all("#chat .comparison thead th")) == 2
    page.run("document.querySelectorAll('#chat details').forEach(one => { one.open = true })")
    assert page.faults_of_access() == []


def test_a_stop_while_the_model_computes_frees_the_next_message(visit, real):
    page = visit(real)
    page.send(ADVICE, waits=False)
    page.until(lambda: page.text("#chat .waiting") == ["Writing"], LONG)
    page.click("#box .stop-button")
    page.until(lambda: page.text("#chat .trouble") == ["Stopped."], 2)
    page.send("mugs under 20 dollars")
    assert page.text("#chat .trouble") == ["Stopped."]
    assert page.all("#chat .card")


def test_cards_of_others_come_while_the_model_computes(chromium, visit, real):
    page = visit(real)
    page.send(ADVICE, waits=False)
    chromium.switch_to.new_window("tab")
    try:
        other = visit(real)
        other.send("a warm scarf under 40 dollars", waits=False)
        other.until(lambda: other.all("#chat .card") and other.text("#chat .words"))
        chromium.switch_to.window(chromium.window_handles[0])
        assert page.all("#chat .waiting")
        chromium.switch_to.window(chromium.window_handles[1])
        other.until(lambda: not other.all("#chat .waiting"), LONG)
        chromium.close()
    finally:
        chromium.switch_to.window(chromium.window_handles[0])
    page.until(lambda: not page.all("#chat .waiting"), LONG)
    assert "general" in page.text("#chat .words")[0]


def test_the_first_examples_are_understood_whole(agent):
    for example in starting_points(agent.catalogue):
        photos = (example.photo,) if example.photo else ()
        done = last(agent, example.words, session=example.words, photos=photos)
        assert len(done.candidates) > 1, example
        assert done.constraints, example
        assert all(satisfies_all(one.item, done.constraints) for one in done.candidates)
