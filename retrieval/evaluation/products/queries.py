"""Generate queries for the fashion products from columns that are not searched.

Knows products and wordings; knows no vector. Everything is drawn with a fixed seed.
"""

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageEnhance, ImageFilter

from retrieval.evaluation.products.features import Product
from retrieval.media.pictures import read_picture
from retrieval.training.pictures.wordings import one_of_kind, plain

_LEAST = 3  # relevant products of a query, at least, so that it is not about a single one
_WORD = re.compile(r"[\w'-]+")
_WEARERS = {"Men": "men", "Women": "women", "Boys": "boys", "Girls": "girls"}
_WORDINGS = (
    "{colour} {thing} for {who}",
    "I am looking for {colour} {thing}, {who}",
    "{thing} in {colour} for {who}",
    "do you have {who}'s {thing} in {colour}?",
    "show me something {colour}: {thing} for {who}",
)
_OTHER_WORDS = {
    "shirt": "top", "tshirt": "tee", "t-shirt": "tee", "shoes": "footwear", "bag": "carry-all",
    "handbag": "purse", "watch": "timepiece", "trousers": "pants", "sunglasses": "shades",
    "jacket": "coat", "sandals": "open shoes", "kurta": "tunic", "men": "gents", "women": "ladies",
    "black": "dark", "perfume": "fragrance", "casual": "everyday", "sports": "athletic",
    "formal": "dress", "navy": "deep blue", "printed": "patterned", "solid": "plain",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """One query: words, a photo, or both, and the relevant ids."""

    words: str
    relevant: frozenset[str]
    photo: Image.Image | None = None
    own: str = ""  # id of the product in the photo; excluded from the results


def attribute_queries(products: Sequence[Product], count: int, seed: int) -> list[Asked]:
    """Return queries for kind, colour and wearer, in several wordings in turn."""
    dice = random.Random(seed)
    groups: dict[tuple[str, str, str], set[str]] = {}
    for one in products:
        if one.who in _WEARERS and one.type and one.colour:
            groups.setdefault((one.type, one.who, one.colour), set()).add(one.id)
    known = sorted(key for key, ids in groups.items() if len(ids) >= _LEAST)
    chosen = [known[at % len(known)] for at in range(count)] if known else []
    dice.shuffle(chosen)
    asked = []
    for at, key in enumerate(chosen):
        kind, who, colour = key
        words = _WORDINGS[at % len(_WORDINGS)].format(
            colour=plain(colour), thing=plain(kind), who=_WEARERS[who]
        )
        asked.append(Asked(words, frozenset(groups[key])))
    return asked


def reworded_titles(products: Sequence[Product], count: int, seed: int) -> list[Asked]:
    """Return queries for one product by its name reworded: no brand, synonyms, another order."""
    dice = random.Random(seed)
    asked = []
    named = [one for one in products if _WORD.search(one.name)]  # a few records have no name
    for one in dice.sample(named, min(count, len(named))):
        brand, *rest = _WORD.findall(one.name)
        words = [_OTHER_WORDS.get(word.lower(), word.lower()) for word in rest or [brand]]
        dice.shuffle(words)
        asked.append(Asked(" ".join(words), frozenset([one.id])))
    return asked


def photo_queries(products: Sequence[Product], count: int, seed: int) -> list[Asked]:
    """Return queries with one product's picture, changed like a phone photo."""
    dice = random.Random(seed)
    chosen = dice.sample(list(products), min(count, len(products)))
    return [Asked("", frozenset([one.id]), _photographed(one.image, dice)) for one in chosen]


def composed_queries(products: Sequence[Product], count: int, seed: int) -> list[Asked]:
    """Return queries with a photo and words: its kind in another colour, or the reverse."""
    dice = random.Random(seed)
    pairs = Counter((one.type, one.colour) for one in products if one.type and one.colour)
    known = sorted(pair for pair, seen in pairs.items() if seen >= _LEAST)
    asked = list[Asked]()
    for one in dice.sample(list(products), len(products)):
        if len(asked) == count:
            break
        hues = [(one.type, hue) for kind, hue in known if kind == one.type and hue != one.colour]
        kinds = [(kind, hue) for kind, hue in known if hue == one.colour and kind != one.type]
        ways = hues if len(asked) % 2 else kinds
        if not ways:
            continue
        kind, hue = dice.choice(ways)
        change = f"in {plain(hue)}" if ways is hues else one_of_kind(kind)
        right = frozenset(
            other.id for other in products if (other.type, other.colour) == (kind, hue)
        ) - {one.id}
        photo = _photographed(one.image, dice)
        asked.append(Asked(f"like this but {change}", right, photo, one.id))
    return asked


def _photographed(image: bytes, dice: random.Random) -> Image.Image:
    """Rotate, crop, relight and blur a picture at random, and compress it as JPEG."""
    drawn = read_picture(image)
    width, height = drawn.size
    table = (dice.randint(150, 235),) * 3
    turned = drawn.rotate(dice.uniform(-9, 9), Image.Resampling.BICUBIC, fillcolor=table)
    cut = [dice.uniform(0.0, 0.06) for _ in range(4)]
    seen = turned.crop(
        (
            round(cut[0] * width),
            round(cut[1] * height),
            round((1 - cut[2]) * width),
            round((1 - cut[3]) * height),
        )
    )
    lit = ImageEnhance.Brightness(seen).enhance(dice.uniform(0.78, 1.18))
    kept = BytesIO()
    lit.filter(ImageFilter.GaussianBlur(dice.uniform(0.2, 0.7))).save(
        kept, "JPEG", quality=dice.randint(55, 80)
    )
    return read_picture(kept.getvalue())
