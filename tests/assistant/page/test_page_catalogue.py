"""The catalogues on the page, in a real Chromium over a real index: the map by keys and pointer."""

from contextlib import contextmanager

import pytest
from PIL import Image
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from retrieval.errors import StoreError
from retrieval.items import Catalogue, Item
from tests.adders import HeldEncoder, opened_adder
from tests.builders import png, small_index
from tests.fakes import ShelfAgent
from tests.media_server import MediaServer
from tests.media_server import Page as ServedPage

pytestmark = pytest.mark.browser

LAMP = Item("m1", "Desk lamp", "Bright.", "lamps", 40, "EUR", pictures=(png("gold", (60, 60)),))

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
    from assistant.page.page import PageServices, open_page

    home = tmp_path_factory.mktemp("home")
    (home / "indexes").mkdir()
    Image.new("RGB", (40, 40), "red").save(home / "indexes" / "red.png")
    small_index(home / "indexes" / "shelf", ROWS)
    small_index(home / "indexes" / "other", ROWS[:2])

    def opened(name):
        if name != "other":
            raise StoreError("it was made by other encoders")
        agent = ShelfAgent([LAMP], memory=keeper.memory)
        agent.catalogue = Catalogue("other", {LAMP.id: LAMP})
        return agent

    words = HeldEncoder()
    words.may.set()
    adding = contextmanager(opened_adder)(words, home=home, private_media=True)
    with (
        adding as adder,
        open_page(keeper, home, services=PageServices(adding=adder, open_agent=opened)) as address,
    ):
        yield address


@pytest.fixture(scope="module")
def web():
    server = MediaServer()
    yield server
    server.close()


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
        page.click("#catalogue summary")
        assert page.run("document.documentElement.scrollWidth") == width
        assert page.run("document.querySelector('#catalogue').scrollWidth") <= width
        assert page.run("document.querySelector('#adding-address').offsetWidth") > 180
        small = """[...document.querySelectorAll('#catalogue :is(button, select, input, summary), #top :is(button, select)')]
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
    page.click("#catalogue summary")
    page.all("#adding-file")[0].send_keys(str(file))
    assert page.run("document.querySelector('#adding-name').value") == "Meine-Becher"
    page.click("#catalogue .adding-form [type=submit]")
    page.until(lambda: page.text("#catalogue .adding p") == ["Meine-Becher is there."])
    page.until(lambda: len(page.all("#catalogue circle")) == 40)
    assert page.run("document.querySelector('#catalogue select').value") == "Meine-Becher"
    assert page.faults_of_access() == []
    page.click("#catalogue summary")
    page.all("#adding-file")[0].send_keys(str(file))
    page.run("(document.querySelector('#adding-name').value = 'shelf', 1)")
    page.click("#catalogue .adding-form [type=submit]")
    page.until(lambda: "already" in "".join(page.text("#catalogue [role=alert]")))


def give_address(page, address, name):
    if not page.all("#catalogue details[open]"):
        page.click("#catalogue summary")
    field = page.all("#adding-address")[0]
    field.clear()
    field.send_keys(address)
    page.run("(document.querySelector('#adding-name').focus(), 1)")
    if name:
        page.all("#adding-name")[0].clear()
        page.all("#adding-name")[0].send_keys(name)
    page.click("#catalogue .adding-form [type=submit]")


def test_a_catalogue_is_added_by_its_address(page, web):
    feed = "id,title\n" + "".join(f"{n},Plate number {n}\n" for n in range(400))
    web.pages["/feed"] = ServedPage(feed.encode(), version="one", pause=0.3, slow=800)
    page.click("#catalogue-open")
    page.until(lambda: page.all("#catalogue circle"))
    give_address(page, "", "nothing")
    page.until(lambda: "one of the two" in "".join(page.text("#catalogue [role=alert]")))
    give_address(page, web.address("/gone"), "plates")
    page.until(lambda: page.text("#catalogue .adding p")[:1] == ["plates could not be read."])
    assert "404" in page.text("#catalogue .adding .memory-trouble")[0]
    assert page.faults_of_access() == []
    give_address(page, web.address("/feed"), "plates")
    page.until(lambda: "MB fetched" in "".join(page.text("#catalogue .adding [aria-live]")))
    page.click("#catalogue .adding [data-act=cancel]")
    page.until(lambda: page.text("#catalogue .adding [data-act=resume]") == ["Go on"])
    web.pages["/feed"].pause = 0
    page.click("#catalogue .adding [data-act=resume]")
    page.until(lambda: page.text("#catalogue .adding p") == ["plates is there."])
    page.until(lambda: len(page.all("#catalogue circle")) > 300)


def test_an_address_names_the_catalogue_by_its_host(page, web):
    page.click("#catalogue-open")
    page.until(lambda: page.all("#catalogue circle"))
    page.click("#catalogue summary")
    page.all("#adding-address")[0].send_keys("https://www.shop.example/feed.xml")
    page.run("(document.querySelector('#adding-name').focus(), 1)")
    page.until(lambda: page.run("document.querySelector('#adding-name').value") == "shop-example")


def enter(page, name):
    page.click("#catalogue-open")
    page.until(lambda: page.all("#catalogue circle"))
    page.all(f"#catalogue select option[value={name}]")[0].click()
    page.click("#catalogue [data-act=enter]")


def test_another_catalogue_is_entered_and_left_without_a_restart(page):
    page.send("a mug")
    assert page.text("#shop") == ["shelf"]
    enter(page, "other")
    page.until(lambda: page.text("#shop") == ["other"])
    page.until(lambda: "lamps" in "".join(page.text("#chat .example")))
    assert page.run("location.search") == "?catalogue=other"
    assert not page.all("#talks .talk-lines li")  # the mug's conversation stays where it was
    page.send("a lamp")
    assert "Desk lamp" in page.text("#chat .card-title")[0]
    shown = "document.querySelector('#chat .card-picture img').naturalWidth"
    page.until(lambda: page.run(shown) == 60)
    assert "catalogue=other&conversation=" in page.run("location.search")
    page.driver.refresh()
    page.until(lambda: page.text("#chat .card-title") == ["Desk lamp"])
    assert page.faults_of_access() == []
    enter(page, "shelf")
    page.until(lambda: page.text("#shop") == ["shelf"])
    assert len(page.all("#talks .talk-lines li")) == 1
    page.send("a mug")
    assert page.text("#chat .card-title")[0] != "Desk lamp"


def test_a_catalogue_that_cannot_be_entered_says_why(page, address, visit):
    enter(page, "Meine-Becher")
    page.until(lambda: "other encoders" in "".join(page.text("#catalogue [role=alert]")))
    assert page.text("#shop") == ["shelf"]
    page.driver.get(f"{address}?catalogue=none")
    page.until(lambda: "other encoders" in "".join(page.text("#hint")))
    assert page.run("location.search") == ""
    assert page.text("#shop") == ["shelf"]
    page.send("a mug")
    assert page.text("#chat .card-title")
