"""Who cannot see or hold a mouse: axe-core finds nothing on the page, in any of its states."""

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

pytestmark = pytest.mark.browser

SIZES = {"desktop": (1280, 900), "phone": (320, 640)}


def show_kept(page):
    for button in page.all("#chat .card-feel button[name=keep]")[:2]:
        if button.get_attribute("aria-pressed") != "true":
            button.click()
    page.until(lambda: page.text("#kept-open .count") == [" (2)"])
    page.click("#kept-open")


def panel(name):
    def show(page):
        page.run(
            "document.querySelectorAll('[data-open]').forEach(p => p.removeAttribute('data-open'))"
        )
        page.click(f"#{name}-open")

    return show


STATES = {
    "empty": lambda page: None,
    "answered": lambda page: page.send("a mug under 30"),
    "nothing": lambda page: page.send("a mug under 1"),
    "again": lambda page: page.send("a mug under 30"),
    "kept": show_kept,
    "memory": panel("memory"),
    "talks": panel("talks"),
}


@pytest.fixture(
    params=[(size, theme) for size in SIZES for theme in ("light", "dark")], ids=" ".join
)
def seen(request, page):
    size, theme = request.param
    width, height = SIZES[size]
    screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == "phone"}
    page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    scheme = [{"name": "prefers-color-scheme", "value": theme}]
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": scheme})
    page.driver.refresh()
    page.until(lambda: page.all("#box textarea") and page.all("#chat .example"))
    yield page
    page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_axe_finds_nothing_in_any_state(seen):
    for state, show in STATES.items():
        show(seen)
        assert seen.faults_of_access() == [], state


def test_axe_is_awake(page):
    page.run("document.querySelector('#box textarea').removeAttribute('aria-label')")
    page.run("document.querySelector('#box textarea').removeAttribute('placeholder')")
    page.run("document.body.append(Object.assign(new Image(), {src: 'favicon.ico'}))")
    assert "image-alt" in [name for name, _ in page.faults_of_access()]


def test_the_newest_answer_is_two_steps_back_from_the_box(page):
    page.send("a mug")
    page.send("a scarf")
    for _ in range(2):
        back = ActionChains(page.driver).key_down(Keys.SHIFT).send_keys(Keys.TAB)
        back.key_up(Keys.SHIFT).perform()
    assert page.run("document.activeElement.id") == "to-answer"
    assert page.faults_of_access() == []
    ActionChains(page.driver).send_keys(Keys.ENTER).perform()
    card = "document.activeElement.closest('.card')"
    assert page.run(f"{card}.querySelector('.card-number').innerText") == "1"
    newest = "[...document.querySelectorAll('#chat .user-row')].at(-1)"
    follows = "Node.DOCUMENT_POSITION_FOLLOWING"
    assert page.run(f"{newest}.compareDocumentPosition(document.activeElement) & {follows}")
