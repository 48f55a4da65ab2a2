"""What is kept of a conversation on the page, and what can be done with its messages."""

import pytest
from selenium.webdriver.common.keys import Keys

pytestmark = pytest.mark.browser


def test_a_conversation_is_there_after_a_reload_and_a_new_window_is_empty(page, visit):
    page.send("a mug under 30")
    before = page.text("#chat")
    page.driver.refresh()
    page.until(lambda: page.text("#chat") == before)
    page.send("a scarf")
    assert page.text("#chat .said") == ["a mug under 30", "a scarf"]
    assert not visit(page.address).all("#chat .user-row")


def test_a_reload_in_mid_answer_shows_the_rest_of_it(page, held):
    held.words.clear()
    try:
        page.send("a mug", waits=False)
        page.until(lambda: page.text("#chat .waiting") == ["Writing"])
        page.driver.refresh()
        page.until(lambda: page.all("#chat .card"))
        assert page.text("#chat .waiting") == ["Writing"]
    finally:
        held.words.set()
    page.until(lambda: "I found" in "".join(page.text("#chat .words")))
    page.until(lambda: not page.all("#box .stop-button"))


def test_a_message_sent_meanwhile_waits_and_is_answered(page, held):
    held.words.clear()
    try:
        page.send("a mug", waits=False)
        page.until(lambda: page.all("#box .stop-button"))
        box = page.all("#box textarea")[0]
        box.send_keys("a scarf", Keys.ENTER)
        page.until(lambda: page.all("#chat .queued"))
        assert page.text("#chat .said") == ["a mug", "a scarf"]
        page.until(lambda: page.all("#chat .card"))  # nothing is lost
        box.send_keys("a lamp", Keys.ENTER)
        page.until(lambda: len(page.all("#chat .queued")) == 2)
        page.all("#chat .queued button[value^=drop]")[-1].click()
        page.until(lambda: page.text("#chat .said") == ["a mug", "a scarf"])
    finally:
        held.words.set()
    page.until(lambda: len(page.text("#chat .words")) == 2 and not page.all("#chat .waiting"))
    assert "a scarf" in page.text("#chat .words")[1]
    assert not page.all("#chat .trouble")


def test_a_message_sent_meanwhile_can_be_answered_instead(page, held):
    held.words.clear()
    try:
        page.send("a mug", waits=False)
        page.until(lambda: page.all("#box .stop-button"))
        page.all("#box textarea")[0].send_keys("a scarf", Keys.ENTER)
        page.click("#chat .queued button[value=now]")
        page.until(lambda: page.text("#chat .trouble") == ["Stopped."])
    finally:
        held.words.set()
    page.until(lambda: not page.all("#chat .waiting, #chat .queued"))
    assert "a scarf" in page.text("#chat .words")[-1]


def test_the_last_message_can_be_edited_and_tried_again(page, keeper):
    page.send("a mug under 30")
    page.click("#chat .turn-buttons button[value=edit]")
    box = page.all("#box textarea")[0]
    page.until(lambda: box.get_attribute("value") == "a mug under 30")
    page.click("#chat .turn-buttons button[value=keep]")
    page.until(lambda: box.get_attribute("value") == "")
    page.click("#chat .turn-buttons button[value=edit]")
    page.until(lambda: box.get_attribute("value") == "a mug under 30")
    box.send_keys(Keys.END, Keys.BACKSPACE, Keys.BACKSPACE, "20", Keys.ENTER)
    page.until(lambda: page.text("#chat .said") == ["a mug under 20"])
    page.until(lambda: page.all("#chat .turn-buttons button[value=again]"))
    asked = len(keeper.requests)
    page.click("#chat .turn-buttons button[value=again]")
    page.until(lambda: len(keeper.requests) == asked + 1)
    page.until(lambda: page.all("#chat .turn-buttons button[value=again]"))
    assert page.text("#chat .said") == ["a mug under 20"]


