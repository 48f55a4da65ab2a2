"""Rounded weights: the same product for few and many tokens, in a layer and in a model."""

import pytest
import torch
from safetensors import safe_open
from transformers import LlamaConfig, LlamaForCausalLM

from assistant.model.convert import WEIGHTS, convert_folder
from assistant.model.int4_linear import (
    GROUP,
    UNPACKED_FROM,
    WIDENED_FROM,
    Int4Linear,
    Int8Embedding,
    Int8Linear,
    round_to_int4,
    round_to_int8,
    row_distance,
    suits,
)
from assistant.model.int4_model import Int4Form, open_int4
from assistant.model.tensor_file import TensorFile
from tests.tiny_language_model import byte_tokenizer


def matrix(rows, columns):
    torch.manual_seed(rows)
    return torch.randn(rows, columns) * torch.rand(rows, 1)


def test_four_bits_are_the_nearest_of_sixteen_levels():
    weight = matrix(64, 128)
    bits = round_to_int4(weight)
    assert (bits.codes.amin(), bits.codes.amax()) == (0, 15)
    steps = bits.scales.repeat_interleave(GROUP, 1)
    assert ((bits.values() - weight).abs() <= 0.5 * steps + 1e-6).all()


def test_eight_bits_are_the_nearest_of_their_levels():
    weight = matrix(64, 128)
    rounded, scales = round_to_int8(weight)
    assert rounded.dtype == torch.int8
    assert ((rounded * scales[:, None] - weight).abs() <= 0.5 * scales[:, None] + 1e-6).all()


@pytest.mark.parametrize("tokens", [1, UNPACKED_FROM - 1, UNPACKED_FROM])
@pytest.mark.parametrize("biased", [False, True])
def test_few_and_many_tokens_are_multiplied_by_four_bits_alike(tokens, biased):
    bits, bias = round_to_int4(matrix(1088, 256)), torch.randn(1088) if biased else None
    given = torch.randn(1, tokens, 256)
    wanted = torch.nn.functional.linear(given, bits.values(), bias)
    with torch.inference_mode():
        found = Int4Linear.of(bits, bias)(given)
    assert (found.shape, found.dtype) == (wanted.shape, torch.float32)
    assert (found - wanted).norm() < 0.01 * wanted.norm()


@pytest.mark.parametrize("tokens", [1, WIDENED_FROM - 1, WIDENED_FROM])
@pytest.mark.parametrize("biased", [False, True])
def test_few_and_many_tokens_are_multiplied_by_eight_bits_alike(tokens, biased):
    weight, bias = matrix(1088, 256), torch.randn(1088) if biased else None
    given = torch.randn(1, tokens, 256)
    wanted = torch.nn.functional.linear(given, weight, bias)
    with torch.inference_mode():
        found = Int8Linear(*round_to_int8(weight), bias)(given)
    assert (found.shape, found.dtype) == (wanted.shape, torch.float32)
    assert (found - wanted).norm() < 0.02 * wanted.norm()


def test_this_processor_packs_as_it_is_unpacked():
    """Where it does not, prompts take several times as long."""
    assert row_distance() in (8, 16, 32)


def test_a_matrix_that_is_no_whole_number_of_blocks_is_not_packed():
    assert suits(torch.empty(64, 96))
    assert not suits(torch.empty(72, 96))
    assert not suits(torch.empty(64, 80))


def test_an_eight_bit_embedding_looks_up_what_its_layer_multiplies_by():
    weight, scales = round_to_int8(matrix(64, 32))
    ids = torch.tensor([[3, 5], [5, 0]])
    found = Int8Embedding(weight, scales)(ids)
    assert found.shape == (2, 2, 32)
    assert torch.equal(found[0, 1], weight[5] * scales[5])


def test_a_matrix_may_stand_at_any_address():
    dice = torch.Generator().manual_seed(0)
    held = torch.randint(-127, 128, (8 + 64 * 64,), generator=dice, dtype=torch.int8)
    odd = held[8:].view(64, 64)
    assert odd.data_ptr() % 16  # as after the header of a file; AVX-512 reads 16 bytes at once
    tokens = torch.randn(4, 64, generator=dice).bfloat16().float()
    expected = tokens @ odd.float().T
    found = Int8Linear(odd, torch.ones(64), None)(tokens)
    assert (found - expected).norm() < 0.01 * expected.norm()


def test_a_kept_matrix_is_used_where_its_file_is_mapped(tmp_path):
    """Copied, the weights would take as much memory again."""
    layer = Int4Linear.of(round_to_int4(matrix(64, 128)))
    with TensorFile(tmp_path / "kept.safetensors", "") as kept:
        kept.add("", {"packed": layer.packed, "scales": layer.scales})
        kept.finish()
    with safe_open(tmp_path / "kept.safetensors", "pt") as tensors:
        packed, scales = tensors.get_tensor("packed"), tensors.get_tensor("scales")
    assert Int4Linear(packed, scales, None).packed.data_ptr() == packed.data_ptr()


@pytest.mark.parametrize("tied", [False, True])
def test_a_model_in_four_bits_says_nearly_what_it_said(tmp_path, tied):
    torch.manual_seed(1)
    config = LlamaConfig(
        vocab_size=288, hidden_size=64, intermediate_size=128, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, head_dim=32, tie_word_embeddings=tied,
        attention_bias=True,
    )  # fmt: skip
    model = LlamaForCausalLM(config).eval().requires_grad_(False)
    model.save_pretrained(tmp_path / "plain")
    byte_tokenizer().save_pretrained(tmp_path / "plain")
    (tmp_path / "kept").mkdir()
    counted = []
    convert_folder(
        str(tmp_path / "plain"), tmp_path / "kept", Int4Form(), lambda *so: counted.append(so)
    )
    assert counted == [(at, len(counted)) for at in range(14 if tied else 15)]
    found = open_int4(tmp_path / "kept")
    assert sum(isinstance(one, Int4Linear) for one in found.modules()) == 2 * 7
    assert found.model.norm.weight.dtype == torch.float32
    ids = torch.arange(3, 63).repeat(2)[None]  # many tokens
    with torch.inference_mode():
        before, after = model(ids).logits, found(ids).logits
        few = found(ids[:, :20]).logits
    assert (after - before).norm() < 0.2 * before.norm()
    assert (few - after[:, :20]).norm() < 0.02 * after.norm()
    assert {path.name for path in (tmp_path / "kept").iterdir()} >= {WEIGHTS, "config.json"}
