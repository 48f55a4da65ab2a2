"""The loss of a batch: draw pictures, augment them, compare them with captions and each other.

Knows sources, towers and losses; knows no optimiser and no schedule.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Generator, Tensor
from torch.nn import functional

from retrieval.training.losses import (
    many_true,
    pictures_alike,
    pictures_and_captions,
    same_picture,
    softly,
)
from retrieval.training.pictures.augment import augment
from retrieval.training.pictures.examples import PictureSource
from retrieval.training.pictures.recipe import Recipe
from retrieval.training.pictures.towers import Towers

TeacherFeatures = Sequence[Sequence[Tensor]]  # per source and group: (captions, wordings, width)


@dataclass(frozen=True, slots=True)
class Teacher:
    """A model with the same text transformer whose logits are soft targets (distillation)."""

    towers: Towers
    size: int = 0  # side of its input in pixels, 0 for the same as the student

    @torch.no_grad()
    def see(self, pictures: Tensor) -> Tensor:
        """Return unit vectors (n, d) of pictures (n, 3, size, size) in 0..1."""
        if self.size not in (0, pictures.shape[-1]):
            side = (self.size, self.size)
            pictures = functional.interpolate(pictures, side, mode="bilinear", antialias=True)
        return self.towers.see(pictures)


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch with the picture tower's vectors."""

    chosen: list[Tensor]  # per source: positions of its pictures
    again: list[Tensor]  # per source: the first of them, which get a second view
    near: Tensor  # (all chosen, d) unit vectors of the first views
    far: Tensor  # (all again, d) unit vectors of the second views
    taught: list[Tensor]  # per teacher: (all chosen, d) the teacher's vectors of the first views


@dataclass(frozen=True, slots=True)
class Choice:
    """A source's pictures and the candidate captions of one group."""

    source: int
    group: int
    pictures: Tensor  # (n,) positions in the source
    captions: Tensor  # (m,) numbers in the group
    rows: Tensor  # (m, width) features of one wording of each, from the frozen text transformer
    taught: list[Tensor]  # per teacher: (n, d) its vectors of the pictures


