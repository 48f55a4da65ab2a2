"""What a batch costs a fusion: words find items, items find themselves, choices are foreseen.

Knows examples, a network and losses; knows no optimiser and no schedule. In every batch words are
asked with some of their parts only, and an item is shown with what the words ask and, now and
then, less (modality dropout), so that the network meets what it will meet in a search.
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

_WHOLE = 0.7  # of the batches, in which words are asked with all their parts


class Held:
    """Holds the network in training; frozen, only what meets the encoders' spaces is trained."""

    def __init__(self, network: FusionNetwork, *, freeze: bool = False) -> None:
        """Freeze what looks from one modality to another, if asked to."""
        self.model: nn.Module = network
        self.network = network
        self.log_scale: nn.Parameter = network.log_scale
        network.layers.requires_grad_(not freeze)
        network.last.requires_grad_(not freeze)

    def moved(self) -> dict[str, Tensor]:
        """Return all that training moves."""
        return {n: p.detach() for n, p in self.model.named_parameters() if p.requires_grad}

    @torch.no_grad()
    def put(self, values: dict[str, Tensor]) -> None:
        """Set all that training moves."""
        for name, value in self.moved().items():
            value.copy_(values[name])


@dataclass(frozen=True, slots=True)
class Tastes:
    """What users chose, as places in the catalogue, oldest first; two and more a user."""

    chosen: Sequence[Tensor]

    def draw(
        self, users: int, history: int, rows: Tensor, dice: Generator
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return histories (users, history), which are real, and a later and a strange place each.

        A history is filled up with its first item, marked as not real.
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
    """Holds the data and the network, and turns dice into a loss."""

    def __init__(
        self, towers: Held, examples: Examples, recipe: FusionRecipe, tastes: Tastes | None = None
    ) -> None:
        """Learn of these items, and of what users chose among them, if that is known."""
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
        """Let words find the items of which they are true (InfoNCE, arXiv 1807.03748)."""
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
        """Let some of an item's modalities find it by others (SimCLR, arXiv 2002.05709)."""
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
        """Rank what a user chose later above the rest (BPR, Rendle et al. 2009, 1205.2618)."""
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
    """Return users' unit vectors (users, d): the mean of what they chose (users, history, d)."""
    return functional.normalize((past * real[..., None]).sum(1), dim=1)


def _some(there: Tensor, hidden: float, dice: Generator) -> Tensor:
    """Hide a share of the modalities (n, modalities), never the last one of an item."""
    order = torch.rand(there.shape, generator=dice) + ~there  # those that are there come first
    kept = (order >= hidden) | (order == order.min(dim=1, keepdim=True).values)
    return there & kept
