"""Decode a picture safely.

Knows Pillow, and checks a picture's size before decoding it; knows no model and no item. Every
result is RGB, upright and of bounded size; every file that it cannot read raises a PictureError.
"""

import struct
import warnings
import zlib
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from retrieval.errors import PictureError

MOST_PIXELS = 80_000_000  # a larger picture is refused from its header, before it is decoded
LONGEST_EDGE = 1024  # pixels; larger pictures are scaled down to this, no encoder uses more

_CURE = "give a whole JPEG, PNG, WebP or GIF file"
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, struct.error, zlib.error)


def read_picture(source: Path | bytes, *, place: str = "") -> Image.Image:
    """Return a picture as upright RGB, at most LONGEST_EDGE pixels long and wide.

    Of an animation the first frame is used, and transparency becomes white. `place` is the name
    of encoded bytes in messages; a file is named by its path.

    Raises: PictureError when it is missing, empty, broken, not a picture, or too large.
    """
    name = place or (str(source) if isinstance(source, Path) else "the picture")
    encoded = _read_bytes(source, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # our own bound replaces Pillow's bomb warning
            with Image.open(BytesIO(encoded)) as picture:
                _refuse_too_large(picture, name)
                return _decode(picture)
    except Image.DecompressionBombError as error:
        raise PictureError(_too_large(name, "too many")) from error
    except UnidentifiedImageError as error:
        raise PictureError(f"{name} is not a picture: {_CURE}") from error
    except _BROKEN as error:
        raise PictureError(f"{name} is damaged or cut short ({error}): {_CURE}") from error


def _read_bytes(source: Path | bytes, name: str) -> bytes:
    """Return the encoded bytes; raise PictureError when the file is missing or empty."""
    try:
        encoded = source.read_bytes() if isinstance(source, Path) else source
    except FileNotFoundError as error:
        raise PictureError(f"{name} does not exist: check the path") from error
    except OSError as error:
        reason = error.strerror or error
        raise PictureError(f"{name} cannot be read ({reason}): check the file") from error
    if not encoded:
        raise PictureError(f"{name} is empty (0 bytes): {_CURE}")
    return encoded


def _refuse_too_large(picture: Image.Image, name: str) -> None:
    """Check the size from the header alone, so that a decompression bomb is never decoded."""
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise PictureError(_too_large(name, f"{width} x {height}"))


def _too_large(name: str, seen: str) -> str:
    millions = MOST_PIXELS // 1_000_000
    return f"{name} has {seen} pixels, at most {millions} million are read: make it smaller"


def _decode(picture: Image.Image) -> Image.Image:
    """Decode the first frame: upright, on a white background, of bounded size."""
    picture.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))  # a large JPEG is decoded at a fraction
    picture.load()
    bounded = picture if max(picture.size) <= LONGEST_EDGE else _shrink(picture)
    return _on_white(ImageOps.exif_transpose(bounded))


def _shrink(picture: Image.Image) -> Image.Image:
    """Scale a picture down to LONGEST_EDGE, keeping its EXIF orientation."""
    scale = LONGEST_EDGE / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    direct = _eight_bit(picture).convert(mode)
    smaller = direct.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    smaller.info = {key: picture.info[key] for key in ("exif",) if key in picture.info}
    return smaller


def _on_white(picture: Image.Image) -> Image.Image:
    """Return RGB, with transparent pixels on a white background."""
    picture = _eight_bit(picture)
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    paper = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(paper, layer).convert("RGB")


def _eight_bit(picture: Image.Image) -> Image.Image:
    """Scale 16-bit grey to 8 bits; Pillow would clip it at 255, which gives white."""
    if picture.mode in ("I;16", "I;16L", "I;16B", "I"):
        return picture.convert("I").point(lambda value: value / 256).convert("L")
    return picture
