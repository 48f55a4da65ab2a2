"""Multiply by 4-bit and 8-bit weights on processors for which bitsandbytes has no kernel.

◆ torch. Knows matrices; knows no file and no model. bitsandbytes' 4-bit kernel needs AVX-512 with
bfloat16, which most laptops lack. torch's own kernels multiply few tokens by the rounded weights as
they are; for many tokens, weights are converted to float32, some rows at a time, so that they are
multiplied while they are still in the processor's cache. Inputs and outputs are float32.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Self

import torch
from torch import Tensor, nn

from assistant.model.tensor_file import ALIGNMENT

LEVELS = 15  # of four bits, above the lowest
GROUP = 32  # weights of a row that share a scale and a lowest value; as in llama.cpp's formats
# Numbers of tokens from which float32 is faster. One core with AVX2, 8,960 by 1,536 weights: the
# 4-bit kernel takes 49 ms for 64 tokens, 76 for 96, 361 for 420; converting, float32 55, 65, 234;
# the 8-bit kernel 8 ms for 8 tokens, 67 for 64, 441 for 420; converting, float32 11, 37, 178.
UNPACKED_FROM = 96
WIDENED_FROM = 16  # … of eight bits
_ROWS = 512  # converted at once: 3 MB in float32 for 1,536 columns


@dataclass(frozen=True, slots=True)
class FourBits:
    """A matrix (rows, columns) as codes from 0 to 15, with a scale and a lowest value a group."""

    codes: Tensor  # uint8 (rows, columns)
    scales: Tensor  # float32 (rows, groups)
    lowest: Tensor  # float32 (rows, groups)

    def values(self) -> Tensor:
        """Return the matrix in float32."""
        rows, groups = self.scales.shape
        steps = self.codes.view(rows, groups, -1) * self.scales[..., None]
        return (steps + self.lowest[..., None]).view(rows, -1)


def round_to_int4(matrix: Tensor, group: int = GROUP) -> FourBits:
    """Round a float32 matrix, each group of a row between its extremes."""
    rows, columns = matrix.shape
    parts = matrix.view(rows, -1, group)
    lowest, highest = parts.amin(-1), parts.amax(-1)
    scales = ((highest - lowest) / LEVELS).clamp(min=1e-8)
    codes = ((parts - lowest[..., None]) / scales[..., None]).round().clamp(0, LEVELS)
    return FourBits(codes.view(rows, columns).to(torch.uint8), scales, lowest)


@cache
def row_distance() -> int:
    """Return how many rows apart two codes are that share a byte of a packed matrix.

    It depends on the processor and is written nowhere, so a matrix is packed to see; 0 means that
    the codes are arranged otherwise.
    """
    codes = torch.randint(LEVELS + 1, (64, 64), generator=torch.Generator().manual_seed(0))
    packed = torch._convert_weight_to_int4pack_for_cpu(codes.int(), 1)
    for distance in (8, 16, 32):
        blocks = packed.view(-1, 64, distance).transpose(1, 2)
        if torch.equal(torch.stack((blocks & LEVELS, blocks >> 4), 1).view(64, 64), codes):
            return distance
    return 0


def packed_for() -> str:
    """Return what the packed weights of this process are good for; others cannot use them."""
    known = row_distance()
    return f"int4, {known} rows apart" if known else f"int4 of torch {torch.__version__}"


def suits(matrix: Tensor) -> bool:
    """Tell whether a matrix can be packed: whole blocks of rows, whole groups of columns."""
    rows, columns = matrix.shape
    return rows % max(2 * row_distance(), 16) == 0 and columns % GROUP == 0


class Int4Linear(nn.Module):
    """A linear layer with 4-bit weights, packed for torch's kernel on this processor."""

    packed: Tensor  # uint8 (rows, columns / 2)
    scales: Tensor  # bfloat16 (groups, rows, 2): the scale, and the value of the code 8
    bias: Tensor | None

    def __init__(self, packed: Tensor, scales: Tensor, bias: Tensor | None) -> None:
        super().__init__()
        self.register_buffer("packed", _aligned(packed))
        self.register_buffer("scales", scales)
        self.register_buffer("bias", bias)
        self._group = 2 * packed.shape[1] // len(scales)

    @classmethod
    def of(cls, bits: FourBits, bias: Tensor | None = None) -> Self:
        """Pack a matrix that suits."""
        packed = torch._convert_weight_to_int4pack_for_cpu(bits.codes.int(), 1)
        middles = bits.lowest + 8 * bits.scales
        both = torch.stack((bits.scales.T, middles.T), -1).bfloat16().contiguous()
        return cls(packed, both, bias)

    def forward(self, tokens: Tensor) -> Tensor:
        """Map (…, columns) to (…, rows)."""
        flat = tokens.reshape(-1, tokens.shape[-1])
        many = len(flat) >= UNPACKED_FROM and row_distance()
        found = self._many(flat) if many else self._few(flat)
        if self.bias is not None:
            found += self.bias
        return found.view(*tokens.shape[:-1], -1)

    def _few(self, tokens: Tensor) -> Tensor:
        """Multiply by the packed weights; with float32 the kernel is thirty times slower."""
        return torch._weight_int4pack_mm_for_cpu(
            tokens.bfloat16(), self.packed, self._group, self.scales
        ).float()

    def _many(self, tokens: Tensor) -> Tensor:
        """Multiply by the weights in float32."""
        found = torch.empty(len(tokens), len(self.packed))
        width = row_distance()
        spread = found.view(len(tokens), -1, 2, width)
        step = _ROWS // (2 * width)
        for start in range(0, spread.shape[1], step):
            blocks = slice(start, start + step)
            for half, matrix in enumerate(self._unpacked(blocks)):
                spread[:, blocks, half] = (tokens @ matrix).view(len(tokens), -1, width)
        return found

    def _unpacked(self, blocks: slice) -> Iterator[Tensor]:
        """Yield the first half of the rows of some blocks, then the second: (columns, rows)."""
        groups, columns, width = len(self.scales), 2 * self.packed.shape[1], row_distance()
        codes = self.packed.view(-1, columns, width)[blocks].view(torch.int64)
        codes = codes.transpose(0, 1).contiguous().view(torch.uint8).flatten(1)
        pairs = self.scales.view(groups, 1, -1, 2, width, 2)[:, :, blocks].float()
        steps, middles = pairs.permute(5, 3, 0, 1, 2, 4).flatten(4)
        matrix = torch.empty(codes.shape)
        for half, step, middle in zip((codes & LEVELS, codes >> 4), steps, middles, strict=True):
            by_group = matrix.copy_(half).view(groups, self._group, -1)
            yield torch.addcmul(middle - 8 * step, by_group, step, out=by_group).view_as(codes)