class Objective:
    """The loss on random batches of the data."""

    def __init__(
        self,
        towers: Towers,
        sources: Sequence[PictureSource],
        features: TeacherFeatures,
        recipe: Recipe,
        teachers: Sequence[Teacher] = (),
    ) -> None:
        """Move the data to the towers' device.

        The teachers' mean logits, with weight `recipe.soft`, are soft targets for the captions.
        Teachers are other models (arXiv 1503.02531), which see the same augmented pixels (arXiv
        2106.05237), or the moving average of the trained model (arXiv 2107.07651). They must be on
        the same device.
        """
        self.towers, self.recipe, self.teachers = towers, recipe, teachers
        for teacher in teachers:
            teacher.towers.model.eval()
        self.sources = [source.on(towers.device) for source in sources]
        self.features = [[known.to(towers.device) for known in several] for several in features]

    def loss(self, size: int, dice: Generator) -> Tensor:
        """Draw a batch and return its loss."""
        return self.compare(self.draw(size, dice), dice)

    def draw(self, size: int, dice: Generator) -> Batch:
        """Draw pictures from every source, augment them, and encode them."""
        chosen = [source.draw(dice) for source in self.sources]
        again, shown, views = [], [], []
        for source, at in zip(self.sources, chosen, strict=True):
            second = at[: round(source.views * len(at))]
            again.append(second)
            shown.append(augment(source.pixels[at], size, source.strength, dice))
            views.append(augment(source.pixels[second], size, source.again, dice))
        pictures = torch.cat([*shown, *views])
        vectors = self.towers.see(pictures)
        count = sum(source.share for source in self.sources)
        taught = [teacher.see(pictures[:count]) for teacher in self.teachers]
        return Batch(chosen, again, vectors[:count], vectors[count:], taught)

    def compare(self, batch: Batch, dice: Generator) -> Tensor:
        """Return the loss of a batch: pictures with pictures, and pictures with captions."""
        loss = self.recipe.same * self._same(batch) + self.recipe.alike * self._alike(batch)
        return loss + self._captions(batch, dice)

    def _same(self, batch: Batch) -> Tensor:
        """Return the loss of matching every second view with its first view."""
        first, at = 0, []
        for drawn, second in zip(batch.chosen, batch.again, strict=True):
            at.append(torch.arange(first, first + len(second), device=batch.near.device))
            first += len(drawn)
        return same_picture(batch.far, batch.near, torch.cat(at), self.recipe.temperature)

    def _alike(self, batch: Batch) -> Tensor:
        """Return the loss that pulls pictures with the same label together, within each source."""
        near, far, first = [], [], 0
        for source, at, second in zip(self.sources, batch.chosen, batch.again, strict=True):
            number = torch.where(source.alike >= 0, source.alike + first, source.alike)
            first += int(source.alike.max()) + 1
            near.append(number[at])
            far.append(number[second])
        vectors = torch.cat([batch.near, batch.far])
        return pictures_alike(vectors, torch.cat([*near, *far]), self.recipe.temperature)

    def _captions(self, batch: Batch, dice: Generator) -> Tensor:
        """Return the caption loss of every group, plus one group of each source at once."""
        near = batch.near
        scale = self.towers.log_scale.exp()
        loss, weights, start = near.new_zeros(()), 0.0, 0
        across: list[tuple[Tensor, Tensor]] = []
        for which, (source, at) in enumerate(zip(self.sources, batch.chosen, strict=True)):
            end = start + len(at)
            own, taught = near[start:end], [vectors[start:end] for vectors in batch.taught]
            start = end
            picked = int(_below(len(source.groups), (1,), dice))
            for number, group in enumerate(source.groups):
                label = group.of_picture[at]
                told = (label >= 0).nonzero()[:, 0]
                captions = near.new_zeros(0, near.shape[1])
                true = label[told]
                if len(told):
                    asked, rows, true = self.bank(self.features[which][number], label[told], dice)
                    captions = self.towers.project(rows)
                    seen = [vectors[told] for vectors in taught]
                    choice = Choice(which, number, at[told], asked, rows, seen)
                    part = self._choose(choice, own[told], captions, true, scale)
                    weight = group.weight * len(at) / len(near)
                    loss, weights = loss + weight * part, weights + weight
                if number == picked:
                    spread = near.new_zeros(len(at), near.shape[1])
                    across.append((spread.index_put((told,), captions[true]), label))
        return 2 * loss / weights + 0.5 * _across(near, across, scale)

    def _choose(
        self, choice: Choice, own: Tensor, captions: Tensor, true: Tensor, scale: Tensor
    ) -> Tensor:
        """Return the caption loss: the records' labels, partly replaced by the soft targets."""
        told = pictures_and_captions(own, captions, true, scale)
        hints = self.hints(choice)
        if not hints:
            return told
        logits, loss = scale * own @ captions.T, told
        for weight, hint in hints:
            loss = loss + weight * (softly(logits, hint) - told)
        return loss

    @torch.no_grad()
    def hints(self, choice: Choice) -> list[tuple[float, Tensor]]:
        """Return the soft targets from the teachers: weights with logits (n, m)."""
        if not self.teachers:
            return []
        logits = [
            teacher.towers.log_scale.exp() * seen @ teacher.towers.project(choice.rows).T
            for teacher, seen in zip(self.teachers, choice.taught, strict=True)
        ]
        return [(self.recipe.soft, torch.stack(logits).mean(0))]

    def bank(self, known: Tensor, label: Tensor, dice: Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Return the candidate captions ("bank"): the true ones and random negatives.

        `known` is (captions, wordings, width). Returned are the candidates' numbers (m,), one
        wording's features of each (m, width), and each picture's true candidate (n,).
        """
        true, place = torch.unique(label, return_inverse=True)
        others = torch.randperm(len(known), generator=dice, device=dice.device)
        others = others[~torch.isin(others, true)][: max(0, self.recipe.bank - len(true))]
        asked = torch.cat([true, others])
        return asked, known[asked, _below(known.shape[1], (len(asked),), dice)], place


def _below(limit: int, shape: tuple[int, ...], dice: Generator) -> Tensor:
    return torch.randint(limit, shape, generator=dice, device=dice.device)


def _across(near: Tensor, across: Sequence[tuple[Tensor, Tensor]], scale: Tensor) -> Tensor:
    """Return the contrastive loss of all sources' pictures with one caption each."""
    captions = torch.cat([caption for caption, _ in across])
    labels = torch.cat([label for _, label in across])
    blocks = [label[:, None] == label[None] for _, label in across]
    told = labels >= 0
    truth = torch.block_diag(*[block.float() for block in blocks])  # type: ignore[no-untyped-call]
    truth = (truth.bool() & told[None])[:, told]
    logits = (scale * near @ captions.T)[:, told]
    return 0.5 * (many_true(logits, truth) + many_true(logits.T, truth.T))
