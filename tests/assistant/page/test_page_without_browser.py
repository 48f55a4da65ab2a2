"""The page without a browser: cards, a reply as it grows, and what a session sees."""

from base64 import b64decode
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assistant.events import Found, Understood
from assistant.page.examples import DEMO_WORDS, starting_points
from assistant.page.markup import cards
from assistant.page.markup.sent import SentFile, request_card
from assistant.page.markup.thumbnails import EDGE, picture_route
from assistant.page.markup.wording import wording
from assistant.page.reply import (
    Reply,
    after,
    parts,
)
from assistant.page.session import (
    exchange_from_message,
    replies,
)
from assistant.turn.request import Request
from retrieval.items import Candidate, Catalogue, Constraint, Item, Variant
from tests.builders import DEMO, png
from tests.fakes import ShelfAgent

HEIC = Path(__file__).parents[2] / "data" / "pictures" / "two-colours.heic"
MUG = Item(
    "k/1 ü",
    "Enamel mug",
    "Survives a fall.",
    "kitchen",
    14.5,
    "USD",
    "Fjordlight",
    {"material": "enamelled steel", "colour": "teal", "stock": "3", "care": "teal"},
)
SCARF = Item("c1", "Wool scarf", "Warm.", "clothing", 39.0, "USD")
HOSTILE = "<img src=x onerror=alert(1)>"
NASTY = Item(HOSTILE, HOSTILE, HOSTILE, HOSTILE, 1.0, "<b>", HOSTILE, {HOSTILE: HOSTILE})


def size(encoded):
    with Image.open(BytesIO(encoded)) as picture:
        return picture.size


def found(*items):
    return tuple(Candidate(item, 1.0) for item in items)


def drawn(reply):
    return "".join(parts(reply, "USD"))


def test_a_card_shows_number_title_price_and_what_tells_it_apart():
    card = cards.card(MUG, ("it is teal", "it costs $14.50"), 2, settled=True)
    assert '<span class="card-number">2</span>' in card
    assert "Enamel mug" in card
    assert "$14.50" in card
    assert "kitchen · Fjordlight" in card
    assert "it is teal; it costs $14.50" in card
    assert "<li>enamelled steel</li><li>teal</li></ul>" in card  # no bare number, nothing twice


def test_a_card_without_price_or_picture_says_so():
    card = cards.card(Item("x", "Örtchen"), (), 1, settled=True)
    assert "no price given" in card
    assert "out of stock" not in card
    sold_out = Item("x", "t", attributes={"stock": "0"})
    assert "out of stock" in cards.card(sold_out, (), 1, settled=True)
    assert "<img" not in card
    assert "Ö</span>" in card


@pytest.mark.parametrize("field", ["title", "description", "category", "brand", "currency", "id"])
def test_nothing_of_a_record_becomes_markup(field):
    item = Item(**{"id": "1", "title": "t", "price": 1.0, "pictures": (b"x",), field: HOSTILE})
    assert "<img src=x" not in cards.card(item, (HOSTILE,), 1, settled=True)


def test_a_card_shows_the_variants_that_are_left_with_another_price():
    boots = Item("b", "Boots", price=80.0, currency="USD", variants=(
        Variant("42", {"size": "42"}, 80.0, 2.0), Variant("43", {"size": "43"}, 90.0, 1.0),
        Variant("44", {"size": "44"}, 80.0, 0.0), Variant("45", {"size": HOSTILE}, 80.0, None),
    ))  # fmt: skip
    shown = cards.card(boots, (), 1, settled=True)
    assert "<li>42</li><li>43 $90</li><li>&lt;img" in shown
    assert "44" not in shown
    assert HOSTILE not in shown


def test_nothing_of_the_user_or_the_model_becomes_markup():
    reply = Reply(heard=HOSTILE, answer=HOSTILE, notice=HOSTILE, trouble=HOSTILE)
    reply = after(reply, Understood("x", (Constraint("brand", "=", HOSTILE, HOSTILE),), ""))
    assert "<img" not in drawn(reply)
    files = [SentFile(HOSTILE, kind, '"><img src=x>') for kind in ("photo", "video", "recording")]
    assert "<img src=x" not in request_card(HOSTILE, [*files, SentFile(HOSTILE, "photo", "")])
    assert "<img src=x" not in "".join(parts(after(Reply(), Found(found(NASTY))), HOSTILE))


def test_only_web_addresses_become_links():
    linked = Item("1", "t", url="https://example.org/a?b=1&c=2")
    assert 'href="https://example.org/a?b=1&amp;c=2"' in cards.card(linked, (), 1, settled=True)
    for url in ("javascript:alert(1)", "data:text/html,x", "//e.org", "/etc", "http:", "http://["):
        assert "href" not in cards.card(Item("1", "t", url=url), (), 1, settled=True)


