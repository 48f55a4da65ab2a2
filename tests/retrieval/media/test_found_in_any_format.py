"""A photo is found whatever a phone or a printer made of the file: as the JPEG is."""

import io

import numpy as np
import pytest
from PIL import Image

from demo import catalogue_path
from retrieval.media.pictures import read_picture

PICTURES = catalogue_path().parent / "pictures"
NAMES = ("mug-01-1", "chair-02-1", "scarf-02-1", "candle-04-1", "boots-01-1", "plate-01-1")


def encoded(picture, kind, **how):
    place = io.BytesIO()
    picture.save(place, kind, **how)
    return place.getvalue()


def turned(picture):
    exif = Image.Exif()
    exif[0x0112] = 6  # stands on its side: turn it by 90 degrees
    return encoded(picture.rotate(90, expand=True), "JPEG", quality=92, exif=exif.tobytes())


def sixteen_bit_tiff(picture):
    grey = np.asarray(picture.convert("L"), np.uint16) * 257
    return encoded(Image.fromarray(grey), "TIFF")


FORMATS = {
    "AVIF": lambda picture: encoded(picture, "AVIF", quality=85),
    "CMYK": lambda picture: encoded(picture.convert("CMYK"), "JPEG", quality=92),
    "animated GIF": lambda picture: encoded(
        picture, "GIF", save_all=True, append_images=[Image.new("RGB", picture.size, "red")]
    ),
    "animated WebP": lambda picture: encoded(
        picture, "WEBP", save_all=True, append_images=[Image.new("RGB", picture.size, "red")]
    ),
    "rotated": turned,
    "16 bits and transparent": lambda picture: encoded(picture.convert("RGBA"), "PNG"),
    "palette": lambda picture: encoded(picture.quantize(128), "PNG"),
}


@pytest.fixture(scope="module")
def pictures():
    return [read_picture(PICTURES / f"{name}.webp") for name in NAMES]


@pytest.fixture(scope="module")
def encoder(home):
    from assistant.models import load_encoders
    from assistant.settings import load_settings

    return load_encoders(load_settings(home=home), lambda step: None, hears=False).picture


@pytest.mark.models
@pytest.mark.parametrize("kind", FORMATS)
def test_a_photo_in_any_format_is_found_as_the_jpeg_is(kind, pictures, encoder):
    jpegs = [read_picture(encoded(one, "JPEG", quality=92)) for one in pictures]
    others = [read_picture(FORMATS[kind](one)) for one in pictures]
    assert [one.size for one in others] == [one.size for one in jpegs]
    shelf = encoder.encode(jpegs)
    likeness = encoder.encode(others) @ shelf.T
    assert likeness.argmax(axis=1).tolist() == list(range(len(NAMES)))
    assert likeness.diagonal().min() > 0.9


@pytest.mark.models
def test_sixteen_bits_of_grey_are_found_as_eight_are(pictures, encoder):
    grey = [read_picture(encoded(one.convert("L"), "JPEG", quality=92)) for one in pictures]
    deep = [read_picture(sixteen_bit_tiff(one)) for one in pictures]
    likeness = (encoder.encode(grey) * encoder.encode(deep)).sum(axis=1)
    assert likeness.min() > 0.95


@pytest.mark.models
def test_heic_is_found_as_the_jpeg_is(encoder, data):
    case = data.parent / "cases" / "22-heic-photo"
    both = [read_picture(case / name) for name in ("IMG_2041.HEIC", "IMG_2041.jpg")]
    one, other = encoder.encode(both)
    assert float(one @ other) > 0.97
