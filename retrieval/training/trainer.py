"""The training loop, with checkpoints: a resumed run gives the same result.

Knows the optimiser, the moving average, validation and the checkpoint; knows no catalogue. The
result is the moving average of the weights at the step with the best validation score.
"""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, Protocol

import torch
from torch import Generator, Tensor, nn

from retrieval.errors import StorageError, TrainingError

_BROKEN = (OSError, RuntimeError, ValueError, EOFError, LookupError, UnpicklingError)
_STEEPEST = 5.0  # gradient clipping: maximum norm
_SHOWN = 160  # characters of a fingerprint in messages
_SHARPEST = math.log(100)  # maximum of log_scale (the inverse temperature), as in CLIP


class TrainableModel(Protocol):
    """A model in training."""

    model: nn.Module
    log_scale: nn.Parameter  # logarithm of the scale of cosines (inverse temperature)

    def moved(self) -> dict[str, Tensor]:
        """Return all tensors that training changes, by name."""
        ...

    def put(self, values: dict[str, Tensor]) -> None:
        """Set the tensors that `moved` returns."""
        ...


class TrainingRecipe(Protocol):
    """Hyperparameters; together with the data they determine the result."""

    @property
    def steps(self) -> int:
        """Return the number of steps."""
        ...

    @property
    def seed(self) -> int:
        """Return the seed of the random generator."""
        ...

    @property
    def accumulate(self) -> int:
        """Return the number of batches per step (gradient accumulation)."""
        ...

    @property
    def decay(self) -> float:
        """Return the weight decay."""
        ...

    @property
    def average(self) -> float:
        """Return the decay of the weights' moving average, per step."""
        ...

    @property
    def validate_every(self) -> int:
        """Return the number of steps between validations."""
        ...

    @property
    def patience(self) -> int:
        """Return the validations without improvement before training stops, 0 for no limit."""
        ...

    def at(self, step: int) -> tuple[int, float]:
        """Return a step's size (of its batch or its pictures) and learning rate."""
        ...


class TrainingTask(Protocol):
    """A model, its training data and its loss."""

    @property
    def recipe(self) -> TrainingRecipe:
        """Return the hyperparameters."""
        ...

    @property
    def towers(self) -> TrainableModel:
        """Return the model that is trained."""
        ...

    def loss(self, size: int, dice: Generator) -> Tensor:
        """Draw a batch and return its loss."""
        ...


@dataclass(frozen=True, slots=True)
class TrainingProgress:
    """The progress of a training run."""

    step: int
    steps: int
    loss: float  # mean over the steps since the last report
    seconds_left: float
    validation: float | None = None  # score, if just validated; higher is better


ReportTraining = Callable[[TrainingProgress], None]


