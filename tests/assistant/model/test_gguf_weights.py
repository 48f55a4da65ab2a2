"""The tensors of a GGUF file: in transformers' names and order, and their four bits as stored."""

import numpy as np
import pytest
import torch
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType, GGUFWriter, dequantize
from transformers import LlamaConfig, LlamaForCausalLM

from assistant.model.gguf_weights import stored_tensors

KINDS = GGMLQuantizationType
STORED = {
    "token_embd.weight": (KINDS.Q6_K, 64),
    "output_norm.weight": (KINDS.F32, 1),
    "blk.0.attn_q.weight": (KINDS.Q4_K, 256),
    "blk.0.attn_k.weight": (KINDS.Q4_1, 128),
    "blk.0.attn_v.weight": (KINDS.Q8_0, 128),
    "blk.0.ffn_up.weight": (KINDS.Q4_0, 96),
    "rope_freqs.weight": (KINDS.F32, 1),  # which transformers does not know
}


@pytest.fixture(scope="module")
def blocks():
    """Return blocks of random codes, whose scales are random half-precision numbers."""
    dice, made = np.random.default_rng(0), {}
    for name, (kind, rows) in STORED.items():
        if kind == KINDS.F32:
            made[name] = dice.normal(size=256).astype(np.float32)
            continue
        weights, size = GGML_QUANT_SIZES[kind]
        data = dice.integers(0, 256, (rows * 256 // weights, size), np.uint8)
        ends = {KINDS.Q6_K: slice(208, 210), KINDS.Q4_0: slice(2), KINDS.Q8_0: slice(2)}
        place = ends.get(kind, slice(4))
        halves = dice.uniform(0.01, 0.1, (len(data), (place.stop - (place.start or 0)) // 2))
        data[:, place] = halves.astype(np.float16).view(np.uint8)
        made[name] = data.reshape(rows, -1)
    return made


@pytest.fixture(scope="module")
def tensors(blocks, tmp_path_factory):
    file = tmp_path_factory.mktemp("gguf") / "model.gguf"
    writer = GGUFWriter(file, "llama")
    for name, data in blocks.items():
        writer.add_tensor(name, data, raw_dtype=STORED[name][0])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    config = LlamaConfig(
        vocab_size=64, hidden_size=256, intermediate_size=96, num_hidden_layers=1,
        num_attention_heads=4, num_key_value_heads=2,
    )  # fmt: skip
    with torch.device("meta"):
        return stored_tensors(file, LlamaForCausalLM(config))


def test_tensors_have_the_names_that_transformers_gives_them(tensors):
    layer = "model.layers.0"
    assert list(tensors) == [
        "model.embed_tokens.weight",
        "model.norm.weight",
        f"{layer}.self_attn.q_proj.weight",
        f"{layer}.self_attn.k_proj.weight",
        f"{layer}.self_attn.v_proj.weight",
        f"{layer}.mlp.up_proj.weight",
    ]


@pytest.mark.parametrize("name", ["self_attn.q_proj", "self_attn.k_proj", "mlp.up_proj"])
def test_four_bits_are_those_of_the_file(tensors, name):
    tensor = tensors[f"model.layers.0.{name}.weight"]
    bits = tensor.four_bits()
    assert tensor.rounded
    assert bits.codes.dtype == torch.uint8
    assert int(bits.codes.max()) <= 15
    assert torch.allclose(bits.values(), tensor.values(), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("name", "rounded"),
    [("layers.0.self_attn.v_proj", True), ("embed_tokens", True), ("norm", False)],
)
def test_what_is_stored_otherwise_has_no_four_bits(tensors, name, rounded):
    tensor = tensors[f"model.{name}.weight"]
    assert tensor.four_bits() is None
    assert tensor.rounded == rounded


def test_rows_of_queries_are_put_back_in_order(tensors, blocks):
    """llama.cpp puts the two halves of each head's rotation beside each other."""
    data = torch.from_numpy(dequantize(blocks["blk.0.attn_q.weight"], KINDS.Q4_K))
    found = tensors["model.layers.0.self_attn.q_proj.weight"].values()
    assert torch.equal(found[:64], torch.cat((data[0:64:2], data[1:64:2])))


def test_some_rows_of_an_embedding_can_be_read_alone(tensors):
    embedding = tensors["model.embed_tokens.weight"]
    assert len(embedding) == 64
    assert torch.equal(embedding.rows(slice(8, 20)), embedding.values()[8:20])
