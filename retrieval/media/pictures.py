"""Decode a picture safely.

Knows Pillow, and what a picture may cost before it is decoded; knows no model and no item.
Everything it returns is RGB, upright and bounded; everything it cannot read is a PictureError.
"""

import struct
import warnings
import zlib
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from retrieval.errors import PictureError

MOST_PIXELS = 80_000_000  # a larger picture is refused from its header, before it is decoded
LONGEST_EDGE = 1024  # pixels; whatever is larger is brought down to this, no encoder sees more

_CURE = "give a whole JPEG, PNG, WebP or GIF file"
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, struct.error, zlib.error)


def read_picture(source: Path | bytes, *, place: str = "") -> Image.Image:
    """Return a picture as upright RGB, at most LONGEST_EDGE pixels long and wide.

    The first frame stands for an animation, and transparency becomes white.
    `place` names encoded bytes in messages; a path names itself.

    Raises: PictureError when it is missing, empty, broken, no picture, or too large.
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
    """Return the encoded picture, refusing what is not there."""
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
    """Judge by the header alone, so that a decompression bomb is never unpacked."""
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise PictureError(_too_large(name, f"{width} x {height}"))


def _too_large(name: str, seen: str) -> str:
    millions = MOST_PIXELS // 1_000_000
    return f"{name} has {seen} pixels, at most {millions} million are read: make it smaller"


def _decode(picture: Image.Image) -> Image.Image:
    """Decode the first frame, upright, on white, bounded."""
    picture.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))  # a large JPEG is decoded at a fraction
    picture.load()
    bounded = picture if max(picture.size) <= LONGEST_EDGE else _shrink(picture)
    return _on_white(ImageOps.exif_transpose(bounded))


def _shrink(picture: Image.Image) -> Image.Image:
    """Bring a picture down to LONGEST_EDGE, keeping its EXIF turn."""
    scale = LONGEST_EDGE / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    direct = _eight_bit(picture).convert(mode)
    smaller = direct.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    smaller.info = {key: picture.info[key] for key in ("exif",) if key in picture.info}
    return smaller


def _on_white(picture: Image.Image) -> Image.Image:
    """Return RGB, with whatever is transparent shown on white paper."""
    picture = _eight_bit(picture)
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    paper = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(paper, layer).convert("RGB")


def _eight_bit(picture: Image.Image) -> Image.Image:
    """Scale 16-bit grey down; Pillow would cut it off at 255 and show white."""
    if picture.mode in ("I;16", "I;16L", "I;16B", "I"):
        return picture.convert("I").point(lambda value: value / 256).convert("L")
    return picture
