"""The door to open_clip, with models so small that the tests make and save them."""

import json

import numpy as np
import open_clip
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file

from demo.draw import Look, draw_look
from retrieval.encoders.picture import OpenClipEncoder, load_picture_encoder, untrained_model
from retrieval.encoders.picture_folder import CONFIG_FILE, EMBEDDED, TRANSFORMER, WEIGHTS_FILE
from retrieval.errors import ModelCorruptError, ModelMissingError
from retrieval.models.fetch import fetch
from retrieval.training.pictures.saving import save_model
from tests.tiny_clip import make_model, make_words


@pytest.fixture(scope="module")
def words(tmp_path_factory):
    return make_words(tmp_path_factory.mktemp("words"))


@pytest.fixture
def model(tmp_path, words):
    return make_model(tmp_path / "tiny", words)


def plain(count):
    dice = np.random.default_rng(3)
    return [
        Image.fromarray(dice.integers(0, 255, (20 + at, 30, 3), np.uint8)) for at in range(count)
    ]


def test_pictures_become_unit_vectors_in_order(model, words):
    encoder = load_picture_encoder(model, words=words)
    pictures = plain(70)  # more than one batch
    vectors = encoder.encode(pictures)
    assert vectors.shape == (70, 16) == (70, encoder.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(70), abs=1e-5)
    assert encoder.encode(pictures[66:67])[0] == pytest.approx(vectors[66], abs=1e-5)


def test_words_become_vectors_of_the_same_space_whatever_stands_beside_them(model, words):
    encoder = load_picture_encoder(model, words=words)
    long = "a photo of the warm red blue green mug lamp scarf"
    both = encoder.encode_words(["red mug", long])
    assert both.shape == (2, 16)
    assert encoder.encode_words(["red mug"])[0] == pytest.approx(both[0], abs=1e-5)
    assert both[0] @ both[1] < 0.999


def test_nothing_becomes_no_vectors(model, words):
    encoder = load_picture_encoder(model, words=words)
    assert encoder.encode([]).shape == encoder.encode_words([]).shape == (0, 16)


def test_an_overlong_text_is_cut(model, words):
    assert load_picture_encoder(model, words=words).encode_words(["mug " * 999]).shape == (1, 16)


def test_the_transformer_is_not_stored_twice_and_comes_from_its_own_folder(model, words):
    stored = load_file(model / WEIGHTS_FILE)
    assert not [name for name in stored if name.startswith(TRANSFORMER)]
    loaded = load_picture_encoder(model, words=words).opened.model.text.transformer
    for name, value in load_file(words / "model.safetensors").items():
        if not name.startswith("pooler."):
            assert torch.equal(loaded.get_parameter(name), value)


def test_saved_and_loaded_it_says_the_same(tmp_path, model, words):
    first = load_picture_encoder(model, words=words)
    save_model(first.opened, tmp_path / "again")
    second = load_picture_encoder(tmp_path / "again", words=words)
    assert second.encode(plain(3)) == pytest.approx(first.encode(plain(3)), abs=1e-6)
    assert second.name.removeprefix("again") == first.name.removeprefix("tiny")
    modes = {file.stat().st_mode for file in (tmp_path / "again").iterdir()}
    assert len(modes) == 1  # whoever may read the configuration may read the weights


def test_the_name_follows_the_weights(model, words):
    before = load_picture_encoder(model, words=words).name
    weights = load_file(model / WEIGHTS_FILE)
    weights["text.proj.0.weight"] = weights["text.proj.0.weight"] + 1
    save_file(weights, model / WEIGHTS_FILE)
    after = load_picture_encoder(model, words=words).name
    assert before.startswith("tiny-")
    assert before != after


@pytest.mark.parametrize("name", ["visual.head.proj.weight", "text.proj.0.weight", "logit_scale"])
def test_weights_that_lack_a_part_are_refused(model, words, name):
    weights = load_file(model / WEIGHTS_FILE)
    del weights[name]
    save_file(weights, model / WEIGHTS_FILE)
    with pytest.raises(ModelCorruptError, match="does not fit"):
        load_picture_encoder(model, words=words)


def test_weights_of_another_shape_are_refused(model, words):
    weights = load_file(model / WEIGHTS_FILE)
    weights["text.proj.0.weight"] = torch.zeros(3, 3)
    save_file(weights, model / WEIGHTS_FILE)
    with pytest.raises(ModelCorruptError, match="cannot be loaded"):
        load_picture_encoder(model, words=words)


def test_a_transformer_with_a_part_missing_is_refused(tmp_path, model, words):
    other = tmp_path / "words"
    other.mkdir()
    (other / "config.json").write_bytes((words / "config.json").read_bytes())
    (other / "tokenizer.json").write_bytes((words / "tokenizer.json").read_bytes())
    weights = load_file(words / "model.safetensors")
    del weights["embeddings.word_embeddings.weight"]
    save_file(weights, other / "model.safetensors")
    with pytest.raises(ModelCorruptError, match="another model"):
        load_picture_encoder(model, words=other)