def test_what_was_heard_can_be_corrected(page, keeper, tmp_path):
    recording = tmp_path / "said.wav"
    recording.write_bytes(b"RIFF")
    page.attach(recording)
    page.send()
    assert page.text("#chat .heard") == ["I heard: “a warm scarf”"]
    page.click("#chat .turn-buttons button[value=edit]")
    box = page.all("#box textarea")[0]
    page.until(lambda: box.get_attribute("value") == "a warm scarf")
    box.send_keys(" under 40", Keys.ENTER)
    page.until(lambda: page.text("#chat .said") == ["a warm scarf under 40"])
    assert keeper.requests[-1][0].recording is None


def test_conversations_are_listed_searched_opened_renamed_and_deleted(page):
    page.send("a mug for Bertha")
    page.click("#new")
    page.until(lambda: not page.all("#chat .user-row"))
    page.send("a scarf for Anna")
    page.click("#talks-open")
    titles = page.text("#talks .talk-open span")
    assert titles[:2] == ["a scarf for Anna", "a mug for Bertha"]
    assert page.run("document.activeElement.id") == "talks-title"
    page.all("#talks input[type=search]")[0].send_keys("BERTHA")
    page.until(lambda: page.text("#talks li:not([hidden]) .talk-open span") == titles[1:2])
    page.all("#talks .talk-open")[1].click()
    page.until(lambda: page.text("#chat .said") == ["a mug for Bertha"])
    assert not page.all("#talks[data-open]")
    page.driver.refresh()
    page.until(lambda: page.text("#chat .said") == ["a mug for Bertha"])
    page.click("#talks-open")
    page.all("#talks [data-act=rename]")[1].click()
    page.all("#talks .talk-title")[0].send_keys("Aunt", Keys.ENTER)
    page.until(lambda: page.text("#talks .talk-open span")[1] == "Aunt")
    page.all("#talks [data-act=delete]")[0].click()
    assert page.text("#talks [data-act=delete]")[0] == "Really?"
    page.all("#talks [data-act=delete]")[0].click()
    page.until(lambda: page.text("#talks .talk-open span")[0] == "Aunt")
    assert page.text("#chat .said") == ["a mug for Bertha"]  # what is on screen stays
    page.all("#talks [data-act=delete]")[0].click()
    page.all("#talks [data-act=delete]")[0].click()
    page.until(lambda: page.all("#chat .example"))


def test_a_new_conversation_leaves_a_running_one_to_itself(page, held):
    held.words.clear()
    try:
        page.send("a mug", waits=False)
        page.until(lambda: page.text("#chat .waiting") == ["Writing"])
        page.click("#new")
        page.until(lambda: page.all("#chat .example"))
    finally:
        held.words.set()
    page.send("a scarf")
    assert page.text("#chat .said") == ["a scarf"]
    page.click("#talks-open")
    page.all("#talks .talk-open")[1].click()
    page.until(lambda: page.text("#chat .said") == ["a mug"])
    page.until(lambda: "I found" in "".join(page.text("#chat .words")))


def test_an_answer_is_read_aloud_by_the_browser(page):
    page.send("a mug")
    page.run("(window.said = [], speechSynthesis.speak = one => said.push([one.text, one.lang]))")
    page.click("#chat .turn-buttons button[value=aloud]")
    assert page.run("window.said") == [["I found 4 for “a mug”.", "en"]]
    assert not page.all("#chat .waiting")


def test_all_conversations_are_forgotten_and_the_next_message_begins_anew(page):
    page.send("a mug")
    page.click("#memory-open")
    page.click("#memory summary")
    page.click("#memory [data-all=yes]")
    page.until(lambda: page.all("#memory [data-act=close]"))
    page.click("#memory [data-act=close]")
    page.all("#box textarea")[0].send_keys("a scarf", Keys.ENTER)
    page.until(lambda: page.text("#chat .said") == ["a scarf"])
    page.until(lambda: len(page.all("#talks .talk-open")) == 1)
