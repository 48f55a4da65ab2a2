"""What training learns from: pictures in memory, and captions that are true of some of them.

Knows tensors; knows no file, no catalogue and no model. A caption states the values of one or
more fields ("blue shirt for men": colour, type, gender), so that it is true of every picture with
those values and false of all others of its source; captions that state the same fields form a
group, and within a group exactly one caption is true of a picture. That makes two products of the
same words no false negatives, and near misses ("red shirt for men") the negatives that count.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Generator, Tensor

from retrieval.training.pictures.augment import PHONE, Strength

_FAMILIES = 6  # in a batch

CaptionWording = Callable[
    [dict[str, str]], tuple[str, ...]
]  # a record → equally many wordings of it


@dataclass(frozen=True, slots=True)
class CaptionGroup:
    """Captions that state the same fields, each in several wordings."""

    name: str
    wordings: tuple[tuple[str, ...], ...]  # per caption; every caption has equally many
    of_picture: Tensor  # (pictures,) the caption that is true of each picture, -1 for none
    weight: float = 1.0  # share in the loss


@dataclass(frozen=True, slots=True)
class PictureSource:
    """Pictures of one kind of origin, drawn into every batch in a fixed number."""

    name: str
    pixels: Tensor  # (pictures, 3, height, width) uint8
    groups: tuple[CaptionGroup, ...]
    chance: Tensor  # (pictures,) weight of each picture when a batch is drawn
    alike: Tensor  # (pictures,) pictures of the same number look for each other, -1 for none
    share: int  # pictures in a batch
    strength: Strength
    views: float = 0.25  # share of its pictures in a batch that is seen a second time
    again: Strength = PHONE  # how far the second view is changed
    family: Tensor | None = None  # (pictures,) a batch holds few families, so look-alikes meet

    def __len__(self) -> int:
        """Return how many pictures there are."""
        return len(self.pixels)

    def draw(self, dice: Generator) -> Tensor:
        """Draw the places (share,) of a batch's pictures."""
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
    """Collect the distinct values of `fields`, worded by `word`, and who carries them.

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
