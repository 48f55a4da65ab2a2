"""What a first-time user can click, taken from the catalogue itself.

Knows records; knows no page. Every example leads to items that are there.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from assistant.events import Request
from retrieval.items import Catalogue, Item


@dataclass(frozen=True, slots=True)
class Example:
    """Something a first-time user can click."""

    words: str
    photo: Path | None = None

    def request(self) -> Request:
        """Return what a click on it asks."""
        return Request(words=self.words, photos=(self.photo,) if self.photo else ())


def starting_points(catalogue: Catalogue) -> list[Example]:
    """Return up to four examples: two categories, one with a price limit, and a photo."""
    items = list(catalogue.items.values())
    counted = Counter(item.category for item in items if item.category)
    common = [category for category, _ in counted.most_common(2)]
    return [*_priced(items, common[:1]), *_described(items, common[1:]), *_photos(items)]


def _priced(items: list[Item], categories: list[str]) -> Iterator[Example]:
    for category in categories:
        prices = [i.price for i in items if i.category == category and i.price is not None]
        limit = f" under {median(prices):.0f}" if prices else ""
        yield Example(f"{category}{limit}")


def _described(items: list[Item], categories: list[str]) -> Iterator[Example]:
    for category in categories:
        yield Example(f"Something from {category}, as a present")


def _photos(items: list[Item]) -> Iterator[Example]:
    shown = next((p for item in items for p in item.pictures if isinstance(p, Path)), None)
    if shown:
        yield Example("Something like this", shown)
