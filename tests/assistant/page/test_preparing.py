"""The line that says what is still being prepared, in a real browser."""

import pytest
from selenium.webdriver.support.select import Select

from assistant.events import Preparing
from assistant.page.markup.steps import preparing_said
from assistant.page.markup.wording import wording

pytestmark = pytest.mark.browser


def test_the_page_says_what_joins_it_until_nothing_does(visit, keeper, tmp_path):
    from assistant.page.page import PageServices, open_page

    def said(language="en"):
        return [preparing_said(told[0], wording(language))]

    told = [Preparing("fetching", "<b>words</b>", 9e6, 90e6, "bytes")]
    with open_page(keeper, tmp_path, services=PageServices(lambda: told[0])) as address:
        page = visit(address)
        page.until(lambda: page.text("#preparing .preparing") == said())
        told[0] = Preparing("loading_language_model", answers=True)
        page.until(lambda: page.text("#preparing .preparing") == said())
        page.send("a mug")
        assert page.all("#chat .card")
        Select(page.all("#language")[0]).select_by_value("de")
        page.until(lambda: page.text("#preparing .preparing") == said("de"))
        told[0] = None
        page.until(lambda: not page.text("#preparing .preparing"))
        page.driver.delete_cookie("magpie-language")
