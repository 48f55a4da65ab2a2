"""A video, here a real small file, is several pictures and a recording, of an item or as a query."""

import csv
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageFilter

from assistant.page.markup.sent import SentFile, request_card
from assistant.page.session import exchange_from_message
from assistant.turn.input import see
from assistant.turn.request import Request
from assistant.turn.single_search import find_once
from demo.sounds import synthesise
from retrieval.embed import Encoders, MediaEmbedder, embed_query
from retrieval.errors import PictureError, RecordingError
from retrieval.index.bm25 import BM25Index
from retrieval.index.index import index_catalogue, open_index
from retrieval.items import Query
from retrieval.media.recordings import FRAMES, WATCHED, read_frames, read_recording, tracks
from retrieval.protocols import Transcript
from tests.fakes import ColourPictureEncoder, HashedTextEncoder, MemoryStore
from tests.media_files import save_clip, save_wave

RED, GREEN, BLUE = (Image.new("RGB", (64, 48), c) for c in ("#c81e1e", "#1ea03c", "#1e3cc8"))
BELL = synthesise("bell", 1)


def mean(picture):
    return np.asarray(picture, dtype=float).reshape(-1, 3).mean(axis=0)


def checked(size=(64, 48)):
    dots = np.indices(size[::-1]).sum(axis=0) // 4 % 2 * 200 + 20
    return Image.fromarray(np.stack([dots] * 3, axis=-1).astype("u1"))


# ---- a file -------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".webm", ".mkv", ".avi"])
def test_a_video_holds_pictures_and_sound_in_every_container(tmp_path, suffix):
    clip = save_clip(tmp_path / f"clip{suffix}", [RED, GREEN, BLUE], BELL, each=10)
    assert tracks(clip) == {"pictures", "sound"}
    assert len(read_recording(clip)) / 16_000 == pytest.approx(3.0, abs=0.3)
    colours = [mean(frame).argmax() for frame in read_frames(clip)]
    assert len(colours) == FRAMES
    assert (colours[0], colours[2], colours[-1]) == (0, 1, 2)


@pytest.mark.parametrize(("turn", "top"), [(90, 0), (-90, 1)])
def test_a_video_that_was_filmed_sideways_is_upright(tmp_path, turn, top):
    left_red = Image.new("RGB", (64, 48), "#c81e1e")
    left_red.paste((30, 160, 60), (32, 0, 64, 48))
    (frame,) = read_frames(save_clip(tmp_path / "clip.mp4", [left_red], rotation=turn))
    assert frame.size == (48, 64)
    # A quarter turn against the clock brings the right side, which is green, to the top.
    assert mean(frame.crop((0, 0, 48, 20))).argmax() == 1 - top


def test_long_videos_give_a_few_frames_evenly_spread(tmp_path):
    shades = [Image.new("RGB", (64, 48), (20 * n, 20 * n, 20 * n)) for n in range(12)]
    frames = read_frames(save_clip(tmp_path / "clip.mp4", shades))
    assert len(frames) == FRAMES
    grey = [mean(frame)[0] for frame in frames]
    assert grey == sorted(grey)
    assert np.diff(grey).max() < 90


def test_what_comes_after_two_minutes_is_not_looked_at(tmp_path):
    clip = save_clip(tmp_path / "clip.mp4", [RED, BLUE], each=int(WATCHED) + 5, pace=1)
    assert all(mean(frame).argmax() == 0 for frame in read_frames(clip))


def test_the_sharpest_frame_stands_for_its_part(tmp_path):
    sharp = checked()
    blurred = sharp.filter(ImageFilter.GaussianBlur(4))
    clip = save_clip(tmp_path / "clip.mp4", [blurred, sharp, blurred], each=2, pace=6)
    (frame,) = read_frames(clip)
    assert np.asarray(frame, dtype=float).std() > 0.8 * np.asarray(sharp, dtype=float).std()


@pytest.mark.parametrize("content", [b"", b"no video at all", b"\0\0\0\x18ftypmp42" + b"\0" * 99])
def test_a_broken_video_is_named(tmp_path, content):
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(content)
    for read in (read_frames, tracks):
        with pytest.raises(RecordingError, match=r"clip\.mp4"):
            read(clip)


def test_a_video_cut_short_is_named_or_shows_what_is_there(tmp_path):
    clip = save_clip(tmp_path / "clip.webm", [RED, GREEN, BLUE])
    clip.write_bytes(clip.read_bytes()[:-200])
    assert mean(read_frames(clip)[0]).argmax() == 0


def test_sound_alone_shows_nothing(tmp_path):
    recording = save_clip(tmp_path / "song.mp4", [], BELL)
    assert tracks(recording) == {"sound"}
    with pytest.raises(RecordingError, match=r"song\.mp4 shows nothing"):
        read_frames(recording)


# ---- an item ------------------------------------------------------------------------------------


class Ears:
    """Hears words only in files that are named after them, and no sound where there is none."""

    name = "ears"

    def transcribe(self, recording, expected=None):
        assert len(recording.sound)
        name = recording.path.stem
        said = "" if name.startswith("bell") else f"a {name}"
        return Transcript(said, "en", 1.0, "" if said else "it says nothing")


