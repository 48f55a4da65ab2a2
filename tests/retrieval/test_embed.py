"""Items and queries become vectors, one a modality that they have."""

import numpy as np
import pytest
from PIL import Image

from demo.sounds import synthesise
from retrieval.embed import (
    Encoders,
    MediaEmbedder,
    QueryVectors,
    embed_items,
    embed_query,
    passage,
    query_parts,
)
from retrieval.errors import PictureError, RecordingError
from retrieval.items import Item, Query
from tests.fakes import ColourPictureEncoder, HashedTextEncoder
from tests.media_files import save_wave

RED, BLUE = (Image.new("RGB", (8, 8), colour) for colour in ("#c81e1e", "#1e3cc8"))


@pytest.fixture
def encoders():
    return Encoders(HashedTextEncoder(), ColourPictureEncoder())


def test_every_modality_that_an_item_has_becomes_one_unit_vector(encoders):
    items = [
        Item("1", "Red cup", attributes={"size": "L"}),
        Item("2", "Scarf", transcripts=("warm wool", "soft")),
        Item("3", "Cap"),
    ]
    found = embed_items(items, [[RED, BLUE], [], [BLUE]], encoders)
    assert [set(parts) for parts in found] == [
        {"text", "picture"},
        {"text", "speech"},
        {"text", "picture"},
    ]
    text, colours = (
        encoders.text.encode(["Red cup size: L"])[0],
        encoders.picture.encode([RED, BLUE]),
    )
    assert found[0]["text"] == pytest.approx(text)
    assert found[0]["picture"] == pytest.approx(colours.sum(0) / np.linalg.norm(colours.sum(0)))
    assert found[2]["picture"] == pytest.approx(colours[1])
    spoken = encoders.text.encode(["warm wool", "soft"]).sum(0)
    assert found[1]["speech"] == pytest.approx(spoken / np.linalg.norm(spoken))


def test_the_text_of_an_item_names_an_attribute_only_where_its_value_needs_it():
    facts = {"colour": "navy blue", "capacity": "500 ml", "waterproof": "yes", "size": "L", "x": ""}
    item = Item("1", "Flask.", "Keeps tea hot.", "Bottles", 12.0, "EUR", "Elk", facts)
    said = (
        "Flask. Bottles. Elk. Keeps tea hot. navy blue. capacity: 500 ml. waterproof: yes. size: L"
    )
    assert passage(item) == said


def test_a_query_has_words_in_two_spaces_and_the_mean_of_its_photos(encoders, tmp_path):
    RED.save(tmp_path / "red.png")
    vectors = embed_query(Query("a red cup ", (tmp_path / "red.png",)), MediaEmbedder(encoders))
    assert vectors.words == pytest.approx(encoders.text.encode(["a red cup"])[0])
    assert vectors.caption == pytest.approx(encoders.picture.encode_words(["a red cup"])[0])
    assert vectors.photo == pytest.approx(encoders.picture.encode([RED])[0])
    assert vectors.sound is None
    nothing = embed_query(Query("  "), MediaEmbedder(encoders))
    assert (nothing.words, nothing.caption, nothing.photo) == (None, None, None)


def test_a_query_has_the_mean_of_its_sounds_and_silence_is_none(encoders, tmp_path):
    bell, drum = (synthesise(kind, 1) for kind in ("bell", "drum"))
    files = [save_wave(one, tmp_path / f"{n}.wav") for n, one in enumerate((bell, drum))]
    silence = save_wave(np.zeros(16_000), tmp_path / "silence.wav")
    vectors = embed_query(Query(sounds=(*files, silence)), MediaEmbedder(encoders))
    mean = encoders.sound.encode([bell, drum]).sum(0)
    assert vectors.sound == pytest.approx(mean / np.linalg.norm(mean), abs=1e-3)
    assert set(query_parts(vectors, 0.5)) == {"sound"}
    assert embed_query(Query(sounds=(silence,)), MediaEmbedder(encoders)).sound is None
    with pytest.raises(RecordingError, match=r"none\.wav"):
        embed_query(Query(sounds=(tmp_path / "none.wav",)), MediaEmbedder(encoders))


def test_a_file_is_decoded_and_encoded_once_however_often_it_is_asked_for(encoders, tmp_path):
    RED.save(tmp_path / "red.png")
    bell = save_wave(synthesise("bell", 1), tmp_path / "bell.wav")
    media = MediaEmbedder(encoders)
    query = Query("a cup", (tmp_path / "red.png",), sounds=(bell,))
    first, before = embed_query(query, media), encoders.picture.encoded
    sound = media.recording(bell).sound
    for file in (tmp_path / "red.png", bell):
        file.unlink()  # whatever is asked from now on comes from what was read
    again = embed_query(query, media)
    assert encoders.picture.encoded == before
    assert again.photo == pytest.approx(first.photo)
    assert again.sound == pytest.approx(first.sound)
    assert media.recording(bell).sound is sound


def test_a_photo_that_cannot_be_read_is_named(encoders, tmp_path):
    (tmp_path / "cup.jpg").write_text("no picture")
    with pytest.raises(PictureError, match=r"cup\.jpg is not a picture"):
        embed_query(Query("cup", (tmp_path / "cup.jpg",)), MediaEmbedder(encoders))


def test_photo_and_words_meet_between_the_two_in_the_pictures_space():
    east, north = np.array([1, 0], np.float32), np.array([0, 1], np.float32)
    both = QueryVectors(words=north, caption=north, photo=east)
    assert query_parts(both, 0.5)["picture"] == pytest.approx([np.sqrt(0.5)] * 2)
    assert query_parts(both, 0.0)["picture"] == pytest.approx(east)
    assert query_parts(both, 0.5)["text"] is north
    assert set(query_parts(QueryVectors(photo=east), 0.5)) == {"picture"}
    assert query_parts(QueryVectors(words=east, caption=north), 0.5)["picture"] is north
    assert query_parts(QueryVectors(), 0.5) == {}
