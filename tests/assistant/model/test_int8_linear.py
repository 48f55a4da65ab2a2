"""4-bit weights in eight bits: the same product but for rounding, in a layer and in a model."""

import pytest
import torch
from bitsandbytes.functional import dequantize_4bit
from bitsandbytes.nn.modules import Linear4bit
from safetensors import safe_open
from torch import nn
from transformers import LlamaConfig, LlamaForCausalLM

from assistant.model.int8_linear import (
    UNPACKED_FROM,
    EightBit,
    four_bit_layers,
    needed,
    rounded,
    widen,
)
from assistant.model.nf4_prefill import ManyTokens
from assistant.model.quantise import keep_tensors, open_quantised, quantise_folder
from assistant.model.quantised_model import load_quantised_model


def layer(rows, columns, *, bias=False):
    torch.manual_seed(rows)
    made = Linear4bit(columns, rows, bias=bias, compute_dtype=torch.float32, quant_type="nf4")
    return made.to("cpu").eval().requires_grad_(False)


def test_eight_bits_keep_what_four_bits_say():
    made = layer(64, 128)
    weight, scales = rounded(made)
    four = dequantize_4bit(made.weight.data, made.weight.quant_state).float()
    assert weight.dtype == torch.int8
    assert ((weight * scales[:, None] - four).abs() <= 0.5 * scales[:, None] + 1e-6).all()


@pytest.mark.parametrize("tokens", [1, 5, UNPACKED_FROM - 1, UNPACKED_FROM, 2 * UNPACKED_FROM])
@pytest.mark.parametrize("bias", [False, True])
def test_few_and_many_tokens_are_multiplied_alike(tokens, bias):
    made = layer(96, 256, bias=bias)
    four = dequantize_4bit(made.weight.data, made.weight.quant_state).float()
    given = torch.randn(1, tokens, 256)
    wanted = nn.functional.linear(given, four, made.bias)
    with torch.inference_mode():
        found = EightBit(*rounded(made), made.bias)(given)
    assert (found.shape, found.dtype) == (wanted.shape, torch.float32)
    assert (found - wanted).norm() < 0.02 * wanted.norm()


def small_model():
    torch.manual_seed(1)
    config = LlamaConfig(
        vocab_size=64, hidden_size=64, intermediate_size=128, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, tie_word_embeddings=True,
        attention_bias=True,
    )  # fmt: skip
    return LlamaForCausalLM(config).bfloat16().eval().requires_grad_(False)


def test_a_widened_model_says_nearly_what_it_said():
    model = small_model()
    for parent in list(model.modules()):
        for name, one in list(parent.named_children()):
            if isinstance(one, nn.Linear) and one is not model.lm_head:
                made = Linear4bit(
                    one.in_features, one.out_features, bias=one.bias is not None,
                    compute_dtype=torch.bfloat16, quant_type="nf4",
                )  # fmt: skip
                made.load_state_dict(one.state_dict())
                setattr(parent, name, made.to("cpu"))
    ids = torch.arange(3, 63).repeat(2)[None]  # many tokens: layers share the room for them
    layers = four_bit_layers(model)
    assert len(layers) == 2 * 7
    known = {name: rounded(one) for name, one in layers.items()}  # before a pass packs them
    with torch.inference_mode():
        before = model(ids).logits.float()
        widen(model, model.get_input_embeddings(), model.get_output_embeddings(), known)
        after = model(ids).logits.float()
    assert not four_bit_layers(model)
    assert model.model.norm.weight.dtype == torch.float32
    assert model.lm_head.weight.dtype == torch.bfloat16
    assert (after - before).norm() < 0.05 * before.norm()


def test_a_matrix_may_stand_at_any_address():
    dice = torch.Generator().manual_seed(0)
    held = torch.randint(-127, 128, (8 + 64 * 64,), generator=dice, dtype=torch.int8)
    odd = held[8:].view(64, 64)
    assert odd.data_ptr() % 16  # as after the header of a file; AVX-512 reads 16 bytes at once
    tokens = torch.randn(4, 64, generator=dice).bfloat16().float()
    expected = tokens @ odd.float().T
    found = EightBit(odd, torch.ones(64), None)(tokens)
    assert (found - expected).norm() < 0.01 * expected.norm()


def test_a_kept_matrix_is_used_where_its_file_is_mapped(tmp_path):
    """Copied, the 8-bit weights would take as much memory again: 1.3 GB for the default model."""
    layer = nn.Linear(64, 128, bias=False)
    file = tmp_path / "kept.safetensors"
    for length in range(1, 12):  # of names, and so of the file's header
        kept = {
            f"{'n' * length}.weight": layer.weight.data.to(torch.int8),
            "scales": torch.ones(128),
        }
        keep_tensors(kept, file)
        with safe_open(file, "pt") as tensors:
            weight = tensors.get_tensor(f"{'n' * length}.weight")
        assert EightBit(weight, torch.ones(128), None).weight.data_ptr() == weight.data_ptr()


def test_a_processor_gets_the_layers_that_suit_it(tmp_path):
    small_model().save_pretrained(tmp_path / "plain")
    (tmp_path / "plain" / "tokenizer.json").write_text(
        '{"version":"1.0","added_tokens":[],"model":{"type":"BPE","vocab":{"a":0},"merges":[]}}'
    )
    (tmp_path / "plain" / "tokenizer_config.json").write_text(
        '{"tokenizer_class":"PreTrainedTokenizerFast"}'
    )
    quantise_folder(str(tmp_path / "plain"), tmp_path / "kept")
    kept = tmp_path / "kept"
    first, ids = open_quantised(kept), torch.arange(3, 23)[None]
    used = EightBit if needed() else ManyTokens
    assert sum(isinstance(one, used) for one in first.modules()) == 2 * 7
    files = {path.name for path in kept.iterdir()}
    assert ("eight-bits-aligned.safetensors" in files) == needed()
    with torch.inference_mode():
        again = open_quantised(kept)  # from the file
        assert torch.equal(first(ids).logits, again(ids).logits)


@pytest.mark.models
def test_the_real_model_answers_sensibly_on_this_processor(home):
    from assistant.model.protocol import Message

    model = load_quantised_model("qwen2.5-coder-1.5b-instruct", home=home, report=lambda step: None)
    chat = (Message("user", "Which word rhymes with house: mouse or lamp? Answer with one word."),)
    assert "mouse" in "".join(model.stream(chat, max_tokens=5)).lower()
