"""Fine-tune a picture encoder on a shop's own catalogue.

Knows items, an OpenCLIP model and a folder for the result; knows no command line. Two splits are
held out by a hash of the item ids: validation for early stopping, test for the table that compares
the model before and after.
"""

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from retrieval.encoders.picture import OpenClip, OpenClipEncoder, open_clip_model
from retrieval.encoders.picture_folder import EMBEDDED, WEIGHTS_FILE
from retrieval.errors import TrainingError
from retrieval.items import Item
from retrieval.protocols import Vectors
from retrieval.training.pictures.augment import PHONE, augment
from retrieval.training.pictures.examples import PictureSource
from retrieval.training.pictures.objective import Objective
from retrieval.training.pictures.recipe import Recipe, Stage
from retrieval.training.pictures.saving import save_model
from retrieval.training.pictures.shop import Shown, read_squares, shop_source
from retrieval.training.pictures.towers import Towers, frozen_features
from retrieval.training.splits import split
from retrieval.training.trainer import ReportTraining, Trainer, train

LEAST_PICTURED_ITEMS = (
    100  # with a readable picture; with fewer, the model forgets more than it learns
)
CHECKPOINT = "training.checkpoint"

Truth = NDArray[np.bool_]  # (queries, pictures)

_BATCH = 64  # pictures
_ROUNDS = 24  # epochs
_STEPS = (80, 2000)  # minimum and maximum
_VALIDATION, _HELD_OUT = 0.15, 0.2  # shares of the items


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One line of the table: a metric on held-out items, before and after."""

    name: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """The result of a fine-tuning run."""

    folder: Path
    trained: int  # items
    held_out: int  # test items, not used in training or validation
    steps: int
    seconds: float
    table: tuple[FigureChange, ...]
    problems: tuple[str, ...]  # pictures that could not be read


def train_pictures(
    items: Sequence[Item],
    *,
    out: Path,
    start: str | Path = EMBEDDED,
    words: Path | None = None,
    report: ReportTraining = lambda progress: None,
) -> TrainingReport:
    """Fine-tune the model `start` on items with pictures and write it to the folder `out`.

    `words` is the folder of all-MiniLM-L6-v2, which the embedded model needs. An interrupted run
    resumes when started again with the same arguments, with the same result.

    Raises: TrainingError, ModelError, StorageError.
    """
    _refuse_taken(out)
    began = time.monotonic()
    opened = open_clip_model(start, words=words)
    size = _side(opened)
    shown, problems = read_squares(items, side=max(size, 96))
    _refuse_few(len(shown), len(items))
    parts = split(
        [one.item.id for one in shown],
        data_set="catalogue",
        validation=round(_VALIDATION * len(shown)),
        test=round(_HELD_OUT * len(shown)),
    )
    training = [shown[at] for at in parts.train]
    tuning = [shown[at] for at in parts.validation]
    held_out = [shown[at] for at in parts.test]
    before = measure_encoder(OpenClipEncoder(opened), held_out)
    source = shop_source(training, share=min(_BATCH, len(training) // 2))
    recipe = recipe_for_pictures(len(source), source.share, size)
    towers = Towers(opened)
    objective = Objective(towers, [source], [frozen_features(source.groups, towers)], recipe)
    trainer = Trainer(objective)
    out.mkdir(parents=True, exist_ok=True)
    towers.put(
        train(
            trainer,
            lambda: _tuning(OpenClipEncoder(opened), tuning),
            checkpoint=out / CHECKPOINT,
            fingerprint=_fingerprint(recipe, opened, source, training),
            report=report,
        )
    )
    after = measure_encoder(OpenClipEncoder(opened), held_out)
    save_model(opened, out)
    (out / CHECKPOINT).unlink(missing_ok=True)
    table = tuple(FigureChange(name, before[name], after[name]) for name in before)
    done = TrainingReport(
        out, len(training), len(held_out), trainer.step, time.monotonic() - began, table,
        tuple(problems),
    )  # fmt: skip
    facts = {**asdict(done), "folder": out.name, "start": opened.name, "recipe": recipe.facts()}
    (out / "training.json").write_text(json.dumps(facts, indent=2), "utf-8")
    return done


def recipe_for_pictures(pictures: int, batch: int, size: int) -> Recipe:
    """Return the hyperparameters for a number of pictures."""
    steps = min(max(_ROUNDS * pictures // batch, _STEPS[0]), _STEPS[1])
    rise = steps // 10
    return Recipe(
        stages=(Stage(rise, size, (0.0, 4e-4)), Stage(steps - rise, size, (4e-4, 0.0))),
        average=0.98,
        validate_every=max(10, steps // 12),
        patience=5,
    )


def measure_encoder(encoder: OpenClipEncoder, held_out: Sequence[Shown]) -> dict[str, float]:
    """Return the table's metrics: text-to-picture, and augmented picture to its original."""
    pictures = [one.pictures[0] for one in held_out]
    vectors = encoder.encode(pictures)
    titles = [one.item.title for one in held_out]
    kinds = [one.item.category for one in held_out]
    changed = encoder.encode(_changed(pictures))
    own = np.eye(len(pictures), dtype=bool)
    figures = {
        "title finds picture, recall@1": _found(encoder, titles, vectors, 1),
        "title finds picture, recall@10": _found(encoder, titles, vectors, 10),
        "changed photo finds picture, recall@1": _recall(changed, vectors, own, 1),
    }
    if len(asked := sorted({kind for kind in kinds if kinds.count(kind) >= 2})) >= 2:
        scores = encoder.encode_words(asked) @ vectors.T
        figures["category finds its pictures, precision@5"] = _precision(scores, asked, kinds, 5)
    return figures


