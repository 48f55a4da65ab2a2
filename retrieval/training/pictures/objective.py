"""What a batch costs: draw pictures, change them, and compare them with captions and each other.

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
    """A model of the same text side that has a say in which captions are true of a picture."""

    towers: Towers
    size: int = 0  # pixels along each side of what it looks at, 0 for as many as the learner

    @torch.no_grad()
    def see(self, pictures: Tensor) -> Tensor:
        """Return unit vectors (n, d) of pictures (n, 3, size, size) in 0..1."""
        if self.size not in (0, pictures.shape[-1]):
            side = (self.size, self.size)
            pictures = functional.interpolate(pictures, side, mode="bilinear", antialias=True)
        return self.towers.see(pictures)


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as the picture tower sees it."""

    chosen: list[Tensor]  # per source: places of its pictures
    again: list[Tensor]  # per source: the first of them, seen a second time
    near: Tensor  # (all chosen, d) unit vectors
    far: Tensor  # (all seen again, d) unit vectors
    taught: list[Tensor]  # per teacher: (all chosen, d) the same by the teacher


@dataclass(frozen=True, slots=True)
class Choice:
    """Which captions of a group the pictures of a source choose among."""

    source: int
    group: int
    pictures: Tensor  # (n,) their places in the source
    captions: Tensor  # (m,) their numbers in the group
    rows: Tensor  # (m, width) a wording of each, from the frozen text side
    taught: list[Tensor]  # per teacher: (n, d) the pictures


class Objective:
    """Holds the data, and turns a size and dice into a loss."""

    def __init__(
        self,
        towers: Towers,
        sources: Sequence[PictureSource],
        features: TeacherFeatures,
        recipe: Recipe,
        teachers: Sequence[Teacher] = (),
    ) -> None:
        """Bring the data to where the towers stand.

        Teachers, on the same device, together have a say of weight `recipe.soft` in which captions
        are true of a picture: other models (arXiv 1503.02531), shown the very same pixels (arXiv
        2106.05237), or the moving average of what is trained (arXiv 2107.07651).
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
        """Draw pictures of every source, change them, and look at them."""
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
        """Return what a batch costs: pictures against pictures, and against captions."""
        loss = self.recipe.same * self._same(batch) + self.recipe.alike * self._alike(batch)
        return loss + self._captions(batch, dice)

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

    def _captions(self, batch: Batch, dice: Generator) -> Tensor:
        """Compare with the captions of every group, and of one group of each source at once."""
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
        """Return the loss against the records, as far as the hints leave a say to them."""
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
        """Return who else says which captions are true: a weight, and logits (n, m)."""
        if not self.teachers:
            return []
        logits = [
            teacher.towers.log_scale.exp() * seen @ teacher.towers.project(choice.rows).T
            for teacher, seen in zip(self.teachers, choice.taught, strict=True)
        ]
        return [(self.recipe.soft, torch.stack(logits).mean(0))]

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
