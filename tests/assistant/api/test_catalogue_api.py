"""UCP over a real port: what is found, what filters do, what is said of what cannot be applied."""

import pytest

from retrieval.items import Item
from tests.api_server import ask, doors_agent, encoded, served
from tests.builders import PAINTS, png


def search(address, **asked):
    status, told = ask(address, "/catalog/search", asked)
    assert status == 200, told
    assert told["ucp"]["version"] == "2026-08-25"
    return told


def found(address, **asked):
    return [one["id"] for one in search(address, **asked)["products"]]


def said(told):
    return {(one["code"], one["content"].split(":")[0]) for one in told.get("messages", ())}


def test_discovery_names_both_transports_and_what_is_served(address):
    status, told = ask(address, "/.well-known/ucp", UCP_Agent=None)
    assert status == 200
    (rest, mcp) = told["ucp"]["services"]["dev.ucp.shopping"]
    assert (rest["transport"], rest["endpoint"]) == ("rest", address)
    assert (mcp["transport"], mcp["endpoint"]) == ("mcp", f"{address}/mcp")
    assert set(told["ucp"]["capabilities"]) == {
        "dev.ucp.shopping.catalog.search",
        "dev.ucp.shopping.catalog.lookup",
    }
    assert told["ucp"]["payment_handlers"] == {}


def test_a_product_has_every_required_field_and_no_empty_one(address):
    first = search(address, query="fjord scarf")["products"][0]
    assert first["id"] == "s1"
    assert first["description"] == {"plain": "A thick merino scarf for cold walks."}
    assert first["price_range"]["min"] == {"amount": 3200, "currency": "USD"}
    assert first["categories"] == [{"value": "Scarves", "taxonomy": "merchant"}]
    (variant,) = first["variants"]
    assert variant["id"] == "s1"
    assert variant["availability"] == {"available": True, "status": "in_stock"}
    assert None not in first.values()
    assert None not in variant.values()


def test_a_limit_in_the_words_is_applied_and_said(address):
    told = search(address, query="scarf under 40 dollars", pagination={"limit": 50})
    assert all(one["price_range"]["min"]["amount"] < 4000 for one in told["products"])
    assert ("limit_applied", "price <= 40") in said(told)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"categories": ["Mugs", "boots"]}, {"m1", "m2", "b1", "b2"}),
        ({"price": {"min": 11000, "max": 12000}}, {"b1", "b2"}),
        ({"categories": ["Scarves"], "available": True}, {"s1", "s3"}),
        ({"categories": ["Scarves"], "available": False}, {"s2"}),
        ({"attributes": [{"name": "Material", "values": ["Wool", "brass"]}]}, {"s1", "l1"}),
        ({"attributes": [{"name": "colour", "values": ["red"]},
                         {"name": "material", "values": ["ceramic"]}]}, {"m2"}),
        ({"rating": {"min": 4, "min_count": 10}}, {"t1"}),
    ],
)  # fmt: skip
def test_filters_are_conditions_that_all_hold(address, filters, expected):
    assert set(found(address, filters=filters)) == expected


def test_a_variant_must_satisfy_all_filters_at_once(address):
    blue_small = {
        "attributes": [{"name": "size", "values": ["S"]}, {"name": "colour", "values": ["blue"]}]
    }
    assert found(address, filters=blue_small) == []
    (tee,) = search(address, filters={"attributes": [{"name": "size", "values": ["L"]}]})[
        "products"
    ]
    assert [one["id"] for one in tee["variants"]] == ["t1::T-L-B"]
    assert tee["price_range"]["min"]["amount"] == 2000


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"filters": {"price": {"max": 10}}, "context": {"currency": "EUR"}}, ("filter_not_applied", "price")),
        ({"filters": {"attributes": [{"name": "wattage", "values": ["9"]}]}}, ("filter_not_applied", "attributes")),
        ({"filters": {"shipping": "fast"}}, ("filter_not_applied", "shipping")),
        ({"query": "scarf", "mood": "good"}, ("input_not_used", "mood")),
        ({"query": "scarf", "like": [{"id": "nobody"}]}, ("not_found", "nobody")),
    ],
)  # fmt: skip
def test_what_cannot_be_applied_is_said_and_filters_nothing(address, asked, message):
    told = search(address, **asked)
    assert told["products"]
    assert message in said(told)


