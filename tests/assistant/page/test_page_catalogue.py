"""The catalogues on the page, in a real Chromium over a real index: the map by keys and pointer."""

from contextlib import closing, nullcontext
from types import SimpleNamespace

import pytest
from PIL import Image
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from assistant.adding import CatalogueAdder
from assistant.settings import load_settings
from retrieval.embed import Encoders
from tests.builders import small_index
from tests.fakes import ColourPictureEncoder, HashedTextEncoder

pytestmark = pytest.mark.browser

ROWS = [
    {
        "id": one,
        "title": title,
        "category": kind,
        "price": price,
        "currency": "USD",
        "pictures": "red.png",
    }
    for one, title, kind, price in (
        ("m1", "Enamel mug", "kitchen", "14.5"),
        ("m2", "Porcelain mug", "kitchen", "24"),
        ("s1", "Wool scarf", "clothing", "39"),
        ("x1", "", "kitchen", "3"),
    )
]


@pytest.fixture(scope="module")
def address(keeper, tmp_path_factory):
    from assistant.page.page import open_page

    home = tmp_path_factory.mktemp("home")
    (home / "indexes").mkdir()
    Image.new("RGB", (40, 40), "red").save(home / "indexes" / "red.png")
    small_index(home / "indexes" / "shelf", ROWS)
    small_index(home / "indexes" / "other", ROWS[:2])
    encoders = Encoders(HashedTextEncoder(), ColourPictureEncoder(), None)
    adder = CatalogueAdder(
        load_settings(home=home), lambda: nullcontext(SimpleNamespace(encoders=encoders))
    )
    with closing(adder), open_page(keeper, home, adding=adder) as address:
        yield address


def seen(page):
    return page.text("#catalogue .item-seen")[0]


def test_catalogues_are_looked_at_and_the_map_is_gone_through(page):
    page.click("#catalogue-open")
    page.until(lambda: len(page.all("#catalogue circle")) == 3)
    page.until(lambda: page.run("document.activeElement.id") == "catalogue-title")
    assert page.text("#catalogue .bars tbody tr")
    assert page.faults_of_access() == []
    plan = page.all("#catalogue .item-map")[0]
    plan.send_keys(Keys.ARROW_RIGHT)
    first = seen(page)
    assert "·" in first
    for key in (Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.ARROW_LEFT, Keys.ARROW_UP):
        plan.send_keys(key)
    there = page.run(
        "document.querySelector('#catalogue [aria-selected=true]').getAttribute('aria-label')"
    )
    assert there == seen(page).strip()
    for point in page.all("#catalogue circle"):
        ActionChains(page.driver).move_to_element(point).perform()
        told = point.get_attribute("aria-label")
        assert seen(page).strip() == told
    shown = "document.querySelector('#catalogue .item-seen img').naturalWidth"
    page.until(lambda: page.run(shown))
    page.run("document.querySelector('#catalogue select').focus()")
    page.all("#catalogue select option[value=other]")[0].click()
    page.until(lambda: len(page.all("#catalogue circle")) == 2)
    assert page.text("#catalogue code") == ["magpie ui --name other"]
    page.run(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true}))"
    )
    assert page.run("document.activeElement.id") == "catalogue-open"


@pytest.mark.parametrize("width", [320, 1280])
def test_the_catalogue_fits_the_screen(page, width):
    size = {"width": width, "height": 640, "deviceScaleFactor": 1, "mobile": width < 500}
    page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        page.click("#catalogue-open")
        page.until(lambda: page.all("#catalogue circle"))
        assert page.run("document.documentElement.scrollWidth") == width
        assert page.run("document.querySelector('#catalogue').scrollWidth") <= width
        small = """[...document.querySelectorAll('#catalogue :is(button, select), #top :is(button, select)')]
            .map(e => e.getBoundingClientRect()).filter(r => r.width && Math.min(r.width, r.height) < 24)"""
        assert page.run(f"({small}).length") == 0
        assert page.faults_of_access() == []
    finally:
        page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_a_catalogue_is_added_by_its_file(page, tmp_path):
    file = tmp_path / "Meine Becher.csv"
    file.write_text("id,title\n" + "".join(f"{n},Cup number {n}\n" for n in range(40)))
    page.click("#catalogue-open")
    page.until(lambda: page.all("#catalogue circle"))
    page.all("#adding-file")[0].send_keys(str(file))
    assert page.run("document.querySelector('#adding-name').value") == "Meine-Becher"
    page.click("#catalogue .adding-form [type=submit]")
    page.until(lambda: page.text("#catalogue .adding p") == ["Meine-Becher is there."])
    page.until(lambda: len(page.all("#catalogue circle")) == 40)
    assert page.run("document.querySelector('#catalogue select').value") == "Meine-Becher"
    assert page.faults_of_access() == []
    page.all("#adding-file")[0].send_keys(str(file))
    page.run("(document.querySelector('#adding-name').value = 'shelf', 1)")
    page.click("#catalogue .adding-form [type=submit]")
    page.until(lambda: "already" in "".join(page.text("#catalogue [role=alert]")))
