"""Speed up prefill (processing a prompt) with 4-bit weights: dequantise, then multiply.

◆ torch, bitsandbytes. Knows the order in which bitsandbytes 0.50 packs weights for its CPU kernel;
knows no model. That kernel is made for decoding token by token and costs the same for each token of
a prompt; dequantising costs once per call, and the CPU's native product of bfloat16 matrices is
several times as fast. The weights are the same, so replies differ only by rounding.
"""

from typing import Any

import torch
from bitsandbytes.functional import QuantState, dequantize_4bit
from bitsandbytes.nn.modules import Linear4bit
from torch import Tensor, nn

# Number of tokens from which dequantising is faster. On one core of a Xeon with AMX, for a matrix
# of 8,960 by 1,536, the kernel takes 0.4 ms per token; dequantising takes 20 to 30 ms and then
# 0.07 ms per token.
PREFILL_FROM = 80
_BLOCK = 32  # rows that the kernel's format interleaves


class ManyTokens(nn.Module):
    """A packed 4-bit layer that dequantises its weights for long inputs."""

    def __init__(self, layer: Linear4bit) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, tokens: Tensor) -> Tensor:
        """Map (…, columns of the weight) to (…, rows of the weight)."""
        if tokens.numel() < PREFILL_FROM * tokens.shape[-1]:
            short: Tensor = self.layer(tokens)
            return short
        weight = unpacked(self.layer)
        return nn.functional.linear(tokens.to(weight.dtype), weight, self.layer.bias).to(
            tokens.dtype
        )


def wrap(model: nn.Module) -> None:
    """Wrap every layer of a model whose weights are packed for the CPU in a `ManyTokens`."""
    for parent in list(model.modules()):
        for name, layer in list(parent.named_children()):
            if isinstance(layer, Linear4bit) and _packed(layer):
                setattr(parent, name, ManyTokens(layer))


def unpacked(layer: Linear4bit) -> Tensor:
    """Return the weight of a packed layer, (rows, columns), in bfloat16.

    A byte of the packed format holds one column of two rows, 16 apart; a byte of the plain format
    holds two neighbouring columns of one row.
    """
    packed: Any = layer.weight
    state = packed.quant_state
    rows, columns = state.shape
    pairs = packed.data.view(torch.int16).view(rows // _BLOCK, columns // 2, _BLOCK // 2)
    pairs = pairs.transpose(1, 2).contiguous()  # two neighbouring columns of two rows each
    plain = torch.empty(
        (rows // _BLOCK, 2, _BLOCK // 2, columns // 2), dtype=torch.uint8, device=pairs.device
    )
    plain[:, 0] = ((pairs << 4) & 0xF0) | ((pairs >> 8) & 0x0F)
    plain[:, 1] = (pairs & 0xF0) | ((pairs >> 12) & 0x0F)
    as_saved = QuantState(  # type: ignore[no-untyped-call]
        absmax=state.absmax.T.contiguous().float().view(-1),
        shape=state.shape,
        code=state.code,
        blocksize=state.blocksize,
        quant_type=state.quant_type,
        dtype=torch.bfloat16,
    )
    return dequantize_4bit(plain.view(-1, 1), as_saved)


def _packed(layer: Linear4bit) -> bool:
    weight: Any = layer.weight
    return bool(getattr(weight.quant_state, "packing_format_for_cpu", False))
