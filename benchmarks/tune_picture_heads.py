"""Train the heads of the picture encoder anew, on what its frozen tower sees.

    python -m benchmarks.tune_picture_heads --data FOLDER --words FOLDER --drawings FOLDER \
        --out FOLDER [--encoder FOLDER]

Knows both heads, the picture's and the text's, and the temperature; tower and text transformer
stay as they are, in `--encoder` or as shipped. `--data` holds `fashion/` and `grocery/`, `--words`
is the folder of all-MiniLM-L6-v2, `--drawings` is what `benchmarks.training_pictures drawings
FOLDER --count 1500` makes. `--out` keeps the tower's features, so that a stopped run goes on, and
ends with the two files of a model folder. One core takes about 25 minutes, of which 5 train.
"""

import argparse
import json
import logging
import math
import random
from collections import OrderedDict
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from timm.layers.mlp import Mlp
from torch import Generator, Tensor, nn
from torch.nn.functional import cross_entropy, dropout, normalize

from benchmarks.picture_encoder import as_photographed, nearest
from benchmarks.tower_features import SIZE, Material, attribute_chances, prepare
from benchmarks.train_picture_encoder import FIELDS, Validation
from benchmarks.training_data import SHELF, drawing_source, fashion_source, grocery_source
from demo.draw import draw, random_look
from retrieval.picture_encoder import (
    CONFIG_FILE,
    EMBEDDED,
    OpenClip,
    OpenClipEncoder,
    open_clip_model,
    settings_of,
)
from retrieval.training.augment import PHONE, Strength
from retrieval.training.examples import Source
from retrieval.training.losses import pictures_alike, pictures_and_captions, same_picture
from retrieval.training.saving import save_model
from retrieval.training.towers import Towers


@dataclass(frozen=True, slots=True)
class Part:
    """How a source takes part."""

    pictures: int  # in a batch
    share: float  # in the loss
    weights: dict[str, float]  # of its caption groups
    changes: tuple[Strength, ...] = ()  # each a view of every picture
    again: float = 0.0  # weight of finding a changed view's own picture
    held: float = 0.0  # weight of finding what the old head found


PARTS = {
    "fashion": Part(
        1024,
        1.0,
        {
            "name": 2.0, "colour+type+who": 3.0, "colour+type": 0.3, "type+who": 0.3, "type": 0.3,
            "colour": 0.4, "who": 0.3, "use+type": 0.1, "sub": 0.1,
        },
    ),
    "grocery": Part(64, 0.15, {"fine": 2.0, "coarse": 0.7}, (SHELF, SHELF, PHONE), again=1.0),
    "drawings": Part(
        320,
        0.4,
        {
            "colour+kind": 0.6, "colour+kind+pattern+second": 0.2, "kind": 0.2, "colour": 0.2,
            "pattern+kind": 0.1,
        },
        (PHONE, PHONE, PHONE),
        again=5.0,
        held=3.0,
    ),
}  # fmt: skip
WHOLE = "colour+type+who"  # the caption group with soft targets
SOFT = 0.6  # their share in its loss
STEPS, WARM_UP = 320, 20
PICTURE_RATE, TEXT_RATE = 0.003, 0.002  # learning rates after the warm-up
DECAY, STEEPEST, SHARPEST = 0.05, 5.0, math.log(100)  # as in retrieval/training/trainer.py
AVERAGE = 0.97  # of the moving average, per step
DROPPED = 0.05  # share of the tower's features that a step does not see
BANK = 1536  # captions of a group among which a picture chooses, at most
ALIKE, ALIKE_AMONG, ALIKE_TEMPERATURE = 0.2, 256, 0.1  # weight, pictures, between pictures
AGAIN_TEMPERATURE = 0.05
SEED = 0
DRAWINGS, DRAWING_SEED = 500, 977  # to find again; the benchmark draws others


