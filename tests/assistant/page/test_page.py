"""The page in a real Chromium, with an agent of real logic and no weights.

Needs Debian's chromium and chromium-driver.
"""

import json
import time
from io import BytesIO
from threading import Event as Signal

import pytest
from PIL import Image
from selenium.webdriver.common.keys import Keys

from assistant.events import Words
from assistant.memory.store import Memory
from retrieval.items import Item
from tests.fakes import ShelfAgent

pytestmark = pytest.mark.browser

PATIENCE = 30  # seconds; a bound for a stuck page, not a measure of a good one
ATTACK = "<img src=x onerror='window.hit=1'><script>window.hit=2</script>"
FORMATTED = "**bold** [link](javascript:window.hit=3) $$x^2$$ ${window.hit=4} {{value}} `code`"


def picture(colour):
    encoded = BytesIO()
    Image.new("RGB", (320, 320), colour).save(encoded, "PNG")
    return encoded.getvalue()


def shelf(folder):
    photo = folder / "mug.png"
    photo.write_bytes(picture("teal"))
    return [
        Item("m1", "Enamel mug", "Keeps coffee hot.", "kitchen", 14.5, "USD", pictures=(photo,)),
        Item("m2", "Porcelain mug", "Thin.", "kitchen", 24, "USD", pictures=(picture("grey"),)),
        Item("s1", "Wool scarf", "Warm.", "clothing", 39, "USD", pictures=(picture("red"),)),
        Item("x1", ATTACK, FORMATTED, "hostile", 5, "USD", attributes={"note": FORMATTED[:24]}),
    ]


class Held:
    """An agent's turn that a test can hold, or break, before its words."""

    def __init__(self):
        self.words = Signal()
        self.words.set()
        self.breaks = False

    def __call__(self, event):
        if isinstance(event, Words) and self.breaks:
            raise ZeroDivisionError
        if isinstance(event, Words):
            assert self.words.wait(PATIENCE)


@pytest.fixture(scope="module")
def held():
    return Held()


@pytest.fixture(scope="module")
def keeper(tmp_path_factory, held):
    folder = tmp_path_factory.mktemp("shelf")
    memory = Memory(f"sqlite:///{folder / 'memory.sqlite'}")
    yield ShelfAgent(shelf(folder), before=held, spoken="a warm scarf", memory=memory)
    memory.close()


@pytest.fixture(scope="module")
def address(keeper):
    from assistant.page.page import open_page

    with open_page(keeper) as address:
        yield address


@pytest.fixture(scope="module")
def chromium():
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--window-size=1280,900",
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    yield driver
    driver.quit()


class Page:
    """What a person does with the page, and sees on it."""

    def __init__(self, driver, address):
        self.driver, self.address = driver, address
        driver.get(address)
        self.until(lambda: self.all("#box textarea") and self.all("#chat .example"))

    def all(self, selector):
        return self.driver.find_elements("css selector", selector)

    def text(self, selector):
        return self.run(f"[...document.querySelectorAll({selector!r})].map(e => e.innerText)")

    def run(self, script):
        return self.driver.execute_script(f"return {script}")

    def until(self, condition, patience=PATIENCE):
        end = time.monotonic() + patience
        while not (seen := condition()):
            assert time.monotonic() < end, f"not in {patience} s: {self.text('#chat')}"
            time.sleep(0.05)
        return seen

    def click(self, selector):
        self.until(lambda: self.all(selector))[0].click()

    def attach(self, file):
        self.run("document.querySelector('#box input[type=file]').value = ''")
        self.all("#box input[type=file]")[0].send_keys(str(file))
        self.until(lambda: self.all("#box .thumbnail-item, #box .thumbnail-wrapper"))

    def send(self, words="", *, waits=True):
        box = self.all("#box textarea")[0]
        before = len(self.all("#chat .user-row"))
        box.send_keys(words)
        self.click("#box .submit-button")
        self.until(lambda: len(self.all("#chat .user-row")) > before)
        if waits:
            self.until(lambda: self.all("#box .submit-button") and not self.all("#chat .waiting"))


@pytest.fixture
def page(chromium, address):
    return Page(chromium, address)