class Int8Linear(nn.Module):
    """A linear layer with 8-bit weights, a scale for each row."""

    weight: Tensor  # int8 (rows, columns)
    scales: Tensor  # float32 (rows)
    bias: Tensor | None
    _ones: Tensor

    def __init__(self, weight: Tensor, scales: Tensor, bias: Tensor | None) -> None:
        super().__init__()
        self.register_buffer("weight", _aligned(weight))
        self.register_buffer("scales", scales)
        self.register_buffer("bias", bias)
        self.register_buffer("_ones", torch.ones(len(scales), dtype=torch.bfloat16))

    def forward(self, tokens: Tensor) -> Tensor:
        """Map (…, columns) to (…, rows)."""
        flat = tokens.reshape(-1, tokens.shape[-1])
        found = self._few(flat) if len(flat) < WIDENED_FROM else self._many(flat)
        found *= self.scales
        if self.bias is not None:
            found += self.bias
        return found.view(*tokens.shape[:-1], -1)

    def _few(self, tokens: Tensor) -> Tensor:
        """Multiply by the rounded weights; the scales follow, for bfloat16 would round them."""
        return torch._weight_int8pack_mm(tokens.bfloat16(), self.weight, self._ones).float()

    def _many(self, tokens: Tensor) -> Tensor:
        """Multiply by the rounded weights in float32."""
        found = torch.empty(len(tokens), len(self.weight))
        for start in range(0, len(self.weight), _ROWS):
            rows = slice(start, start + _ROWS)
            found[:, rows] = tokens @ self.weight[rows].float().T
        return found


class Int8Embedding(nn.Module):
    """The vectors of tokens, with the 8-bit weights of a linear layer that maps back to tokens."""

    weight: Tensor  # int8 (tokens, columns)
    scales: Tensor  # float32 (tokens)

    def __init__(self, weight: Tensor, scales: Tensor) -> None:
        super().__init__()
        self.register_buffer("weight", weight)
        self.register_buffer("scales", scales)

    def forward(self, ids: Tensor) -> Tensor:
        """Map token ids (…) to vectors (…, columns) in float32."""
        return self.weight[ids] * self.scales[ids][..., None]


def _aligned(weight: Tensor) -> Tensor:
    """Return the matrix at an aligned address: torch's AVX-512 kernel crashes on others.

    A matrix in a file of ours is aligned there already, and stays mapped: a copy of all of them
    would take as much memory again, of this process alone.
    """
    return weight if weight.data_ptr() % ALIGNMENT == 0 else weight.clone()


def round_to_int8(matrix: Tensor) -> tuple[Tensor, Tensor]:
    """Return a float32 matrix as int8, and the scale of each row."""
    scales = matrix.abs().amax(dim=1).clamp(min=1e-12) / 127
    return (matrix / scales[:, None]).round().to(torch.int8), scales