class Objective:
    """Holds both heads and what they learn from, and turns dice into a loss."""

    def __init__(self, towers: Towers, materials: Sequence[Material]) -> None:
        """Keep the picture head as it is now, and learn the soft targets of fashion."""
        self.towers, self.materials = towers, materials
        self.head = towers.visual.get_submodule("head")
        self._old = deepcopy(self.head).requires_grad_(False)
        fashion = materials[0]
        labels = torch.stack([fashion.labels(field) for field in FIELDS], 1)
        self._chances, first = attribute_chances(fashion.views[0], labels, seed=SEED)
        whole = fashion.labels(WHOLE)
        told = (whole >= 0).nonzero()[:, 0]
        one = torch.empty(int(whole.max()) + 1, dtype=torch.long)
        one[whole[told]] = told  # any picture that a caption is true of shows what it states
        self._stated = labels[one] + first  # (captions, fields) columns of the chances

    def loss(self, dice: Generator) -> Tensor:
        """Draw a batch and return its loss."""
        captions, pictures, weights = torch.zeros(()), torch.zeros(()), 0.0
        for material in self.materials:
            part, at = PARTS[material.source.name], material.source.draw(dice)
            view = torch.randint(len(material.views), (len(at),), generator=dice)
            seen = _unit(self.head, dropout(material.views[view, at].float(), DROPPED))
            for number, group in enumerate(material.source.groups):
                weight = part.share * part.weights[group.name]
                captions = captions + weight * self._named(material, number, seen, at, dice)
                weights += weight
            few, alike = seen[:ALIKE_AMONG], material.source.alike[at[:ALIKE_AMONG]]
            paired = ALIKE * pictures_alike(few, alike, ALIKE_TEMPERATURE)
            if part.changes:
                paired = paired + self._again(material, at, dice)
            pictures = pictures + part.share * paired
        return 2 * captions / weights + pictures / sum(part.share for part in PARTS.values())

    def _named(
        self, material: Material, number: int, seen: Tensor, at: Tensor, dice: Generator
    ) -> Tensor:
        """Compare with the captions of a group: the true ones, and others up to the bank."""
        group, known = material.source.groups[number], material.captions[number]
        label = group.of_picture[at]
        told = (label >= 0).nonzero()[:, 0]
        true, place = torch.unique(label[told], return_inverse=True)
        others = torch.randperm(len(known), generator=dice)
        others = others[~torch.isin(others, true)][: max(0, BANK - len(true))]
        asked = torch.cat([true, others])
        ways = torch.randint(known.shape[1], (len(asked),), generator=dice)
        captions, scale = self.towers.project(known[asked, ways]), self.towers.log_scale.exp()
        loss = pictures_and_captions(seen[told], captions, place, scale)
        if group.name != WHOLE:
            return loss
        chances = self._chances[at[told]][:, self._stated[asked]].sum(2)
        soft = softly(scale * seen[told] @ captions.T, chances)
        return (1 - SOFT) * loss + SOFT * soft

    def _again(self, material: Material, at: Tensor, dice: Generator) -> Tensor:
        """Find changed views again among the pictures: their own, and as the old head did.

        The second is what keeps it from forgetting (arXiv 1606.09282).
        """
        part = PARTS[material.source.name]
        view = int(torch.randint(1, len(material.views), (1,), generator=dice))
        plain, changed = material.views[0, at].float(), material.views[view, at].float()
        near, far = _unit(self.head, plain), _unit(self.head, changed)
        own = same_picture(far, near, torch.arange(len(at)), AGAIN_TEMPERATURE)
        before = _unit(self._old, changed) @ _unit(self._old, plain).T / AGAIN_TEMPERATURE
        held = cross_entropy(far @ near.T / AGAIN_TEMPERATURE, before.softmax(1))
        return part.again * own + part.held * held


def _unit(head: nn.Module, features: Tensor) -> Tensor:
    return normalize(head(features), dim=1)


def softly(logits: Tensor, chances: Tensor) -> Tensor:
    """Return the loss, both ways, against log chances instead of truth (arXiv 1503.02531).

    `logits` and `chances` are (pictures, captions); all that fit a little are right a little.
    """
    choose_caption = cross_entropy(logits, chances.softmax(1))
    return 0.5 * (choose_caption + cross_entropy(logits.T, chances.T.softmax(1)))


