"""What a fusion learns from: items' stored vectors, and what can be said of each.

Knows items, encoders and joined vectors; knows no network. What is said of an item follows from
its record, as when a picture encoder is trained: some words of its title, its category, an
attribute, an attribute with the category. Words become a query as they do in a search: in the
texts' space, and by the picture encoder's own text side in the pictures'.
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

_KEPT = 0.6  # of a title's words
_WAYS = 2  # wordings of what is said, at most
_BATCH = 256  # phrases encoded at once
_TITLES = 0.5  # of the phrases drawn


@dataclass(frozen=True, slots=True)
class Examples:
    """Some of a catalogue's items and all phrases, both as joined vectors.

    The parts of a catalogue share its tensors: at 40,000 items a copy would be 150 MB.
    """

    rows: Tensor  # (items,) the places of these items in the catalogue
    stored: Tensor  # (catalogue, width)
    there: Tensor  # (catalogue, modalities) bool
    said: Tensor  # (catalogue, groups) number of the value each group of phrases states, or -1
    ways: Tensor  # (values, wordings) the phrases that state a value
    phrases: Tensor  # (phrases, width)
    asked: Tensor  # (modalities,) bool: which parts a query of words has

    def __len__(self) -> int:
        """Return how many items there are."""
        return len(self.rows)

    def draw_phrases(self, at: Tensor, dice: Generator) -> tuple[Tensor, Tensor]:
        """Return a phrase for each place (n,), and of which of them each is true (n, n)."""
        said = self.said[at]
        chance = (said >= 0).float()
        chance[:, 1:] *= (1 - _TITLES) / _TITLES / chance[:, 1:].sum(1, keepdim=True).clamp(min=1)
        group = torch.multinomial(chance, 1, generator=dice)[:, 0]
        value = said.gather(1, group[:, None])[:, 0]
        way = torch.randint(self.ways.shape[1], (len(at),), generator=dice)
        return self.ways[value, way], value[:, None] == said[:, group].T

    def part(self, at: Sequence[int]) -> "Examples":
        """Return the items at these places of the catalogue."""
        return replace(self, rows=torch.tensor(at, dtype=torch.long))


def make_examples(
    items: Sequence[Item],
    stored: Vector,
    encoders: Encoders,
    *,
    report: Callable[[int, int], None] = lambda done, all_: None,
) -> Examples:
    """Return what can be learned of items with their stored vectors (items, width).

    `report` hears how many phrases of how many are encoded.
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
    """Return the number of each value that is said of each item, and how values are worded."""
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
    """Return a part of a title, always the same one, as a shopper remembers it."""
    dice = Random(sha256(title.encode()).digest())
    words = title.split()
    kept = [word for word in words if dice.random() < _KEPT]
    return " ".join(kept or words[-1:]) or title


def _encoded(
    texts: Sequence[str], encoders: Encoders, report: Callable[[int, int], None]
) -> Vector:
    """Return joined query vectors (texts, width), as a search makes them."""
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
