"""The loss of a fusion on a batch: words match items, items match themselves, choices rank first.

Knows examples, a network and losses; knows no optimiser and no schedule. Modalities are masked at
random (modality dropout): in some batches the queries keep only part of their modalities, and an
item shows only modalities that the query has, sometimes fewer. So the network sees the same kinds
of inputs as in a search.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional

from retrieval.fusion.network import FusionNetwork
from retrieval.training.fusion.examples import Examples
from retrieval.training.fusion.recipe import FusionRecipe
from retrieval.training.losses import many_true

_WHOLE = 0.7  # share of batches in which queries keep all their modalities


class Held:
    """The network as a TrainableModel."""

    def __init__(self, network: FusionNetwork, *, freeze: bool = False) -> None:
        """Hold the network; `freeze` freezes its attention layers and trains only the rest."""
        self.model: nn.Module = network
        self.network = network
        self.log_scale: nn.Parameter = network.log_scale
        network.layers.requires_grad_(not freeze)
        network.last.requires_grad_(not freeze)

    def moved(self) -> dict[str, Tensor]:
        """Return all tensors that training changes, by name."""
        return {n: p.detach() for n, p in self.model.named_parameters() if p.requires_grad}

    @torch.no_grad()
    def put(self, values: dict[str, Tensor]) -> None:
        """Set the tensors that `moved` returns."""
        for name, value in self.moved().items():
            value.copy_(values[name])


@dataclass(frozen=True, slots=True)
class Tastes:
    """Users' choices as positions in the catalogue, oldest first, at least two per user."""

    chosen: Sequence[Tensor]

    def draw(
        self, users: int, history: int, rows: Tensor, dice: Generator
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Draw users: histories, their mask (users, history), positives and negatives (users,).

        A short history is padded with its first item, where the mask is False. The positive is the
        user's next choice, the negative an item that the user did not choose.
        """
        picked = torch.randint(len(self.chosen), (users,), generator=dice)
        before = torch.zeros(users, history, dtype=torch.long)
        real = torch.zeros(users, history, dtype=torch.bool)
        later = torch.zeros(users, dtype=torch.long)
        strange = rows[torch.randint(len(rows), (users,), generator=dice)]
        for row, user in enumerate(picked.tolist()):
            chosen = self.chosen[user]
            at = int(torch.randint(1, len(chosen), (1,), generator=dice))
            past = chosen[max(0, at - history) : at]
            before[row], later[row] = past[0], chosen[at]
            before[row, : len(past)] = past
            real[row, : len(past)] = True
            while bool((chosen == strange[row]).any()) and len(chosen) < len(rows):
                strange[row] = rows[torch.randint(len(rows), (1,), generator=dice)[0]]
        return before, real, later, strange


class FusionObjective:
    """The loss on random batches of the data."""

    def __init__(
        self, towers: Held, examples: Examples, recipe: FusionRecipe, tastes: Tastes | None = None
    ) -> None:
        """Train on these items, and on users' choices among them, if there are any."""
        self.towers, self.recipe = towers, recipe
        self._network, self._examples, self._tastes = towers.network, examples, tastes

    def loss(self, size: int, dice: Generator) -> Tensor:
        """Draw `size` items and return their loss."""
        at = self._examples.rows[torch.randperm(len(self._examples), generator=dice)[:size]]
        loss = self._words(at, dice) + self.recipe.subsets * self._subsets(at, dice)
        if self._tastes is not None and self.recipe.tastes:
            loss = loss + self.recipe.tastes * self._choices(self._tastes, dice)
        return loss

    def _words(self, at: Tensor, dice: Generator) -> Tensor:
        """Return the loss of words matching the items they describe (InfoNCE, arXiv 1807.03748)."""
        chosen, truth = self._examples.draw_phrases(at, dice)
        parts = self._examples.asked.clone()
        if float(torch.rand(1, generator=dice)) >= _WHOLE:
            parts &= _some(parts[None], 0.5, dice)[0]
        asked = self._network(self._examples.phrases[chosen], parts.expand(len(at), -1))
        shown = _some(self._examples.there[at] & parts, self.recipe.hidden, dice)
        found = self._network(self._examples.stored[at], shown)
        logits = self.towers.log_scale.exp() * asked @ found.T
        return 0.5 * (many_true(logits, truth) + many_true(logits.T, truth.T))

    def _subsets(self, at: Tensor, dice: Generator) -> Tensor:
        """Return the loss of matching two maskings of one item (SimCLR, arXiv 2002.05709)."""
        stored, there = self._examples.stored[at], self._examples.there[at]
        noisy = stored + self.recipe.noise * torch.randn(stored.shape, generator=dice)
        one = self._network(noisy, _some(there, 0.5, dice))
        other = self._network(stored, _some(there, 0.5, dice))
        logits = self.towers.log_scale.exp() * one @ other.T
        own = torch.arange(len(at))
        return 0.5 * (
            functional.cross_entropy(logits, own) + functional.cross_entropy(logits.T, own)
        )

    def _choices(self, tastes: Tastes, dice: Generator) -> Tensor:
        """Return the loss of ranking a user's next choice (BPR, Rendle et al. 2009, 1205.2618)."""
        users, history = self.recipe.users, self.recipe.history
        before, real, later, strange = tastes.draw(users, history, self._examples.rows, dice)
        at = torch.cat([before.flatten(), later, strange])
        shown = _some(self._examples.there[at], self.recipe.hidden, dice)
        vectors = self._network(self._examples.stored[at], shown)
        past, later_, strange_ = vectors.split([users * history, users, users])
        user = taste_of(past.view(users, history, -1), real)
        margin = (user * (later_ - strange_)).sum(1)
        return -functional.logsigmoid(self.towers.log_scale.exp() * margin).mean()


def taste_of(past: Tensor, real: Tensor) -> Tensor:
    """Return users' unit vectors (users, d): the mean of their choices (users, history, d)."""
    return functional.normalize((past * real[..., None]).sum(1), dim=1)


def _some(there: Tensor, hidden: float, dice: Generator) -> Tensor:
    """Mask a share of the modalities (n, modalities), but never an item's last one."""
    order = torch.rand(there.shape, generator=dice) + ~there  # present ones first
    kept = (order >= hidden) | (order == order.min(dim=1, keepdim=True).values)
    return there & kept
