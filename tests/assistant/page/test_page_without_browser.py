"""The page without a browser: cards, a reply as it grows, and what a session sees."""

from base64 import b64decode
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assistant.events import Done, Draft, Found, Heard, Ordered, Understood, Words
from assistant.page import cards
from assistant.page.examples import DEMO_WORDS, starting_points
from assistant.page.reply import (
    COMPARING,
    LISTENING,
    REREADING,
    SEARCHING,
    WRITING,
    Reply,
    after,
    first_reply,
    parts,
)
from assistant.page.session import (
    Exchange,
    PageConversation,
    exchange_from_message,
    replies,
)
from assistant.page.thumbnails import EDGE, picture_route
from assistant.turn.request import Request
from retrieval.items import Candidate, Catalogue, Constraint, Item, Variant
from retrieval.protocols import Transcript
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
    files = [
        cards.SentFile(HOSTILE, kind, '"><img src=x>') for kind in ("photo", "video", "recording")
    ]
    assert "<img src=x" not in cards.request_card(
        HOSTILE, [*files, cards.SentFile(HOSTILE, "photo", "")]
    )
    assert "<img src=x" not in "".join(parts(after(Reply(), Found(found(NASTY))), HOSTILE))


def test_only_web_addresses_become_links():
    linked = Item("1", "t", url="https://example.org/a?b=1&c=2")
    assert 'href="https://example.org/a?b=1&amp;c=2"' in cards.card(linked, (), 1, settled=True)
    for url in ("javascript:alert(1)", "data:text/html,x", "//e.org", "/etc", "http:", "http://["):
        assert "href" not in cards.card(Item("1", "t", url=url), (), 1, settled=True)


def test_control_characters_are_left_out_and_scripts_keep_their_direction():
    assert cards.text("a\x00b\x1bc\nd") == "abc\nd"
    assert cards.paragraphs("one\n\nשלום") == '<p dir="auto">one</p><p dir="auto">שלום</p>'


def test_a_reply_grows_from_waiting_to_words():
    reply = first_reply(Request(recording=Path("r.wav")))
    assert LISTENING in drawn(reply)
    reply = after(reply, Heard(Transcript("warm scarf under 40", "en", 2.0)))
    assert "warm scarf under 40" in drawn(reply)
    limit = Constraint("price", "<=", 40.0, "under 40")
    reply = after(reply, Understood("search", (limit,), "warm scarf"))
    assert "at most $40" in drawn(reply)
    assert "<q>under 40</q>" in drawn(reply)
    assert SEARCHING in drawn(reply)
    reply = after(reply, Found(found(MUG, SCARF), {"c1": ("it costs $39",)}))
    assert "it costs $39" in drawn(reply)
    assert drawn(reply).index("Enamel mug") < drawn(reply).index("Wool scarf")
    assert COMPARING in drawn(reply)
    reply = after(reply, Ordered(found(SCARF, MUG)))
    assert drawn(reply).index("Wool scarf") < drawn(reply).index("Enamel mug")
    assert WRITING in drawn(reply)
    reply = after(after(reply, Words("A warm ")), Words("scarf."))
    assert f'A warm scarf.</p><p class="waiting" dir="auto">{WRITING}' in drawn(reply)
    reasons = {"c1": ("it is wool",)}
    done = Done(
        "s", "search", (limit,), found(SCARF, MUG), reasons, "A warm scarf.", "", notice="!"
    )
    above, words, items, below = parts(after(reply, done), "USD")
    assert "it is wool" in items
    assert "pending" not in items
    assert words == '<div class="words" lang="en"><p dir="auto">A warm scarf.</p></div>'
    assert below == '<p class="notice" dir="auto">!</p>'


def test_only_a_search_says_that_it_searches():
    assert after(Reply(), Understood("about", (), "")).waiting == WRITING


def test_a_first_reading_says_that_the_message_is_read_more_closely():
    glanced = after(Reply(waiting=SEARCHING), Found(found(MUG), settled=False))
    assert glanced.waiting == REREADING
    assert "Enamel mug" in drawn(glanced)
    assert "Enamel mug" not in drawn(after(glanced, Understood("out of scope", (), "")))
    again = after(after(glanced, Understood("search", (), "scarf")), Found(found(SCARF)))
    assert "Enamel mug" not in drawn(again)
    assert again.waiting == COMPARING


def test_a_draft_stands_until_the_turn_is_over():
    reply = after(after(Reply(), Found(found(MUG, SCARF))), Draft("Here are two."))
    assert reply.waiting == COMPARING
    assert "Here are two." in drawn(reply)
    reply = after(reply, Ordered(found(SCARF, MUG)))
    assert drawn(reply).count('class="card moved"') == 2
    reply = after(reply, Words("Here is "))
    assert reply.answer == "Here are two."  # no sentence is taken away before the next one is whole
    done = Done("s", "search", (), found(SCARF, MUG), {}, "Here is a scarf.", "")
    reply = after(reply, done)
    assert "Here is a scarf." in drawn(reply)
    assert "Here are two." not in drawn(reply)


def test_a_draft_of_a_first_reading_goes_with_its_items():
    reply = after(after(Reply(), Found(found(MUG), settled=False)), Draft("Here is a mug."))
    reply = after(after(reply, Understood("advice", (), "")), Words("Wool "))
    assert reply.answer == "Wool "


def test_what_comes_close_is_shown_without_a_number():
    done = Done("s", "search", (), (), {}, "Nothing fits.", "", near=(MUG,))
    items = parts(after(Reply(), done), "USD")[2]
    assert "Close to it" in items
    assert "Enamel mug" in items
    assert "card-number" not in items


def test_a_notice_is_said_once_in_a_row():
    kept = Reply(answer="a", notice="The catalogue is old.")
    one = Exchange("a mug", reply=kept)
    other = Exchange("a scarf", reply=Reply(answer="b", notice="It failed."))
    shown = PageConversation("s", exchanges=(one, one, other, one)).messages()
    told = [str(message["content"]).count('class="notice"') for message in shown[1::2]]
    assert told == [1, 0, 1, 1]


def test_cards_do_not_change_while_words_stream():
    reply = after(Reply(waiting=SEARCHING), Found(found(MUG)))
    before = parts(reply, "USD")[2]
    assert parts(after(reply, Words("It is")), "USD")[2] == before


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
    assert cards.request_card("", shown.files) == (
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
    assert [one.words for one in examples[:-1]] == [one.words for one in DEMO_WORDS]
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
    client = TestClient(Starlette(routes=[picture_route(items.get)]))
    answer = client.get(f"/{cards.picture_address(items['a/b ü'])}")
    assert answer.headers["content-type"] == "image/webp"
    assert size(answer.content) == (EDGE, EDGE * 9 // 16)
    assert size(client.get("/pictures/bytes").content) == (40, 30)
    assert client.get("/pictures/broken").headers["content-type"] == "image/svg+xml"
    assert client.get("/pictures/bare").status_code == 404
    assert client.get(f"/pictures/{large}").status_code == 404
    large.write_bytes(png("teal", (20, 20)))
    assert size(client.get("/pictures/a%2Fb%20%C3%BC").content) == (20, 20)


@pytest.mark.parametrize("mark", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x07")
def test_no_text_turns_the_direction_of_what_follows(mark):
    assert cards.text(f"a{mark}b") == "ab"
    sent = [cards.SentFile(f"a{mark}.png", "photo", "x"), cards.SentFile(f"a{mark}", "photo", "")]
    assert mark not in cards.request_card(f"cup{mark}gpj.exe", sent)
