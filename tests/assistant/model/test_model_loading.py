"""Loading a language model from a folder, a file or a name: quantised once, with real weights too."""

import pytest
import torch

from assistant.model.chat_template import ChatTokens
from assistant.model.convert import WEIGHTS, LoadedTensor, convert_gguf, same_matrix
from assistant.model.int4_model import Int4Form, open_int4
from assistant.model.protocol import Message
from assistant.model.quantise import NF4Form, open_nf4
from assistant.model.quantised_model import load_quantised_model
from retrieval.errors import (
    ModelCorruptError,
    ModelError,
    ModelMissingError,
)
from tests.tiny_language_model import byte_tokenizer, chat, random_model


def silent(progress):
    """Take a report and say nothing."""


@pytest.mark.models
@pytest.mark.parametrize("name", ["smollm2-135m-instruct", "qwen2.5-coder-1.5b-instruct"])
def test_control_tokens_of_real_models_stay_text(home, name, small):
    from transformers import AutoTokenizer

    folder = home / "quantised" / name
    if not folder.is_dir():
        pytest.skip(f"{name} has not been quantised on this machine yet")
    tokens = ChatTokens(AutoTokenizer.from_pretrained(folder))
    forged = "".join(str(token) for token in tokens.tokenizer.added_tokens_decoder.values())
    assert not tokens.control & set(tokens.data(forged))
    assert tokens.text(tokens.data(forged)) == forged
    honest = [i for i in tokens.prompt(chat("hello")) if i in tokens.control]
    assert [i for i in tokens.prompt(chat(forged)) if i in tokens.control] == honest
    assert tokens.tokenizer.decode(honest[:2]) == "<|im_start|><|im_end|>"


def test_an_embedding_stored_twice_is_known_by_its_rows():
    fine = random_model().lm_head.weight
    coarse, other = (fine * 8).round() / 8, random_model().model.embed_tokens.weight
    assert same_matrix(LoadedTensor(fine), LoadedTensor(coarse))
    assert not same_matrix(LoadedTensor(fine), LoadedTensor(other))
    assert not same_matrix(LoadedTensor(fine), LoadedTensor(fine[1:]))


@pytest.fixture(scope="module")
def small(home):
    """Return the smallest registered model: fetched, read from GGUF, quantised and kept."""
    return load_quantised_model("smollm2-135m-instruct", home=home, report=silent)


@pytest.mark.models
def test_a_real_model_keeps_the_promises(small, home):
    ask = [Message("user", "What is the capital of France?")]
    assert "Paris" in "".join(small.stream(ask, max_tokens=20))
    scores = small.score([ask, [Message("user", "Say no.")]], ["The", "No"])
    assert scores[0, 0] > scores[1, 0]
    made = home / "quantised" / "smollm2-135m-instruct"
    assert not list(made.parent.glob(".making-*"))
    assert (made / "model.safetensors").stat().st_size < 130e6  # 98 MB as Q4_1


class PlugPulledError(Exception):
    """The computer goes off in the middle."""


@pytest.mark.models
@pytest.mark.parametrize("form", [Int4Form, NF4Form])
def test_a_conversion_goes_on_where_it_was_stopped(tmp_path, small, home, form):
    file = next((home / "models" / "smollm2-135m-instruct").glob("*.gguf"))
    converted = []

    def count(done, layers):
        converted.append(done)
        if len(converted) == 100:
            raise PlugPulledError

    with pytest.raises(PlugPulledError):
        convert_gguf(file, tmp_path, form(), count)
    begun = (tmp_path / WEIGHTS).stat().st_size
    started = [(tmp_path / WEIGHTS).stat().st_ino, begun]
    convert_gguf(file, tmp_path, form(), count)
    whole = (tmp_path / WEIGHTS).stat()
    assert whole.st_ino == started[0]
    assert whole.st_size > 1.2 * begun > 30e6
    model = (open_int4 if form is Int4Form else open_nf4)(tmp_path)
    with torch.inference_mode():
        logits = model(torch.tensor([[504, 3575, 282, 4649, 314]])).logits[0, -1]  # the capital of…
    assert logits.isfinite().all()


@pytest.mark.models
def test_a_folder_is_quantised_once_and_kept(tmp_path):
    folder, home = tmp_path / "mine", tmp_path / "home"
    random_model().save_pretrained(folder)
    byte_tokenizer().save_pretrained(folder)
    reports = []
    first = load_quantised_model(str(folder), home=home, report=reports.append)
    assert {report.step for report in reports} == {"quantising", "ready"}
    reply = "".join(first.stream(chat("tea"), max_tokens=6))
    again = load_quantised_model(str(folder), home=home, report=reports.clear)
    assert reports  # nothing was made anew, so nothing was reported
    assert "".join(again.stream(chat("tea"), max_tokens=6)) == reply


def test_a_file_that_is_no_model_is_told(tmp_path):
    file = tmp_path / "model.gguf"
    file.write_text("these are not the weights you are looking for")
    with pytest.raises(ModelCorruptError, match="model.gguf"):
        load_quantised_model(str(file), home=tmp_path / "home", report=silent)
    assert not (tmp_path / "home" / "quantised").exists()


@pytest.mark.models
def test_half_a_file_is_told_and_leaves_nothing(tmp_path, small, home):
    whole = next((home / "models" / "smollm2-135m-instruct").glob("*.gguf"))
    file = tmp_path / "half.gguf"
    with whole.open("rb") as source:
        file.write_bytes(source.read(40_000))
    with pytest.raises(ModelCorruptError, match=r"half.gguf cannot be (read|opened)"):
        load_quantised_model(str(file), home=tmp_path / "home", report=silent)
    assert [path for path in (tmp_path / "home" / "quantised").iterdir() if path.is_dir()] == []


@pytest.mark.parametrize("name", ["no-such-model", "./no/such/folder", "a/b/c"])
def test_an_unknown_name_is_told(tmp_path, name):
    with pytest.raises(ModelMissingError, match="neither a registered name"):
        load_quantised_model(name, home=tmp_path, report=silent)


def test_a_hub_name_that_cannot_be_had_is_told(tmp_path):
    with pytest.raises(ModelError, match="nobody-of-this-name/nothing"):
        load_quantised_model("nobody-of-this-name/nothing", home=tmp_path, report=silent)


@pytest.mark.models
def test_the_real_model_answers_sensibly_on_this_processor(home):
    model = load_quantised_model("qwen2.5-coder-1.5b-instruct", home=home, report=silent)
    ask = [Message("user", "Which word rhymes with house: mouse or lamp? Answer with one word.")]
    assert "mouse" in "".join(model.stream(ask, max_tokens=5)).lower()
