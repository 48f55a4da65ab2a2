"""How likely each caption is of each picture, as targets softer than one true caption.

Knows what a frozen tower sees and the fields that captions state; knows no loss of a batch. Shop
records call one thing navy, blue or black; what a classifier of all of them says of a picture is
a better target than any one record (arXiv 1503.02531).
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from retrieval.training.examples import CaptionGroup, Source
from retrieval.training.towers import Towers

_BATCH = 128  # pictures
_STEPS, _DRAWN, _HIDDEN, _DROPPED = 400, 1024, 512, 0.3


@dataclass(frozen=True, slots=True)
class SoftTargets:
    """The log chances of a source's captions that state several fields."""

    group: int  # of the source: the captions
    of_value: Tensor  # (pictures, all values of all fields) log chances
    stated: Tensor  # (captions, fields) the values that a caption states

    def __call__(self, pictures: Tensor, captions: Tensor) -> Tensor:
        """Return (pictures, captions) log chances of the places given."""
        return self.of_value[pictures][:, self.stated[captions]].sum(2)


def soft_targets(source: Source, name: str, towers: Towers, *, size: int, seed: int) -> SoftTargets:
    """Learn what the captions of the group `name` ("a+b") state, of groups "a" and "b"."""
    groups = {group.name: at for at, group in enumerate(source.groups)}
    labels = torch.stack([source.groups[groups[one]].of_picture for one in name.split("+")], 1)
    chances, first = attribute_chances(_seen(source.pixels, size, towers), labels, seed=seed)
    return SoftTargets(groups[name], chances, _stated(source.groups[groups[name]], labels) + first)


def softly(logits: Tensor, chances: Tensor) -> Tensor:
    """Return the loss, both ways, against log chances instead of truth.

    `logits` and `chances` are (pictures, captions); all that fit a little are right a little.
    """
    choose_caption = functional.cross_entropy(logits, chances.softmax(1))
    return 0.5 * (choose_caption + functional.cross_entropy(logits.T, chances.T.softmax(1)))


def attribute_chances(features: Tensor, labels: Tensor, *, seed: int) -> tuple[Tensor, Tensor]:
    """Classify pictures by several fields at once.

    `features` is (pictures, width), `labels` (pictures, fields), -1 for unknown. Returns the log
    chances (pictures, all values) and the first value of each field (fields,).
    """
    torch.manual_seed(seed)
    shown = features.float()
    shown = (shown - shown.mean(0)) / shown.std(0).clamp_min(1e-6)
    counts: list[int] = (labels.amax(0) + 1).tolist()
    classifier = nn.Sequential(
        nn.Dropout(_DROPPED),
        nn.Linear(shown.shape[1], _HIDDEN),
        nn.GELU(),
        nn.Dropout(_DROPPED),
        nn.Linear(_HIDDEN, sum(counts)),
    )
    optimiser = torch.optim.AdamW(classifier.parameters(), lr=0.002, weight_decay=0.05)
    fall = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.0, total_iters=_STEPS)
    for _ in range(_STEPS):
        at = torch.randint(len(shown), (_DRAWN,))
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
    classifier.eval()
    with torch.no_grad():
        parts = classifier(shown).split(counts, 1)
        chances = torch.cat([functional.log_softmax(part, 1) for part in parts], 1)
    return chances, torch.tensor([0, *counts[:-1]]).cumsum(0)


@torch.no_grad()
def _seen(pixels: Tensor, size: int, towers: Towers) -> Tensor:
    """Return the tower's features (n, width), before its head, of (n, 3, height, width) bytes."""
    trunk = towers.visual.get_submodule("trunk").eval()
    rows = []
    for some in pixels.split(_BATCH):
        shown = some.float() / 255
        shown = functional.interpolate(shown, (size, size), mode="bilinear", antialias=True)
        shown = shown.sub(towers.mean).div_(towers.spread)
        rows.append(trunk(shown.contiguous(memory_format=torch.channels_last)))
    return torch.cat(rows)


def _stated(group: CaptionGroup, labels: Tensor) -> Tensor:
    """Return the values (captions, fields) that captions state: those of any picture of theirs."""
    told = (group.of_picture >= 0).nonzero()[:, 0]
    one = torch.empty(len(group.wordings), dtype=torch.long)
    one[group.of_picture[told]] = told
    return labels[one]
