"""Train the picture encoder that Magpie ships, from nothing.

    python -m benchmarks.train_picture_encoder --data FOLDER --words FOLDER --icons FOLDER \
        --drawings FOLDER --out FOLDER

`--data` holds `fashion/` and `grocery/`, `--words` is the folder of all-MiniLM-L6-v2, `--icons`
and `--drawings` are what benchmarks/training_pictures.py makes. A stopped run goes on from the
last checkpoint in `--out`, and ends in `--out` with the two files of a model folder, from which
benchmarks/tune_picture_tower.py goes on.
"""

import argparse
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import interpolate, normalize

from benchmarks.training_data import (
    Record,
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
from retrieval.picture_encoder import EMBEDDED, untrained_model
from retrieval.training.objective import Objective
from retrieval.training.recipe import Recipe, Stage
from retrieval.training.saving import save_model
from retrieval.training.towers import Towers, frozen_features
from retrieval.training.trainer import Progress, Trainer, train

RECIPE = Recipe(
    stages=(
        Stage(60, 48, (0.0001, 0.002)),
        Stage(640, 48, (0.002, 0.002)),
        Stage(300, 48, (0.002, 0.0015)),
        Stage(300, 64, (0.0015, 0.0009)),
        Stage(780, 64, (0.0009, 0.0)),
        Stage(40, 80, (0.0001, 0.0015)),
        Stage(2165, 80, (0.0015, 0.0)),
    ),
    bank=768,
    same=0.7,
    validate_every=100,
)
SHARES = {"fashion": 176, "grocery": 40, "icons": 12, "drawings": 40}  # pictures in a batch
VIEWS = 0.3  # share of a batch that is seen a second time
FIELDS = ("type", "colour", "who")
_BATCH = 250


class Validation:
    """Measures a model on the validation splits; higher is better."""

    def __init__(self, towers: Towers, data: Path) -> None:
        """Read the held-out records and encode their words once."""
        self._towers = towers
        records, blobs = read_fashion(data)
        keep = fashion_split(records).validation
        self._held: list[Record] = [records[at] for at in keep]
        self._products = decode_all([blobs[at] for at in keep], (60, 80))
        triples = Counter(tuple(record[field] for field in FIELDS) for record in self._held)
        self._asked = [t for t, count in triples.items() if count >= 3 and all(t)]
        self._names = towers.frozen([record["name"] for record in self._held])
        self._queries = towers.frozen([f"{c} {kind} for {who}" for kind, c, who in self._asked])
        official = [photo for photo in read_grocery(data)[0] if photo["split"] == "train"]
        parts = grocery_split(official)
        self._train, self._val = torch.tensor(parts.train), torch.tensor(parts.validation)
        self._photos = decode_all([photo["image"] for photo in official], (128, 128))
        self._classes = torch.tensor([photo["class_id"] for photo in official])

    @torch.no_grad()
    def __call__(self, size: int) -> dict[str, float]:
        """Return every figure, with pictures of `size` pixels."""
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
                    [self._held[at][f] == value for f, value in zip(FIELDS, triple, strict=True)]
                    for at in row
                ]
                for triple, row in zip(self._asked, top, strict=True)
            ]
        )
        named = dict(zip(FIELDS, hits.mean((0, 1)).tolist(), strict=True))
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


def log(progress: Progress) -> None:
    """Say where training stands."""
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
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    logging.getLogger("root").setLevel(logging.INFO)
    given.out.mkdir(parents=True, exist_ok=True)
    opened = untrained_model(EMBEDDED, words=given.words, seed=RECIPE.seed)
    opened.model.to("cuda" if torch.cuda.is_available() else "cpu")
    towers = Towers(opened)
    sources = [
        fashion_source(given.data, SHARES["fashion"]),
        grocery_source(given.data, SHARES["grocery"]),
        icon_source(given.icons, SHARES["icons"]),
        drawing_source(given.drawings, SHARES["drawings"]),
    ]
    sources = [replace(source, views=VIEWS) for source in sources]
    features = [frozen_features(source.groups, towers) for source in sources]
    trainer = Trainer(Objective(towers, sources, features, RECIPE))
    validation = Validation(towers, given.data)

    def score() -> float:
        figures = validation(RECIPE.at(trainer.step - 1)[0])
        logging.info("%s", {name: round(value, 3) for name, value in figures.items()})
        return sum(figures.values()) / len(figures)

    towers.put(
        train(
            trainer,
            score,
            checkpoint=given.out / "training.checkpoint",
            fingerprint=str((RECIPE, VIEWS)),
            report=log,
        )
    )
    save_model(opened, given.out)


if __name__ == "__main__":
    main()