def test_cut_weights_are_refused(model, words):
    whole = (model / WEIGHTS_FILE).read_bytes()
    (model / WEIGHTS_FILE).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelCorruptError, match=WEIGHTS_FILE):
        load_picture_encoder(model, words=words)


def test_a_broken_configuration_is_refused(model, words):
    (model / CONFIG_FILE).write_text("{")
    with pytest.raises(ModelCorruptError, match=CONFIG_FILE):
        load_picture_encoder(model, words=words)


def test_what_is_missing_is_named(tmp_path, model, words):
    with pytest.raises(ModelMissingError, match="magpie models fetch"):
        load_picture_encoder(model, words=tmp_path / "nowhere")
    with pytest.raises(ModelMissingError, match="no folder"):
        load_picture_encoder(tmp_path / "nowhere", words=words)
    (model / WEIGHTS_FILE).unlink()
    with pytest.raises(ModelMissingError, match=WEIGHTS_FILE):
        load_picture_encoder(model, words=words)


@pytest.mark.parametrize("name", ["NoSuchModel/webli", "ViT-B-32", "ViT-B-32/no_such_weights"])
def test_a_name_that_open_clip_does_not_know_is_refused(name):
    with pytest.raises(ModelMissingError, match="architecture/weights"):
        load_picture_encoder(name)


def test_a_checkpoint_in_openclips_own_form_is_loaded(tmp_path):
    """As anybody's OpenCLIP model in a folder, with its own text transformer and a centre crop."""
    config = {
        "model_cfg": {
            "embed_dim": 8,
            "vision_cfg": {"image_size": 32, "layers": 1, "width": 32, "head_width": 16,
                           "patch_size": 16},
            "text_cfg": {"context_length": 12, "vocab_size": 49408, "width": 16, "heads": 2,
                         "layers": 1},
        },
        "preprocess_cfg": {"size": 32},
    }  # fmt: skip
    (tmp_path / CONFIG_FILE).write_text(json.dumps(config))
    torch.manual_seed(2)
    theirs = open_clip.create_model(f"local-dir:{tmp_path}", load_weights=False).eval()
    save_file(theirs.state_dict(), tmp_path / WEIGHTS_FILE)
    ours = load_picture_encoder(tmp_path)
    tokens = open_clip.get_tokenizer(f"local-dir:{tmp_path}")(["a red mug"])
    with torch.inference_mode():
        said = theirs.encode_text(tokens, normalize=True)[0].numpy()
    assert ours.encode_words(["a red mug"])[0] == pytest.approx(said, abs=1e-5)
    assert ours.encode(plain(2)).shape == (2, 8)


def test_an_encoder_can_be_made_of_an_opened_model(words, model):
    opened = untrained_model(model, words=words, seed=4)
    assert OpenClipEncoder(opened, device="cpu").encode(plain(1)).shape == (1, 16)


def test_the_shipped_weights_are_small_and_half_precision():
    assert (EMBEDDED / WEIGHTS_FILE).stat().st_size <= 25_000_000
    stored = load_file(EMBEDDED / WEIGHTS_FILE)
    assert not [name for name in stored if name.startswith(TRANSFORMER)]
    assert {value.dtype for value in stored.values()} == {torch.float16, torch.int64}


@pytest.mark.models
def test_the_shipped_encoder_follows_a_colour_word_and_a_kind(home):
    words = fetch(home, "all-minilm-l6-v2", report=lambda progress: None)
    encoder = load_picture_encoder(words=words)
    looks = [
        Look(kind, colour, seed=7) for kind in ("mug", "backpack") for colour in ("red", "blue")
    ]
    pictures = encoder.encode([draw_look(look, size=192) for look in looks])
    asked = encoder.encode_words([f"{look.colour} {look.kind}" for look in looks])
    assert (asked @ pictures.T).argmax(axis=1).tolist() == [0, 1, 2, 3]


@pytest.mark.models
def test_the_shipped_encoder_finds_a_picture_again(home):
    words = fetch(home, "all-minilm-l6-v2", report=lambda progress: None)
    encoder = load_picture_encoder(words=words)
    shown = [
        draw_look(Look(kind, "green", seed=9), size=192)
        for kind in ("mug", "chair", "scarf", "cap")
    ]
    again = [picture.rotate(6, fillcolor="grey").resize((150, 170)) for picture in shown]
    scores = encoder.encode(again) @ encoder.encode(shown).T
    assert scores.argmax(axis=1).tolist() == [0, 1, 2, 3]
