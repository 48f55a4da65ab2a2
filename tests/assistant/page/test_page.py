"""The page in a real Chromium, with an agent of real logic and no weights.

Needs Debian's chromium and chromium-driver.
"""

import json

import pytest
from selenium.webdriver.common.keys import Keys

from tests.builders import png

pytestmark = pytest.mark.browser


def test_the_page_loads_whole_quiet_and_from_this_machine_only(chromium, visit, address):
    chromium.get_log("browser")
    chromium.get_log("performance")
    page = visit(address)
    page.send("a mug")
    assert page.driver.title == "Magpie"
    assert page.text("h1") == ["Magpie"]
    assert [one for one in chromium.get_log("browser") if one["level"] == "SEVERE"] == []
    asked = [
        message["params"]["request"]["url"]
        for entry in chromium.get_log("performance")
        if (message := json.loads(entry["message"])["message"])["method"]
        == "Network.requestWillBeSent"
    ]
    local = (address, "data:", "blob:", "chrome:", address.replace("http", "ws"))
    assert asked
    assert [url for url in asked if not url.startswith(local)] == []


def test_items_are_on_screen_before_the_words(page, held):
    held.words.clear()
    try:
        page.send("a mug under 30", waits=False)
        page.until(lambda: len(page.all("#chat .card")) == 3)
        assert page.text("#chat .chip") == [
            "at most $30 under 30"
        ]  # not to be removed before it is over
        page.until(lambda: page.text("#chat .waiting") == ["Writing"])
        assert "I found" not in page.text("#chat .words")[0]
        card = page.all("#chat .card img")[0]
        page.until(lambda: page.driver.execute_script("return arguments[0].naturalWidth", card))
    finally:
        held.words.set()
    page.until(lambda: "I found 3" in page.text("#chat .words")[0])
    page.until(lambda: len(page.text("#chat .card-why")) == 3)
    assert page.text("#chat .card-price")[0].startswith("$")


def test_a_limit_is_taken_back_by_its_chip(page, keeper):
    page.send("a mug under 20")
    assert page.text("#chat .chips button")
    page.click("#chat .chips button")
    page.until(lambda: page.text("#chat .said")[1:] == ["Without “at most $20”"])
    page.until(lambda: not page.all("#chat .waiting"))
    [limit] = keeper.requests[-1][0].given_up
    assert (limit.field, limit.value) == ("price", 20.0)
    assert not page.all("#chat .user-row:first-child ~ .bot-row .chips button")


def test_a_limit_is_set_anew_in_its_chip_and_that_is_undone(page, keeper):
    page.send("a mug under 20")
    page.click("#chat .chip button[value^=limit]")
    assert page.run("document.activeElement.ariaLabel") == "New limit"
    page.all("#chat .chip .limit")[0].send_keys("5", Keys.ESCAPE)
    assert page.run("document.activeElement.value") == "limit:0:20"  # as it was
    page.click("#chat .chip button[value^=limit]")
    page.all("#chat .chip .limit")[0].send_keys("30", Keys.ENTER)
    page.until(lambda: page.text("#chat .said")[1:] == ["at most $30"])
    page.until(lambda: page.all("#chat button[value=undo]"))
    [limit] = keeper.requests[-1][0].set_instead
    assert (limit.field, limit.value) == ("price", 30.0)
    page.click("#chat button[value=undo]")
    page.until(lambda: page.text("#chat .said") == ["a mug under 20"])
    assert page.all("#chat .chip button[value='limit:0:20']")


def test_photo_and_words_are_weighed_by_a_slider(page, keeper, tmp_path):
    photo = tmp_path / "my mug.png"
    photo.write_bytes(png("teal", (320, 320)))
    page.attach(photo)
    page.send("mug like this")
    page.until(lambda: page.all("#chat .balance input"))
    slider = page.all("#chat .balance input")[0]
    assert slider.get_attribute("value") == "50"
    slider.send_keys(Keys.ARROW_RIGHT)
    page.until(lambda: keeper.requests[-1][0].balance == 0.6)
    page.until(lambda: page.run("document.querySelector('#chat .balance input')?.value") == "60")
    assert page.text("#chat .said") == ["mug like this"]  # the same message, weighed anew
    page.send("a mug")
    assert not page.all("#chat .balance")


def test_a_photo_is_shown_and_searched(page, keeper, tmp_path):
    photo = tmp_path / "my mug.png"
    photo.write_bytes(png("teal", (320, 320)))
    page.attach(photo)
    page.send("mug like this")
    assert page.run("document.querySelector('#chat .photo').naturalWidth") == 320
    assert [one.suffix for one in keeper.requests[-1][0].photos] == [".png"]
    assert page.all("#chat .card")


def test_a_bad_photo_gives_a_friendly_line_and_the_next_message_works(page, tmp_path):
    bad = tmp_path / "holiday.jpg"
    bad.write_text("not a picture")
    page.attach(bad)
    page.send("like this")
    (line,) = page.text("#chat .trouble")
    assert line.startswith("Sorry, that did not work — holiday.jpg is not a picture")
    page.send("a scarf")
    assert "Wool scarf" in page.text("#chat .card-title")


def test_the_microphone_records_and_the_transcript_is_shown(page, keeper):
    page.click("#box .microphone-button")
    page.click("#box .device-selection-wrapper button")
    page.until(lambda: page.text("#box .timestamp") == ["0:01"])
    page.click("#box .minimal-audio-recorder .stop-button")
    page.click("#box .confirm-button")
    page.until(lambda: page.all("#box .submit-button"))
    page.send()
    assert page.text("#chat .heard") == ["I heard: “a warm scarf”"]
    assert keeper.requests[-1][0].recording.suffix == ".wav"
    page.until(lambda: page.run("document.querySelector('#chat .recording').duration") > 1)
    assert page.text("#chat .card-title")


def test_an_example_is_one_click(page, keeper):
    examples = page.all("#chat .example")
    examples[-1].click()
    page.until(lambda: page.all("#chat .card"))
    assert keeper.requests[-1][0].photos[0].name == "mug.png"
    page.until(lambda: page.run("document.querySelector('#chat .photo').naturalWidth"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_phone_shows_everything_without_sideways_scrolling(chromium, visit, address, theme):
    size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        page = visit(f"{address}?__theme={theme}")
        page.send("a mug under 30 dollars, or perhaps averyveryverylongwordthatcannotbebrokenatall")
        assert page.run("document.documentElement.scrollWidth") == 390
        edges = (
            "[...document.querySelectorAll('#chat *')].map(e => e.getBoundingClientRect().right)"
        )
        assert max(page.run(edges)) <= 390
        assert page.run("document.querySelector('#box').getBoundingClientRect().bottom") <= 844
    finally:
        chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