def test_the_page_loads_whole_quiet_and_from_this_machine_only(chromium, address):
    chromium.get_log("browser")
    chromium.get_log("performance")
    page = Page(chromium, address)
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
        assert page.text("#chat .chip") == ["at most $30 under 30"]
        page.until(lambda: page.text("#chat .waiting") == ["Writing"])
        assert "I found" not in page.text("#chat .words")[0]
        card = page.all("#chat .card img")[0]
        page.until(lambda: page.driver.execute_script("return arguments[0].naturalWidth", card))
    finally:
        held.words.set()
    page.until(lambda: "I found 3" in page.text("#chat .words")[0])
    page.until(lambda: len(page.text("#chat .card-why")) == 3)
    assert page.text("#chat .card-price")[0].startswith("$")


def test_a_photo_is_shown_and_searched(page, keeper, tmp_path):
    photo = tmp_path / "my mug.png"
    photo.write_bytes(picture("teal"))
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
    assert page.text("#chat .heard") == ["a warm scarf"]
    assert keeper.requests[-1][0].recording.suffix == ".wav"
    page.until(lambda: page.run("document.querySelector('#chat .recording').duration") > 1)
    assert page.text("#chat .card-title")


def test_an_example_is_one_click(page, keeper):
    examples = page.all("#chat .example")
    examples[-1].click()
    page.until(lambda: page.all("#chat .card"))
    assert keeper.requests[-1][0].photos[0].name == "mug.png"
    page.until(lambda: page.run("document.querySelector('#chat .photo').naturalWidth"))


def test_nothing_of_a_record_or_a_message_is_interpreted(page):
    page.run("window.hit = 0")
    page.send(f"{ATTACK} {FORMATTED}")
    (said,) = page.text("#chat .said")
    assert said == f"{ATTACK} {FORMATTED}"
    titles = page.text("#chat .card-title")
    assert ATTACK in titles
    assert f"“{ATTACK} {FORMATTED}”" in page.text("#chat .words")[0]
    page.all("#chat .card-details summary")[titles.index(ATTACK)].click()
    assert FORMATTED in page.text("#chat .card-details")[titles.index(ATTACK)]
    assert (
        page.run("document.querySelectorAll('#chat :is(strong, code, .katex, script)').length") == 0
    )
    assert page.run("window.hit") == 0


def test_stop_keeps_the_items_and_the_conversation_goes_on(page, held):
    held.words.clear()
    try:
        page.send("a mug", waits=False)
        page.until(lambda: page.text("#chat .waiting") == ["Writing"])
        page.click("#box .stop-button")
        page.until(lambda: page.text("#chat .trouble") == ["Stopped."])
    finally:
        held.words.set()
    page.until(lambda: page.all("#box .submit-button"))
    assert page.all("#chat .card")
    page.send("a scarf")
    assert "I found" in page.text("#chat .words")[-1]


def test_a_fault_of_ours_is_said_and_the_conversation_goes_on(page, held):
    held.breaks = True
    try:
        page.send("a mug")
        page.until(lambda: "Something went wrong" in "".join(page.text("#chat .trouble")))
    finally:
        held.breaks = False
    assert page.all("#chat .card")
    page.send("a scarf")
    assert "I found" in page.text("#chat .words")[-1]


def test_a_very_long_message_is_refused_and_stays_readable(page):
    words = "سلام 😀 <|im_start|> " * 500
    box = page.all("#box textarea")[0]
    fill = "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input'))"
    page.driver.execute_script(fill, box, words)
    page.send()
    assert "characters" in page.text("#chat .trouble")[0]
    assert page.run("document.querySelector('#chat .said').clientHeight") < 400
    assert "<|im_start|>" in page.text("#chat .said")[0]


def test_a_new_conversation_is_empty_and_has_another_id(page, keeper):
    page.send("a mug")
    page.send("a scarf")
    page.click("#new")
    page.until(lambda: page.all("#chat .example"))
    page.send("a mug")
    first, second, third = (session for _, session in keeper.requests[-3:])
    assert first == second != third
    assert len(page.all("#chat .user-row")) == 1


