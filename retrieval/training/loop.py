"""Train an OpenCLIP model on pictures and true captions; stop it anywhere and go on the same.

Knows sources, stages and checkpoints; knows no catalogue and no file format but its own
checkpoint. The text transformer is frozen ("locked", arXiv 2111.07991): its output for every
caption is computed once, and only its projection is trained. What is kept in the end is a moving
average of the weights.
"""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from retrieval.training.augment import PHONE, augment
from retrieval.training.examples import CaptionGroup, Source
from retrieval.training.losses import (
    many_true,
    pictures_alike,
    pictures_and_captions,
    same_picture,
)


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of training at one picture size, its learning rate moving in a straight line."""

    steps: int
    size: int  # pixels along each side
    rate: tuple[float, float]  # learning rate at the start and at the end


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train. With the data, it decides the result."""

    stages: tuple[Stage, ...]
    seed: int = 0
    bank: int = 512  # most captions of a group that a picture chooses among
    views: float = 0.25  # share of a batch that is shown a second time, changed more strongly
    accumulate: int = 1  # batches per step
    decay: float = 0.05  # weight decay
    average: float = 0.998  # of the moving average, per step
    alike: float = 0.5  # weight of pictures that are alike
    same: float = 0.5  # weight of finding the same picture again
    temperature: float = 0.1  # between pictures
    validate_every: int = 500  # steps
    patience: int = 0  # validations without improvement before stopping, 0 for never

    @property
    def steps(self) -> int:
        """Return how many steps there are."""
        return sum(stage.steps for stage in self.stages)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where training stands."""

    step: int
    steps: int
    loss: float  # mean since the last report
    seconds_left: float
    validation: float | None = None  # when one was just made; higher is better


Report = Callable[[Progress], None]
Encode = Callable[[Sequence[str]], Tensor]


class Trainer:
    """Holds a model in training: its optimiser, its average, its dice, its place."""

    def __init__(
        self,
        model: nn.Module,
        sources: Sequence[Source],
        features: Sequence[Sequence[Tensor]],
        recipe: Recipe,
    ) -> None:
        """Prepare the first step.

        `features` holds, per source and group, (captions, wordings, width) frozen text features.
        """
        self.model, self.sources, self.features, self.recipe = model, sources, features, recipe
        self.step = 0
        self.dice = torch.Generator().manual_seed(recipe.seed)
        self.trained = {n: p for n, p in model.named_parameters() if p.requires_grad}
        grow = [p for p in self.trained.values() if p.ndim > 1]
        keep = [p for p in self.trained.values() if p.ndim <= 1]
        groups = [
            {"params": grow, "weight_decay": recipe.decay},
            {"params": keep, "weight_decay": 0.0},
        ]
        self.optimiser = torch.optim.AdamW(groups, lr=1e-3, betas=(0.9, 0.98), fused=True)
        self.average = {name: value.clone() for name, value in self._state().items()}
        self.best: tuple[float, dict[str, Tensor]] | None = None
        self.stale = 0

    def _state(self) -> dict[str, Tensor]:
        """Return everything that training moves: parameters and batch statistics."""
        buffers = {n: b for n, b in self.model.named_buffers() if n.startswith("visual.")}
        return {**{n: p.detach() for n, p in self.trained.items()}, **buffers}

    def take_step(self) -> float:
        """Learn from `accumulate` batches; return the loss."""
        stage, rate = at_step(self.recipe, self.step)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self.model.train()
        total = 0.0
        for _ in range(self.recipe.accumulate):
            loss = self._loss(stage.size) / self.recipe.accumulate
            loss.backward()
            total += float(loss.detach())
        nn.utils.clip_grad_norm_(list(self.trained.values()), 5.0)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        with torch.no_grad():
            self.model.logit_scale.clamp_(0, math.log(100))
        self.step += 1
        self._follow()
        return total

    @torch.no_grad()
    def _follow(self) -> None:
        """Let the moving average follow; at first it follows fast."""
        weight = 1 - min(self.recipe.average, (1 + self.step) / (10 + self.step))
        for name, value in self._state().items():
            if value.is_floating_point():
                self.average[name].lerp_(value, weight)
            else:
                self.average[name].copy_(value)

    def _loss(self, size: int) -> Tensor:
        """Draw a batch and return its loss."""
        chosen = [self._draw(source) for source in self.sources]
        views, origin = [], []
        first = 0
        pictures = []
        for source, at in zip(self.sources, chosen, strict=True):
            pictures.append(augment(source.pixels[at], size, source.strength, self.dice))
            again = round(self.recipe.views * len(at))
            views.append(augment(source.pixels[at[:again]], size, PHONE, self.dice))
            origin.append(torch.arange(first, first + again))
            first += len(at)
        shown = torch.cat([*pictures, *views]).sub_(0.5).div_(0.25)
        with torch.autocast("cpu", torch.bfloat16):
            encoded = self.model.visual(shown.contiguous(memory_format=torch.channels_last))
        units = F.normalize(encoded.float(), dim=1)
        near, far = units[:first], units[first:]
        at = torch.cat(origin)
        loss = self.recipe.same * same_picture(far, near, at, self.recipe.temperature)
        loss = loss + self.recipe.alike * self._alike(near, far, chosen)
        return loss + self._captions(near, chosen)

    def _draw(self, source: Source) -> Tensor:
        """Draw a source's share of a batch, rare ones more often than they are."""
        return torch.multinomial(
            source.chance, source.share, replacement=False, generator=self.dice
        )

    def _alike(self, near: Tensor, far: Tensor, chosen: Sequence[Tensor]) -> Tensor:
        """Return the loss between pictures that are alike, over all sources."""
        labels, seen, offset = [], [], 0
        for source, at in zip(self.sources, chosen, strict=True):
            label = source.alike[at]
            labels.append(torch.where(label >= 0, label + offset, label))
            offset += int(source.alike.max()) + 1
            seen.append(labels[-1][: round(self.recipe.views * len(at))])
        return pictures_alike(
            torch.cat([near, far]), torch.cat([*labels, *seen]), self.recipe.temperature
        )

    def _captions(self, near: Tensor, chosen: Sequence[Tensor]) -> Tensor:
        """Return the loss against captions: every group of every source, and across sources."""
        scale = self.model.logit_scale.exp()
        loss, total, start = torch.zeros(()), 0.0, 0
        across: list[tuple[Tensor, Tensor]] = []
        for source, at, features in zip(self.sources, chosen, self.features, strict=True):
            own = near[start : start + len(at)]
            start += len(at)
            share = len(at) / len(near)
            pick = int(torch.randint(len(source.groups), (1,), generator=self.dice))
            for number, (group, known) in enumerate(zip(source.groups, features, strict=True)):
                label = group.of_picture[at]
                told = label >= 0
                if not bool(told.any()):
                    if number == pick:
                        across.append(
                            (torch.zeros(len(at), near.shape[1]), torch.full_like(label, -1))
                        )
                    continue
                rows, true = self._bank(known, label[told])
                captions = self._project(rows)
                part = pictures_and_captions(own[told], captions, true, scale)
                loss = loss + share * group.weight * part
                total += share * group.weight
                if number == pick:
                    spread = torch.zeros(len(at), near.shape[1]).index_put(
                        (told.nonzero()[:, 0],), captions[true]
                    )
                    across.append((spread, label))
        return loss / total * 2 + 0.5 * self._across(near, across, scale)

    def _bank(self, known: Tensor, label: Tensor) -> tuple[Tensor, Tensor]:
        """Choose captions to choose among: the true ones, and others up to the bank's size."""
        true, place = label.unique(return_inverse=True)
        room = self.recipe.bank - len(true)
        others = torch.randperm(len(known), generator=self.dice)
        others = others[~torch.isin(others, true)][: max(0, room)]
        asked = torch.cat([true, others])
        wording = torch.randint(known.shape[1], (len(asked),), generator=self.dice)
        return known[asked, wording], place

    def _project(self, features: Tensor) -> Tensor:
        return F.normalize(self.model.text.proj(features.float()), dim=1)

    def _across(
        self, near: Tensor, across: Sequence[tuple[Tensor, Tensor]], scale: Tensor
    ) -> Tensor:
        """Contrast pictures with the captions of every source in the batch."""
        captions = torch.cat([caption for caption, _ in across])
        blocks = [(label[:, None] == label[None]) & (label >= 0)[None] for _, label in across]
        truth = torch.block_diag(*[block.float() for block in blocks]).bool()
        told = torch.cat([label for _, label in across]) >= 0
        logits = (scale * near @ captions.T)[:, told]
        return 0.5 * (many_true(logits, truth[:, told]) + many_true(logits.T, truth[:, told].T))

    # -- the place where training stands

    def state(self) -> dict[str, Any]:
        """Return everything needed to go on as if never stopped."""
        return {
            "step": self.step,
            "weights": dict(self._state()),
            "average": self.average,
            "optimiser": self.optimiser.state_dict(),
            "dice": self.dice.get_state(),
            "best": self.best,
            "stale": self.stale,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        self.step, self.best, self.stale = state["step"], state["best"], state["stale"]
        with torch.no_grad():
            for name, value in self._state().items():
                value.copy_(state["weights"][name])
        self.average = state["average"]
        self.optimiser.load_state_dict(state["optimiser"])
        self.dice.set_state(state["dice"])


def at_step(recipe: Recipe, step: int) -> tuple[Stage, float]:
    """Return the stage of a step, and its learning rate."""
    before = 0
    for stage in recipe.stages:
        if step < before + stage.steps:
            low, high = stage.rate
            return stage, low + (high - low) * (step - before) / stage.steps
        before += stage.steps
    raise IndexError(step)


def frozen_features(groups: Sequence[CaptionGroup], encode: Encode) -> list[Tensor]:
    """Encode every wording once with the frozen text side: (captions, wordings, width) each."""
    every = sorted({text for group in groups for ways in group.wordings for text in ways}, key=len)
    place = {text: at for at, text in enumerate(every)}
    table = encode(every)
    return [
        table[torch.tensor([[place[text] for text in ways] for ways in group.wordings])]
        for group in groups
    ]
