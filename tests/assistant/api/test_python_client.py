"""The typed Python client, against a real port."""

import pytest

from assistant.api.callers import Tokens
from assistant.api.server.client import ApiAnswerError, MagpieClient
from assistant.api.ucp.ucp_requests import UcpFilters, UcpPriceFilter
from tests.api_server import served
from tests.builders import PAINTS, png


@pytest.fixture
def shop(address):
    return MagpieClient(address)


def test_it_searches_by_words_photo_likes_and_filters(shop, tmp_path):
    photo = tmp_path / "cup.png"
    photo.write_bytes(png(PAINTS["green"], (9, 9)))
    assert shop.search("fjord scarf").products[0].id == "s1"
    assert shop.search(photos=[photo]).products[0].id == "c-green"
    assert shop.search(like=["b1"]).products[0].id == "b2"
    filters = UcpFilters(categories=["Boots"], price=UcpPriceFilter(max=11500))
    assert [one.id for one in shop.search(filters=filters).products] == ["b2"]


def test_it_goes_on_page_by_page(shop):
    first = shop.search("*", limit=20)
    rest = shop.search("*", limit=20, cursor=first.pagination.cursor)
    assert len(first.products) + len(rest.products) == 26
    assert rest.pagination.cursor is None


def test_it_looks_up_and_shows_what_can_be_chosen(shop):
    found = shop.lookup(["t1", "nobody"])
    assert [one.id for one in found.products] == ["t1"]
    assert found.messages[0].code == "not_found"
    product = shop.product("t1", {"size": "L"}).product
    assert [one.id for one in product.variants] == ["t1::T-L-B"]
    assert shop.product("nobody").product is None


def test_it_holds_a_conversation_whole_and_in_pieces(shop, tmp_path):
    photo = tmp_path / "cup.png"
    photo.write_bytes(png(PAINTS["red"], (9, 9)))
    talk = shop.conversation()
    assert talk.say("like this", photo=photo).magpie.items[0].id == "c-red"
    assert {one.id for one in talk.say("a scarf under 40 dollars").magpie.items} == {"s1", "s2"}
    *pieces, last = shop.stream([{"role": "user", "content": "a scarf"}])
    assert any(one.choices[0].delta.content for one in pieces)
    assert {one.id for one in last.magpie.items} == {"s1", "s2", "s3"}


def test_a_refusal_is_told_with_its_reason(shop, address, doors, tmp_path):
    with pytest.raises(ApiAnswerError, match="at least one of query") as refused:
        shop.search()
    assert refused.value.status == 400
    with pytest.raises(ApiAnswerError, match="the message is empty"):
        shop.conversation().say("")
    token = Tokens(tmp_path).issue("shop")
    with served(doors, tmp_path, needs_token=True) as guarded:
        with pytest.raises(ApiAnswerError, match="token"):
            MagpieClient(guarded).search("scarf")
        assert MagpieClient(guarded, token).search("scarf").products
    with pytest.raises(ApiAnswerError, match="magpie serve"):
        MagpieClient("http://127.0.0.1:9").lookup(["s1"])
