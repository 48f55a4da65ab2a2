"""What a batch costs: draw pictures, change them, and compare them with captions and each other.

Knows sources, towers and losses; knows no optimiser and no schedule.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from retrieval.training.augment import augment
from retrieval.training.examples import Source
from retrieval.training.losses import (
    many_true,
    pictures_alike,
    pictures_and_captions,
    same_picture,
)
from retrieval.training.recipe import Recipe
from retrieval.training.towers import Towers

Features = Sequence[Sequence[Tensor]]  # per source and group: (captions, wordings, width)


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as the picture tower sees it."""

    chosen: list[Tensor]  # per source: places of its pictures
    again: list[Tensor]  # per source: the first of them, seen a second time
    near: Tensor  # (all chosen, d) unit vectors
    far: Tensor  # (all seen again, d) unit vectors


class Objective:
    """Holds the data, and turns a size and dice into a loss."""

    def __init__(
        self, towers: Towers, sources: Sequence[Source], features: Features, recipe: Recipe
    ) -> None:
        """Bring the data to where the towers stand."""
        self.towers, self.recipe = towers, recipe
        self.sources = [source.on(towers.device) for source in sources]
        self.features = [[known.to(towers.device) for known in several] for several in features]

    def loss(self, size: int, dice: Generator) -> Tensor:
        """Draw a batch and return its loss."""
        return self.compare(self.draw(size, dice), dice)

    def draw(self, size: int, dice: Generator) -> Batch:
        """Draw pictures of every source, change them, and look at them."""
        chosen = [source.draw(dice) for source in self.sources]
        again, shown, views = [], [], []
        for source, at in zip(self.sources, chosen, strict=True):
            second = at[: round(source.views * len(at))]
            again.append(second)
            shown.append(augment(source.pixels[at], size, source.strength, dice))
            views.append(augment(source.pixels[second], size, source.again, dice))
        vectors = self.towers.see(torch.cat([*shown, *views]))
        count = sum(source.share for source in self.sources)
        return Batch(chosen, again, vectors[:count], vectors[count:])

    def compare(self, batch: Batch, dice: Generator) -> Tensor:
        """Return what a batch costs: pictures against pictures, and against captions."""
        loss = self.recipe.same * self._same(batch) + self.recipe.alike * self._alike(batch)
        return loss + self._captions(batch.near, batch.chosen, dice)

    def _same(self, batch: Batch) -> Tensor:
        """Let every second view find its picture."""
        first, at = 0, []
        for drawn, second in zip(batch.chosen, batch.again, strict=True):
            at.append(torch.arange(first, first + len(second), device=batch.near.device))
            first += len(drawn)
        return same_picture(batch.far, batch.near, torch.cat(at), self.recipe.temperature)

    def _alike(self, batch: Batch) -> Tensor:
        """Pull pictures of like things together; numbers of different sources never meet."""
        near, far, first = [], [], 0
        for source, at, second in zip(self.sources, batch.chosen, batch.again, strict=True):
            number = torch.where(source.alike >= 0, source.alike + first, source.alike)
            first += int(source.alike.max()) + 1
            near.append(number[at])
            far.append(number[second])
        vectors = torch.cat([batch.near, batch.far])
        return pictures_alike(vectors, torch.cat([*near, *far]), self.recipe.temperature)

    def _captions(self, near: Tensor, chosen: Sequence[Tensor], dice: Generator) -> Tensor:
        """Compare with the captions of every group, and of one group of each source at once."""
        scale = self.towers.log_scale.exp()
        loss, weights, start = near.new_zeros(()), 0.0, 0
        across: list[tuple[Tensor, Tensor]] = []
        for source, at, features in zip(self.sources, chosen, self.features, strict=True):
            own = near[start : start + len(at)]
            start += len(at)
            picked = int(_below(len(source.groups), (1,), dice))
            for number, (group, known) in enumerate(zip(source.groups, features, strict=True)):
                label = group.of_picture[at]
                told = (label >= 0).nonzero()[:, 0]
                captions = near.new_zeros(0, near.shape[1])
                true = label[told]
                if len(told):
                    _, rows, true = self.bank(known, label[told], dice)
                    captions = self.towers.project(rows)
                    part = pictures_and_captions(own[told], captions, true, scale)
                    weight = group.weight * len(at) / len(near)
                    loss, weights = loss + weight * part, weights + weight
                if number == picked:
                    spread = near.new_zeros(len(at), near.shape[1])
                    across.append((spread.index_put((told,), captions[true]), label))
        return 2 * loss / weights + 0.5 * _across(near, across, scale)

    def bank(self, known: Tensor, label: Tensor, dice: Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Return captions to choose among, the true ones and others, and where the true are.

        `known` (captions, wordings, width); returned are the captions' numbers (m,), a wording of
        each (m, width), and which of them is true of each picture (n,).
        """
        true, place = torch.unique(label, return_inverse=True)
        others = torch.randperm(len(known), generator=dice, device=dice.device)
        others = others[~torch.isin(others, true)][: max(0, self.recipe.bank - len(true))]
        asked = torch.cat([true, others])
        return asked, known[asked, _below(known.shape[1], (len(asked),), dice)], place


def _below(limit: int, shape: tuple[int, ...], dice: Generator) -> Tensor:
    return torch.randint(limit, shape, generator=dice, device=dice.device)


def _across(near: Tensor, across: Sequence[tuple[Tensor, Tensor]], scale: Tensor) -> Tensor:
    """Contrast the pictures of all sources with one caption each."""
    captions = torch.cat([caption for caption, _ in across])
    labels = torch.cat([label for _, label in across])
    blocks = [label[:, None] == label[None] for _, label in across]
    told = labels >= 0
    truth = torch.block_diag(*[block.float() for block in blocks])  # type: ignore[no-untyped-call]
    truth = (truth.bool() & told[None])[:, told]
    logits = (scale * near @ captions.T)[:, told]
    return 0.5 * (many_true(logits, truth) + many_true(logits.T, truth.T))
