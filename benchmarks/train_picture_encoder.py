"""Train a picture encoder for Magpie from random weights: minutes on a GPU, hours on a CPU.

    python -m benchmarks.train_picture_encoder --data FOLDER --words FOLDER --icons FOLDER \
        --drawings FOLDER --tower hgnetv2_b1 --out FOLDER

`--data` holds `fashion/` and `grocery/`, `--words` is the folder of all-MiniLM-L6-v2, `--icons`
and `--drawings` are made by benchmarks/training_pictures.py. An interrupted run resumes from the
last checkpoint in `--out`. The result in `--out` are the two files of a model folder.
benchmarks/distil_picture_encoder.py distils several such models into one.
"""

import argparse
import json
import logging
from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import interpolate, normalize

from benchmarks.training_data import (
    CaptionRecord,
    decode_all,
    drawing_source,
    fashion_source,
    fashion_split,
    grocery_source,
    grocery_split,
    icon_source,
    read_fashion,
    read_grocery,
)
from retrieval.encoders.picture import untrained_model
from retrieval.encoders.picture_folder import CONFIG_FILE, EMBEDDED
from retrieval.training.pictures.augment import Strength
from retrieval.training.pictures.examples import PictureSource
from retrieval.training.pictures.objective import Objective, Teacher
from retrieval.training.pictures.recipe import Recipe, Stage
from retrieval.training.pictures.saving import save_model
from retrieval.training.pictures.towers import Towers, frozen_features
from retrieval.training.trainer import Trainer, TrainingProgress, train

TOWERS = {"hgnetv2_b1": (104, ""), "resnet18": (80, "mlp")}  # input side in pixels, timm's head
BATCH_SHARES = {"fashion": 768, "grocery": 160, "icons": 24, "drawings": 96}  # pictures per batch
VIEWS = {"fashion": 0.2, "grocery": 0.5, "icons": 0.0, "drawings": 1.0}  # share with a second view
CAPTION_WEIGHTS = {
    "name": 2.0,
    "colour+type+who": 3.0,
    "colour+type": 0.6,
    "type+who": 0.4,
    "type": 0.3,
    "colour": 0.8,
    "who": 0.5,
    "use+type": 0.1,
    "sub": 0.1,
}  # loss weights of fashion's caption groups
EVEN = 0.4  # share of fashion's draws that is uniform over products, rare or frequent
TRAINED_WEAR = Strength(
    turn=10, zoom=(0.65, 1.15), light=0.2, balance=0.04, paper=0.25, wear=0.2, cover=0.25
)
SHEET = Strength(
    turn=14, zoom=(0.92, 1.35), light=0.35, balance=0.06, paper=0.1, wear=0.4, desk=0.85, tilt=0.12
)
CAPTION_FIELDS = ("type", "colour", "who")
_BATCH = 250


def recipe(size: int) -> Recipe:
    """Return the hyperparameters for a tower with this picture size."""
    return Recipe(
        stages=(Stage(200, size, (0.00005, 0.0025)), Stage(1282, size, (0.0025, 0.0))),
        bank=1024,
        same=0.7,
        alike=0.4,
        soft=0.4,
        decay=0.15,
        validate_every=185,
    )


def write_settings(folder: Path, tower: str) -> int:
    """Write the shipped model's configuration with another tower; return its picture size."""
    size, head = TOWERS[tower]
    settings = json.loads((EMBEDDED / CONFIG_FILE).read_text("utf-8"))
    settings["model_cfg"]["vision_cfg"] |= {
        "timm_model_name": tower,
        "timm_proj": head,
        "image_size": size,
    }
    settings["preprocess_cfg"]["size"] = size
    (folder / CONFIG_FILE).write_text(json.dumps(settings, indent=2), "utf-8")
    return size


def read_sources(
    data: Path, icons: Path, drawings: Path, shares: dict[str, int]
) -> list[PictureSource]:
    """Return the training sources, fashion first; each drawing has two views."""
    fashion = fashion_source(data, shares["fashion"])
    rarer = fashion.chance / fashion.chance.mean()
    groups = tuple(replace(group, weight=CAPTION_WEIGHTS[group.name]) for group in fashion.groups)
    sources = [
        replace(fashion, chance=EVEN + (1 - EVEN) * rarer, groups=groups, strength=TRAINED_WEAR),
        grocery_source(data, shares["grocery"]),
        icon_source(icons, shares["icons"]),
        replace(drawing_source(drawings, shares["drawings"]), again=SHEET),
    ]
    return [replace(source, views=VIEWS[source.name]) for source in sources]


