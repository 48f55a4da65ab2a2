"""What becomes of every kind of picture file, whole and broken."""

import io
import struct
import warnings
import zlib

import pytest
from PIL import Image

from retrieval.errors import PictureError
from retrieval.media.pictures import LONGEST_EDGE, MOST_PIXELS, read_picture


def encoded(picture: Image.Image, kind: str, **options) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds no pixel: whoever decodes it fails otherwise."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", len(header)) + b"IHDR" + header
    chunk += struct.pack(">I", zlib.crc32(b"IHDR" + header))
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", 0)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"])
def test_every_common_kind_becomes_rgb(kind):
    picture = read_picture(encoded(Image.new("RGB", (40, 30), (200, 30, 40)), kind))
    assert picture.mode == "RGB"
    assert picture.size == (40, 30)
    assert picture.getpixel((20, 15)) == pytest.approx((200, 30, 40), abs=6)


def test_a_path_is_read_as_its_bytes_are(tmp_path):
    blob = encoded(Image.radial_gradient("L"), "PNG")
    (tmp_path / "a.png").write_bytes(blob)
    assert read_picture(tmp_path / "a.png").tobytes() == read_picture(blob).tobytes()


def test_a_turned_photo_stands_upright():
    picture = Image.new("RGB", (40, 20), "white")
    picture.paste("black", (0, 0, 20, 20))  # the left half is dark
    exif = Image.Exif()
    exif[0x0112] = 6  # taken with the camera turned: left becomes top
    upright = read_picture(encoded(picture, "PNG", exif=exif))
    assert upright.size == (20, 40)
    assert upright.getpixel((10, 5)) == (0, 0, 0)
    assert upright.getpixel((10, 35)) == (255, 255, 255)


def test_a_turned_photo_stands_upright_when_it_is_made_smaller_too():
    picture = Image.new("RGB", (2 * LONGEST_EDGE, LONGEST_EDGE), "white")
    exif = Image.Exif()
    exif[0x0112] = 6
    for kind in ("PNG", "JPEG"):
        upright = read_picture(encoded(picture, kind, exif=exif))
        assert upright.size == (LONGEST_EDGE // 2, LONGEST_EDGE)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparent_becomes_white(mode):
    clear = Image.new("RGBA", (8, 8), (10, 20, 30, 0))
    picture = read_picture(encoded(clear.convert(mode), "PNG"))
    assert picture.getpixel((4, 4)) == (255, 255, 255)


def test_the_first_frame_stands_for_an_animation():
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "lime", "blue")]
    blob = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert read_picture(blob).getpixel((4, 4)) == (255, 0, 0)


@pytest.mark.parametrize("mode", ["1", "L", "I;16", "CMYK", "F"])
def test_unusual_pixels_become_rgb(mode):
    picture = Image.new("L", (8, 8), 128)
    picture = Image.new("I;16", (8, 8), 128 * 256) if mode == "I;16" else picture.convert(mode)
    seen = read_picture(encoded(picture, "TIFF"))
    assert seen.mode == "RGB"
    if mode != "1":
        assert seen.getpixel((4, 4)) == pytest.approx((128, 128, 128), abs=3)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_large_picture_is_made_smaller(kind):
    picture = read_picture(encoded(Image.new("RGB", (3000, 1500), "teal"), kind))
    assert picture.size == (LONGEST_EDGE, LONGEST_EDGE // 2)


def test_a_large_transparent_picture_is_made_smaller_on_white():
    picture = read_picture(encoded(Image.new("RGBA", (2500, 50), (0, 0, 0, 0)), "PNG"))
    assert picture.size == (LONGEST_EDGE, 20)
    assert picture.getpixel((100, 10)) == (255, 255, 255)


@pytest.mark.parametrize("side", [20_000, 9_000])
def test_a_bomb_is_refused_from_its_header(side):
    with pytest.raises(PictureError, match=f"{side} x {side} pixels|too many pixels"):
        read_picture(png_header(side, side), place="bomb.png")


def test_the_bound_is_where_it_is_said_to_be():
    with pytest.raises(PictureError, match="damaged"):  # so small enough to be decoded
        read_picture(png_header(MOST_PIXELS // 10_000, 10_000))


def test_the_message_names_the_file_and_the_cure(tmp_path):
    path = tmp_path / "notes.jpg"
    path.write_text("these are my notes")
    with pytest.raises(PictureError) as refusal:
        read_picture(path)
    assert str(path) in str(refusal.value)
    assert "JPEG, PNG" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_nothing_is_refused_as_empty(tmp_path):
    (tmp_path / "none.png").touch()
    with pytest.raises(PictureError, match=r"none\.png is empty"):
        read_picture(tmp_path / "none.png")


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(PictureError, match="does not exist"):
        read_picture(tmp_path / "gone.png")
    with pytest.raises(PictureError, match="cannot be read"):
        read_picture(tmp_path)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.7])
def test_a_picture_cut_short_is_refused(kind, share):
    blob = encoded(Image.effect_noise((64, 64), 90).convert("RGB"), kind)
    with pytest.raises(PictureError):
        read_picture(blob[: int(len(blob) * share)], place="cut")


def test_no_byte_flipped_escapes_as_another_error():
    blob = encoded(Image.effect_noise((24, 24), 90), "PNG")
    for at in range(0, len(blob), 7):
        broken = blob[:at] + bytes([blob[at] ^ 0xFF]) + blob[at + 1 :]
        try:
            picture = read_picture(broken)
        except PictureError:
            continue
        assert picture.mode == "RGB"


def test_a_picture_near_the_bound_leaks_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(PictureError):
            read_picture(png_header(12_000, 10_000))