def _found(encoder: OpenClipEncoder, titles: Sequence[str], vectors: Vectors, limit: int) -> float:
    """Return the recall of pictures by title; items with the same title are one query."""
    asked = sorted(set(titles))
    true = np.array([[title == one for title in titles] for one in asked])
    return _recall(encoder.encode_words(asked), vectors, true, limit)


def _recall(queries: Vectors, pictures: Vectors, true: Truth, limit: int) -> float:
    """Return the share of queries with a relevant picture among the `limit` nearest."""
    scores = queries @ pictures.T
    best = np.where(true, scores, -np.inf).max(axis=1, keepdims=True)
    return float(((scores > best).sum(axis=1) < limit).mean())


def _precision(scores: Vectors, asked: list[str], kinds: list[str], limit: int) -> float:
    """Return the precision of kinds among the `limit` nearest, or as many as a kind has."""
    hits = []
    for kind, row in zip(asked, scores, strict=True):
        room = min(limit, kinds.count(kind))
        hits.append(sum(kinds[at] == kind for at in np.argsort(-row)[:room]) / room)
    return float(np.mean(hits))


def _tuning(encoder: OpenClipEncoder, tuning: Sequence[Shown]) -> float:
    """Return the validation score for early stopping: mean recall of pictures at 1, 5 and 10."""
    titles = [one.item.title for one in tuning]
    vectors = encoder.encode([one.pictures[0] for one in tuning])
    return sum(_found(encoder, titles, vectors, limit) for limit in (1, 5, 10)) / 3


def _changed(pictures: Sequence[Image.Image]) -> list[Image.Image]:
    """Return the pictures augmented like phone photos, with a fixed seed."""
    pixels = torch.stack([torch.from_numpy(np.array(picture)) for picture in pictures])
    size = pixels.shape[1]
    dice = torch.Generator().manual_seed(1)
    seen = augment(pixels.permute(0, 3, 1, 2), size, PHONE, dice)
    return [
        Image.fromarray(one) for one in (seen * 255).byte().permute(0, 2, 3, 1).contiguous().numpy()
    ]


def _side(opened: OpenClip) -> int:
    """Return the side of the model's square input, in pixels."""
    size = opened.model.visual.preprocess_cfg["size"]
    return int(size if isinstance(size, int) else max(size))


def _refuse_taken(out: Path) -> None:
    """Refuse to overwrite anything except the checkpoint of an interrupted run."""
    if (out / WEIGHTS_FILE).exists():
        raise TrainingError(f"{out} already holds a model: give a new folder")
    if out.is_file() or (out.is_dir() and any(out.iterdir()) and not (out / CHECKPOINT).exists()):
        raise TrainingError(f"{out} is not empty: give a new folder")


def _refuse_few(usable: int, given: int) -> None:
    if usable < LEAST_PICTURED_ITEMS:
        raise TrainingError(
            f"{usable} of {given} items have a readable picture: training needs at least "
            f"{LEAST_PICTURED_ITEMS}, and a few hundred to be worth it"
        )


def _fingerprint(
    recipe: Recipe, opened: OpenClip, source: PictureSource, training: Sequence[Shown]
) -> str:
    """Identify all inputs of the run: recipe, starting weights, records and pixels."""
    records = [repr(one.item) for one in training]
    digest = hashlib.sha256(json.dumps([recipe.facts(), opened.name, records]).encode())
    digest.update(source.pixels.numpy().tobytes())
    return digest.hexdigest()
