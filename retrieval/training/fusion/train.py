"""Train a fusion on an index's vectors and records, and on users' interactions if there are any.

Knows items, vectors, encoders and a folder for the result; knows no command line. Two splits are
held out by a hash of the item ids: validation for early stopping, test for the table that compares
the trained network with the fusion that needs no training.
"""

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from retrieval.catalogue.interactions import Interactions
from retrieval.embed import Encoders
from retrieval.encoders.batching import release_memory
from retrieval.errors import TrainingError
from retrieval.fusion.concatenation import describe, places
from retrieval.fusion.network import FusionNetwork, Shape
from retrieval.fusion.registry import DEFAULT_FUSION
from retrieval.fusion.transformer import WEIGHTS_FILE, Trained, check_encoders, read_trained
from retrieval.fusion.weights import learned
from retrieval.items import MODALITIES, Item
from retrieval.protocols import Vector
from retrieval.training.fusion.examples import Examples, make_examples
from retrieval.training.fusion.history import History, Points
from retrieval.training.fusion.measure import (
    Score,
    by_concatenation,
    by_network,
    foreseen,
    measure_fusion,
    questions,
)
from retrieval.training.fusion.objective import FusionObjective, Held
from retrieval.training.fusion.recipe import FusionRecipe, recipe_for_items
from retrieval.training.fusion.saving import save_fusion
from retrieval.training.fusion.tastes import Shares, share_out
from retrieval.training.splits import Split, split
from retrieval.training.trainer import ReportTraining, Trainer, TrainingProgress, train

LEAST_FUSED_ITEMS = 200  # with two modalities; with fewer, a fusion without training is better
CHECKPOINT, CURVES, HISTORY = "training.checkpoint", "curves.png", "curves.json"

_SHARES = {"validation": (0.1, 1000), "test": (0.2, 4000)}  # share of the items, and at most
_PAGE = 4096  # items processed at once
_NEXT = "what a user chose next is foreseen, recall@10"

Draw = Callable[[Mapping[str, Points], Path], None]


@dataclass(frozen=True, slots=True)
class FusionData:
    """The training data."""

    name: str  # of the index
    items: Sequence[Item]
    stored: Vector  # (items, width)
    encoders: Encoders
    built_by: Mapping[str, str]  # the encoders, as named in the index's manifest
    interactions: Interactions | None = None
    parts: Split | None = None  # None: by a hash of the items' ids


@dataclass(frozen=True, slots=True)
class Plan:
    """The options of a training run."""

    out: Path
    draw: Draw  # draws the curves
    start: Path | None = None  # folder of a trained network to continue; None: concatenation
    freeze: bool = False  # freeze the attention layers
    recipe: FusionRecipe | None = None  # None: chosen by the number of items


@dataclass(frozen=True, slots=True)
class FusionChange:
    """One line of the table: a metric on held-out items."""

    name: str
    untrained: float | None  # weighted concatenation, which needs no training
    before: float  # the network where training started
    after: float


@dataclass(frozen=True, slots=True)
class FusionReport:
    """The result of a training run."""

    folder: Path
    trained: int  # items
    held_out: int  # test items, not used in training or validation
    users: int  # with interactions in training
    steps: int
    seconds: float
    table: tuple[FusionChange, ...]
    problems: tuple[str, ...] = field(default=())  # interactions that could not be used


def train_fusion(
    stock: FusionData,
    plan_: Plan,
    *,
    report: ReportTraining = lambda progress: None,
    encoded: Callable[[int, int], None] = lambda done, all_: None,
) -> FusionReport:
    """Train a fusion and write it to the plan's folder.

    An interrupted run resumes when started again with the same arguments, with the same result.
    `encoded` is called with the numbers of encoded phrases and of all phrases.

    Raises: TrainingError, ModelError, StorageError.
    """
    began = time.monotonic()
    _refuse(stock, plan_)
    run = _Run(stock, plan_, encoded)
    before = run.figures(run.held_out)
    steps = run.train(report)
    table = tuple(
        FusionChange(name, run.untrained.get(name), before[name], after)
        for name, after in run.figures(run.held_out).items()
    )
    problems = stock.interactions.problems if stock.interactions else ()
    done = FusionReport(
        folder=plan_.out,
        trained=len(run.training),
        held_out=len(run.held_out),
        users=len(run.shares.train.chosen) if run.shares else 0,
        steps=steps,
        seconds=time.monotonic() - began,
        table=table,
        problems=tuple(f"row {one.row}, {one.field}: {one.said}" for one in problems),
    )
    facts = {**asdict(done), "folder": plan_.out.name, "recipe": run.recipe.facts()}
    trained = Trained(run.network, run.spread(), stock.built_by, stock.name)
    save_fusion(trained, plan_.out, {"training": facts})
    (plan_.out / CHECKPOINT).unlink(missing_ok=True)
    return done


