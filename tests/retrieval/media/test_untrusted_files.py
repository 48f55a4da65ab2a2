"""Files that are not what they are called, never end, or would take all memory."""

import io
import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from retrieval.catalogue.formats import csv_table, encoding
from retrieval.catalogue.formats.table import Problem
from retrieval.catalogue.reader import read_catalogue
from retrieval.catalogue.rows import Row
from retrieval.errors import CatalogueError, InputError, PictureError, RecordingError
from retrieval.media import recordings
from retrieval.media.pictures import LONGEST_EDGE, read_picture
from retrieval.media.recordings import read_frames, read_recording
from tests.media_files import save_clip, save_wave

EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n%%EndComments\n(%pipe%id) (r) file\n"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
TWO_COLOURS = Path(__file__).parents[2] / "data" / "pictures" / "two-colours.heic"
MOST = 450  # MB that decoding any one file may take
MEASURED = """
import resource, sys
from pathlib import Path
from retrieval.media.pictures import read_picture
from retrieval.media.recordings import read_frames
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print((read_frames if sys.argv[2] == "video" else read_picture)(Path(sys.argv[1])) is None)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def encoded(picture, kind, **options):
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def megabytes(path, kind):
    """Return the memory that decoding a file takes, in a process of its own."""
    command = [sys.executable, "-c", MEASURED, path, kind]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1])


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (EPS, "a PostScript drawing"),
        (SVG, "an SVG drawing"),
        (b"<html>", "a web page"),
        (encoded(Image.new("RGB", (8, 8)), "PPM"), "something else"),
        (encoded(Image.new("RGB", (8, 8)), "ICNS"), "something else"),
        (encoded(Image.new("RGB", (8, 8)), "TGA"), "something else"),
        (encoded(Image.new("RGB", (8, 8)), "PDF"), "something else"),
    ],
)
def test_a_format_that_is_not_named_is_not_opened(tmp_path, monkeypatch, content, what):
    ran = []
    monkeypatch.setattr(subprocess, "check_call", lambda *a, **k: ran.append(a))  # Ghostscript
    (tmp_path / "cup.jpg").write_bytes(content)
    with pytest.raises(PictureError, match=f"is not a picture that is read but {what}: give a"):
        read_picture(tmp_path / "cup.jpg")
    assert not ran


def test_heic_and_avif_are_read():
    left, right = (30, 60, 200), (200, 30, 40)
    avif = Image.new("RGB", (64, 48), right)
    avif.paste(left, (0, 0, 32, 48))
    for source in (TWO_COLOURS, encoded(avif, "AVIF")):
        picture = read_picture(source)
        assert (picture.mode, picture.size) == ("RGB", (64, 48))
        assert picture.getpixel((10, 20)) == pytest.approx(left, abs=12)
        assert picture.getpixel((50, 20)) == pytest.approx(right, abs=12)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "1"])
@pytest.mark.parametrize("size", [(2500, 1117), (1100, 3333), (4097, 40)])
def test_a_picture_made_smaller_in_strips_is_pillows_own(mode, size):
    noise = np.random.default_rng(0).integers(0, 256, (*size[::-1], 4), dtype=np.uint8)
    picture = Image.fromarray(noise, "RGBA").convert("RGB" if mode in "P1L" else mode).convert(mode)
    seen = read_picture(encoded(picture, "PNG"))
    whole = picture.convert("RGBa" if mode == "RGBA" else "RGB")
    scale = LONGEST_EDGE / max(size)
    smaller = whole.resize(
        tuple(max(1, round(edge * scale)) for edge in size), Image.Resampling.BICUBIC, reducing_gap=2.0
    )  # fmt: skip
    paper = Image.new("RGBA", smaller.size, "white")
    expected = Image.alpha_composite(paper, smaller.convert("RGBA")).convert("RGB")
    assert np.abs(np.asarray(seen, int) - np.asarray(expected, int)).max() <= 1


LARGEST = [
    ("PNG", "RGBA", 8900, {"compress_level": 1}),
    ("PNG", "I;16", 8900, {"compress_level": 1}),
    ("JPEG", "RGB", 8100, {"progressive": True, "subsampling": 0}),
    ("WEBP", "RGB", 4990, {"method": 0}),
    ("AVIF", "RGB", 6000, {"speed": 10}),
    ("TIFF", "F", 8900, {"compression": "tiff_lzw"}),
]


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "mode", "edge", "options"), LARGEST)
def test_the_largest_picture_of_each_kind_takes_bounded_memory(tmp_path, kind, mode, edge, options):
    Image.new(mode, (edge, edge)).save(tmp_path / "large", kind, **options)
    assert megabytes(tmp_path / "large", "picture") < MOST
    Image.new(mode, (edge * 11 // 10, edge * 11 // 10)).save(tmp_path / "larger", kind, **options)
    with pytest.raises(PictureError, match="million of its kind are read: make it smaller"):
        read_picture(tmp_path / "larger")


def test_what_is_no_regular_file_is_refused_without_opening_it(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero"), Path("/proc/kmsg"), tmp_path):
        for read, error in ((read_picture, PictureError), (read_recording, RecordingError)):
            with pytest.raises(error, match=r"no regular file|is empty"):
                read(path)
    os.mkfifo(tmp_path / "shop.csv")
    with pytest.raises(CatalogueError, match="no regular file"):
        list(read_catalogue(tmp_path / "shop.csv"))


@pytest.mark.parametrize(
    "name", ["a.jpg", "a.wav", "a.json", "a.csv", "a.jsonl", "a.html", "a.xml"]
)
def test_a_file_of_twenty_gigabytes_takes_no_memory(tmp_path, name):
    path = tmp_path / name
    with path.open("wb") as file:
        file.truncate(20 << 30)  # sparse: it takes no disk
    read = {".jpg": read_picture, ".wav": read_recording}.get(path.suffix)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(InputError):
        read(path) if read else list(read_catalogue(path))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 << 10


def test_a_row_without_end_is_read_in_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_table, "WIDEST", 100)
    monkeypatch.setattr(encoding, "WIDEST", 100)
    endless = '"' + 40 * "xxxxxxxxx\n" + 300 * "y"
    (tmp_path / "shop.csv").write_text(f"id,title\n1,{endless}\n2,Mug\n3,Cup\n")
    *found, _ = read_catalogue(tmp_path / "shop.csv")
    assert [one.item.id for one in found if isinstance(one, Row)] == ["2", "3"]
    assert max(len(one.value) for one in found if isinstance(one, Problem)) < 150


@pytest.mark.slow
def test_a_video_of_large_frames_is_refused_whatever_its_header_says(tmp_path, monkeypatch):
    path = save_clip(tmp_path / "huge.mp4", [Image.new("RGB", (4200, 4200))])
    with pytest.raises(RecordingError, match="4200 x 4200 pixels, at most 4096 x 2304"):
        read_frames(path)
    allowed = save_clip(tmp_path / "large.mp4", [Image.new("RGB", (4096, 2304))], each=30)
    assert megabytes(allowed, "video") < MOST
    small = save_clip(tmp_path / "small.mp4", [Image.new("RGB", (64, 64))])
    monkeypatch.setattr(recordings, "MOST_FRAME", 32 * 32)
    monkeypatch.setattr(recordings, "_check_frames", lambda *_: None)  # as if the header lied
    with pytest.raises(RecordingError):
        read_frames(small)


def test_a_video_whose_time_stands_still_is_looked_at_for_a_bounded_number_of_frames(
    tmp_path, monkeypatch
):
    shades = [Image.new("RGB", (32, 32), (10 * n, 0, 0)) for n in range(20)]
    path = save_clip(tmp_path / "still.mp4", shades, each=1)
    monkeypatch.setattr(recordings, "_MOST_FRAMES", 3)
    assert len(read_frames(path)) == 1  # of the first three frames, which are of one second


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_bytes_flipped_are_read_or_refused(tmp_path, data):
    kind = data.draw(st.sampled_from(("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "AVIF", "HEIF", "wav", "mp4")))  # fmt: skip
    if not (original := tmp_path / kind).exists():
        _whole_file(original)
    broken = bytearray(original.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    broken = bytes(broken[: data.draw(st.integers(1, len(broken)))])
    (tmp_path / "broken.mp4").write_bytes(broken)
    for read in (read_frames, read_recording) if kind in ("wav", "mp4") else (read_picture,):
        try:
            read(tmp_path / "broken.mp4")
        except InputError:
            continue


def _whole_file(path):
    noise = Image.effect_noise((40, 30), 90).convert("RGB")
    if path.name == "wav":
        save_wave(np.sin(np.arange(8000) / 9), path)
    elif path.name == "mp4":
        save_clip(path.with_suffix(".mp4"), [noise], np.zeros(8000)).rename(path)
    else:
        path.write_bytes(TWO_COLOURS.read_bytes() if path.name == "HEIF" else encoded(noise, path.name))  # fmt: skip


def test_pictures_and_containers_are_opened_in_one_place_each():
    root, places = Path(__file__).parents[3], {}
    for path in [
        file for name in ("retrieval", "assistant") for file in (root / name).rglob("*.py")
    ]:
        for call in re.findall(r"\b(?:Image|av)\.open\(.*", path.read_text("utf-8")):
            places.setdefault(path.name, []).append(call)
    assert list(places) == ["pictures.py", "recordings.py"]
    assert [call for call in places["pictures.py"] if "formats=" not in call] == []
