"""Train the shipped picture encoder's last step: distinguish two views of the same thing.

    python -m benchmarks.tell_views_apart --data FOLDER --words FOLDER --icons FOLDER \
        --drawings FOLDER --encoder FOLDER --out FOLDER

The folders are those of benchmarks/distil_picture_encoder.py, `--encoder` is its result. New things
are drawn from two sides, and a photo of one view must find the picture of that view. The earlier
training mirrored pictures at random, so the tower did not distinguish a thing from its mirror
image; here nothing is mirrored. Only the upper half of the tower is trained, and its vectors of all
other pictures must not change. An interrupted run resumes from the last checkpoint in `--out`.
Takes ten minutes on two cores, and five for drawing.
"""

import argparse
import logging
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Generator, Tensor
from torch.nn.functional import interpolate

from benchmarks.distil_picture_encoder import (
    SIZE,
    ValidationMeasure,
    open_on_device,
    read_teacher,
    train_and_save,
)
from benchmarks.train_picture_encoder import SHEET, read_sources
from demo.draw import Look, draw_look, random_look
from retrieval.training.losses import same_picture
from retrieval.training.pictures.augment import augment
from retrieval.training.pictures.examples import PictureSource
from retrieval.training.pictures.objective import Teacher
from retrieval.training.pictures.recipe import Recipe, Stage
from retrieval.training.pictures.towers import Towers
from retrieval.training.trainer import Trainer

VIEWS_RECIPE = Recipe(
    stages=(Stage(10, SIZE, (0.0, 0.0004)), Stage(100, SIZE, (0.0004, 0.0))),
    temperature=0.03,
    decay=0.01,
    average=0.9,
    validate_every=55,
)
THINGS = 48  # per batch, each drawn from two sides
VIEW_SHARES = {
    "fashion": 128,
    "grocery": 40,
    "icons": 1,
    "drawings": 24,
}  # per batch, pictures whose vectors must not change
STAY = 100.0  # loss weight of their change
LEARNING = ("stages.2", "stages.3", "head")
LEARNED, HELD_OUT = (700, 192, 991), (200, 384, 4242)  # things, pixels along each side, seed
PHOTO = replace(SHEET, mirror=0.0)


class ViewsObjective:
    """The loss of a batch: photos must match their picture, other vectors must not change."""

    recipe = VIEWS_RECIPE

    def __init__(
        self, towers: Towers, sources: Sequence[PictureSource], views: Tensor, before: Teacher
    ) -> None:
        """Freeze the lower half. `views` is (things, 2, 3, height, width) bytes."""
        self.towers, self._before = towers, before
        self._sources = [source.on(towers.device) for source in sources]
        self._views = views.to(towers.device)
        trunk = towers.visual.get_submodule("trunk")
        towers.model.requires_grad_(False)
        for name in LEARNING:
            trunk.get_submodule(name).requires_grad_(True)

    def loss(self, size: int, dice: Generator) -> Tensor:
        """Draw a batch and return its loss; batch-norm statistics are not updated."""
        self.towers.visual.eval()
        things = torch.randperm(len(self._views), generator=dice, device=dice.device)[:THINGS]
        shown = self._views[things].flatten(0, 1)
        rest = torch.cat([plainly(so.pixels[so.draw(dice)], size) for so in self._sources])
        photos = augment(shown, size, PHOTO, dice)
        vectors = self.towers.see(torch.cat([plainly(shown, size), photos, rest]))
        pictures, found, stayed = vectors.split([len(shown), len(shown), len(rest)])
        own = torch.arange(len(shown), device=vectors.device)
        moved = 1 - (stayed * self._before.see(rest)).sum(1)
        return same_picture(found, pictures, own, VIEWS_RECIPE.temperature) + STAY * moved.mean()


def plainly(pixels: Tensor, size: int) -> Tensor:
    """Return (n, 3, size, size) floats in 0..1 from (n, 3, h, w) bytes, otherwise unchanged."""
    return interpolate(pixels.float() / 255, (size, size), mode="bilinear", antialias=True)


def looks_from_two_sides(count: int, seed: int) -> Iterator[Look]:
    """Yield things with different seeds, each from the front and from another side."""
    dice = random.Random(seed)
    for _ in range(count):
        look = replace(random_look(dice), seed=dice.randrange(10**6, 10**7))
        yield look
        yield replace(look, view=1)


def _drawn(look: Look, size: int) -> NDArray[np.uint8]:
    return np.asarray(draw_look(look, size=size))


def draw_views(count: int, size: int, seed: int) -> NDArray[np.uint8]:
    """Return (2 · count, size, size, 3) bytes."""
    with Pool() as cores:
        return np.stack(
            cores.starmap(_drawn, [(look, size) for look in looks_from_two_sides(count, seed)])
        )


def main(arguments: Sequence[str] | None = None) -> None:
    """Train to the end, write the model and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("data", "words", "icons", "drawings", "encoder", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    logging.getLogger("root").setLevel(logging.INFO)
    given.out.mkdir(parents=True, exist_ok=True)
    opened = open_on_device(given.encoder, given.words)
    towers = Towers(opened)
    sources = read_sources(given.data, given.icons, given.drawings, VIEW_SHARES)
    drawn = torch.from_numpy(draw_views(*LEARNED)).permute(0, 3, 1, 2).unflatten(0, (-1, 2))
    before = read_teacher(given.encoder, given.words)
    trainer = Trainer(ViewsObjective(towers, sources, drawn, before))
    dice = random.Random(HELD_OUT[2])
    shown = [Image.fromarray(one) for one in draw_views(*HELD_OUT)]
    measure = ValidationMeasure(towers, given.data, shown, dice)
    train_and_save(trainer, measure, opened, given.out, opened.name)


if __name__ == "__main__":
    main()
