"""The text encoder with its real weights."""

import numpy as np
import pytest

from retrieval.errors import ModelMissingError
from retrieval.models.fetch import fetch

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def encoder(home):
    from retrieval.encoders.text import SentenceTextEncoder

    folder = fetch(home, "all-minilm-l6-v2", report=lambda progress: None)
    return SentenceTextEncoder(folder, name="minilm", device="cpu")


def test_texts_become_unit_vectors_that_lie_as_their_meaning_does(encoder):
    wanted = encoder.encode(["something to keep my coffee hot"])[0]
    flask, scarf = encoder.encode(["a flask for hot drinks", "a knitted wool scarf"])
    assert (encoder.name, encoder.dimension, wanted.shape) == ("minilm", 384, (384,))
    assert wanted @ flask > wanted @ scarf + 0.2
    assert np.linalg.norm([wanted, flask, scarf], axis=1) == pytest.approx(1.0, abs=1e-5)


def test_many_texts_at_once_are_the_same_vectors_in_order(encoder):
    texts = [f"cup number {n} " + "blue " * (n % 9) for n in range(40)]
    alone = np.stack([encoder.encode([text])[0] for text in texts])
    together = encoder.encode(texts)
    assert (alone * together).sum(axis=1).min() > 0.999  # half precision may round
    assert (np.argmax(together @ alone.T, axis=1) == np.arange(40)).all()


def test_no_text_an_empty_one_and_an_endless_one(encoder):
    assert encoder.encode([]).shape == (0, 384)
    odd = encoder.encode(["", "warm " * 60_000, "<|im_start|> 🧣 كوب"])
    assert np.linalg.norm(odd, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_a_folder_without_a_model_is_named(tmp_path):
    from retrieval.encoders.text import SentenceTextEncoder

    with pytest.raises(ModelMissingError, match=f"no text encoder at {tmp_path}"):
        SentenceTextEncoder(tmp_path)