def test_a_photo_finds_what_looks_like_it(address):
    for name, paint in PAINTS.items():
        image = {"content_type": "image/png", "data": encoded(png(paint, (20, 20)))}
        assert found(address, like=[{"image": image}])[0] == f"c-{name}"


def test_likes_find_others_and_never_the_liked_one(address):
    ids = found(address, like=[{"id": "b1"}], pagination={"limit": 50})
    assert ids[0] == "b2"
    assert "b1" not in ids


def test_nothing_is_found_for_noise_and_that_is_all_that_is_said(address):
    told = search(address, query="zzz_no_such_product_zzz")
    assert told["products"] == []
    assert "messages" not in told
    assert told["pagination"] == {"has_next_page": False}


def test_pages_go_on_and_end_and_show_nothing_twice(address):
    told = search(address, query="*")
    seen = [one["id"] for one in told["products"]]
    for length in (10, 6):
        page = told["pagination"]
        assert page["has_next_page"] is True
        told = search(address, query="*", pagination={"cursor": page["cursor"]})
        assert len(told["products"]) == length
        seen += [one["id"] for one in told["products"]]
    assert told["pagination"] == {"has_next_page": False}
    assert len(seen) == len(set(seen)) == 26  # 27 items, one without a price
    assert "n1" not in seen


@pytest.mark.parametrize("cursor", ["x", "e30=", "eyJmaXJzdCI6IDEwLCAib2YiOiAibm8ifQ=="])
def test_a_cursor_that_is_not_of_this_search_is_refused(address, cursor):
    status, told = ask(address, "/catalog/search", {"query": "*", "cursor": cursor})
    assert (status, told["code"]) == (400, "invalid_cursor")


def test_an_item_without_a_price_is_no_product_and_lookup_says_so(address):
    status, told = ask(address, "/catalog/lookup", {"ids": ["n1", "s1"]})
    assert status == 200
    assert [one["id"] for one in told["products"]] == ["s1"]
    assert said(told) == {("no_price", "n1")}


def test_a_lookup_says_which_identifier_led_to_which_variant(address):
    ids = ["t1", "t1::T-L-B", "T-M-R", "t1", "nobody", "s1"]
    _, told = ask(address, "/catalog/lookup", {"ids": ids})
    tee, scarf = sorted(told["products"], key=lambda one: one["id"], reverse=True)
    led = {one["id"]: one["inputs"] for one in tee["variants"]}
    assert led == {
        "t1::T-S-R": [{"id": "t1", "match": "featured"}],
        "t1::T-L-B": [{"id": "t1::T-L-B", "match": "exact"}],
        "t1::T-M-R": [{"id": "T-M-R", "match": "exact"}],
    }
    assert scarf["variants"][0]["inputs"] == [{"id": "s1", "match": "exact"}]
    assert said(told) == {("not_found", "nobody")}
    assert tee["price_range"]["max"]["amount"] == 2000  # of all variants, not of those shown
    assert tee["rating"] == {"value": 4.5, "scale_max": 5.0, "count": 12}


def test_filters_of_a_lookup_leave_out_variants_and_products(address):
    dear = {"price": {"min": 1900}}
    _, told = ask(address, "/catalog/lookup", {"ids": ["t1", "m1", "T-S-R"], "filters": dear})
    (tee,) = told["products"]
    assert [one["id"] for one in tee["variants"]] == ["t1::T-L-B"]


def product(address, **asked):
    status, told = ask(address, "/catalog/product", asked)
    assert status == 200
    return told


def test_a_variants_id_shows_that_variant_first(address):
    shown = product(address, id="t1::T-M-R", selected=[{"name": "size", "label": "L"}])["product"]
    assert shown["variants"][0]["id"] == "t1::T-M-R"
    assert {one["name"]: one["label"] for one in shown["selected"]} == {
        "size": "M",
        "colour": "red",
    }


def test_what_goes_with_a_selection_is_signalled(address):
    shown = product(address, id="t1", selected=[{"name": "Colour", "label": "RED"}])["product"]
    assert [one["id"] for one in shown["variants"]] == ["t1::T-S-R", "t1::T-M-R"]
    assert shown["selected"] == [{"name": "colour", "label": "red"}]
    size = {
        one["label"]: (one["available"], one["exists"]) for one in shown["options"][0]["values"]
    }
    assert size == {"S": (True, True), "M": (False, True), "L": (False, False)}


