"""A small transformer over one token a modality, the same for items and queries.

Knows torch and how joined vectors lie; knows no training, no file and no score. What it starts
from is concatenation: each modality's vector, less the catalogue's mean, stands in its own block.
Beside that each modality is projected to a token, a learned token stands where one is missing, in
every layer a token attends to the tokens of the others (cross-attention, arXiv 1706.03762), and
what comes out is added to the modality's block. So a missing block is filled from those there.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from retrieval.fusion.concatenation import Dimensions, places
from retrieval.items import MODALITIES


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a network is; with the dimensions it decides which weights fit."""

    width: int = 128
    heads: int = 4
    layers: int = 2


class FusionNetwork(nn.Module):
    """Turns joined vectors, of which any modality may be hidden, into unit vectors."""

    means: Tensor

    def __init__(self, dimensions: Dimensions, shape: Shape) -> None:
        """Make a network with random weights of torch's own generator."""
        super().__init__()
        self.dimensions, self.shape = dict(dimensions), shape
        self.places = places(dimensions)
        width = shape.width
        self.into = nn.ModuleDict({m: nn.Linear(dimensions[m], width) for m in MODALITIES})
        self.out = nn.ModuleDict({m: nn.Linear(width, dimensions[m]) for m in MODALITIES})
        for weights in self.out.parameters():
            nn.init.zeros_(weights)  # so that it starts as concatenation
        self.gains = nn.Parameter(torch.ones(len(MODALITIES)))
        self.missing = nn.Parameter(torch.randn(len(MODALITIES), width) * 0.02)
        self.kinds = nn.Parameter(torch.randn(len(MODALITIES), width) * 0.02)
        self.layers = nn.ModuleList(_Layer(shape) for _ in range(shape.layers))
        self.last = nn.LayerNorm(width)
        self.log_scale = nn.Parameter(torch.tensor(3.0))  # of cosines, while it is trained
        self.register_buffer("means", torch.zeros(sum(dimensions[m] for m in MODALITIES)))

    def centre(self, means: Tensor) -> None:
        """Take the catalogue's mean vectors, one modality after the other, as the middle."""
        self.means.copy_(means)

    def forward(self, stored: Tensor, there: Tensor) -> Tensor:
        """Return (n, sum of dimensions) unit vectors of joined vectors (n, width).

        `there` (n, modalities) tells which to look at; what else stands in them is not seen.
        """
        blocks, tokens = [], []
        for at, (name, (block, _)) in enumerate(self.places.items()):
            seen = there[:, at, None]
            middle = (stored[:, block] - self.means[block]) * seen
            token = torch.where(seen, self.into[name](middle), self.missing[at])
            blocks.append(middle * self.gains[at])
            tokens.append(token + self.kinds[at])
        state = torch.stack(tokens, dim=1)
        for layer in self.layers:
            state = layer(state)
        state = self.last(state)
        found = [
            block + self.out[name](state[:, at])
            for at, (name, block) in enumerate(zip(self.places, blocks, strict=True))
        ]
        return functional.normalize(torch.cat(found, dim=1), dim=1)


class _Layer(nn.Module):
    """Attention from each token to all others, then a perceptron."""

    own: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.before, self.after = nn.LayerNorm(shape.width), nn.LayerNorm(shape.width)
        self.attention = nn.MultiheadAttention(shape.width, shape.heads, batch_first=True)
        self.perceptron = nn.Sequential(
            nn.Linear(shape.width, 2 * shape.width),
            nn.GELU(),
            nn.Linear(2 * shape.width, shape.width),
        )
        own = torch.eye(len(MODALITIES), dtype=torch.bool)
        self.register_buffer("own", own, persistent=False)

    def forward(self, state: Tensor) -> Tensor:
        """Return the tokens (n, modalities, width) after they have looked at each other."""
        seen = self.before(state)
        looked, _ = self.attention(seen, seen, seen, attn_mask=self.own, need_weights=False)
        state = state + looked
        added: Tensor = self.perceptron(self.after(state))
        return state + added