class Trainer:
    """The state of training: model, optimiser, moving average, random generator and step."""

    def __init__(self, objective: TrainingTask, average: TrainableModel | None = None) -> None:
        """Start at step 0; `average`, if given, is a model that holds the moving average."""
        self.objective, self.recipe, self.towers = objective, objective.recipe, objective.towers
        self.step = 0
        self.best, self.stale = -math.inf, 0
        self.dice = torch.Generator(self.towers.log_scale.device).manual_seed(self.recipe.seed)
        self._trained = [p for p in self.towers.model.parameters() if p.requires_grad]
        wide = {
            "params": [p for p in self._trained if p.ndim > 1],
            "weight_decay": self.recipe.decay,
        }
        thin = {"params": [p for p in self._trained if p.ndim <= 1], "weight_decay": 0.0}
        self._optimiser = torch.optim.AdamW([wide, thin], lr=1e-3, betas=(0.9, 0.98), fused=True)
        moved = self.towers.moved()
        self._average = {name: value.clone() for name, value in moved.items()}
        if average is not None:
            average.put(moved)
            self._average = average.moved()
        self.kept = self._average

    def take_step(self) -> float:
        """Take one optimiser step on `accumulate` batches; return the loss.

        Raises: TrainingError when the loss is not finite.
        """
        size, rate = self.recipe.at(self.step)
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        self.towers.model.train()
        total = 0.0
        for _ in range(self.recipe.accumulate):
            loss = self.objective.loss(size, self.dice) / self.recipe.accumulate
            loss.backward()  # type: ignore[no-untyped-call]
            total += float(loss.detach())
        if not math.isfinite(total):
            raise TrainingError(f"the loss is {total} at step {self.step}: lower the learning rate")
        nn.utils.clip_grad_norm_(self._trained, _STEEPEST)
        self._optimiser.step()
        self._optimiser.zero_grad(set_to_none=True)
        with torch.no_grad():
            self.towers.log_scale.clamp_(0, _SHARPEST)
        self.step += 1
        self._follow()
        return total

    @torch.no_grad()
    def _follow(self) -> None:
        """Update the moving average, with a smaller decay in the first steps."""
        weight = 1 - min(self.recipe.average, (1 + self.step) / (10 + self.step))
        for name, value in self.towers.moved().items():
            if value.is_floating_point():
                self._average[name].lerp_(value, weight)
            else:
                self._average[name].copy_(value)

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """Use the averaged weights within a `with` block, then restore the model's own."""
        live = {name: value.clone() for name, value in self.towers.moved().items()}
        self.towers.put(self._average)
        self.towers.model.eval()
        try:
            yield
        finally:
            self.towers.put(live)

    def judge(self, score: float) -> None:
        """Keep the averaged weights when their validation score is the best so far."""
        self.stale += 1
        if score > self.best:
            self.best, self.stale = score, 0
            self.kept = {name: value.clone() for name, value in self._average.items()}

    @property
    def finished(self) -> bool:
        """Tell whether all steps are taken, or early stopping applies."""
        tired = bool(self.recipe.patience) and self.stale >= self.recipe.patience
        return self.step >= self.recipe.steps or tired

    def state(self) -> dict[str, Any]:
        """Return a checkpoint: everything that is needed to resume exactly."""
        return {
            "step": self.step,
            "best": self.best,
            "stale": self.stale,
            "weights": self.towers.moved(),
            "average": self._average,
            "kept": self.kept,
            "optimiser": self._optimiser.state_dict(),
            "dice": self.dice.get_state(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Resume from a checkpoint's state."""
        self.step, self.best, self.stale = state["step"], state["best"], state["stale"]
        self.towers.put(state["weights"])
        self.kept = state["kept"]
        for name, value in self._average.items():
            value.copy_(state["average"][name])
        self._optimiser.load_state_dict(state["optimiser"])
        self.dice.set_state(state["dice"])


def train(
    trainer: Trainer,
    validate: Callable[[], float],
    *,
    checkpoint: Path,
    fingerprint: str,
    report: ReportTraining,
) -> dict[str, Tensor]:
    """Train to the end, from the checkpoint if there is one; return the best averaged weights.

    A checkpoint is written after every validation. `fingerprint` identifies data and recipe: a
    checkpoint with another fingerprint is refused.

    Raises: TrainingError, StorageError.
    """
    if checkpoint.exists():
        trainer.restore(_read(checkpoint, fingerprint))
    elif trainer.step == 0:
        trainer.judge(_averaged(trainer, validate))  # never keep weights worse than the start
    losses: list[float] = []
    began, first = time.monotonic(), trainer.step
    while not trainer.finished:
        losses.append(trainer.take_step())
        score = None
        if (
            trainer.step % trainer.recipe.validate_every == 0
            or trainer.step == trainer.recipe.steps
        ):
            score = _averaged(trainer, validate)
            trainer.judge(score)
            _write(checkpoint, {"fingerprint": fingerprint, **trainer.state()})
        if score is not None or len(losses) >= 10:
            pace = (time.monotonic() - began) / (trainer.step - first)
            left = pace * (trainer.recipe.steps - trainer.step)
            mean = sum(losses) / len(losses)
            report(TrainingProgress(trainer.step, trainer.recipe.steps, mean, left, score))
            losses = []
    return trainer.kept


def _averaged(trainer: Trainer, validate: Callable[[], float]) -> float:
    with trainer.averaged():
        return validate()


def _read(checkpoint: Path, fingerprint: str) -> dict[str, Any]:
    try:
        state: dict[str, Any] = torch.load(checkpoint, weights_only=True)
    except _BROKEN as error:
        raise TrainingError(f"{checkpoint} cannot be read: delete it to start anew") from error
    if state["fingerprint"] != fingerprint:
        seen, wanted = state["fingerprint"][:_SHOWN], fingerprint[:_SHOWN]
        raise TrainingError(
            f"{checkpoint} is of other data or another recipe ({seen}, not {wanted}): give another "
            "folder, or delete it"
        )
    return state


def _write(checkpoint: Path, state: dict[str, Any]) -> None:
    """Write to a temporary name first, so that an interruption leaves no partial checkpoint."""
    draft = checkpoint.with_suffix(".draft")
    try:
        torch.save(state, draft)
        draft.replace(checkpoint)
    except (OSError, RuntimeError) as error:
        raise StorageError(f"{checkpoint} cannot be written ({error}): free some space") from error
