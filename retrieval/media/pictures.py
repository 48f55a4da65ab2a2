"""Decode a picture safely.

Knows Pillow, and checks a picture's size before decoding it; knows no model and no item. Every
result is RGB, upright and of bounded size; every file that it cannot read raises a PictureError.
Only the formats in `_COSTS` are opened, whatever a file is called: Pillow knows others, of which
some start a program (EPS) or are read by code that few use.
"""

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

from retrieval.catalogue.web.signatures import ENOUGH, described
from retrieval.errors import BAD_VALUE, PictureError
from retrieval.files import size_of_file

MOST_PIXELS = 80_000_000  # a larger picture is refused from its header, before it is decoded
LONGEST_EDGE = 1024  # pixels; larger pictures are scaled down to this, no encoder uses more

_CURE = "give a whole JPEG, PNG, WebP, HEIC, AVIF or GIF file"
_MOST_BYTES = 256 << 20  # of a file; 80 million pixels without compression have 240 MB
_MOST_MEMORY = 400_000_000  # bytes while it is decoded
_LARGE = 64_000_000  # bytes while it is decoded, from which pictures wait for one another
_ALONE = Lock()
_STRIP = 256  # rows that are made smaller at once
# The formats that are opened, and how many bytes a pixel takes while it is decoded, as measured.
_COSTS = {
    "AVIF": 11, "BMP": 4, "GIF": 5, "HEIF": 8, "JPEG": 1, "MPO": 1, "PNG": 4, "TIFF": 5, "WEBP": 16,
}  # fmt: skip
_PROGRESSIVE = 6  # bytes a pixel of a JPEG that cannot be decoded at a fraction of its size


def read_picture(source: Path | bytes, *, place: str = "") -> Image.Image:
    """Return a picture as upright RGB, at most LONGEST_EDGE pixels long and wide.

    Of an animation the first frame is used, and transparency becomes white. `place` is the name
    of encoded bytes in messages; a file is named by its path.

    Raises: PictureError when it is missing, empty, broken, not a picture, or too large.
    """
    name = place or (str(source) if isinstance(source, Path) else "the picture")
    with _opened(source, name) as file:
        first = file.read(ENOUGH)
        file.seek(0)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # our own bound replaces Pillow's bomb warning
                with Image.open(file, formats=_formats()) as picture:
                    memory = _refuse_too_large(picture, name)
                    with _ALONE if memory > _LARGE else nullcontext():
                        return _decode(picture)
        except Image.DecompressionBombError as error:
            raise PictureError(_too_large(name, "too many", MOST_PIXELS)) from error
        except UnidentifiedImageError as error:
            what = f"{name} is not a picture that is read but {described(first)}"
            raise PictureError(f"{what}: {_CURE}") from error
        except BAD_VALUE as error:
            raise PictureError(f"{name} is damaged or cut short ({error}): {_CURE}") from error


@contextmanager
def _opened(source: Path | bytes, name: str) -> Iterator[IO[bytes]]:
    """Open the encoded bytes; raise PictureError when the file is missing, empty or too large."""
    try:
        size = size_of_file(source, most=_MOST_BYTES) if isinstance(source, Path) else len(source)
        file = source.open("rb") if size and isinstance(source, Path) else None
    except FileNotFoundError as error:
        raise PictureError(f"{name} does not exist: check the path") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", "") or error
        raise PictureError(f"{name} cannot be read ({reason}): check the file") from error
    if not size:
        raise PictureError(f"{name} is empty (0 bytes): {_CURE}")
    with file or BytesIO(source if isinstance(source, bytes) else b"") as opened:
        yield opened


@cache
def _formats() -> tuple[str, ...]:
    """Return the formats that are opened; HEIC's decoder is made known to Pillow."""
    from pi_heif import register_heif_opener

    register_heif_opener()
    return tuple(name for name in _COSTS if name != "MPO")  # which is a JPEG until it is opened


def _refuse_too_large(picture: Image.Image, name: str) -> int:
    """Return the bytes that decoding takes, seen from the header alone, where they are few enough.

    So a decompression bomb is never decoded.
    """
    width, height = picture.size
    cost = _PROGRESSIVE if picture.info.get("progressive") else _COSTS[str(picture.format)]
    most = min(MOST_PIXELS, _MOST_MEMORY // cost)
    if width * height > most:
        raise PictureError(_too_large(name, f"{width} x {height}", most))
    return width * height * cost


def _too_large(name: str, seen: str, most: int) -> str:
    read = f"at most {most // 1_000_000} million of its kind are read"
    return f"{name} has {seen} pixels, {read}: make it smaller, or a JPEG"


def _decode(picture: Image.Image) -> Image.Image:
    """Decode the first frame: upright, on a white background, of bounded size."""
    picture.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))  # a large JPEG is decoded at a fraction
    picture.load()
    bounded = picture if max(picture.size) <= LONGEST_EDGE else _shrink(picture)
    return _on_white(ImageOps.exif_transpose(bounded))


def _shrink(picture: Image.Image) -> Image.Image:
    """Scale a picture down to LONGEST_EDGE, keeping its EXIF orientation.

    This is Pillow's resize with a reducing gap of 2, strip by strip: no second copy of the whole
    is made, whatever has to be converted.
    """
    scale = LONGEST_EDGE / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    across, down = (
        max(1, whole // part // 2) for whole, part in zip(picture.size, size, strict=True)
    )
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    mixed = "RGBa" if mode == "RGBA" else mode  # transparent colours count for nothing
    extent = (picture.width / across, picture.height / down)
    reduced = Image.new(mixed, (math.ceil(extent[0]), math.ceil(extent[1])))
    rows = down * math.ceil(_STRIP / down)
    for top in range(0, picture.height, rows):
        strip = picture.crop((0, top, picture.width, min(top + rows, picture.height)))
        small = _eight_bit(strip).convert(mode).convert(mixed).reduce((across, down))
        reduced.paste(small, (0, top // down))
    smaller = reduced.resize(size, Image.Resampling.BICUBIC, box=(0, 0, *extent)).convert(mode)
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
