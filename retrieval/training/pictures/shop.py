"""Make training examples from a catalogue's items.

Knows items, their fields and their pictures; knows no model's weights. The captions of an item
come from its record: its title, its category, an attribute, an attribute with the category. A
field whose values never repeat adds nothing to the title, and is left out.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from PIL.Image import Image, Resampling

from retrieval.errors import PictureError
from retrieval.items import Item
from retrieval.media.pictures import read_picture
from retrieval.training.pictures.augment import PHONE
from retrieval.training.pictures.examples import (
    CaptionGroup,
    CaptionWording,
    PictureSource,
    caption_group,
)
from retrieval.training.pictures.wordings import coloured_ways, one_of_kind, plain

_MOST_VALUES = 500  # of a field; with more, its values are names rather than kinds
_LEAST_SHARE = 0.1  # share of the items that must have a field
_ATTRIBUTES = 8  # fields used, the most frequent ones


@dataclass(frozen=True, slots=True)
class Shown:
    """An item with its decoded pictures."""

    item: Item
    pictures: tuple[Image, ...]


def read_squares(items: Sequence[Item], *, side: int) -> tuple[list[Shown], list[str]]:
    """Decode the pictures of items to squares of `side` pixels; return also the problems.

    Items without a readable picture are left out.
    """
    shown, problems = [], []
    for item in items:
        pictures = []
        for source in item.pictures:
            try:
                picture = read_picture(source)
            except PictureError as error:
                problems.append(str(error))
                continue
            pictures.append(picture.resize((side, side), Resampling.BICUBIC, reducing_gap=3.0))
        if pictures:
            shown.append(Shown(item, tuple(pictures)))
    return shown, problems


def shop_source(shown: Sequence[Shown], *, share: int) -> PictureSource:
    """Return the source of a catalogue: every picture, with all captions of its item."""
    owner = [at for at, one in enumerate(shown) for _ in one.pictures]
    pixels = [np.asarray(picture) for one in shown for picture in one.pictures]
    records = [record_of(shown[at].item) for at in owner]
    return PictureSource(
        name="shop",
        pixels=torch.from_numpy(np.stack(pixels)).permute(0, 3, 1, 2).contiguous(),
        groups=caption_groups(records),
        chance=torch.tensor([1 / len(shown[at].pictures) for at in owner]),
        alike=torch.tensor(owner),
        share=share,
        strength=PHONE,
    )


def caption_groups(records: Sequence[dict[str, str]]) -> tuple[CaptionGroup, ...]:
    """Return the caption groups of a catalogue's fields."""
    groups = [caption_group(records, ["title"], _title_ways, weight=2.0)]
    fields = _repeating(records)
    if "category" in fields:
        groups.append(caption_group(records, ["category"], lambda r: _ways(r["category"])))
    for field in [name for name in fields if name != "category"][:_ATTRIBUTES]:
        groups.append(caption_group(records, [field], _said(field), weight=0.5))
        if "category" in fields:
            groups.append(caption_group(records, [field, "category"], _paired(field)))
    return tuple(groups)


def record_of(item: Item) -> dict[str, str]:
    """Return the fields of an item that captions are made of."""
    fields = {**item.attributes, "category": item.category, "brand": item.brand}
    return {**fields, "title": item.title, "description": item.description}


def _repeating(records: Sequence[dict[str, str]]) -> list[str]:
    """Return the fields whose values repeat among items, the most frequent fields first."""
    known: Counter[str] = Counter()
    values: dict[str, set[str]] = {}
    for record in records:
        for name, value in record.items():
            if value and name not in ("title", "description"):
                known[name] += 1
                values.setdefault(name, set()).add(value)
    return [
        name
        for name, count in known.most_common()
        if count >= _LEAST_SHARE * len(records)
        and 2 <= len(values[name]) <= min(_MOST_VALUES, count / 2)
    ]


def _title_ways(record: dict[str, str]) -> tuple[str, ...]:
    title, words = record["title"], record["description"].split()
    return (title, f"a photo of {title}", f"{title}. {' '.join(words[:24])}")


def _ways(value: str) -> tuple[str, ...]:
    return (plain(value), one_of_kind(value), f"a photo of a {one_of_kind(value)}")


def _said(field: str) -> CaptionWording:
    """Word one field's value."""
    return lambda record: (plain(record[field]), f"{plain(field)} {plain(record[field])}")


def _paired(field: str) -> CaptionWording:
    """Word a field's value together with the category, as people ask for things."""
    return lambda record: coloured_ways(record[field], record["category"])
