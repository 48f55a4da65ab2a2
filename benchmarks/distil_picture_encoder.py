"""Make the picture encoder that Magpie ships, by distillation from several trained ones.

    python -m benchmarks.distil_picture_encoder --data FOLDER --words FOLDER --icons FOLDER \
        --drawings FOLDER --encoder FOLDER --teachers FOLDER FOLDER FOLDER --out FOLDER

The folders are those of benchmarks/train_picture_encoder.py. `--encoder` (the starting point) and
`--teachers` are its results. The targets for captions are the records' labels, the mean of the
teachers' logits for the same pixels, and classifiers of type, colour and wearer. An interrupted run
resumes from the last checkpoint in `--out`. At the end a table compares before and after. Takes
minutes on a GPU, a day on two cores.
"""

import argparse
import logging
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from PIL.Image import Image
from torch import Generator, Tensor

from benchmarks.picture_encoder import as_photographed, nearest_pictures
from benchmarks.soft_targets import SoftTargets, soft_targets
from benchmarks.train_picture_encoder import BATCH_SHARES, Validation, log, read_sources
from benchmarks.train_picture_encoder import TRAINED_WEAR as TRAINED_WORN
from demo.draw import draw_look, random_look
from retrieval.encoders.picture import OpenClip, OpenClipEncoder, open_clip_model
from retrieval.training.pictures.augment import Strength
from retrieval.training.pictures.examples import PictureSource
from retrieval.training.pictures.objective import Choice, Objective, Teacher, TeacherFeatures
from retrieval.training.pictures.recipe import Recipe, Stage
from retrieval.training.pictures.saving import save_model
from retrieval.training.pictures.towers import Towers, frozen_features
from retrieval.training.trainer import Trainer, train

SIZE = 104  # pixels along each side
DISTILLATION_RECIPE = Recipe(
    stages=(Stage(83, SIZE, (0.0, 0.0018)), Stage(2683, SIZE, (0.0018, 0.0))),
    bank=1024,
    same=0.7,
    alike=0.4,
    soft=0.5,
    decay=0.15,
    validate_every=300,
)
CHANCES, TAUGHT = 0.4, 0.3  # weights of the classifiers' and of the teachers' soft targets
TILTS = {
    "colour+type+who": (1.1, 1.05, 0.8),
    "colour+type": (1.0, 1.0),
    "type+who": (1.0, 1.0),
    "type": (1.0,),
    "colour": (1.0,),
    "who": (1.0,),
}  # factors of the classifiers' log-probabilities: wearers are classified best, colours worst
CALM_FROM = 2343  # step from which products are augmented only weakly
DISTILLATION_WEAR = replace(TRAINED_WORN, light=0.15, balance=0.03)
CALM = Strength(
    turn=5, zoom=(0.82, 1.08), light=0.08, balance=0.02, paper=0.08, wear=0.08, cover=0.05
)
DRAWINGS, DRAWING_SEED = 500, 977  # for validation; the benchmark draws others


class DistilledObjective(Objective):
    """The loss of a batch, with classifiers as soft targets for captions of the first source."""

    def __init__(
        self,
        towers: Towers,
        sources: Sequence[PictureSource],
        features: TeacherFeatures,
        teachers: Sequence[Teacher],
        soft: Mapping[int, SoftTargets],
    ) -> None:
        """Store teachers and soft targets; `is_calm` may be set: when to augment weakly."""
        super().__init__(towers, sources, features, DISTILLATION_RECIPE, teachers)
        self._soft = soft
        self.is_calm: Callable[[], bool] = lambda: False

    def loss(self, size: int, dice: Generator) -> Tensor:
        """Draw a batch and return its loss."""
        strength = CALM if self.is_calm() else DISTILLATION_WEAR
        self.sources[0] = replace(self.sources[0], strength=strength)
        return super().loss(size, dice)

    def hints(self, choice: Choice) -> list[tuple[float, Tensor]]:
        """Return the soft targets of teachers and classifiers."""
        taught = super().hints(choice)
        if choice.source or choice.group not in self._soft:
            return taught
        chances = self._soft[choice.group](choice.pictures, choice.captions)
        return [(CHANCES, chances), *((TAUGHT, logits) for _, logits in taught)]


