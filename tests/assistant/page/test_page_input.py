"""Files, recordings and messages as people give them, in a real Chromium."""

from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from tests.builders import png

pytestmark = pytest.mark.browser

HEIC = Path(__file__).parents[2] / "data" / "pictures" / "two-colours.heic"
DROP = """(() => {
  const given = new DataTransfer();
  given.items.add(new File([new Uint8Array(BYTES)], "mug.png", {type: "image/png"}));
  const told = {bubbles: true, cancelable: true, dataTransfer: given};
  const place = document.querySelector("PLACE");
  const stays = ["dragover", "drop"].map(name => !place.dispatchEvent(new DragEvent(name, told)));
  return stays.every(Boolean);
})()"""


PASTE = """(() => {
  const given = new DataTransfer();
  given.items.add(new File([new Uint8Array(BYTES)], "mug.png", {type: "image/png"}));
  const told = {bubbles: true, clipboardData: given};
  document.body.dispatchEvent(new ClipboardEvent("paste", told));
})()"""


@pytest.mark.parametrize("place", ["#chat", "#top", "body"])
def test_a_photo_dropped_anywhere_is_attached_and_the_page_stays(page, keeper, place):
    assert page.run(DROP.replace("BYTES", str(list(png("teal", (40, 30))))).replace("PLACE", place))
    page.until(lambda: page.all("#box .thumbnail-item, #box .thumbnail-wrapper"))
    page.send("a mug like this")
    assert [one.name for one in keeper.requests[-1][0].photos] == ["mug.png"]


def test_a_pasted_photo_is_attached(page, keeper):
    page.run(PASTE.replace("BYTES", str(list(png("teal", (40, 30))))))
    page.until(lambda: page.all("#box .thumbnail-item, #box .thumbnail-wrapper"))


def test_a_photo_of_a_phone_is_shown_and_searched(page, keeper):
    page.attach(HEIC)
    page.send("a mug")
    assert keeper.requests[-1][0].photos[0].suffix == ".heic"
    page.until(lambda: page.run("document.querySelector('#chat .photo').naturalWidth"))
    assert page.all("#chat .card")


@pytest.mark.parametrize("words", ["", "   "])
def test_an_empty_message_makes_no_bubble(page, keeper, words):
    before = len(keeper.requests)
    page.all("#box textarea")[0].send_keys(words, Keys.ENTER)
    page.send("a mug")
    assert page.text("#chat .said") == ["a mug"]
    assert len(keeper.requests) == before + 1


def test_two_recordings_are_refused_in_the_conversation(page, tmp_path):
    page.send("a mug")
    for name in ("one.wav", "two.wav"):
        (tmp_path / name).write_bytes(b"RIFF")
    files = "\n".join(str(tmp_path / name) for name in ("one.wav", "two.wav"))
    page.all("#box input[type=file]")[0].send_keys(files)
    page.until(lambda: len(page.all("#box .thumbnail-item, #box .thumbnail-wrapper")) >= 2)
    page.send()
    assert "send one at a time" in page.text("#chat .trouble")[0]
    assert page.text("#chat .said") == ["a mug"]  # the conversation is still there
    page.send("a scarf")
    assert "a scarf" in page.text("#chat .words")[-1]


def test_a_new_conversation_keeps_no_attachment(page, tmp_path, keeper):
    photo = tmp_path / "mug.png"
    photo.write_bytes(png("teal", (40, 30)))
    page.send("a mug")
    page.attach(photo)
    page.click("#new")
    page.until(lambda: not page.all("#chat .user-row"))
    page.until(lambda: not page.all("#box .thumbnail-item, #box .thumbnail-wrapper"))
    page.send("a mug")
    assert keeper.requests[-1][0].photos == ()


@pytest.mark.parametrize(("name", "told"), [("NotFoundError", "No microphone was found"),
                                            ("NotAllowedError", "lets this page use no")])  # fmt: skip
def test_a_missing_microphone_is_told(page, name, told):
    page.run(
        "navigator.mediaDevices.getUserMedia = "
        f"() => Promise.reject(new DOMException('none', '{name}'))"
    )
    page.click("#box .microphone-button")
    page.until(lambda: told in "".join(page.text("#hint")))


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_of_the_head_covers_anything_on_a_phone(chromium, visit, address, width):
    size = {"width": width, "height": 740, "deviceScaleFactor": 1, "mobile": True}
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        page = visit(address)
        boxes = page.run(
            "['#brand .feather', '#brand h1', '#talks-open', '#memory-open', '#new'].map(s => {"
            "const r = document.querySelector(s).getBoundingClientRect();"
            "return [r.left, r.right, r.width]})"
        )
        seen = [one for one in boxes if one[2] > 1]
        assert len(seen) >= 4
        assert all(one[1] <= other[0] for one, other in zip(seen, seen[1:], strict=False))
        assert seen[-1][1] <= width
        assert min(one[2] for one in seen) >= 24
    finally:
        chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
