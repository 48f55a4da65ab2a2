"""Settings and a catalogue → a fine-tuned picture encoder, or a trained fusion.

Knows which models and data a training needs, and passes them on; like `build.py`, it imports heavy
libraries inside its functions. Does not know how to train: that is in `retrieval/training/`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.build import open_catalogue, remote_media
from assistant.models import (
    EMBEDDED_NAME,
    FROZEN_WORDS,
    ReportStep,
    Step,
    load_encoders,
    model_place,
)

if TYPE_CHECKING:
    from assistant.settings import Settings
    from retrieval.training.fusion.train import FusionReport
    from retrieval.training.pictures.finetune import TrainingReport


@dataclass(frozen=True, slots=True)
class Learning:
    """The options of training a fusion."""

    out: Path  # a new folder
    interactions: Path | None = None
    start: Path | None = None  # a trained fusion's folder
    freeze: bool = False


def train_pictures_of_catalogue(
    source: Path, out: Path, start: str, settings: "Settings", report: ReportStep
) -> "TrainingReport":
    """Fine-tune a picture encoder on a catalogue's items.

    Raises:
        TrainingError: too few items with pictures, or `out` is already in use.
    """
    from retrieval.catalogue.reader import read_catalogue
    from retrieval.catalogue.rows import Row
    from retrieval.encoders.picture_folder import EMBEDDED
    from retrieval.training.pictures.finetune import train_pictures as fine_tune

    words = model_place(FROZEN_WORDS, settings, report)
    report(Step(f"Reading {source.name}"))
    with remote_media(settings, report) as media:
        rows = read_catalogue(source, fetch=media.fetched)
        items = [found.item for found in rows if isinstance(found, Row)]
    return fine_tune(
        items,
        out=out,
        start=EMBEDDED if start == EMBEDDED_NAME else start,
        words=Path(words),
        report=lambda p: report(Step("Training", p.step, p.steps, "steps", f"loss {p.loss:.2f}")),
    )


def train_fusion_of_index(
    settings: "Settings", learning: Learning, report: ReportStep
) -> "FusionReport":
    """Train a fusion on the index that the settings name.

    Raises:
        TrainingError: too little data, or `learning.out` is already in use.
        MagpieError: the index, the interactions or the folder to start from cannot be used.
    """
    from time import time

    from retrieval.catalogue.interactions import read_interactions
    from retrieval.index.index import all_vectors
    from retrieval.index.manifest import index_folder, read_manifest
    from retrieval.training.curves import curves
    from retrieval.training.fusion.train import FusionData, Plan, refuse_folder
    from retrieval.training.fusion.train import train_fusion as teach

    refuse_folder(learning.out)
    encoders = load_encoders(settings, report, hears=False)
    index = open_catalogue(settings, encoders, report)
    items = list(index.catalogue.items.values())
    source, told = learning.interactions, None
    if source is not None:
        report(Step(f"Reading {source.name}"))
        told = read_interactions(source, items=index.catalogue.items, now=time())
    vectors = all_vectors(index)
    index.close()
    built_by = read_manifest(index_folder(settings.indexes_folder, settings.catalogue)).encoders
    stock = FusionData(settings.catalogue, items, vectors, encoders, built_by, told)
    return teach(
        stock,
        Plan(learning.out, curves, learning.start, learning.freeze),
        report=lambda p: report(Step("Training", p.step, p.steps, "steps", f"loss {p.loss:.3f}")),
        encoded=lambda done, all_: report(Step("Reading records", done, all_, "phrases")),
    )
