"""How to train: stages, weights and seeds, as frozen values.

Knows numbers only. With the data, a recipe decides the result.
"""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of training at one picture size, its learning rate moving in a straight line."""

    steps: int
    size: int  # pixels along each side
    rate: tuple[float, float]  # learning rate at the start and at the end


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is trained."""

    stages: tuple[Stage, ...]
    seed: int = 0
    accumulate: int = 1  # batches in a step
    bank: int = 512  # captions of a group among which a picture chooses, at most
    alike: float = 0.5  # weight of pulling pictures that are alike together
    same: float = 0.5  # weight of finding the same picture again
    temperature: float = 0.1  # between pictures
    soft: float = 0.0  # share of a teacher in which captions are true, where there is one
    decay: float = 0.05  # weight decay
    average: float = 0.998  # of the moving average of the weights, per step
    validate_every: int = 200  # steps
    patience: int = 0  # validations without improvement before training stops, 0 for no limit

    @property
    def steps(self) -> int:
        """Return how many steps there are."""
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