class Validation:
    """Measures a model on the validation splits; higher is better."""

    def __init__(self, towers: Towers, data: Path) -> None:
        """Read the held-out records and encode their words once."""
        self._towers = towers
        records, blobs = read_fashion(data)
        keep = fashion_split(records).validation
        self._held: list[CaptionRecord] = [records[at] for at in keep]
        self._products = decode_all([blobs[at] for at in keep], (60, 80)).to(towers.device)
        triples = Counter(tuple(record[field] for field in CAPTION_FIELDS) for record in self._held)
        self._asked = [t for t, count in triples.items() if count >= 3 and all(t)]
        self._names = towers.frozen([record["name"] for record in self._held])
        self._queries = towers.frozen([f"{c} {kind} for {who}" for kind, c, who in self._asked])
        official = [photo for photo in read_grocery(data)[0] if photo["split"] == "train"]
        parts = grocery_split(official)
        self._train, self._val = torch.tensor(parts.train), torch.tensor(parts.validation)
        photos = decode_all([photo["image"] for photo in official], (224, 224))
        self._photos = photos.to(towers.device)
        self._classes = torch.tensor([photo["class_id"] for photo in official])

    @torch.no_grad()
    def __call__(self, size: int) -> dict[str, float]:
        """Return every metric, with pictures of `size` pixels."""
        self._towers.model.eval()
        products = self._see(self._products, size)
        top = (self._towers.project(self._names) @ products.T).topk(10).indices.cpu()
        figures = {"name": float((top == torch.arange(len(top))[:, None]).any(1).float().mean())}
        figures |= self._attributes(products)
        pairs = (products @ products.T).fill_diagonal_(-2).topk(10).indices.tolist()
        kinds = [record["type"] for record in self._held]
        same = [[kinds[at] == kinds[query] for at in row] for query, row in enumerate(pairs)]
        return {**figures, "same": float(np.mean(same)), "fine": self._groceries(size)}

    def _attributes(self, products: Tensor) -> dict[str, float]:
        top = (self._towers.project(self._queries) @ products.T).topk(10).indices.tolist()
        hits = np.array(
            [
                [
                    [
                        self._held[at][f] == value
                        for f, value in zip(CAPTION_FIELDS, triple, strict=True)
                    ]
                    for at in row
                ]
                for triple, row in zip(self._asked, top, strict=True)
            ]
        )
        named = dict(zip(CAPTION_FIELDS, hits.mean((0, 1)).tolist(), strict=True))
        return {**named, "all": float(hits.all(2).mean())}

    def _groceries(self, size: int) -> float:
        photos = self._see(self._photos, size)
        known, own = photos[self._train], self._classes[self._train]
        centres = torch.stack([normalize(known[own == one].mean(0), dim=0) for one in range(81)])
        said = (photos[self._val] @ centres.T).argmax(1).cpu()
        return float((said == self._classes[self._val]).float().mean())

    def _see(self, pixels: Tensor, size: int) -> Tensor:
        parts = []
        for start in range(0, len(pixels), _BATCH):
            shown = pixels[start : start + _BATCH].float() / 255
            near = interpolate(shown, (size, size), mode="bilinear", antialias=True)
            parts.append(self._towers.see(near))
        return torch.cat(parts)


def log(progress: TrainingProgress) -> None:
    """Log the training progress."""
    told = "" if progress.validation is None else f", validation {progress.validation:.3f}"
    logging.info(
        "step %d of %d, loss %.3f, %.0f min left%s",
        progress.step, progress.steps, progress.loss, progress.seconds_left / 60, told,
    )  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Train to the end and write the model."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("data", "words", "icons", "drawings", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--tower", choices=TOWERS, default="hgnetv2_b1")
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    logging.getLogger("root").setLevel(logging.INFO)
    given.out.mkdir(parents=True, exist_ok=True)
    how = recipe(write_settings(given.out, given.tower))
    opened = untrained_model(given.out, words=given.words, seed=how.seed)
    opened.model.to("cuda" if torch.cuda.is_available() else "cpu")
    towers, average = Towers(opened), Towers(deepcopy(opened))
    sources = read_sources(given.data, given.icons, given.drawings, BATCH_SHARES)
    features = [frozen_features(source.groups, towers) for source in sources]
    trainer = Trainer(Objective(towers, sources, features, how, [Teacher(average)]), average)
    validation = Validation(towers, given.data)

    def score() -> float:
        figures = validation(how.stages[0].size)
        logging.info("%s", {name: round(value, 3) for name, value in figures.items()})
        return sum(figures.values()) / len(figures) + figures["all"]

    towers.put(
        train(
            trainer,
            score,
            checkpoint=given.out / "training.checkpoint",
            fingerprint=f"{how}, {given.tower}",
            report=log,
        )
    )
    save_model(opened, given.out)


if __name__ == "__main__":
    main()
