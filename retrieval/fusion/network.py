"""A small transformer over one token per modality, the same for items and queries.

Knows torch and the layout of joined vectors; knows no training, no file and no score. Its starting
point is concatenation: each modality's vector, minus the catalogue's mean, is one block. In
addition, each modality is projected to a token, with a learned token for a missing modality; in
every layer a token attends to the tokens of the other modalities (cross-attention, arXiv
1706.03762); and the output is added to the modality's block. So a missing block is predicted from
the blocks that are present.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from retrieval.fusion.concatenation import Dimensions, places
from retrieval.items import MODALITIES


@dataclass(frozen=True, slots=True)
class Shape:
    """A network's size; together with the dimensions it determines the shapes of the weights."""

    width: int = 128
    heads: int = 4
    layers: int = 2


class FusionNetwork(nn.Module):
    """Turns joined vectors into unit vectors; any modality may be masked."""

    means: Tensor

    def __init__(self, dimensions: Dimensions, shape: Shape) -> None:
        """Create a network with random weights from torch's global generator."""
        super().__init__()
        self.dimensions, self.shape = dict(dimensions), shape
        self.places = places(dimensions)
        width = shape.width
        self.into = nn.ModuleDict({m: nn.Linear(dimensions[m], width) for m in MODALITIES})
        self.out = nn.ModuleDict({m: nn.Linear(width, dimensions[m]) for m in MODALITIES})
        for weights in self.out.parameters():
            nn.init.zeros_(weights)  # so that training starts from concatenation
        self.gains = nn.Parameter(torch.ones(len(MODALITIES)))
        self.missing = nn.Parameter(torch.randn(len(MODALITIES), width) * 0.02)
        self.kinds = nn.Parameter(torch.randn(len(MODALITIES), width) * 0.02)
        self.layers = nn.ModuleList(_Layer(shape) for _ in range(shape.layers))
        self.last = nn.LayerNorm(width)
        self.log_scale = nn.Parameter(torch.tensor(3.0))  # of cosines, in training only
        self.register_buffer("means", torch.zeros(sum(dimensions[m] for m in MODALITIES)))

    def centre(self, means: Tensor) -> None:
        """Set the catalogue's mean vectors, concatenated by modality, to centre inputs on."""
        self.means.copy_(means)

    def forward(self, stored: Tensor, there: Tensor) -> Tensor:
        """Return (n, sum of dimensions) unit vectors of joined vectors (n, width).

        `there` (n, modalities) is the mask: a modality where it is False is ignored.
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
    """Attention from each token to all others, then a feed-forward network."""

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
        """Return the tokens (n, modalities, width) after attention and feed-forward."""
        seen = self.before(state)
        looked, _ = self.attention(seen, seen, seen, attn_mask=self.own, need_weights=False)
        state = state + looked
        added: Tensor = self.perceptron(self.after(state))
        return state + added
