"""Multiply by 8-bit weights on CPUs for which bitsandbytes has no 4-bit kernel.

◆ torch, bitsandbytes. Knows the layers of a model; knows no prompt. The 4-bit kernel needs AVX-512
with bfloat16, which most laptops lack: without it bitsandbytes dequantises every matrix for every
token, and torch multiplies bfloat16 numbers one by one. Here each NF4 matrix is converted once to
int8 with one scale per row. Short inputs are multiplied by the int8 weights directly, long ones by
the weights converted to float32; the rest of the model computes in float32 too.
"""

from collections.abc import Mapping
from typing import Any

import torch
from bitsandbytes.functional import dequantize_4bit, has_avx512bf16
from bitsandbytes.nn.modules import Linear4bit
from torch import Tensor, nn

# Number of tokens from which float32 is faster. On one core with AVX2, for a matrix of 8,960 by
# 1,536, int8 takes 4 ms for one token and 1 ms for each further one; float32 takes 30 ms and then
# 0.6 ms per token.
UNPACKED_FROM = 64
_LARGEST = 127
ALIGNMENT = 64  # bytes, as in memory that torch allocates

Rounded = tuple[Tensor, Tensor]  # a matrix (rows, columns) of int8, and the scale of each row


class EightBit(nn.Module):
    """A linear layer with 8-bit weights; its input and output are float32."""

    weight: Tensor
    scales: Tensor
    bias: Tensor | None
    _ones: Tensor

    def __init__(
        self, weight: Tensor, scales: Tensor, bias: Tensor | None, room: Tensor | None = None
    ) -> None:
        """Store the weights; layers that never compute at once may share `room`, a float32 buffer.

        Allocating the buffer anew each time costs as much as a hundred tokens, because the
        operating system provides it page by page.
        """
        super().__init__()
        self._room = (torch.empty(weight.numel()) if room is None else room,)  # not in state_dict
        self.register_buffer("weight", _aligned(weight))
        self.register_buffer("scales", scales)
        self.register_buffer("bias", None if bias is None else bias.float())
        self.register_buffer("_ones", torch.ones(len(scales), dtype=torch.bfloat16))

    def forward(self, tokens: Tensor) -> Tensor:
        """Map (…, columns) to (…, rows)."""
        flat = tokens.reshape(-1, tokens.shape[-1])
        if len(flat) < UNPACKED_FROM:  # scales follow below: bfloat16 would round them
            found = torch._weight_int8pack_mm(flat.bfloat16(), self.weight, self._ones).float()
        else:
            room = self._room[0][: self.weight.numel()].view(self.weight.shape)
            found = flat @ room.copy_(self.weight).T
        found *= self.scales
        if self.bias is not None:
            found += self.bias
        return found.view(*tokens.shape[:-1], len(self.scales))


def _aligned(weight: Tensor) -> Tensor:
    """Return the matrix at an aligned address: torch's AVX-512 kernel crashes on others.

    A matrix in a file of ours is aligned there already, and stays mapped: a copy of all of them
    would take as much memory again, of this process alone.
    """
    return weight if weight.data_ptr() % ALIGNMENT == 0 else weight.clone()


def needed() -> bool:
    """Tell whether bitsandbytes has no 4-bit kernel for this CPU."""
    return not has_avx512bf16()  # type: ignore[no-untyped-call]


def four_bit_layers(model: nn.Module) -> dict[str, Linear4bit]:
    """Return the 4-bit layers of a model, by name."""
    return {name: one for name, one in model.named_modules() if isinstance(one, Linear4bit)}


def rounded(layer: Linear4bit) -> Rounded:
    """Return the matrix of a 4-bit layer as int8, with a scale per row."""
    packed: Any = layer.weight
    weight = dequantize_4bit(packed.data, packed.quant_state).float()
    scales = weight.abs().amax(dim=1).clamp(min=1e-12) / _LARGEST
    return (weight / scales[:, None]).round().to(torch.int8), scales


def widen(
    model: nn.Module, words: nn.Module, head: nn.Module, known: Mapping[str, Rounded]
) -> None:
    """Replace the 4-bit layers by 8-bit ones, and convert the rest of the model to float32.

    The input and output embeddings, `words` and `head`, stay in bfloat16: they are large and often
    tied, and each token needs only one row of the first and one product with the second.
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