class ValidationMeasure:
    """Computes every metric on the validation splits, and how often photos find their picture."""

    def __init__(
        self, towers: Towers, data: Path, shown: Sequence[Image], dice: random.Random
    ) -> None:
        """Read the validation data, and make photos of the pictures shown."""
        self._validation = Validation(towers, data)
        self._encoder = OpenClipEncoder(towers.opened, device=towers.device.type)
        self._shown = shown
        self._photos = [as_photographed(picture, dice) for picture in shown]

    def __call__(self) -> dict[str, float]:
        """Return the metrics; higher is better."""
        figures = self._validation(SIZE)
        shown, photos = self._encoder.encode(self._shown), self._encoder.encode(self._photos)
        found = nearest_pictures(photos, shown, 1)[:, 0] == np.arange(len(shown))
        figures["found again"] = float(found.mean())
        logging.info("%s", {name: round(value, 3) for name, value in figures.items()})
        return figures


def pictures_to_find_again(dice: random.Random) -> list[Image]:
    """Draw the validation pictures to be found again from photos of them."""
    looks = [random_look(dice) for _ in range(DRAWINGS)]
    looks = [replace(look, seed=dice.randrange(10**5, 10**6)) for look in looks]
    return [draw_look(look, size=192) for look in looks]


def train_and_save(
    trainer: Trainer, measure: ValidationMeasure, opened: OpenClip, out: Path, of: str
) -> None:
    """Train, write the model to `out` and print its metrics; `of` identifies data and settings.

    Raises: TrainingError, StorageError.
    """
    before = measure()

    def score() -> float:
        figures = measure()
        return sum(figures.values()) / len(figures) + figures["all"]

    checkpoint = out / "training.checkpoint"
    fingerprint = f"{trainer.recipe} from {of}"
    kept = train(trainer, score, checkpoint=checkpoint, fingerprint=fingerprint, report=log)
    trainer.towers.put(kept)
    save_model(opened, out)
    after = measure()
    print("| validation | before | after |\n|---|---|---|")
    for name, value in before.items():
        print(f"| {name} | {value:.3f} | {after[name]:.3f} |")


def open_on_device(folder: Path, words: Path) -> OpenClip:
    """Open a model on the GPU if there is one."""
    opened = open_clip_model(folder, words=words)
    opened.model.to("cuda" if torch.cuda.is_available() else "cpu")
    return opened


def read_teacher(folder: Path, words: Path) -> Teacher:
    """Open a model as a teacher, which is not trained."""
    opened = open_on_device(folder, words)
    towers = Towers(opened)
    towers.model.requires_grad_(False)
    return Teacher(towers, opened.model.visual.preprocess_cfg["size"][0])


def main(arguments: Sequence[str] | None = None) -> None:
    """Train to the end, write the model and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("data", "words", "icons", "drawings", "encoder", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--teachers", type=Path, nargs="+", required=True)
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    logging.getLogger("root").setLevel(logging.INFO)
    given.out.mkdir(parents=True, exist_ok=True)
    opened = open_on_device(given.encoder, given.words)
    towers = Towers(opened)
    teachers = [read_teacher(folder, given.words) for folder in given.teachers]
    sources = read_sources(given.data, given.icons, given.drawings, BATCH_SHARES)
    soft = soft_targets(sources[0], TILTS, teachers, seed=DISTILLATION_RECIPE.seed)
    features = [frozen_features(source.groups, towers) for source in sources]
    objective = DistilledObjective(towers, sources, features, teachers, soft)
    trainer = Trainer(objective)
    objective.is_calm = lambda: trainer.step >= CALM_FROM
    dice = random.Random(DRAWING_SEED)
    measure = ValidationMeasure(towers, given.data, pictures_to_find_again(dice), dice)
    names = [teacher.towers.opened.name for teacher in teachers]
    train_and_save(trainer, measure, opened, given.out, f"{opened.name}, taught by {names}")


if __name__ == "__main__":
    main()
