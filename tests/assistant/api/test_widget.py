"""The widget in a real browser: one script tag in a shop's page on another origin, and the docs."""

import http.server
import threading
import time
from functools import partial

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from retrieval.items import Item
from tests.api_server import SOLD, doors_agent, served
from tests.builders import ATTACK, FORMATTED, PAINTS, png

pytestmark = pytest.mark.browser
PATIENCE = 30
PAINTED = "return [...document.images].every(one => one.naturalWidth > 0)"
SHOP = '<!doctype html><title>Shop</title><link rel=icon href=data:,><p>A shop.</p><script src="{}/widget.js" defer></script>'
HOSTILE = Item("x1", ATTACK, FORMATTED, "Cups", 5.0, "USD", pictures=(png(PAINTS["red"], (9, 9)),))


@pytest.fixture(scope="module")
def chromium():
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--window-size=1280,900",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options, Service("/usr/bin/chromedriver"))
    yield driver
    driver.quit()


@pytest.fixture
def shop_page(tmp_path):
    """Serve a page of a shop on a port, and yield its origin and its file."""
    handler = partial(_Quiet, directory=str(tmp_path))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", tmp_path / "index.html"
    server.shutdown()
    thread.join()
    server.server_close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def until(see):
    end = time.monotonic() + PATIENCE
    while not (seen := see()):
        assert time.monotonic() < end, see
        time.sleep(0.05)
    return seen


def all_of(driver, css):
    return driver.find_elements(By.CSS_SELECTOR, css)


def answered(driver, count):
    """Return the ids of the cards of the latest answer, when there are so many answers."""
    until(lambda: len(all_of(driver, "li.answered .cards")) == count)
    latest = all_of(driver, "li.answered")[-1].find_elements(By.CSS_SELECTOR, ".card")
    return [one.get_attribute("data-id") for one in latest]


def faults(driver):
    return [one["message"] for one in driver.get_log("browser") if one["level"] == "SEVERE"]


def test_a_shop_page_of_another_origin_holds_a_conversation_with_a_photo(
    chromium, shop_page, tmp_path
):
    origin, file = shop_page
    agent = doors_agent(tmp_path, items=(*SOLD, HOSTILE))
    photo = tmp_path / "cup.png"
    photo.write_bytes(png(PAINTS["green"], (20, 20)))
    with served(agent, tmp_path, origins=(origin,)) as address:
        file.write_text(SHOP.format(address))
        chromium.get(f"{origin}/index.html")
        chromium.find_element(By.ID, "magpie-open").click()
        chromium.switch_to.frame("magpie-frame")
        box = until(lambda: all_of(chromium, "#words"))[0]
        chromium.find_element(By.ID, "photo").send_keys(str(photo))
        box.send_keys("cups like this", Keys.ENTER)
        shown = answered(chromium, 1)
        assert shown[0] == "c-green"
        assert "x1" in shown
        until(lambda: chromium.execute_script(PAINTED))
        assert ATTACK in chromium.find_element(By.TAG_NAME, "body").text  # as text
        assert chromium.execute_script("return window.hit || document.scripts.length") == 1
        box.send_keys("a scarf under 40 dollars", Keys.ENTER)
        assert set(answered(chromium, 2)) == {"s1", "s2"}
        box.send_keys("over 30 dollars", Keys.ENTER)
        assert answered(chromium, 3) == ["s1"]
        assert faults(chromium) == []
    agent.memory.close()


def test_a_page_that_is_not_named_cannot_frame_it(chromium, shop_page, tmp_path):
    origin, file = shop_page
    agent = doors_agent(tmp_path)
    with served(agent, tmp_path) as address:
        file.write_text(SHOP.format(address))
        chromium.get(f"{origin}/index.html")
        chromium.find_element(By.ID, "magpie-open").click()
        until(lambda: any("frame-ancestors" in one or "frame" in one for one in faults(chromium)))
        chromium.switch_to.frame("magpie-frame")
        assert all_of(chromium, "#words") == []
    agent.memory.close()


def test_the_example_and_the_docs_work_without_any_other_server(chromium, tmp_path):
    agent = doors_agent(tmp_path)
    with served(agent, tmp_path) as address:
        chromium.get(f"{address}/example")
        until(lambda: all_of(chromium, "#magpie-open"))[0].click()
        chromium.switch_to.frame("magpie-frame")
        until(lambda: all_of(chromium, "#words"))
        chromium.switch_to.default_content()
        chromium.get(f"{address}/docs")
        box = until(
            lambda: [o for o in all_of(chromium, "details") if "/catalog/search" in o.text]
        )[0]
        box.find_element(By.TAG_NAME, "summary").click()
        assert "a warm scarf under $40" in box.find_element(By.TAG_NAME, "textarea").get_property(
            "value"
        )
        box.find_element(By.TAG_NAME, "button").click()
        until(lambda: '"Fjord Ribbed Scarf"' in box.find_element(By.TAG_NAME, "pre").text)
        assert faults(chromium) == []
    agent.memory.close()
