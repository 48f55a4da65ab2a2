"""How things are meant in messages that the model was not taught, by its real weights."""

from collections import Counter

import pytest

from assistant.models import load_message_reader
from assistant.settings import load_settings
from assistant.stance.stance_model import StanceModel
from benchmarks.stance_messages import marked_messages
from retrieval.errors import ModelCorruptError

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def reader(home):
    return load_message_reader(load_settings(home=home), lambda step: None)


def likeliest(reader, message, words):
    at = message.index(words)
    meant = reader(message, [(at, at + len(words))]).meant[0]
    assert sum(meant.values()) == pytest.approx(1, abs=1e-4)
    return max(meant, key=meant.__getitem__)


@pytest.mark.parametrize(
    ("message", "words", "meaning"),
    [
        ("headphones please, but the pink ones can stay on your shelf", "pink", "not"),
        ("a kettle. enamel gives my husband the creeps", "enamel", "not"),
        ("fine, bamboo is ok again", "bamboo", "free"),
        ("a bamboo chopping board please", "bamboo", "want"),
        ("is cork any lighter than foam?", "cork", "ask"),
        ("ideally walnut, but I am easy", "walnut", "soft"),
        ("a tripod, 90 quid is my pain threshold", "90 quid", "max"),
        ("rope, at the very least 30 metres of it", "30 metres", "min"),
    ],
)
def test_wordings_that_no_list_has(reader, message, words, meaning):
    assert likeliest(reader, message, words) == meaning


def test_most_of_what_was_held_out_is_read_as_its_writer_meant_it(reader):
    right, asked, reversed_ = Counter(), Counter(), 0
    for one in (m for m in marked_messages() if m.held):
        said = reader(one.text, one.stretches)
        asked["act"] += 1
        right["act"] += max(said.acts, key=said.acts.__getitem__) in one.acts
        for meant, true in zip(said.meant, one.meant, strict=True):
            asked["meaning"] += 1
            right["meaning"] += max(meant, key=meant.__getitem__) == true
            asked[true] += 1
            reversed_ += true == "not" and meant["want"] + meant["soft"] > 0.5
    assert asked["meaning"] > 500
    assert right["meaning"] / asked["meaning"] > 0.71
    assert right["act"] / asked["act"] > 0.8
    assert reversed_ / asked["not"] < 0.16  # refusals taken for wishes


def test_a_message_of_any_length_or_script_is_read(reader):
    assert reader("", []).meant == ()
    long = "wool " * 5_000
    read, unread = reader(long, [(0, 4), (20_000, 20_004)]).meant
    assert max(read.values()) > 0.3
    assert len(set(unread.values())) == 1  # so that cues alone tell of it
    assert len(reader("我要红色的，不要蓝色", [(2, 4)]).meant) == 1


def test_damaged_weights_are_said_to_be(reader, tmp_path):
    (bad := tmp_path / "stance.safetensors").write_bytes(b"no weights")
    with pytest.raises(ModelCorruptError, match="install Magpie again"):
        StanceModel(reader._encoder, bad)
