"""The third phase of the shipped picture encoder's training, from the weights of the first two.

    python -m benchmarks.tune_picture_tower --data FOLDER --words FOLDER --icons FOLDER \
        --drawings FOLDER --encoder FOLDER --out FOLDER

The folders are those of benchmarks/train_picture_encoder.py, `--encoder` is its result. The stem
and the first of the tower's four stages stay as they are; the head gets a second layer; colour,
type and wearer are learned from soft targets too; drawings are photographed on a desk. A stopped
run goes on from the last checkpoint in `--out`. At the end a table compares before and after.
"""

import argparse
import json
import logging
import random
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from timm.layers import Mlp
from torch import Generator, Tensor, nn

from benchmarks.picture_encoder import as_photographed, nearest
from benchmarks.soft_targets import SoftTargets, soft_targets, softly
from benchmarks.train_picture_encoder import Validation, log
from benchmarks.training_data import drawing_source, fashion_source, grocery_source, icon_source
from demo.draw import draw, random_look
from retrieval.picture_encoder import (
    CONFIG_FILE,
    OpenClip,
    OpenClipEncoder,
    open_clip_model,
    settings_of,
)
from retrieval.training.augment import Strength
from retrieval.training.examples import Source
from retrieval.training.objective import Features, Objective
from retrieval.training.recipe import Recipe, Stage
from retrieval.training.saving import save_model
from retrieval.training.towers import Towers, frozen_features
from retrieval.training.trainer import Trainer, train

SIZE = 80  # pixels along each side
RECIPE = Recipe(
    stages=(Stage(40, SIZE, (0.00005, 0.0012)), Stage(900, SIZE, (0.0012, 0.0))),
    bank=1024,
    same=0.8,
    alike=0.3,
    average=0.997,
    validate_every=150,
)
WEIGHTS = {
    "name": 2.0,
    "colour+type+who": 3.0,
    "colour+type": 0.6,
    "type+who": 0.4,
    "type": 0.3,
    "colour": 0.8,
    "who": 0.5,
    "use+type": 0.1,
    "sub": 0.1,
}  # of the groups of captions of fashion
WHOLE, SOFT = "colour+type+who", 0.5  # captions with soft targets, and their weight
EVEN = 0.4  # share of fashion's draws that is the same for rare and frequent products
SHEET = Strength(
    turn=14, zoom=(0.92, 1.35), light=0.35, balance=0.06, paper=0.1, wear=0.4, desk=0.85, tilt=0.12
)
FROZEN = ("conv1", "bn1", "layer1")
DRAWINGS, DRAWING_SEED = 500, 977  # to find again; the benchmark draws others


class SofterObjective(Objective):
    """What a batch costs, with soft targets for some captions of the first source."""

    def __init__(
        self, towers: Towers, sources: Sequence[Source], features: Features, soft: SoftTargets
    ) -> None:
        """Freeze the lower part of the tower."""
        super().__init__(towers, sources, features, RECIPE)
        self._soft = soft
        self._lower = [towers.visual.get_submodule(f"trunk.{name}") for name in FROZEN]
        for part in self._lower:
            part.requires_grad_(False)

    def loss(self, size: int, dice: Generator) -> Tensor:
        """Draw a batch and return its loss; the frozen part keeps its statistics."""
        for part in self._lower:
            part.eval()
        batch = self.draw(size, dice)
        return self.compare(batch, dice) + SOFT * self._softly(batch.near, batch.chosen[0], dice)

    def _softly(self, near: Tensor, at: Tensor, dice: Generator) -> Tensor:
        """Compare the first source's pictures with captions that are more or less true of them."""
        group = self.sources[0].groups[self._soft.group]
        known = self.features[0][self._soft.group]
        told = (group.of_picture[at] >= 0).nonzero()[:, 0]
        asked, rows, _ = self.bank(known, group.of_picture[at[told]], dice)
        captions = self.towers.project(rows)
        logits = self.towers.log_scale.exp() * near[: len(at)][told] @ captions.T
        return softly(logits, self._soft(at[told], asked))