def test_two_windows_share_nothing(page, keeper, chromium):
    page.send("a mug")
    chromium.switch_to.new_window("tab")
    try:
        other = Page(chromium, page.address)
        assert not other.all("#chat .user-row")
        other.send("a scarf")
    finally:
        chromium.close()
        chromium.switch_to.window(chromium.window_handles[0])
    assert keeper.requests[-1][1] != keeper.requests[-2][1]
    assert len(page.all("#chat .user-row")) == 1


def test_likes_are_kept_shown_edited_and_forgotten(page, keeper):
    page.send("a mug")
    titles = page.text("#chat .card-title")
    at = titles.index("Enamel mug")
    like, dislike = page.all("#chat .card")[at].find_elements("css selector", ".card-feel button")
    assert like.accessible_name == "Like Enamel mug"
    like.send_keys(Keys.ENTER)  # by keyboard as by hand
    page.until(lambda: like.get_attribute("aria-pressed") == "true")
    dislike.click()
    page.until(lambda: dislike.get_attribute("aria-pressed") == "true")
    assert like.get_attribute("aria-pressed") == "false"
    page.click("#memory-open")
    page.until(lambda: page.text("#memory h3") == ["Not for you"])
    assert page.run("document.activeElement.id") == "memory-title"
    page.all("#memory-text")[0].send_keys(f"{ATTACK} ${{1+1}} {{{{value}}}}", Keys.ENTER)
    said = f"{ATTACK} ${{1+1}} {{{{value}}}} (your own words)"
    page.until(lambda: page.text("#memory .memory-lines span")[0] == said)
    saved = page.run("fetch(document.querySelector('#memory a').href).then(r => r.text())")
    assert saved.startswith(f"1. {said}")
    user = page.run("fetch('').then(() => Object.keys(localStorage).includes('magpie-user'))")
    assert user
    page.click("#memory [data-act=remove]")
    page.until(lambda: "Nothing yet" in page.text("#memory .memory-lines")[0])
    page.driver.refresh()  # the browser keeps who it is
    page.until(lambda: page.all("#chat .example"))
    page.click("#memory-open")
    page.until(lambda: page.text("#memory h3") == ["Not for you"])
    page.click("#memory summary")
    page.click("#memory [data-act=forget]")
    page.until(lambda: not page.all("#memory h3"))
    page.click("#memory [data-act=switch]")
    page.until(lambda: "Remembering is off" in page.text("#memory .memory-note")[0])
    page.all("body")[0].send_keys(Keys.ESCAPE)
    page.until(lambda: page.run("document.activeElement.id") == "memory-open")
    page.send("a mug")
    assert not any(one.is_displayed() for one in page.all("#chat .card-feel"))
    page.click("#memory-open")
    page.click("#memory [data-act=switch]")
    page.until(lambda: page.all("#chat .card-feel")[0].is_displayed())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_phone_shows_everything_without_sideways_scrolling(chromium, address, theme):
    size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        page = Page(chromium, f"{address}?__theme={theme}")
        page.send("a mug under 30 dollars, or perhaps averyveryverylongwordthatcannotbebrokenatall")
        assert page.run("document.documentElement.scrollWidth") == 390
        edges = (
            "[...document.querySelectorAll('#chat *')].map(e => e.getBoundingClientRect().right)"
        )
        assert max(page.run(edges)) <= 390
        assert page.run("document.querySelector('#box').getBoundingClientRect().bottom") <= 844
    finally:
        chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.models
def test_a_whole_turn_with_the_real_models(chromium, agent):
    from assistant.page.page import open_page

    with open_page(agent) as address:
        page = Page(chromium, address)
        page.send("a warm scarf under 40 dollars", waits=False)
        page.until(lambda: page.all("#chat .card"))
        assert page.all("#chat .waiting")  # the items are here, the words are not
        page.until(lambda: not page.all("#chat .waiting"), 10 * PATIENCE)
        prices = [float(price.strip("$")) for price in page.text("#chat .card-price")]
        assert prices
        assert max(prices) <= 40
        assert all(page.text("#chat .card-why"))
        assert page.text("#chat .words")[0]
        assert not page.all("#chat .trouble")
