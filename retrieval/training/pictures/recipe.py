"""The hyperparameters of training: stages, loss weights and seeds, as frozen dataclasses.

Knows numbers only. The recipe and the data together determine the result.
"""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of training at one picture size, with a linear learning-rate schedule."""

    steps: int
    size: int  # pixels along each side
    rate: tuple[float, float]  # learning rate at the start and at the end


@dataclass(frozen=True, slots=True)
class Recipe:
    """The hyperparameters of a training run."""

    stages: tuple[Stage, ...]
    seed: int = 0
    accumulate: int = 1  # batches per step (gradient accumulation)
    bank: int = 512  # candidate captions of a group per batch, at most
    alike: float = 0.5  # loss weight of pictures with the same label
    same: float = 0.5  # loss weight of two views of the same picture
    temperature: float = 0.1  # of the losses between pictures
    soft: float = 0.0  # weight of a teacher's soft targets, if there is a teacher
    decay: float = 0.05  # weight decay
    average: float = 0.998  # decay of the weights' moving average, per step
    validate_every: int = 200  # steps
    patience: int = 0  # validations without improvement before training stops, 0 for no limit

    @property
    def steps(self) -> int:
        """Return the number of steps."""
        return sum(stage.steps for stage in self.stages)

    def at(self, step: int) -> tuple[int, float]:
        """Return the picture size and the learning rate of a step."""
        before = 0
        for stage in self.stages:
            if step < before + stage.steps:
                first, last = stage.rate
                return stage.size, first + (last - first) * (step - before) / stage.steps
            before += stage.steps
        return self.stages[-1].size, self.stages[-1].rate[1]

    def facts(self) -> dict[str, Any]:
        """Return the recipe as JSON values."""
        return asdict(self)