def with_bent_head(opened: OpenClip, folder: Path) -> OpenClip:
    """Give the picture tower a head of two layers that does at first what its one layer did.

    As GELU(x) - GELU(-x) = x, the first layer is the old one and its negative, the second adds
    and subtracts. `folder` gets the configuration. A head of two layers stays as it is.
    """
    settings = settings_of(opened)
    visual = opened.model.visual
    if "proj" in dict(visual.head.named_children()):
        straight = visual.head.proj.weight.detach()
        count, width = straight.shape
        head = Mlp(width, 2 * count, count, bias=(True, False))
        one = torch.eye(count)
        head.load_state_dict(
            {
                "fc1.weight": torch.cat([straight, -straight]),
                "fc1.bias": torch.zeros(2 * count),
                "fc2.weight": torch.cat([one, -one], 1),
            }
        )
        visual.head = nn.Sequential(OrderedDict(mlp=head))
        settings["model_cfg"]["vision_cfg"]["timm_proj"] = "mlp"
    (folder / CONFIG_FILE).write_text(json.dumps(settings, indent=2), "utf-8")
    return replace(opened, folder=folder)


def read_sources(data: Path, icons: Path, drawings: Path) -> list[Source]:
    """Return what is learned from, fashion first, each drawing seen twice."""
    fashion = fashion_source(data, 208)
    rarer = fashion.chance / fashion.chance.mean()
    groups = tuple(replace(group, weight=WEIGHTS[group.name]) for group in fashion.groups)
    return [
        replace(fashion, chance=EVEN + (1 - EVEN) * rarer, groups=groups, views=0.115),
        replace(grocery_source(data, 32), views=0.5),
        replace(icon_source(icons, 8), views=0.0),
        replace(drawing_source(drawings, 48), views=1.0, again=SHEET),
    ]


class Measure:
    """Takes every figure on the validation splits, and the share of drawings found again."""

    def __init__(self, towers: Towers, data: Path) -> None:
        """Read what is held out, and photograph drawings."""
        self._validation = Validation(towers, data)
        self._encoder = OpenClipEncoder(towers.opened, device="cpu")
        dice = random.Random(DRAWING_SEED)
        looks = (random_look(dice) for _ in range(DRAWINGS))
        looks = (replace(look, seed=dice.randrange(10**5, 10**6)) for look in looks)
        self._shown = [draw(look, size=192) for look in looks]
        self._photos = [as_photographed(picture, dice) for picture in self._shown]

    def __call__(self) -> dict[str, float]:
        """Return the figures; higher is better."""
        figures = self._validation(SIZE)
        shown, photos = self._encoder.encode(self._shown), self._encoder.encode(self._photos)
        found = nearest(photos, shown, 1)[:, 0] == np.arange(DRAWINGS)
        figures["found again"] = float(found.mean())
        logging.info("%s", {name: round(value, 3) for name, value in figures.items()})
        return figures


def main(arguments: Sequence[str] | None = None) -> None:
    """Train to the end, write the model and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("data", "words", "icons", "drawings", "encoder", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    logging.getLogger("root").setLevel(logging.INFO)
    given.out.mkdir(parents=True, exist_ok=True)
    opened = open_clip_model(given.encoder, words=given.words)
    sources = read_sources(given.data, given.icons, given.drawings)
    soft = soft_targets(sources[0], WHOLE, Towers(opened), size=SIZE, seed=RECIPE.seed)
    opened = with_bent_head(opened, given.out)
    towers = Towers(opened)
    features = [frozen_features(source.groups, towers) for source in sources]
    trainer = Trainer(SofterObjective(towers, sources, features, soft))
    measure = Measure(towers, given.data)
    before = measure()

    def score() -> float:
        figures = measure()
        return sum(figures.values()) / len(figures) + figures["all"]

    towers.put(
        train(
            trainer,
            score,
            checkpoint=given.out / "training.checkpoint",
            fingerprint=f"{RECIPE} from {opened.name}",
            report=log,
        )
    )
    save_model(opened, given.out)
    after = measure()
    print("| validation | before | after |\n|---|---|---|")
    for name, value in before.items():
        print(f"| {name} | {value:.3f} | {after[name]:.3f} |")


if __name__ == "__main__":
    main()
