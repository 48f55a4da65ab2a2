"""Training data of the picture encoder: pictures in memory, and captions that describe them.

Knows tensors; knows no file, no catalogue and no model. A caption states the values of one or
more fields ("blue shirt for men": colour, type, gender). It is a positive for every picture of its
source with these values and a negative for all others. Captions of the same fields form a group;
within a group exactly one caption is true of a picture. So two products with the same words are
not false negatives, and captions that differ in one field ("red shirt for men") are hard negatives.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Generator, Tensor

from retrieval.training.pictures.augment import PHONE, Strength

_FAMILIES = 6  # families per batch

CaptionWording = Callable[
    [dict[str, str]], tuple[str, ...]
]  # a record → its wordings, the same number for every record


@dataclass(frozen=True, slots=True)
class CaptionGroup:
    """Captions that state the same fields, each in several wordings."""

    name: str
    wordings: tuple[tuple[str, ...], ...]  # per caption, the same number for each
    of_picture: Tensor  # (pictures,) the caption that is true of each picture, -1 for none
    weight: float = 1.0  # weight in the loss


@dataclass(frozen=True, slots=True)
class PictureSource:
    """Pictures from one origin; every batch has a fixed number of them."""

    name: str
    pixels: Tensor  # (pictures, 3, height, width) uint8
    groups: tuple[CaptionGroup, ...]
    chance: Tensor  # (pictures,) sampling weight of each picture
    alike: Tensor  # (pictures,) label: pictures with the same label attract, -1 for none
    share: int  # pictures per batch
    strength: Strength
    views: float = 0.25  # share of its pictures in a batch with a second augmented view
    again: Strength = PHONE  # strength of the second view's augmentation
    family: Tensor | None = None  # (pictures,) a batch has few families: harder negatives

    def __len__(self) -> int:
        """Return the number of pictures."""
        return len(self.pixels)

    def draw(self, dice: Generator) -> Tensor:
        """Draw the positions (share,) of a batch's pictures."""
        chance = self.chance
        if self.family is not None:
            count = int(self.family.max()) + 1
            families = torch.randperm(count, generator=dice, device=dice.device)[:_FAMILIES]
            chance = chance * torch.isin(self.family, families)
        return torch.multinomial(chance, self.share, generator=dice)

    def on(self, device: torch.device) -> "PictureSource":
        """Return the same pictures and captions on a device."""
        return replace(
            self,
            pixels=self.pixels.to(device),
            groups=tuple(replace(g, of_picture=g.of_picture.to(device)) for g in self.groups),
            chance=self.chance.to(device),
            alike=self.alike.to(device),
            family=None if self.family is None else self.family.to(device),
        )


def caption_group(
    facts: Sequence[dict[str, str]],
    fields: Sequence[str],
    word: CaptionWording,
    *,
    weight: float = 1.0,
) -> CaptionGroup:
    """Collect the distinct values of `fields`, worded by `word`, and the pictures that have them.

    A record that lacks one of the fields has no caption in this group.
    """
    index: dict[tuple[str, ...], int] = {}
    wordings: list[tuple[str, ...]] = []
    of_picture = torch.full((len(facts),), -1, dtype=torch.long)
    for at, record in enumerate(facts):
        values = tuple(record.get(field, "") for field in fields)
        if not all(values):
            continue
        if values not in index:
            index[values] = len(wordings)
            wordings.append(word(record))
        of_picture[at] = index[values]
    return CaptionGroup("+".join(fields), tuple(wordings), of_picture, weight)
