"""How to train a fusion: numbers as one frozen value.

Knows numbers only. With the data, a recipe decides the result.
"""

import math
from dataclasses import asdict, dataclass
from typing import Any

_ROUNDS = 20  # times that every item is seen
_STEPS = (150, 1400)  # at least and at most
_BATCH = 512


@dataclass(frozen=True, slots=True)
class FusionRecipe:
    """How a fusion is trained: warm-up, then a cosine down to nothing (arXiv 1608.03983)."""

    steps: int
    batch: int  # items
    rate: float = 1e-3  # learning rate at its highest
    warm: float = 0.1  # share of the steps in which it rises
    users: int = 48  # whose choice is learned from, in a batch
    history: int = 8  # items that stand for a user, at most
    tastes: float = 0.5  # weight of what users chose
    subsets: float = 0.5  # weight of finding an item by some of its modalities
    hidden: float = 0.25  # share of the modalities that an item is not shown with
    noise: float = 0.02  # standard deviation of each number, where an item looks for itself
    seed: int = 0
    decay: float = 0.05
    average: float = 0.98
    accumulate: int = 1
    validate_every: int = 50
    patience: int = 6

    def at(self, step: int) -> tuple[int, float]:
        """Return the number of items and the learning rate of a step."""
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
