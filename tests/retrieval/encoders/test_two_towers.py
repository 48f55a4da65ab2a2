"""Words beside pictures without open_clip, held against open_clip."""

import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from retrieval.encoders.picture import OpenClipEncoder, load_picture_encoder
from retrieval.encoders.picture_folder import CONFIG_FILE, EMBEDDED, WEIGHTS_FILE
from retrieval.encoders.two_towers import TwoTowerEncoder, open_picture_encoder
from retrieval.errors import ModelCorruptError, ModelMissingError
from retrieval.models.fetch import fetch
from tests.tiny_clip import make_model, make_words

TEXTS = [
    "red mug",
    "a photo of the warm red blue green mug lamp scarf " * 3,
    "",
    "  red\n&amp;amp; blueâ€™s  ",
]


@pytest.fixture(scope="module")
def words(tmp_path_factory):
    return make_words(tmp_path_factory.mktemp("words"))


@pytest.fixture
def model(tmp_path, words):
    return make_model(tmp_path / "tiny", words)


def plain(count):
    dice = np.random.default_rng(3)
    return [Image.fromarray(dice.integers(0, 255, (20, 30, 3), np.uint8)) for _ in range(count)]


def test_it_gives_what_open_clip_gives(model, words):
    ours, theirs = (
        open_picture_encoder(model, words=words),
        load_picture_encoder(model, words=words),
    )
    assert isinstance(ours, TwoTowerEncoder)
    assert (ours.name, ours.dimension) == (theirs.name, theirs.dimension)
    assert ours.encode_words(TEXTS) == pytest.approx(theirs.encode_words(TEXTS), abs=1e-6)
    assert ours.encode(plain(3)) == pytest.approx(theirs.encode(plain(3)), abs=1e-6)
    assert ours.encode_words(["red mug"] * 40).shape == (40, 16)
    assert ours.encode([]).shape == ours.encode_words([]).shape == (0, 16)


def test_open_clip_is_imported_when_a_picture_is_encoded_and_not_before(model, words):
    code = f"""
import sys
from pathlib import Path
from PIL import Image
from retrieval.encoders.two_towers import open_picture_encoder
encoder = open_picture_encoder(Path({str(model)!r}), words=Path({str(words)!r}))
encoder.encode_words(["red mug"])
before = sorted({{"open_clip", "transformers", "torchvision"}} & set(sys.modules))
encoder.encode([Image.new("RGB", (9, 9))])
print(before, "open_clip" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] True"


def test_another_layout_is_opened_by_open_clip_at_once(model, words):
    settings = json.loads((model / CONFIG_FILE).read_text())
    settings["model_cfg"]["text_cfg"]["hf_model_name"] = str(words)
    (model / CONFIG_FILE).write_text(json.dumps(settings))
    assert isinstance(open_picture_encoder(model, words=words), OpenClipEncoder)


def test_what_is_missing_or_damaged_is_named(tmp_path, model, words):
    with pytest.raises(ModelMissingError, match="magpie models fetch"):
        open_picture_encoder(model, words=tmp_path / "nowhere")
    with pytest.raises(ModelMissingError, match="no folder"):
        open_picture_encoder(tmp_path / "nowhere", words=words)
    (model / WEIGHTS_FILE).write_bytes(b"cut")
    with pytest.raises(ModelCorruptError, match=WEIGHTS_FILE):
        open_picture_encoder(model, words=words)
    (model / WEIGHTS_FILE).unlink()
    with pytest.raises(ModelMissingError, match=WEIGHTS_FILE):
        open_picture_encoder(model, words=words)


@pytest.mark.models
def test_the_shipped_encoder_gives_what_open_clip_gives(home):
    words = fetch(home, "all-minilm-l6-v2", report=lambda progress: None)
    ours, theirs = open_picture_encoder(EMBEDDED, words=words), load_picture_encoder(words=words)
    texts = ["a red mug", "schöne Tasse", "warm " * 200, "🧣"]
    assert ours.encode_words(texts) == pytest.approx(theirs.encode_words(texts), abs=1e-6)
    assert ours.encode(plain(2)) == pytest.approx(theirs.encode(plain(2)), abs=1e-6)
