"""The hyperparameters of training a fusion, as one frozen dataclass.

Knows numbers only. The recipe and the data together determine the result.
"""

import math
from dataclasses import asdict, dataclass
from typing import Any

_ROUNDS = 20  # epochs
_STEPS = (150, 1400)  # minimum and maximum
_BATCH = 512


@dataclass(frozen=True, slots=True)
class FusionRecipe:
    """Hyperparameters; the learning rate warms up, then decays as a cosine (arXiv 1608.03983)."""

    steps: int
    batch: int  # items
    rate: float = 1e-3  # maximum learning rate
    warm: float = 0.1  # share of warm-up steps
    users: int = 48  # per batch
    history: int = 8  # items that represent a user, at most
    tastes: float = 0.5  # loss weight of users' choices
    subsets: float = 0.5  # loss weight of matching an item by a subset of its modalities
    hidden: float = 0.25  # share of an item's modalities that are masked
    noise: float = 0.02  # standard deviation of noise on vectors, in the subsets loss
    seed: int = 0
    decay: float = 0.05
    average: float = 0.98
    accumulate: int = 1
    validate_every: int = 50
    patience: int = 6

    def at(self, step: int) -> tuple[int, float]:
        """Return the batch size and the learning rate of a step."""
        rise = max(1, round(self.warm * self.steps))
        if step < rise:
            return self.batch, self.rate * (step + 1) / rise
        done = (step - rise) / max(1, self.steps - rise)
        return self.batch, self.rate * 0.5 * (1 + math.cos(math.pi * done))

    def facts(self) -> dict[str, Any]:
        """Return the recipe as JSON values."""
        return asdict(self)


def recipe_for_items(items: int) -> FusionRecipe:
    """Return a recipe that fits the number of items."""
    batch = min(_BATCH, items // 2)
    steps = min(max(_ROUNDS * items // batch, _STEPS[0]), _STEPS[1])
    return FusionRecipe(steps=steps, batch=batch, validate_every=max(10, steps // 20))
