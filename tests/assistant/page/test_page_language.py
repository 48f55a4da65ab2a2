"""The page in the visitor's language, in a real Chromium: chosen there, and nothing left behind."""

import re

import pytest
from selenium.webdriver.support.select import Select

from assistant.page.markup.wording import page_languages, wording

pytestmark = pytest.mark.browser

# What others said: records, the agent's own answers, and the languages' names for themselves.
_OF_OTHERS = (
    ".words, .card-why, .card-title, .card-belongs, .card-facts, .unseen, .said, .example, q, "
    ".talk-open span, .kept-lines span, .card-details div, .comparison td, .comparison thead, option, script, style"
)
_SAID = f"""(() => {{
  const said = [];
  for (const one of document.querySelectorAll("body *")) {{
    if (one.closest({_OF_OTHERS!r})) continue;
    for (const child of one.childNodes) if (child.nodeType === 3) said.push(child.textContent);
    for (const name of ["aria-label", "title", "placeholder"]) said.push(one.getAttribute(name));
  }}
  return said.filter(one => one?.trim());
}})()"""
SHELF = "Enamel Porcelain Wool mug scarf under onerror window hit img src script".split()


def words(language):
    messages = wording(language).messages.values()
    told = [m if isinstance(m, str) else " ".join(m.values()) for m in messages]
    return set(re.findall(r"[^\W\d_]{3,}", re.sub(r"\{\w+\}", "", " ".join(told))))


@pytest.fixture(autouse=True)
def _nothing_stays_chosen(page):
    yield
    page.driver.delete_cookie("magpie-language")


@pytest.fixture
def german(page):
    return choose(page, "de")


def choose(page, language):
    Select(page.all("#language")[0]).select_by_value(language)
    page.until(lambda: page.run("document.documentElement.lang") == language)
    page.until(lambda: page.all("#box textarea") and page.all("#chat .example"))
    return page


def test_nothing_is_left_in_english_on_the_german_page(german):
    english = words("en") - words("de") - set(SHELF)
    german.send("a mug under 30")
    for one in german.all("#chat .card-feel button[name=keep]")[1:3]:
        one.click()
    german.until(lambda: german.text("#kept-open .count") == [" (2)"])
    german.run("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert german.text("#chat .card-feel button")[0].startswith("Merken")
    assert german.text("#chat .chip b") == ["höchstens 30\xa0$"]
    said = german.run(_SAID)
    assert "Beschreib es, zeig es, sag es" in said
    left = {word for one in said for word in re.findall(r"[^\W\d_]{3,}", one)} & english
    assert left == set()


def test_the_page_is_in_each_language_from_its_first_byte(page):
    for language in page_languages():
        choose(page, language)
        assert page.text("#chat .welcome h2") == [wording(language)("welcome.title")]
        assert page.run("document.querySelector('#language').value") == language
        assert page.faults_of_access() == [], language


def test_a_browser_that_prefers_french_gets_french_without_asking(visit, address, chromium):
    chromium.execute_cdp_cmd("Network.enable", {})
    headers = {"headers": {"Accept-Language": "it, fr-CA;q=0.8, en;q=0.3"}}
    chromium.execute_cdp_cmd("Network.setExtraHTTPHeaders", headers)
    try:
        page = visit(address)
        assert page.text("#new") == ["Nouvelle conversation"]
        assert page.run("navigator.language") == "fr"
    finally:
        chromium.execute_cdp_cmd("Network.setExtraHTTPHeaders", {"headers": {}})
