"""Loading a language model from a folder, a file or a name: quantised once, with real weights too."""

import pytest
import torch

from assistant.model.chat_template import ChatTokens
from assistant.model.protocol import Message
from assistant.model.quantise import tie_again
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


def test_embeddings_stored_twice_are_tied_again():
    model = random_model()
    fine = model.lm_head.weight.clone()
    with torch.no_grad():
        model.model.embed_tokens.weight[:] = (fine * 8).round() / 8  # the coarser copy
    tie_again(model)
    assert model.model.embed_tokens.weight is model.lm_head.weight
    assert torch.equal(model.lm_head.weight, fine)
    assert model.config.tie_word_embeddings


def test_embeddings_that_differ_stay_apart():
    model = random_model()
    tie_again(model)
    assert model.model.embed_tokens.weight is not model.lm_head.weight
    assert not model.config.tie_word_embeddings


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