class _Run:
    """A training run: the network and the splits of the data."""

    def __init__(self, stock: FusionData, plan_: Plan, encoded: Callable[[int, int], None]) -> None:
        self.stock, self.plan = stock, plan_
        parts = stock.parts or _split(stock.items)
        self.shares = _shares(stock, parts)
        self.network = _network(stock, plan_.start)
        self.examples = make_examples(stock.items, stock.stored, stock.encoders, report=encoded)
        self.training = self.examples.part(parts.train)
        self.tuning = self.examples.part(parts.validation)
        self.held_out = self.examples.part(parts.test)
        self.recipe = plan_.recipe or recipe_for_items(len(self.training))
        dimensions = stock.encoders.dimensions
        pages = torch.split(self.training.rows, _PAGE)
        populations = describe((self.examples.stored[page].numpy() for page in pages), dimensions)
        if plan_.start is None:
            means = [torch.from_numpy(populations[name].mean) for name in MODALITIES]
            self.network.centre(torch.cat(means))
        self.untrained = self._measured(
            self.held_out, by_concatenation(populations, dimensions, learned(DEFAULT_FUSION).words)
        )

    def figures(self, part: Examples) -> dict[str, float]:
        """Return the network's metrics on a held-out split."""
        self.network.eval()
        found = self._measured(part, by_network(self.network, self.examples.asked))
        if self.shares is not None:
            users = self.shares.tuning if part is self.tuning else self.shares.test
            found[_NEXT] = foreseen(self.network, self.examples, users.pasts, users.nexts)
        return found

    def train(self, report: ReportTraining) -> int:
        """Train to the end, draw the curves and keep the best weights; return the steps taken."""
        plan_, shares = self.plan, self.shares
        held = Held(self.network, freeze=plan_.freeze)
        tastes = shares.train if shares else None
        trainer = Trainer(FusionObjective(held, self.training, self.recipe, tastes))
        fingerprint = self._fingerprint()
        plan_.out.mkdir(parents=True, exist_ok=True)
        history = History(plan_.out / HISTORY)

        def told(progress: TrainingProgress) -> None:
            history.add(progress)
            report(progress)

        kept = train(
            trainer, self._score, checkpoint=plan_.out / CHECKPOINT, fingerprint=fingerprint,
            report=told,
        )  # fmt: skip
        held.put(kept)
        release_memory()
        plan_.draw(history.curves(), plan_.out / CURVES)
        return trainer.step

    def spread(self) -> float:
        """Return the standard deviation of a query's cosines over items, averaged over queries."""
        first = questions(self.tuning)[0]
        score = by_network(self.network, self.examples.asked)
        scores = score(first.phrases, self.examples.stored[self.tuning.rows], first.there)
        return max(float(scores.std(axis=1).mean()), 1e-3)

    def _measured(self, part: Examples, score: Score) -> dict[str, float]:
        return measure_fusion(questions(part), part, score)

    def _score(self) -> float:
        return float(np.mean(list(self.figures(self.tuning).values())))

    def _fingerprint(self) -> str:
        """Identify all inputs of the run: catalogue, encoders, and a hash of the training data."""
        digest = hashlib.sha256(json.dumps([self.recipe.facts(), self.plan.freeze]).encode())
        tensors: list[Tensor] = [
            *self.network.state_dict().values(), self.examples.stored, self.examples.phrases,
            self.examples.said, self.training.rows, self.tuning.rows,
            *(self.shares.train.chosen if self.shares else ()),
        ]  # fmt: skip
        for tensor in tensors:
            digest.update(tensor.contiguous().numpy().data)  # hashed without a copy
        made_by = "; ".join(self.stock.built_by.values())
        return f"{self.stock.name} by {made_by}: {digest.hexdigest()[:32]}"


def _network(stock: FusionData, start: Path | None) -> FusionNetwork:
    """Return the network to start from.

    Raises: ModelError when it was trained with other encoders.
    """
    dimensions = stock.encoders.dimensions
    if start is None:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            return FusionNetwork(dimensions, Shape())
    trained = read_trained(start)
    check_encoders(start, trained, dimensions, stock.built_by)
    return trained.network


def _split(items: Sequence[Item]) -> Split:
    sizes = {part: min(round(share * len(items)), most) for part, (share, most) in _SHARES.items()}
    return split([item.id for item in items], data_set="catalogue", **sizes)


def _shares(stock: FusionData, parts: Split) -> Shares | None:
    if stock.interactions is None:
        return None
    ids = {item.id: place for place, item in enumerate(stock.items)}
    return share_out(stock.interactions, ids, set(parts.train))


def refuse_folder(out: Path) -> None:
    """Refuse to overwrite anything except the checkpoint of an interrupted run.

    Raises: TrainingError.
    """
    if (out / WEIGHTS_FILE).exists():
        raise TrainingError(f"{out} already holds a fusion: give a new folder")
    if out.is_file() or (out.is_dir() and any(out.iterdir()) and not (out / CHECKPOINT).exists()):
        raise TrainingError(f"{out} is not empty: give a new folder")


def _refuse(stock: FusionData, plan_: Plan) -> None:
    """Check the data and the options before computing anything.

    Raises: TrainingError.
    """
    refuse_folder(plan_.out)
    if plan_.freeze and plan_.start is None:
        raise TrainingError("nothing to freeze: --freeze needs --from FOLDER")
    flags = [flag for _, flag in places(stock.encoders.dimensions).values()]
    several = int(((stock.stored[:, flags] > 0).sum(axis=1) >= 2).sum())
    if several < LEAST_FUSED_ITEMS:
        raise TrainingError(
            f"{several} of {len(stock.items)} items have two modalities: a fusion needs at least "
            f"{LEAST_FUSED_ITEMS} to learn from, and a few thousand to be worth it"
        )