class VideoShop:
    """Items with videos: one speaks, one rings, one is mute, one is sound alone, one is broken."""

    def __init__(self, folder):
        self.folder, self.shelf = folder, {}
        self.encoders = Encoders(HashedTextEncoder(), ColourPictureEncoder(), Ears())
        save_clip(folder / "teapot.mp4", [RED, RED], BELL)
        save_clip(folder / "bell.webm", [BLUE], BELL)
        save_clip(folder / "mute.mp4", [GREEN])
        save_clip(folder / "song.mp4", [], BELL)
        (folder / "broken.mp4").write_bytes(b"no video")
        names = ["teapot.mp4", "bell.webm", "mute.mp4", "song.mp4", "broken.mp4", "none.mp4"]
        rows = [(str(n), f"Thing number {n}", name) for n, name in enumerate(names, 1)]
        with (folder / "shop.csv").open("w", newline="") as file:
            csv.writer(file).writerows([("id", "title", "video"), *rows])

    def index(self):
        return index_catalogue(
            self.folder / "shop.csv",
            self.folder / "index",
            self.encoders,
            lambda _: MemoryStore(self.shelf),
        )

    def open(self):
        return open_index(
            self.folder / "index", self.encoders, lambda _: MemoryStore(self.shelf), BM25Index
        )


@pytest.fixture
def shop(tmp_path):
    return VideoShop(tmp_path)


def test_a_video_of_an_item_gives_pictures_and_a_recording(shop):
    report = shop.index()
    items = shop.open().catalogue.items
    assert items["1"].transcripts == ("a teapot",)
    assert items["1"].videos == (shop.folder / "teapot.mp4",)
    assert len(items["1"].pictures) == 2
    assert all(path.parent == shop.folder / "index" / "pictures" for path in items["1"].pictures)
    assert mean(Image.open(items["2"].pictures[0])).argmax() == 2
    told = [(p.row, p.field, p.said) for p in report.problems]
    assert [(row, field) for row, field, _ in told] == [(n, "videos") for n in (4, 5, 6, 7)]
    assert "mute.mp4” holds no sound" in told[0][2]
    assert "its sound is left out" in told[0][2]
    assert "song.mp4” shows nothing" in told[1][2]
    assert "broken.mp4” is not a recording" in told[2][2]
    assert "none.mp4” is not there" in told[3][2]
    again = shop.index()
    assert (again.unchanged, again.problems) == (6, report.problems)
    save_clip(shop.folder / "mute.mp4", [BLUE], BELL)
    assert shop.index().updated == 1


def test_an_item_is_found_by_what_its_video_shows_and_how_it_sounds(shop):
    shop.index()
    index = shop.open()
    assert index.has_sounds
    clip = save_clip(shop.folder / "bell again.mp4", [BLUE], synthesise("bell", 3))
    found = find_once(Request(photos=(clip,)), index, shop.encoders, limit=2)
    best = found.candidates[0]
    assert best.item.id == "2"
    assert best.contributions["picture"] > 0
    assert best.contributions["sound"] > 0
    assert found.query.photos == found.query.sounds == (clip,)


# ---- a query ------------------------------------------------------------------------------------


def test_a_video_is_a_photo_and_a_recording(tmp_path):
    clip = save_clip(tmp_path / "clip.mp4", [RED], BELL)
    mute = save_clip(tmp_path / "mute.mp4", [RED])
    song = save_clip(tmp_path / "song.mp4", [], BELL)
    voice = save_wave(BELL, tmp_path / "voice.wav")
    both = Request(photos=(clip,), recording=clip)
    assert (both.photos, both.recording) == ((clip,), clip)
    assert Request(photos=(clip,)) == Request(recording=clip) == replace(both) == both
    assert Request(photos=(clip,), recording=voice).recording == voice
    assert Request(recording=mute) == Request(photos=(mute,))
    assert (Request(recording=song).photos, Request(recording=song).recording) == ((), song)


def test_a_video_is_embedded_as_the_mean_of_what_it_shows(tmp_path):
    encoders = Encoders(HashedTextEncoder(), ColourPictureEncoder())
    clip = save_clip(tmp_path / "clip.mp4", [RED, BLUE])
    seen = embed_query(Query(photos=(clip,)), MediaEmbedder(encoders)).photo
    expected = encoders.picture.encode(read_frames(clip)).mean(axis=0)
    assert seen == pytest.approx(expected / np.linalg.norm(expected), abs=1e-5)


def test_a_broken_video_beside_words_is_left_out_and_alone_it_is_refused(tmp_path):
    clip = tmp_path / "clip.mov"
    clip.write_bytes(b"no video")
    media = MediaEmbedder(Encoders(HashedTextEncoder(), ColourPictureEncoder()))
    photos, (notice,) = see(Request("a mug", (clip,)), media)
    assert photos == ()
    assert "clip.mov" in str(notice.places["error"])
    with pytest.raises((PictureError, RecordingError), match=r"clip\.mov"):
        see(Request(photos=(clip,)), media)


def test_an_uploaded_video_is_played_on_the_page(tmp_path):
    clip = save_clip(tmp_path / "clip.mp4", [RED], BELL)
    shown = exchange_from_message({"text": "like this", "files": [str(clip)]})
    assert shown.request.photos == (clip,)
    assert shown.request.recording == clip
    drawn = request_card(shown.words, shown.files)
    assert drawn.count("<video") == 1
    assert "<audio" not in drawn
    assert "<img" in request_card("", [SentFile("a.png", "photo", "a.png")])
