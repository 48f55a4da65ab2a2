"""Multiply by 8-bit weights on a processor for which bitsandbytes has no 4-bit kernel.

◆ torch, bitsandbytes. Knows the layers of a model; knows no prompt. That kernel needs AVX-512 with
bfloat16, which most laptops lack: without it bitsandbytes unpacks every matrix for every token, and
torch multiplies bfloat16 number by number. Here each row of an NF4 matrix is unpacked once, to
whole numbers of eight bits and one scale. A few tokens are multiplied by those as they are, many by
the matrix in float32, in which the rest of the model computes too.
"""

from collections.abc import Mapping
from typing import Any

import torch
from bitsandbytes.functional import dequantize_4bit, has_avx512bf16
from bitsandbytes.nn.modules import Linear4bit
from torch import Tensor, nn

# Tokens from which float32 pays: on one core with AVX2, for a matrix of 8,960 by 1,536, eight bits
# take 4 ms for one token and 1 ms for each more, float32 30 ms and .6 ms for each.
UNPACKED_FROM = 64
_LARGEST = 127
_ALIGNMENT = 64  # bytes, as torch's own memory

Rounded = tuple[Tensor, Tensor]  # a matrix (rows, columns) of int8, and the scale of each row


class EightBit(nn.Module):
    """A linear layer of 8-bit weights; takes and gives float32."""

    weight: Tensor
    scales: Tensor
    bias: Tensor | None
    _ones: Tensor

    def __init__(
        self, weight: Tensor, scales: Tensor, bias: Tensor | None, room: Tensor | None = None
    ) -> None:
        """Hold a matrix; layers that never compute at once may share `room` for it in float32.

        Room that is new each time costs as much as a hundred tokens: the system hands it out page
        by page.
        """
        super().__init__()
        self._room = (torch.empty(weight.numel()) if room is None else room,)  # no part of it
        self.register_buffer("weight", _aligned(weight))
        self.register_buffer("scales", scales)
        self.register_buffer("bias", None if bias is None else bias.float())
        self.register_buffer("_ones", torch.ones(len(scales), dtype=torch.bfloat16))

    def forward(self, tokens: Tensor) -> Tensor:
        """Return (…, rows) of (…, columns)."""
        flat = tokens.reshape(-1, tokens.shape[-1])
        if len(flat) < UNPACKED_FROM:  # the scales are left out of it: bfloat16 would round them
            found = torch._weight_int8pack_mm(flat.bfloat16(), self.weight, self._ones).float()
        else:
            room = self._room[0][: self.weight.numel()].view(self.weight.shape)
            found = flat @ room.copy_(self.weight).T
        found *= self.scales
        if self.bias is not None:
            found += self.bias
        return found.view(*tokens.shape[:-1], len(self.scales))


def _aligned(weight: Tensor) -> Tensor:
    """Return the matrix where torch's kernel for AVX-512 can read it: it crashes on odd addresses.

    What is read from a file stands wherever its header ends.
    """
    return weight if weight.data_ptr() % _ALIGNMENT == 0 else weight.clone()


def needed() -> bool:
    """Tell whether bitsandbytes has no kernel for this processor."""
    return not has_avx512bf16()  # type: ignore[no-untyped-call]


def four_bit_layers(model: nn.Module) -> dict[str, Linear4bit]:
    """Return the layers that are worth it, by name."""
    return {name: one for name, one in model.named_modules() if isinstance(one, Linear4bit)}


def rounded(layer: Linear4bit) -> Rounded:
    """Return the matrix of a 4-bit layer in eight bits."""
    packed: Any = layer.weight
    weight = dequantize_4bit(packed.data, packed.quant_state).float()
    scales = weight.abs().amax(dim=1).clamp(min=1e-12) / _LARGEST
    return (weight / scales[:, None]).round().to(torch.int8), scales


def widen(
    model: nn.Module, words: nn.Module, head: nn.Module, known: Mapping[str, Rounded]
) -> None:
    """Put 8-bit layers in the place of the 4-bit ones, and let the rest compute in float32.

    The embeddings, `words` and `head`, keep their bfloat16: they are large, often one and the same,
    and a reply needs one row of the one and one product with the other for each token.
    """
    room = torch.empty(max((matrix.numel() for matrix, _ in known.values()), default=0))
    for name, layer in four_bit_layers(model).items():
        parent, _, own = name.rpartition(".")
        setattr(model.get_submodule(parent), own, EightBit(*known[name], layer.bias, room))
    for module in model.modules():
        if module not in (words, head):
            for parameter in module.parameters(recurse=False):
                parameter.data = parameter.data.float()
    words.register_forward_hook(lambda module, given, found: found.float())
    head.register_forward_pre_hook(lambda module, given: (given[0].bfloat16(),))
