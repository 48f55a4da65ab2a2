"""The upper layers of a text encoder, changed by a little, with two heads.

◆ torch. Knows token states and the changes that were learned (LoRA: Hu et al. 2021,
arXiv 2106.09685); knows no message and no file. The lower layers stay the encoder's own.
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from assistant.stance.said import ACTS, MEANINGS
from retrieval.encoders.bert import Bert

OWN_LAYERS = 3  # of the encoder's lower layers, which nothing changes
RANK = 16
_STRENGTH = 2.0  # by which a change is multiplied
_DROPPED = 0.2


class LowRank(nn.Module):
    """Add a matrix of low rank to a weight."""

    def __init__(self, weight: Tensor, rank: int) -> None:
        """Begin with a change of nothing."""
        super().__init__()
        rows, columns = weight.shape
        self.down = nn.Parameter(torch.randn(rank, columns) * 0.02)
        self.up = nn.Parameter(torch.zeros(rows, rank))

    def forward(self, weight: Tensor) -> Tensor:
        """Return the changed weight."""
        return weight + _STRENGTH * (self.up @ self.down)


class StanceNetwork(nn.Module):
    """States of a message's tokens → scores of how each stretch is meant, and of its acts."""

    def __init__(self, encoder: Bert, rank: int = RANK) -> None:
        """Copy the upper layers of `encoder`; only their changes and the heads can be learned."""
        super().__init__()
        upper = deepcopy(list(encoder.layers.layers)[OWN_LAYERS:])
        self.layers = nn.ModuleList(upper).requires_grad_(False)
        for owner, name in self._changed():
            parametrize.register_parametrization(owner, name, LowRank(getattr(owner, name), rank))
        width = encoder.words.embedding_dim
        self.mark = nn.Parameter(torch.zeros(width))  # added to the tokens of every stretch
        self.drop = nn.Dropout(_DROPPED)
        self.meant = nn.Linear(2 * width, len(MEANINGS))
        self.acts = nn.Linear(width, len(ACTS))

    def forward(
        self, states: Tensor, padded: Tensor, stretches: Tensor, rows: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return scores (stretches, meanings) and (messages, acts).

        `states` are (messages, length, width), `padded` marks what is no token, `stretches` are
        (stretches, length) with 1 on the tokens of each, `rows` tell which message each is of.
        """
        marked = torch.zeros(states.shape[:2]).index_add_(0, rows, stretches).clamp(max=1)
        states = states + marked[..., None] * self.mark
        for layer in self.layers:
            states = layer(states, src_key_padding_mask=padded)
        whole = _mean(states, (~padded).float())
        each = torch.cat((_mean(states[rows], stretches), whole[rows]), 1)
        return self.meant(self.drop(each)), self.acts(self.drop(whole))

    def learned(self) -> dict[str, Tensor]:
        """Return the parameters that are learned, by name."""
        return {name: one for name, one in self.named_parameters() if one.requires_grad}

    def settle(self) -> None:
        """Make the changes part of the layers; nothing can be learned afterwards."""
        for owner, name in self._changed():
            parametrize.remove_parametrizations(owner, name)
        self.requires_grad_(False).eval()

    def _changed(self) -> Iterator[tuple[nn.Module, str]]:
        for layer in self.layers:
            for name in ("self_attn.out_proj", "linear1", "linear2"):
                yield layer.get_submodule(name), "weight"
            yield layer.get_submodule("self_attn"), "in_proj_weight"


def stretch_tokens(places: Sequence[tuple[int, int]], start: int, end: int) -> Tensor:
    """Return 1 for each token, by its place in the text, that a stretch touches."""
    return torch.tensor([float(a < end and b > start and b > a) for a, b in places])


def _mean(states: Tensor, weights: Tensor) -> Tensor:
    return (states * weights[..., None]).sum(1) / weights.sum(1, keepdim=True).clamp(min=1)
