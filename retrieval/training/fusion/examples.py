"""Training examples of a fusion: items' stored vectors, with phrases that describe each item.

Knows items, encoders and joined vectors; knows no network. The phrases come from an item's record,
as in the training of the picture encoder: some words of its title, its category, an attribute, an
attribute with the category. A phrase becomes a query as in a search: encoded by the text encoder
and by the picture encoder's text tower.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from random import Random

import numpy as np
import torch
from torch import Generator, Tensor

from retrieval.embed import Encoders, QueryVectors, query_parts
from retrieval.encoders.batching import release_memory
from retrieval.fusion.concatenation import join, places
from retrieval.items import Item
from retrieval.protocols import Vector
from retrieval.training.pictures.shop import caption_groups, record_of

_KEPT = 0.6  # share of a title's words in a phrase
_WAYS = 2  # wordings per value, at most
_BATCH = 256  # phrases encoded at once
_TITLES = 0.5  # share of titles among the phrases drawn


@dataclass(frozen=True, slots=True)
class Examples:
    """Some of a catalogue's items and all phrases, both as joined vectors.

    All splits of a catalogue share its tensors: at 40,000 items a copy would be 150 MB.
    """

    rows: Tensor  # (items,) positions of these items in the catalogue
    stored: Tensor  # (catalogue, width)
    there: Tensor  # (catalogue, modalities) bool
    said: Tensor  # (catalogue, groups) number of the item's value in each phrase group, or -1
    ways: Tensor  # (values, wordings) the phrases that express a value
    phrases: Tensor  # (phrases, width)
    asked: Tensor  # (modalities,) bool: which modalities a query of words has

    def __len__(self) -> int:
        """Return the number of items."""
        return len(self.rows)

    def draw_phrases(self, at: Tensor, dice: Generator) -> tuple[Tensor, Tensor]:
        """Return a phrase for each item (n,), and which items each phrase describes (n, n)."""
        said = self.said[at]
        chance = (said >= 0).float()
        chance[:, 1:] *= (1 - _TITLES) / _TITLES / chance[:, 1:].sum(1, keepdim=True).clamp(min=1)
        group = torch.multinomial(chance, 1, generator=dice)[:, 0]
        value = said.gather(1, group[:, None])[:, 0]
        way = torch.randint(self.ways.shape[1], (len(at),), generator=dice)
        return self.ways[value, way], value[:, None] == said[:, group].T

    def part(self, at: Sequence[int]) -> "Examples":
        """Return the items at these positions of the catalogue."""
        return replace(self, rows=torch.tensor(at, dtype=torch.long))


def make_examples(
    items: Sequence[Item],
    stored: Vector,
    encoders: Encoders,
    *,
    report: Callable[[int, int], None] = lambda done, all_: None,
) -> Examples:
    """Return the training examples of items with their stored vectors (items, width).

    `report` is called with the numbers of encoded phrases and of all phrases.
    """
    said, ways = _values(items)
    texts = list(dict.fromkeys(text for several in ways for text in several))
    place = {text: at for at, text in enumerate(texts)}
    several = max(len(one) for one in ways)
    table = [[place[one[way % len(one)]] for way in range(several)] for one in ways]
    phrases = _encoded(texts, encoders, report)
    flags = [flag for _, flag in places(encoders.dimensions).values()]
    return Examples(
        rows=torch.arange(len(items)),
        stored=torch.from_numpy(stored),
        there=torch.from_numpy(stored[:, flags] > 0),
        said=said,
        ways=torch.tensor(table),
        phrases=torch.from_numpy(phrases),
        asked=torch.from_numpy(phrases[0, flags] > 0),
    )


def _values(items: Sequence[Item]) -> tuple[Tensor, list[tuple[str, ...]]]:
    """Return the numbers of each item's values, and the wordings of every value."""
    titles: dict[str, int] = {}
    for item in items:
        titles.setdefault(item.title, len(titles))
    ways: list[tuple[str, ...]] = [(_some_words(title),) for title in titles]
    columns = [torch.tensor([titles[item.title] for item in items])]
    for group in caption_groups([record_of(item) for item in items]):
        if group.name != "title":
            known = group.of_picture
            columns.append(torch.where(known >= 0, known + len(ways), known))
            ways += [several[:_WAYS] for several in group.wordings]
    return torch.stack(columns, dim=1), ways


def _some_words(title: str) -> str:
    """Return some words of a title, as a shopper may remember it; always the same words."""
    dice = Random(sha256(title.encode()).digest())
    words = title.split()
    kept = [word for word in words if dice.random() < _KEPT]
    return " ".join(kept or words[-1:]) or title


def _encoded(
    texts: Sequence[str], encoders: Encoders, report: Callable[[int, int], None]
) -> Vector:
    """Return joined query vectors (texts, width), encoded as in a search."""
    dimensions = encoders.dimensions
    width = sum(dimensions.values()) + len(dimensions)
    found = np.zeros((len(texts), width), dtype=np.float32)
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    for start in range(0, len(texts), _BATCH):
        chosen = order[start : start + _BATCH]
        words = [texts[at] for at in chosen]
        rows = zip(encoders.text.encode(words), encoders.picture.encode_words(words), strict=True)
        for at, (text, caption) in zip(chosen, rows, strict=True):
            found[at] = join(query_parts(QueryVectors(text, caption), 0.5), dimensions)
        report(min(start + _BATCH, len(texts)), len(texts))
    release_memory()
    return found
