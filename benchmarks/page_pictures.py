"""Take the pictures of docs/page in a real Chromium, and measure how far the layout shifts.

    python -m benchmarks.page_pictures [--into docs/page]

Each scene is a screen, a theme, and what a person does; the page, the demo and the encoders are
real, no language model takes part. Printed is each scene's layout shift while the page loads and
while it answers, without what follows a person's own press (web.dev/cls): .1 is called good, our
aim for an answer is .02; and the shorter side of the smallest thing on the page that is pressed, of
which WCAG 2.2 asks 24 pixels.
"""

import argparse
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.keys import Keys

from assistant.adding import CatalogueAdder
from assistant.build import build_agent
from assistant.page.page import PageServices, open_page
from assistant.settings import load_settings

_PATIENCE = 60.0  # seconds
_REST = 1.5  # seconds in which pictures come and animations end
_SHIFTS = """
window.shifted = 0;
new PerformanceObserver(list => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifted += one.value;
}).observe({type: "layout-shift", buffered: true});
"""
_SMALLEST = """
return Math.min(...[...document.querySelectorAll("button, a[href], select, input, summary")]
  .filter(one => one.checkVisibility({visibilityProperty: true}))
  .map(one => one.getBoundingClientRect())
  .filter(at => at.width > 1 && at.height > 1)
  .map(at => Math.min(at.width, at.height)));
"""
_BUSY = "#chat .waiting, #chat .queued, #box .stop-button"
_WANTED = "a blue mug for the office under 30"


@dataclass(frozen=True)
class Visitor:
    """Somebody at the page."""

    driver: webdriver.Chrome

    def until(self, true: Callable[[], object]) -> None:
        """Wait for something to be seen."""
        end = time.monotonic() + _PATIENCE
        while not true():
            if time.monotonic() > end:
                raise TimeoutError("the page does not come to rest")
            time.sleep(0.05)

    def all(self, selector: str) -> list[Any]:
        """Return what a selector finds."""
        return self.driver.find_elements("css selector", selector)

    def say(self, words: str) -> None:
        """Send a message, and wait for the whole answer."""
        before = len(self.all("#chat .user-row"))
        self.all("#box textarea")[0].send_keys(words, Keys.ENTER)
        self.until(lambda: len(self.all("#chat .user-row")) > before and not self.all(_BUSY))

    def press(self, selector: str, place: int = 0) -> None:
        """Press the n-th thing that a selector finds."""
        self.until(lambda: len(self.all(selector)) > place)
        self.all(selector)[place].click()


def _answered(page: Visitor) -> None:
    page.say(_WANTED)


def _why(page: Visitor) -> None:
    page.say(_WANTED)
    page.press("#chat .why-this summary")


def _compared(page: Visitor) -> None:
    page.say(_WANTED)
    page.say("compare the first two")


def _kept(page: Visitor) -> None:
    page.say(_WANTED)
    page.press("#chat .card-feel button[name=keep]", 0)
    page.until(lambda: len(page.all("#kept .kept-lines li")) == 1)
    page.press("#chat .card-feel button[name=keep]", 1)
    page.until(lambda: len(page.all("#kept .kept-lines li")) == 2)
    page.press("#kept-open")


def _catalogue(page: Visitor) -> None:
    page.press("#catalogue-open")
    page.until(lambda: page.all("#catalogue circle"))
    page.press("#catalogue summary")


_SCENES: dict[str, tuple[int, int, str, Callable[[Visitor], None]]] = {
    "empty": (1280, 900, "light", lambda page: None),
    "answer": (1280, 900, "light", _answered),
    "dark": (1280, 900, "dark", _answered),
    "phone": (390, 800, "light", _answered),
    "why": (1280, 900, "light", _why),
    "compare": (1280, 900, "light", _compared),
    "shortlist": (1280, 900, "light", _kept),
    "catalogue": (1280, 900, "light", _catalogue),
    "catalogue-phone": (390, 800, "light", _catalogue),
}


def _opened() -> webdriver.Chrome:
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    return webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))


def _take(
    driver: webdriver.Chrome, address: str, scene: str, into: Path
) -> tuple[float, float, float]:
    """Play a scene and take its picture.

    Returns:
        Its layout shift while it loads and while it is played, and its smallest target in pixels.
    """
    width, height, theme, play = _SCENES[scene]
    screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    scheme = [{"name": "prefers-color-scheme", "value": theme}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": scheme})
    driver.delete_all_cookies()
    driver.get(address)
    page = Visitor(driver)
    page.until(lambda: page.all("#box textarea") and page.all("#chat .example"))
    driver.execute_script(_SHIFTS)
    time.sleep(_REST)
    loading = float(driver.execute_script("const was = shifted; shifted = 0; return was"))
    play(page)
    time.sleep(_REST)
    driver.save_screenshot(str(into / f"{scene}.png"))
    shifted = float(driver.execute_script("return window.shifted"))
    return loading, shifted, float(driver.execute_script(_SMALLEST))


def main() -> None:
    """Take all pictures, and print the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--into", type=Path, default=Path("docs/page"))
    asked = options.parse_args()
    asked.into.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        settings = load_settings(
            catalogue="demo", language_model="none", database_url=f"sqlite:///{folder}/talks.sqlite"
        )
        agent = build_agent(settings, lambda step: None)
        own = settings.model_copy(update={"home": Path(folder)})
        own.indexes_folder.mkdir()
        place = own.indexes_folder / settings.catalogue
        place.symlink_to(settings.indexes_folder / settings.catalogue)
        adder = CatalogueAdder(own, lambda: nullcontext(agent))
        services = PageServices(adding=adder)
        with open_page(agent, own.home, services=services) as address:
            driver = _opened()
            for scene in _SCENES:
                loading, played, smallest = _take(driver, address, scene, asked.into)
                shift = f"layout shift {loading:.3f} + {played:.3f}"
                print(f"{scene:16} {shift}, smallest target {smallest:.0f} px", flush=True)
            driver.quit()
        agent.memory.close()
        agent.index.close()


if __name__ == "__main__":
    main()
