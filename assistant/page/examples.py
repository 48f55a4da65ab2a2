"""Example requests for first-time users, taken from the catalogue itself.

Knows records; knows no page. Every example matches items that are in the catalogue.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from assistant.page.markup.wording import OWN, Wording, wording
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
DEMO_WORDS = ("demo_scarf", "demo_headphones", "demo_toy")
DEMO_PHOTO = "backpack-04"


def starting_points(catalogue: Catalogue, language: str = OWN) -> list[Example]:
    """Return a few examples that fit the catalogue, the last of them with a photo."""
    say = wording(language)
    if catalogue.name == "demo" and DEMO_PHOTO in catalogue.items:
        told = [Example(say(f"example.{one}")) for one in DEMO_WORDS]
        return [*told, *_photo([catalogue.items[DEMO_PHOTO]], say("example.demo_photo"))]
    items, like_this = list(catalogue.items.values()), say("example.photo")
    if domain_told := catalogue.domain.examples:
        return [*map(Example, domain_told), *_photo(items, like_this)]
    counted = Counter(item.category for item in items if item.category)
    common = [category for category, _ in counted.most_common(2)]
    return [
        *(_priced(items, category, say) for category in common[:1]),
        *(Example(say("example.present", category=category)) for category in common[1:]),
        *_photo(items, like_this),
    ]


def _priced(items: list[Item], category: str, say: Wording) -> Example:
    """Ask for the cheaper half of a category, in its most common currency."""
    priced = [item for item in items if item.category == category and item.price is not None]
    money = Counter(item.currency for item in priced)
    currency = next((code for code, _ in money.most_common(1)), "")
    prices = [item.price or 0.0 for item in priced if item.currency == currency]
    if not prices:
        return Example(category)
    limit = price_text(round(median(prices)) + 1, currency)
    return Example(say("example.priced", category=category, price=limit))


def _photo(items: list[Item], words: str) -> Iterator[Example]:
    """Ask with the first picture that is a file, if there is one."""
    files = (p for item in items for p in item.pictures if isinstance(p, Path))
    if (first := next(files, None)) is not None:
        yield Example(words, first)
