"""What the frozen sides of a picture encoder make of training pictures and captions, kept in files.

Knows the tower without its head, and the text transformer without its projection; knows no loss.
Every picture passes the tower once as it is and once in each way of changing it, every wording
passes the transformer once, and what is kept belongs to the weights that its file is named after.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional

from retrieval.training.augment import Strength, augment
from retrieval.training.examples import Source
from retrieval.training.towers import Towers, frozen_features

SIZE = 80  # pixels along each side
_BATCH = 128  # pictures


@dataclass(frozen=True, slots=True)
class Material:
    """A source as the heads see it."""

    source: Source
    views: Tensor  # (1 + changes, pictures, width) half precision; the first are unchanged
    captions: list[Tensor]  # per group: (captions, wordings, width) half precision

    def labels(self, group: str) -> Tensor:
        """Return the caption of a group that is true of each picture, (pictures,), -1 for none."""
        return next(one.of_picture for one in self.source.groups if one.name == group)


def prepare(source: Source, changes: Sequence[Strength], towers: Towers, folder: Path) -> Material:
    """Encode a source, or read what a former run kept of it in `folder`."""
    file = folder / f"{source.name}-{towers.opened.name}.features"
    if not file.exists():
        views = [see(source.pixels, None, towers)]
        for seed, change in enumerate(changes, 1):
            views.append(see(source.pixels, change, towers, seed=seed))
        captions = frozen_features(source.groups, towers)
        draft = file.with_suffix(".draft")
        torch.save({"views": torch.stack(views), "captions": captions}, draft)
        draft.replace(file)
    kept = torch.load(file, weights_only=True)
    return Material(source, kept["views"], kept["captions"])


@torch.no_grad()
def see(pixels: Tensor, change: Strength | None, towers: Towers, *, seed: int = 0) -> Tensor:
    """Return the tower's features (n, width), half precision, of (n, 3, height, width) bytes."""
    trunk = towers.visual.get_submodule("trunk").eval()
    dice = Generator().manual_seed(seed)
    rows = []
    for start in range(0, len(pixels), _BATCH):
        some = pixels[start : start + _BATCH]
        if change is None:
            shown = functional.interpolate(
                some.float() / 255, (SIZE, SIZE), mode="bilinear", antialias=True
            )
        else:
            shown = augment(some, SIZE, change, dice)
        shown = shown.sub(towers.mean).div_(towers.spread)
        rows.append(trunk(shown.contiguous(memory_format=torch.channels_last)).half())
    return torch.cat(rows)


def attribute_chances(features: Tensor, labels: Tensor, *, seed: int) -> tuple[Tensor, Tensor]:
    """Classify pictures by several fields at once, to have soft targets (arXiv 1503.02531).

    `features` is (pictures, width), `labels` (pictures, fields), -1 for unknown. Returns the log
    chances (pictures, all classes) and the first class of each field (fields,).
    """
    torch.manual_seed(seed)
    shown = features.float()
    shown = (shown - shown.mean(0)) / shown.std(0)
    counts: list[int] = (labels.amax(0) + 1).tolist()
    classifier = nn.Sequential(
        nn.Dropout(0.3),
        nn.Linear(shown.shape[1], 512),
        nn.GELU(),
        nn.Dropout(0.3),
        nn.Linear(512, sum(counts)),
    )
    optimiser = torch.optim.AdamW(classifier.parameters(), lr=0.002, weight_decay=0.05)
    fall = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.0, total_iters=400)
    for _ in range(400):
        at = torch.randint(len(shown), (1024,))
        parts = classifier(shown[at]).split(counts, 1)
        truth = labels[at].unbind(1)
        loss = torch.stack(
            [
                functional.cross_entropy(part, true, ignore_index=-1)
                for part, true in zip(parts, truth, strict=True)
            ]
        ).sum()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        fall.step()
    classifier.eval()
    with torch.no_grad():
        parts = classifier(shown).split(counts, 1)
        chances = torch.cat([functional.log_softmax(part, 1) for part in parts], 1)
    return chances, torch.tensor([0, *counts[:-1]]).cumsum(0)