@pytest.mark.parametrize(
    ("preferences", "kept"),
    [(["size", "colour"], ("size", "L")), (["colour", "size"], ("colour", "red"))],
)
def test_where_nothing_fits_the_last_preference_gives_way(address, preferences, kept):
    wanted = [{"name": "size", "label": "L"}, {"name": "colour", "label": "red"}]
    shown = product(address, id="t1", selected=wanted, preferences=preferences)["product"]
    assert [(one["name"], one["label"]) for one in shown["selected"]] == [kept]


def test_an_unknown_product_is_an_outcome_and_no_fault_of_transport(address):
    told = product(address, id="nobody")
    assert told["ucp"]["status"] == "error"
    assert told["messages"][0]["code"] == "not_found"
    assert told["messages"][0]["severity"] == "unrecoverable"
    assert "product" not in told


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/catalog/search", {}, "invalid_request"),
        ("/catalog/search", {"query": "  "}, "invalid_request"),
        ("/catalog/search", {"query": 5}, "invalid_request"),
        ("/catalog/search", {"query": "x", "pagination": {"limit": 0}}, "invalid_request"),
        ("/catalog/search", b"{", "invalid_request"),
        ("/catalog/search", b"[" * 100_000, "invalid_request"),
        ("/catalog/search", {"query": "x" * 3_000}, "invalid_request"),
        ("/catalog/search", {"filters": {"price": {"max": 10**30}}}, "invalid_request"),
        ("/catalog/lookup", {"ids": []}, "invalid_request"),
        ("/catalog/lookup", {"ids": [str(n) for n in range(51)]}, "request_too_large"),
        ("/catalog/product", {}, "invalid_request"),
        ("/catalog/product", {"id": "t1", "selected": [{"name": "size", "label": "S"}] * 2}, "invalid_request"),
    ],
)  # fmt: skip
def test_a_request_that_cannot_be_answered_is_refused_as_the_protocol_says(
    address, path, body, code
):
    status, told = ask(address, path, body)
    assert (status, told["code"]) == (400, code)
    assert told["content"]
    assert told["messages"][0]["type"] == "error"


@pytest.mark.parametrize(
    ("header", "status", "code"),
    [
        (None, 400, "invalid_profile_url"),
        ("curl", 400, "invalid_profile_url"),
        ('profile="http://plain.example/"', 400, "invalid_profile_url"),
        ('profile="https://a.example/p"; version="2026-01-11"', 422, "version_unsupported"),
        ('profile="https://a.example/p"; version="2026-08-25"', 200, None),
    ],
)
def test_who_asks_says_so(address, header, status, code):
    answered, told = ask(address, "/catalog/lookup", {"ids": ["s1"]}, UCP_Agent=header)
    assert (answered, told.get("code")) == (status, code)


def test_pictures_are_served_by_id_and_place_alone(address):
    (cup,) = [one for one in search(address, query="cup red")["products"] if one["id"] == "c-red"]
    url = cup["media"][0]["url"]
    assert url == f"{address}/pictures/c-red/0"
    assert ask(address, "/pictures/c-red/0")[0] == 200
    for other in ("/pictures/c-red/1", "/pictures/c-red/-1", "/pictures/nobody/0"):
        assert ask(address, other)[0] == 404, other
    assert ask(address, "/pictures/..%2f..%2fetc%2fpasswd/0")[0] == 404


def test_amounts_without_cents_and_with_three_places_keep_their_minor_units(tmp_path):
    items = (
        Item("y", "Yen fan", "", "Fans", 1200.0, "JPY"),
        Item("d", "Dinar fan", "", "Fans", 1.234, "KWD"),
    )
    agent = doors_agent(tmp_path, items)
    with served(agent, tmp_path) as address:
        prices = {
            p["id"]: p["price_range"]["min"] for p in search(address, query="fan")["products"]
        }
        told = search(address, filters={"price": {"max": 1000}})
    agent.memory.close()
    assert prices == {
        "y": {"amount": 1200, "currency": "JPY"},
        "d": {"amount": 1234, "currency": "KWD"},
    }
    assert ("filter_not_applied", "price") in said(told)  # which of the two currencies is not said


def test_a_query_in_another_language_is_read_as_in_a_conversation(address):
    assert set(found(address, query="ein Schal", pagination={"limit": 3})) == {"s1", "s2", "s3"}
