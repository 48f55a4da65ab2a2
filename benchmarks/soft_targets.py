"""Soft targets: the probability of each caption for each picture, instead of one true caption.

Knows the features of trained towers, and the fields that captions state; knows no loss of a batch.
Shop records call the same colour navy, blue or black. A classifier trained on many records gives
better targets for a picture than its own record (arXiv 1503.02531), if it was not trained on that
record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from retrieval.training.pictures.examples import CaptionGroup, PictureSource
from retrieval.training.pictures.objective import Teacher

_BATCH = 128  # pictures
_STEPS, _DRAWN, _HIDDEN, _DROPPED, _DECAY, _FOLDS = 450, 1024, 512, 0.4, 0.1, 4
_LEVELS = 5  # each of red, green and blue in the colour histogram


@dataclass(frozen=True, slots=True)
class SoftTargets:
    """The log-probabilities of the captions of a group."""

    of_value: Tensor  # (pictures, all values of all fields) log-probabilities
    stated: Tensor  # (captions, fields) the values that a caption states
    tilt: Tensor  # (fields,) weight of each field

    def __call__(self, pictures: Tensor, captions: Tensor) -> Tensor:
        """Return (pictures, captions) log-probabilities at these positions, up to a constant."""
        return (self.of_value[pictures][:, self.stated[captions]] * self.tilt).sum(2)


def soft_targets(
    source: PictureSource,
    tilts: Mapping[str, Sequence[float]],
    seers: Sequence[Teacher],
    *,
    seed: int,
) -> dict[int, SoftTargets]:
    """Train classifiers of the captions' fields, on several towers' features and pixel colours.

    `tilts` maps a group's name ("a+b"; groups "a" and "b" must exist too) to the weights of its
    fields. Returned by the group's number in the source, on the first tower's device.
    """
    numbers = {group.name: at for at, group in enumerate(source.groups)}
    fields = sorted({field for name in tilts for field in name.split("+")})
    labels = torch.stack([source.groups[numbers[field]].of_picture for field in fields], 1)
    views = [_seen(source.pixels, seer) for seer in seers]
    shown = torch.cat([*views, _hues(source.pixels)], 1)
    chances, first = attribute_chances(shown, labels, seed=seed)
    device, targets = seers[0].towers.device, {}
    for name, tilt in tilts.items():
        said = torch.tensor([fields.index(field) for field in name.split("+")])
        stated = _stated(source.groups[numbers[name]], labels[:, said]) + first[said]
        counts = torch.tensor(tilt, device=device)
        targets[numbers[name]] = SoftTargets(chances.to(device), stated.to(device), counts)
    return targets


def attribute_chances(features: Tensor, labels: Tensor, *, seed: int) -> tuple[Tensor, Tensor]:
    """Classify pictures by several fields at once, by cross-validation.

    Each picture is classified by a model that was not trained on it. `features` is (pictures,
    width), `labels` (pictures, fields), -1 for unknown. Returns the log-probabilities (pictures,
    all values) and the column of each field's first value (fields,).
    """
    torch.manual_seed(seed)
    shown = features.float()
    shown = (shown - shown.mean(0)) / shown.std(0).clamp_min(1e-6)
    counts: list[int] = (labels.amax(0) + 1).tolist()
    chances = torch.empty(len(shown), sum(counts))
    fold = torch.randint(_FOLDS, (len(shown),))
    for one in range(_FOLDS):
        classifier = _classifier(shown[fold != one], labels[fold != one], counts)
        with torch.no_grad():
            parts = classifier(shown[fold == one]).split(counts, 1)
        chances[fold == one] = torch.cat([functional.log_softmax(part, 1) for part in parts], 1)
    return chances, torch.tensor([0, *counts[:-1]]).cumsum(0)


def _classifier(shown: Tensor, labels: Tensor, counts: list[int]) -> nn.Module:
    """Train a classifier of all fields' values."""
    classifier = nn.Sequential(
        nn.Dropout(_DROPPED),
        nn.Linear(shown.shape[1], _HIDDEN),
        nn.GELU(),
        nn.Dropout(_DROPPED),
        nn.Linear(_HIDDEN, sum(counts)),
    )
    optimiser = torch.optim.AdamW(classifier.parameters(), lr=0.002, weight_decay=_DECAY)
    fall = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.0, total_iters=_STEPS)
    for _ in range(_STEPS):
        at = torch.randint(len(shown), (min(_DRAWN, len(shown)),))
        parts = classifier(shown[at]).split(counts, 1)
        loss = torch.stack(
            [
                functional.cross_entropy(part, true, ignore_index=-1)
                for part, true in zip(parts, labels[at].unbind(1), strict=True)
            ]
        ).sum()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        fall.step()
    return classifier.eval()


@torch.no_grad()
def _seen(pixels: Tensor, seer: Teacher) -> Tensor:
    """Return a tower's features (n, width), before its head, of (n, 3, height, width) bytes."""
    towers, side = seer.towers, (seer.size, seer.size)
    trunk = towers.visual.get_submodule("trunk").eval()
    rows = []
    for some in pixels.split(_BATCH):
        shown = some.to(towers.device).float() / 255
        shown = functional.interpolate(shown, side, mode="bilinear", antialias=True)
        shown = shown.sub(towers.mean).div_(towers.spread)
        seen = trunk.forward_features(shown.contiguous(memory_format=torch.channels_last))
        rows.append(trunk.forward_head(seen, pre_logits=True).cpu())
    return torch.cat(rows)


def _hues(pixels: Tensor) -> Tensor:
    """Return colour histograms (n, 125): the square root of the share of pixels in each cell."""
    rows = []
    for some in pixels.split(_BATCH):
        level = (some.long() * _LEVELS // 256).flatten(2)
        cell = (level[:, 0] * _LEVELS + level[:, 1]) * _LEVELS + level[:, 2]
        count = torch.zeros(len(some), _LEVELS**3).scatter_add_(1, cell, torch.ones(cell.shape))
        rows.append((count / cell.shape[1]).sqrt())
    return torch.cat(rows)


def _stated(group: CaptionGroup, labels: Tensor) -> Tensor:
    """Return the values (captions, fields) that captions state, from any of their pictures."""
    told = (group.of_picture >= 0).nonzero()[:, 0]
    one = torch.empty(len(group.wordings), dtype=torch.long)
    one[group.of_picture[told]] = told
    return labels[one]
