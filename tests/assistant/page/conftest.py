"""A real Chromium, and the page of an agent of real logic and no weights."""

import time
from threading import Event as Signal

import pytest
from axe_core_python.selenium import Axe

from assistant.events import Words
from assistant.memory.store import Memory
from retrieval.items import Item
from tests.builders import ATTACK, FORMATTED, png
from tests.fakes import ShelfAgent

PATIENCE = 30  # seconds; a bound for a stuck page, not a measure of a good one
SIZE = (320, 320)
THREE = tuple(png(colour, SIZE) for colour in ("grey", "white", "navy"))


def _shelf(folder):
    photo = folder / "mug.png"
    photo.write_bytes(png("teal", SIZE))
    return [
        Item("m1", "Enamel mug", "Keeps coffee hot.", "kitchen", 14.5, "USD", pictures=(photo,)),
        Item("m2", "Porcelain mug", "Thin.", "kitchen", 24, "USD", pictures=THREE),
        Item("s1", "Wool scarf", "Warm.", "clothing", 39, "USD", pictures=(png("red", SIZE),)),
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


@pytest.fixture
def memory(tmp_path):
    memory = Memory(f"sqlite:///{tmp_path / 'memory.sqlite'}")
    yield memory
    memory.close()


@pytest.fixture(scope="module")
def held():
    return Held()


@pytest.fixture(scope="module")
def keeper(tmp_path_factory, held):
    folder = tmp_path_factory.mktemp("shelf")
    memory = Memory(f"sqlite:///{folder / 'memory.sqlite'}")
    yield ShelfAgent(_shelf(folder), before=held, spoken="a warm scarf", memory=memory)
    memory.close()


@pytest.fixture(scope="module")
def address(keeper, tmp_path_factory):
    from assistant.page.page import open_page

    with open_page(keeper, tmp_path_factory.mktemp("home")) as address:
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
            self.until(lambda: not self.all("#chat .waiting, #chat .queued, #box .stop-button"))

    def faults_of_access(self):
        """Return what axe-core finds once nothing moves any more."""
        moves = "document.getAnimations().some(one => one.playState === 'running')"
        self.until(lambda: not self.run(moves))
        found = Axe().run(self.driver)["violations"]
        return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]


@pytest.fixture
def visit(chromium):
    """Return what opens an address and hands back the page there."""
    return lambda address: Page(chromium, address)


@pytest.fixture
def page(visit, address):
    return visit(address)
