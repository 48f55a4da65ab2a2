"""An item's pictures, large, in a real Chromium: by keyboard alone, and the focus comes back."""

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

pytestmark = pytest.mark.browser


def press(page, key):
    ActionChains(page.driver).send_keys(key).perform()


def picture_of(page, title):
    unseen = f"//button[@name='pictures'][img[@alt='{title}']]"
    return page.driver.find_element("xpath", unseen)


def place(page):
    return page.text("#gallery .place")[0]


def test_pictures_are_leafed_through_by_keyboard_and_escape_gives_the_focus_back(page):
    page.send("a mug")
    button = picture_of(page, "Porcelain mug")
    assert button.text.split() == ["3", "Show", "3", "pictures"]
    button.send_keys(Keys.ENTER)
    assert page.run("document.activeElement.name") == "close"
    assert place(page) == "1 / 3"
    press(page, Keys.ARROW_LEFT)
    assert place(page) == "3 / 3"
    loaded = "document.querySelector('#gallery img').naturalWidth"
    page.until(lambda: page.run(loaded) == 320)
    for _ in range(12):  # the focus stays inside
        press(page, Keys.TAB)
        inside = (
            "document.activeElement === document.body || document.activeElement.closest('#gallery')"
        )
        assert page.run(f"Boolean({inside})")
    assert page.faults_of_access() == []
    press(page, Keys.ESCAPE)
    assert page.run("document.activeElement.name") == "pictures"
    assert page.driver.switch_to.active_element == button


def test_one_picture_is_shown_nearer_without_steps(page):
    page.send("a mug")
    picture_of(page, "Enamel mug").click()
    assert not [one for one in page.all("#gallery [name=on]") if one.is_displayed()]
    page.click("#gallery [name=zoom]")
    stage = "document.querySelector('#gallery .stage')"
    page.until(lambda: page.run(f"{stage}.scrollHeight > {stage}.clientHeight"))
    page.click("#gallery [name=close]")
    assert not page.all("#gallery[open]")
