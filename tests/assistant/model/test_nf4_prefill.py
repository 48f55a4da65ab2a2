"""Packed 4-bit weights, unpacked again: the same matrix, and the same product for long inputs."""

import pytest
import torch
from bitsandbytes.functional import dequantize_4bit
from bitsandbytes.nn.modules import Linear4bit
from torch import nn

from assistant.model.nf4_prefill import PREFILL_FROM, ManyTokens, unpacked, wrap


def layer(rows, columns):
    """Return a layer as it is quantised, and its weight before it is packed."""
    torch.manual_seed(rows)
    made = Linear4bit(columns, rows, compute_dtype=torch.bfloat16, quant_type="nf4").to("cpu")
    made.eval().requires_grad_(False)
    return made, dequantize_4bit(made.weight.data, made.weight.quant_state)


def packed(rows, columns):
    """Return the same after its first pass, which packs it where the processor has the kernel."""
    made, weight = layer(rows, columns)
    with torch.inference_mode():
        made(torch.zeros(1, 1, columns, dtype=torch.bfloat16))
    if not getattr(made.weight.quant_state, "packing_format_for_cpu", False):
        pytest.skip("this processor has no kernel to pack for")
    return made, weight


@pytest.mark.parametrize(("rows", "columns"), [(64, 128), (32, 192), (256, 64)])
def test_unpacked_is_what_was_packed(rows, columns):
    made, weight = packed(rows, columns)
    assert unpacked(made).shape == (rows, columns)
    # Each block's scale is kept in bfloat16, with eight bits.
    assert torch.allclose(unpacked(made).float(), weight.float(), rtol=2**-7, atol=1e-6)


@pytest.mark.parametrize("tokens", [1, PREFILL_FROM - 1, PREFILL_FROM, 3 * PREFILL_FROM])
def test_long_and_short_inputs_give_the_same(tokens):
    made, _ = packed(128, 256)
    given = torch.randn(2, tokens // 2 + 1, 256, dtype=torch.bfloat16)
    with torch.inference_mode():
        assert torch.allclose(ManyTokens(made)(given), made(given), rtol=0.02, atol=0.02)


def test_only_packed_layers_are_wrapped():
    made, _ = packed(64, 128)
    plain, _ = layer(64, 128)
    model = nn.Sequential(nn.Sequential(made), plain, nn.Linear(2, 2))
    wrap(model)
    assert isinstance(model[0][0], ManyTokens)
    assert model[0][0].layer is made
    assert (type(model[1]), type(model[2])) == (Linear4bit, nn.Linear)
