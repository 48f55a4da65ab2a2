"""The line that says what is still being prepared, in a real browser."""

import pytest

pytestmark = pytest.mark.browser


def test_the_page_says_what_joins_it_until_nothing_does(visit, keeper, tmp_path):
    from assistant.page.page import open_page

    told = ["Getting ready — Fetching <b>words</b>: 9 of 90 MB"]
    with open_page(keeper, tmp_path, preparing=lambda: told[0]) as address:
        page = visit(address)
        page.until(lambda: page.text("#preparing .preparing") == told)
        told[0] = "You can search already; more is joining — Loading the language model"
        page.until(lambda: page.text("#preparing .preparing") == told)
        page.send("a mug")
        assert page.all("#chat .card")
        told[0] = ""
        page.until(lambda: not page.text("#preparing .preparing"))
