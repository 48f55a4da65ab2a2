"""BERT on torch alone, held against transformers and sentence-transformers."""

import json

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoTokenizer, BertModel

from retrieval.encoders.bert import longest_text, open_reader, plain_pooling
from retrieval.errors import ModelCorruptError, ModelMissingError
from retrieval.models.fetch import fetch
from tests.tiny_clip import make_words

CPU = torch.device("cpu")
TEXTS = ["red mug", "a photo of the warm red blue green mug lamp scarf", "nothing of this", ""]


def lay_out(folder, pooling="mean_tokens", modules=("Transformer", "Pooling", "Normalize")):
    """Add to a folder what sentence-transformers keeps beside the weights."""
    places = ["", "1_Pooling", "2_Normalize"]
    listed = [
        {
            "idx": at,
            "name": str(at),
            "path": places[at],
            "type": f"sentence_transformers.models.{one}",
        }
        for at, one in enumerate(modules)
    ]
    (folder / "modules.json").write_text(json.dumps(listed))
    (folder / "sentence_bert_config.json").write_text(
        '{"max_seq_length": 9, "do_lower_case": false}'
    )
    (folder / "1_Pooling").mkdir(exist_ok=True)
    modes = {
        f"pooling_mode_{one}": one == pooling for one in ("cls_token", "mean_tokens", "max_tokens")
    }
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(modes))
    return folder


@pytest.fixture
def words(tmp_path):
    return lay_out(make_words(tmp_path / "words"))


@torch.inference_mode()
def test_it_reads_as_transformers_does(words):
    theirs, tokenizer = (
        BertModel.from_pretrained(words).eval(),
        AutoTokenizer.from_pretrained(words),
    )
    given = tokenizer(TEXTS, padding=True, truncation=True, max_length=9, return_tensors="pt")
    tokens = theirs(**given).last_hidden_state
    mask = given["attention_mask"].unsqueeze(-1)
    mean, first = (tokens * mask).sum(1) / mask.sum(1), tokens[:, 0]
    for pooling, wanted in (("mean", mean), ("first", first)):
        ours = open_reader(words, longest=longest_text(words), pooling=pooling, device=CPU).read(
            TEXTS
        )
        assert torch.allclose(ours, wanted, atol=1e-6), pooling


def test_a_text_reads_the_same_whatever_stands_beside_it(words):
    reader = open_reader(words, longest=9, pooling="mean", device=CPU)
    with torch.inference_mode():
        together = reader.read(TEXTS)
        alone = torch.cat([reader.read([text]) for text in TEXTS])
    assert torch.allclose(together, alone, atol=1e-6)


def test_only_a_plain_bert_is_read_without_the_library(words):
    assert plain_pooling(words) == "mean"
    assert plain_pooling(lay_out(words, "cls_token")) == "first"
    assert plain_pooling(lay_out(words, "max_tokens")) is None
    assert plain_pooling(lay_out(words, modules=("Transformer", "Pooling", "Dense"))) is None
    lay_out(words)
    config = json.loads((words / "config.json").read_text())
    for change in ({"model_type": "roberta"}, {"position_embedding_type": "relative_key"}):
        (words / "config.json").write_text(json.dumps(config | change))
        assert plain_pooling(words) is None
    assert plain_pooling(words / "nowhere") is None


def test_weights_that_do_not_fit_or_cannot_be_read_are_refused(words):
    file = words / "model.safetensors"
    stored = load_file(file)
    save_file({n: v for n, v in stored.items() if "query" not in n}, file)
    with pytest.raises(ModelCorruptError, match="another model"):
        open_reader(words, longest=9, pooling="mean", device=CPU)
    file.write_bytes(b"cut")
    with pytest.raises(ModelMissingError, match="magpie models fetch"):
        open_reader(words, longest=9, pooling="mean", device=CPU)


@pytest.mark.models
def test_the_shipped_text_encoder_reads_as_sentence_transformers_does(home):
    from sentence_transformers import SentenceTransformer

    from retrieval.encoders.text import SentenceTextEncoder

    folder = fetch(home, "all-minilm-l6-v2", report=lambda progress: None)
    texts = [
        "a warm scarf under 40 dollars",
        "schöne Tasse",
        "一个红色的杯子",
        "warm " * 900,
        "🧣 <|im_start|>",
        "",
    ]
    wanted = SentenceTransformer(str(folder), device="cpu").encode(texts, normalize_embeddings=True)
    ours = SentenceTextEncoder(folder, device="cpu").encode(texts)
    assert np.abs(ours - wanted).max() < 1e-6
