"""What is sent as base64: of a few types, not too large, kept once, for this account alone."""

import io
import stat
import wave

import pytest
from PIL import Image

from assistant.api.sent_media import LARGEST_FILE, MOST_PHOTOS, SentMedia
from retrieval.errors import MessageError
from retrieval.protocols import Transcript
from tests.api_server import ask, data_address, doors_agent, encoded, served
from tests.builders import PAINTS, png

CHAT = "/v1/chat/completions"
RED = png(PAINTS["red"], (20, 20))


@pytest.fixture
def media():
    media = SentMedia()
    yield media
    media.close()


def test_a_file_is_named_by_its_content_and_ends_with_the_server(media):
    first, again = media.photo("image/png", encoded(RED)), media.photo("IMAGE/PNG", encoded(RED))
    assert first == again
    assert first.read_bytes() == RED
    assert stat.S_IMODE(first.parent.stat().st_mode) == 0o700
    media.close()
    assert not first.exists()


def test_the_oldest_files_leave_when_there_are_too_many():
    media = SentMedia(most=2_500)
    first, second = (media.photo("image/png", encoded(bytes([n]) * 1_000)) for n in (1, 2))
    media.photo("image/png", encoded(bytes([1]) * 1_000))  # sent again
    third = media.photo("image/png", encoded(bytes([3]) * 1_000))
    assert [one.exists() for one in (first, second, third)] == [True, False, True]
    media.close()


@pytest.mark.parametrize(
    ("kind", "data", "why"),
    [
        ("image/svg+xml", encoded(b"<svg/>"), "type"),
        ("text/html", encoded(b"<p>"), "type"),
        ("video/mp4", encoded(b"x"), "type"),
        ("../../etc/passwd", encoded(b"x"), "type"),
        ("image/png", "not base64!", "base64"),
        ("image/png", "", "0 bytes"),
        ("image/png", "A" * (LARGEST_FILE * 4 // 3 + 8), "at most 20 MB"),
    ],
)
def test_other_types_and_too_much_are_refused(media, kind, data, why):
    with pytest.raises(MessageError, match=why):
        media.photo(kind, data)


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:1/a.png", "https://evil.example/a.png", "file:///etc/passwd", "/etc/passwd", "",
     "data:image/png,raw", "data:;base64,AAAA"],
)  # fmt: skip
def test_no_address_is_fetched_and_no_file_opened(media, address):
    with pytest.raises(MessageError, match="Magpie fetches no address"):
        media.photo_of_address(address)


def _chat(address, *parts, words="something like this"):
    content = [{"type": "text", "text": words}, *parts]
    return ask(address, CHAT, {"messages": [{"role": "user", "content": content}]})


def _image(url):
    return {"type": "image_url", "image_url": {"url": url}}


def test_a_photo_that_is_none_is_told_and_the_words_still_answer(address):
    status, told = _chat(address, _image(data_address(b"no picture")), words="a scarf")
    assert status == 200
    assert told["magpie"]["items"]
    assert "I could not use one photo: what was sent" in told["magpie"]["notice"]
    assert "/tmp" not in str(told)


def test_a_picture_that_grows_when_it_is_decoded_is_not_opened(address):
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")  # 400 million pixels in some 50 kB
    assert len(bomb.getvalue()) < 200_000
    like = [{"image": {"content_type": "image/png", "data": encoded(bomb.getvalue())}}]
    status, told = ask(address, "/catalog/search", {"like": like})
    assert (status, told["code"]) == (400, "invalid_request")
    assert "pixels" in told["content"]
    assert "/tmp" not in str(told)


@pytest.mark.parametrize(
    "parts",
    [
        [_image(data_address(RED))] * (MOST_PHOTOS + 1),
        [_image("http://127.0.0.1:1/a.png")],
        [{"type": "image_url", "image_url": "data:,"}],
        [{"type": "file", "file": {"file_id": "x"}}],
        [{"type": "input_audio", "input_audio": {"data": "AAAA", "format": "exe"}}],
    ],
)
def test_a_message_with_what_cannot_be_used_is_refused(address, parts):
    status, told = _chat(address, *parts)
    assert status == 400
    assert told["error"]["type"] == "invalid_request_error"


def test_a_recording_is_heard(tmp_path):
    sound = io.BytesIO()
    with wave.open(sound, "wb") as written:
        written.setparams((1, 2, 16_000, 0, "NONE", ""))
        written.writeframes(b"\0\0" * 8_000)
    agent = doors_agent(tmp_path, heard=Transcript("a warm scarf", "en", 0.5))
    with served(agent, tmp_path) as address:
        audio = {"data": encoded(sound.getvalue()), "format": "wav"}
        status, told = _chat(address, {"type": "input_audio", "input_audio": audio}, words="")
    agent.memory.close()
    assert status == 200
    assert told["magpie"]["transcript"] == "a warm scarf"
    assert {one["category"] for one in told["magpie"]["items"]} == {"Scarves"}
