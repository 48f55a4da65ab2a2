"""Example requests for first-time users, taken from the catalogue itself.

Knows records; knows no page. Every example matches items that are in the catalogue.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from assistant.recommending.evidence import price_text
from assistant.turn.request import Request
from retrieval.items import Catalogue, Item


@dataclass(frozen=True, slots=True)
class Example:
    """An example request that the user can click."""

    words: str
    photo: Path | None = None

    def request(self) -> Request:
        """Return the request that a click sends; without a photo that has left the shop since."""
        there = self.photo is not None and self.photo.exists()
        return Request(words=self.words, photos=(self.photo,) if self.photo and there else ())


# The demo's examples are chosen by hand: meaning with a price limit, a kind, an age, a photo. Each
# is understood whole; what is vague ("a present for somebody") would be a poor first impression.
DEMO_WORDS = (
    Example("a warm scarf under 40 dollars"),
    Example("headphones under $100"),
    Example("a toy for a three-year-old"),
)
DEMO_PHOTO = ("backpack-04", "like this, but green")


def starting_points(catalogue: Catalogue) -> list[Example]:
    """Return a few examples that fit the catalogue, the last of them with a photo."""
    shown, wish = DEMO_PHOTO
    if catalogue.name == "demo" and shown in catalogue.items:
        return [*DEMO_WORDS, *_photo([catalogue.items[shown]], wish)]
    items = list(catalogue.items.values())
    if told := catalogue.domain.examples:
        return [*map(Example, told), *_photo(items, "something like this")]
    counted = Counter(item.category for item in items if item.category)
    common = [category for category, _ in counted.most_common(2)]
    return [
        *(_priced(items, category) for category in common[:1]),
        *(Example(f"something from {category}, as a present") for category in common[1:]),
        *_photo(items, "something like this"),
    ]


def _priced(items: list[Item], category: str) -> Example:
    """Ask for the cheaper half of a category, in its most common currency."""
    priced = [item for item in items if item.category == category and item.price is not None]
    money = Counter(item.currency for item in priced)
    currency = next((code for code, _ in money.most_common(1)), "")
    prices = [item.price or 0.0 for item in priced if item.currency == currency]
    limit = f" under {price_text(round(median(prices)) + 1, currency)}" if prices else ""
    return Example(f"{category}{limit}")


def _photo(items: list[Item], words: str) -> Iterator[Example]:
    """Ask with the first picture that is a file, if there is one."""
    files = (p for item in items for p in item.pictures if isinstance(p, Path))
    if (first := next(files, None)) is not None:
        yield Example(words, first)