def test_control_characters_are_left_out_and_scripts_keep_their_direction():
    assert cards.text("a\x00b\x1bc\nd") == "abc\nd"
    assert cards.paragraphs("one\n\nשלום") == '<p dir="auto">one</p><p dir="auto">שלום</p>'


def last_reply(request, agent):
    return list(replies(agent, request, "s"))[-1]


@pytest.mark.parametrize("words", ["   ", "x" * 4001])
def test_a_refused_message_is_one_friendly_line(words):
    refused = last_reply(Request(words=words), ShelfAgent([MUG]))
    assert refused.trouble.startswith("Sorry, that did not work — the message")
    assert not refused.waiting


def test_a_bad_photo_is_named_without_its_folder(tmp_path):
    bad = tmp_path / "holiday.jpg"
    bad.write_text("not a picture")
    line = last_reply(Request(photos=(bad,)), ShelfAgent([MUG])).trouble
    assert "holiday.jpg" in line
    assert str(tmp_path) not in line
    shown = exchange_from_message({"files": [str(bad)]})
    assert request_card("", shown.files) == (
        '<span class="sent-file" dir="auto">holiday.jpg</span>'
    )


def test_what_gradio_hands_over_becomes_a_request():
    message = {"text": "like this", "files": ["/u/a.PNG", "/u/say.WAV", "/u/b.webp"]}
    request = exchange_from_message(message).request
    assert request.words == "like this"
    assert request.photos == (Path("/u/a.PNG"), Path("/u/b.webp"))
    assert request.recording == Path("/u/say.WAV")


@pytest.mark.parametrize("words", [None, "", "  \n"])
def test_an_empty_message_is_none(words):
    assert exchange_from_message({"text": words, "files": []}) is None


def test_a_photo_of_a_phone_is_shown_though_no_browser_can():
    (shown,) = exchange_from_message({"files": [str(HEIC)]}).files
    assert shown.address.startswith("data:image/webp;base64,")
    assert max(size(b64decode(shown.address.partition(",")[2]))) <= EDGE


def test_examples_lead_to_items_that_are_there(tmp_path):
    shown = tmp_path / "mug.png"
    shown.touch()
    items = [MUG, Item("k2", "Cup", "", "kitchen", 30.0, "USD", pictures=(shown,)), SCARF]
    examples = starting_points(Catalogue("c", {item.id: item for item in items}))
    assert [one.words for one in examples] == [
        "kitchen under $23",  # the median of 14.50 and 30 is 22.25
        "something from clothing, as a present",
        "something like this",
    ]
    assert examples[-1].request() == Request(words="something like this", photos=(shown,))
    shown.unlink()  # the catalogue was indexed anew while the page was open
    assert examples[-1].request() == Request(words="something like this")
    assert starting_points(Catalogue("empty", {})) == []


def test_the_demo_has_examples_of_its_own():
    examples = starting_points(DEMO)
    assert [one.words for one in examples[:-1]] == [
        wording("en")(f"example.{one}") for one in DEMO_WORDS
    ]
    assert examples[-1].photo.is_file()


def test_pictures_are_served_small_by_item_and_nothing_else_is(tmp_path):
    large, broken = tmp_path / "large.png", tmp_path / "broken.png"
    large.write_bytes(png("teal", (1600, 900)))
    broken.write_text("not a picture")
    items = {
        "a/b ü": Item("a/b ü", "t", pictures=(large,)),
        "bytes": Item("bytes", "t", pictures=(png("teal", (40, 30)),)),
        "broken": Item("broken", "t", pictures=(broken,)),
        "bare": Item("bare", "t"),
    }
    client = TestClient(Starlette(routes=[picture_route(lambda catalogue, id: items.get(id))]))
    answer = client.get(f"/{cards.picture_address(items['a/b ü'], 'my shop')}")
    assert answer.headers["content-type"] == "image/webp"
    assert size(answer.content) == (EDGE, EDGE * 9 // 16)
    assert size(client.get("/pictures/shop/bytes").content) == (40, 30)
    assert client.get("/pictures/shop/broken").headers["content-type"] == "image/svg+xml"
    assert client.get("/pictures/shop/bare").status_code == 404
    assert size(client.get("/pictures/shop/a%2Fb%20%C3%BC?large=yes").content) == (1024, 576)
    for number in ("2", "0", "-1", "x", "²", ""):
        assert client.get(f"/pictures/shop/bytes?picture={number}").status_code == 404
    assert client.get(f"/pictures/{large}").status_code == 404
    large.write_bytes(png("teal", (20, 20)))
    assert size(client.get("/pictures/shop/a%2Fb%20%C3%BC").content) == (20, 20)


@pytest.mark.parametrize("mark", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x07")
def test_no_text_turns_the_direction_of_what_follows(mark):
    assert cards.text(f"a{mark}b") == "ab"
    sent = [SentFile(f"a{mark}.png", "photo", "x"), SentFile(f"a{mark}", "photo", "")]
    assert mark not in request_card(f"cup{mark}gpj.exe", sent)