def train_heads(objective: Objective) -> None:
    """Train to the end; what is left is the moving average of the weights."""
    torch.manual_seed(SEED)
    dice = torch.Generator().manual_seed(SEED)
    towers = objective.towers
    picture, text = list(objective.head.parameters()), list(towers.projection.parameters())
    trained = [*picture, *text, towers.log_scale]
    optimiser = torch.optim.AdamW(
        [
            {"params": picture, "lr": PICTURE_RATE},
            {"params": text, "lr": TEXT_RATE},
            {"params": [towers.log_scale], "lr": TEXT_RATE, "weight_decay": 0.0},
        ],
        betas=(0.9, 0.98),
        weight_decay=DECAY,
    )
    pace = torch.optim.lr_scheduler.LambdaLR(optimiser, _pace)
    average = [one.detach().clone() for one in trained]
    for step in range(STEPS):
        loss = objective.loss(dice)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_([*picture, *text], STEEPEST)
        optimiser.step()
        pace.step()
        with torch.no_grad():
            towers.log_scale.clamp_(0, SHARPEST)
            for mean, one in zip(average, trained, strict=True):
                mean.lerp_(one, 1 - min(AVERAGE, (1 + step) / (10 + step)))
        if (step + 1) % 20 == 0:
            logging.info("step %d of %d, loss %.3f", step + 1, STEPS, float(loss.detach()))
    with torch.no_grad():
        for mean, one in zip(average, trained, strict=True):
            one.copy_(mean)


def _pace(step: int) -> float:
    """Return the share of the learning rate: warm up, and fall along a cosine to nothing."""
    return min(1.0, (step + 1) / WARM_UP) * 0.5 * (1 + math.cos(math.pi * step / STEPS))


def with_bent_head(opened: OpenClip, folder: Path) -> OpenClip:
    """Give the picture tower a head of two layers that does at first what its one layer did.

    As GELU(x) - GELU(-x) = x, the first layer is the old one and its negative, the second adds
    and subtracts. `folder` gets the configuration. A head of two layers stays as it is.
    """
    visual = opened.model.visual
    if "proj" not in dict(visual.head.named_children()):
        return opened
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
    settings = settings_of(opened)
    settings["model_cfg"]["vision_cfg"]["timm_proj"] = "mlp"
    (folder / CONFIG_FILE).write_text(json.dumps(settings), "utf-8")
    return replace(opened, folder=folder)


def read_sources(data: Path, drawings: Path) -> list[Source]:
    """Return what is learned from, fashion first."""
    pictures = {name: part.pictures for name, part in PARTS.items()}
    fashion = fashion_source(data, pictures["fashion"])
    rarer = fashion.chance / fashion.chance.mean()
    drawn = drawing_source(drawings, pictures["drawings"])
    return [
        replace(fashion, chance=0.5 + 0.5 * rarer),  # half as uneven as the tower's training
        grocery_source(data, pictures["grocery"]),
        replace(drawn, family=None),  # a batch is large enough for look-alikes to meet
    ]


def measure(opened: OpenClip, data: Path) -> dict[str, float]:
    """Return every figure on the validation splits, and the share of drawings found again."""
    figures = Validation(Towers(opened), data)(SIZE)
    dice = random.Random(DRAWING_SEED)
    looks = [replace(random_look(dice), seed=dice.randrange(10**5, 10**6)) for _ in range(DRAWINGS)]
    shown = [draw(look, size=192) for look in looks]
    photos = [as_photographed(picture, dice) for picture in shown]
    encoder = OpenClipEncoder(opened, device="cpu")
    found = nearest(encoder.encode(photos), encoder.encode(shown), 1)[:, 0]
    return {**figures, "found again": float((found == np.arange(len(shown))).mean())}


def main(arguments: Sequence[str] | None = None) -> None:
    """Train the heads, write the model and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("data", "words", "drawings", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, default=EMBEDDED)
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    logging.getLogger("root").setLevel(logging.INFO)
    given.out.mkdir(parents=True, exist_ok=True)
    opened = open_clip_model(given.encoder, words=given.words)
    towers = Towers(opened)
    materials = []
    for source in read_sources(given.data, given.drawings):
        materials.append(prepare(source, PARTS[source.name].changes, towers, given.out))
        logging.info("%s: %d pictures are seen", source.name, len(source))
    before = measure(opened, given.data)
    opened = with_bent_head(opened, given.out)
    train_heads(Objective(Towers(opened), materials))
    save_model(opened, given.out)
    after = measure(open_clip_model(given.out, words=given.words), given.data)
    print("| validation | before | after |\n|---|---|---|")
    for name, value in before.items():
        print(f"| {name} | {value:.3f} | {after[name]:.3f} |")


if __name__ == "__main__":
    main()
