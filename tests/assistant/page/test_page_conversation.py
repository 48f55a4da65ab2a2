"""Conversations on the page in a real Chromium: texts stay text, and what stops or breaks goes on."""

import html

import pytest
from selenium.webdriver.common.keys import Keys

from tests.builders import ATTACK, FORMATTED

pytestmark = pytest.mark.browser


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


def test_a_fault_of_ours_is_said_and_the_conversation_goes_on(page, held, caplog):
    held.breaks = True
    try:
        page.send("a mug")
        page.until(lambda: "Something went wrong" in "".join(page.text("#chat .trouble")))
    finally:
        held.breaks = False
    assert "ZeroDivisionError" in caplog.text  # "the terminal says what"
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


def test_two_windows_share_nothing(page, keeper, chromium, visit):
    page.send("a mug")
    chromium.switch_to.new_window("tab")
    try:
        other = visit(page.address)
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
    buttons = page.all("#chat .card")[at].find_elements("css selector", ".card-feel button")
    _, like, dislike = buttons
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
    assert page.run("document.cookie + Object.keys(localStorage)").find("magpie-user") < 0
    (cookie,) = page.driver.get_cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == ("magpie", True, "Strict")
    page.click("#memory [data-act=remove]")
    page.until(lambda: page.text("#memory .memory-lines")[0] == "")
    assert "Nothing yet" not in page.text("#memory")[0]  # there is a dislike
    page.driver.refresh()  # the browser keeps who it is
    page.until(lambda: page.all("#chat .card"))
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


def test_what_is_kept_is_listed_compared_and_saved(page):
    page.send("a mug")
    for at in (0, 1):
        page.all("#chat .card-feel button[name=keep]")[at].click()
        page.until(lambda at=at: page.text("#kept-open .count") == [f" ({at + 1})"])
    titles = page.text("#chat .card-title")[:2]
    keeps = page.all("#chat .card-feel button[name=keep]")
    assert [one.get_attribute("aria-pressed") for one in keeps[:3]] == ["true", "true", "false"]
    page.driver.refresh()
    page.until(lambda: page.text("#kept-open .count") == [" (2)"])
    page.click("#kept-open")
    assert page.text("#kept .kept-lines span[dir]") == titles
    assert page.text("#kept thead th") == titles
    saved = page.run("fetch(document.querySelector('#kept a').href).then(r => r.text())")
    assert all(title in html.unescape(saved) for title in titles)
    page.click("#kept [data-act='let go']")
    page.until(lambda: page.text("#kept .kept-lines span[dir]") == titles[1:])
    assert not page.all("#kept .comparison")
    page.all("body")[0].send_keys(Keys.ESCAPE)
    page.until(lambda: page.run("document.activeElement.id") == "kept-open")
