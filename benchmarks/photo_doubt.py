"""How well Magpie tells photos of what a catalogue has from photos of what it has not.

    python -m benchmarks.photo_doubt --data FOLDER [--count 200]

Three catalogues, each with pictures that are not in it: fashion products (others of the same kinds,
disturbed as phones do; against photos taken in a grocery), groceries (other photos of the same
products; against fashion) and Magpie's demo (its pictures, disturbed; against both). Prints for
each, as JSON, the AUROC of the familiarity of a photo, how many of those that the catalogue has are
answered, how many of the others are doubted, and of those answered how many have the kind of the
nearest picture. Nothing is learned from these pictures; the threshold was set on other draws (seed
11, 120 photos each). Of the demo some strange photos are of things that it has: clothes and shoes.
"""

import argparse
import csv
import io
import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from PIL import Image, ImageEnhance, ImageFilter

from assistant.models import load_encoders
from assistant.settings import load_settings
from retrieval.media.pictures import read_picture
from retrieval.photo_attributes import FAMILIAR, standing
from retrieval.protocols import PictureEncoder, Vector

_SEED = 12
_SAME = 0.97  # as in retrieval/index
_DEMO = Path(__file__).parents[1] / "demo"


def as_taken(picture: Image.Image, draw: random.Random) -> Image.Image:
    """Return a picture as a phone takes it: tilted, off the middle, in another light, unsharp."""

    def paper() -> tuple[int, int, int]:
        return (draw.randrange(90, 230), draw.randrange(90, 230), draw.randrange(90, 230))

    colour = paper()
    turned = picture.rotate(draw.uniform(-20, 20), expand=True, fillcolor=colour)
    size = (int(turned.width * 1.3), int(turned.height * 1.3))
    scene = Image.new("RGB", size, colour)
    spare = (size[0] - turned.width, size[1] - turned.height)
    corner = (draw.randrange(spare[0] + 1), draw.randrange(spare[1] + 1))
    scene.paste(turned, corner)
    lit = ImageEnhance.Brightness(scene).enhance(draw.uniform(0.7, 1.25))
    pressed = io.BytesIO()
    lit.filter(ImageFilter.GaussianBlur(draw.uniform(0, 1.2))).save(pressed, "JPEG", quality=70)
    return read_picture(pressed.getvalue())


def familiarities(photos: Vector, catalogue: Vector) -> Vector:
    """Return how familiar each photo is, as `familiarity` tells it."""
    alike = catalogue @ catalogue.T
    alike[alike >= _SAME] = -1  # itself, and the same picture again
    own = alike.max(axis=1)
    nearest = (photos @ catalogue.T).max(axis=1)
    return np.array([standing(float(one), own[own > 0]) for one in nearest], np.float32)


def auroc(known: Vector, strange: Vector) -> float:
    """Return how often a photo of what is there is more familiar than one of what is not."""
    wins = (known[:, None] > strange).mean() + 0.5 * (known[:, None] == strange).mean()
    return float(wins)


def doubt_figures(
    catalogue: Vector, kinds: Sequence[str], photos: Vector, wanted: Sequence[str], strange: Vector
) -> dict[str, Any]:
    """Return the figures of one catalogue."""
    known, other = familiarities(photos, catalogue), familiarities(strange, catalogue)
    answered = known >= FAMILIAR
    nearest = (photos @ catalogue.T).argmax(axis=1)
    right = np.array([kinds[at] == kind for at, kind in zip(nearest, wanted, strict=True)])
    return {
        "pictures": len(catalogue), "photos": len(photos), "strange": len(strange),
        "auroc": round(auroc(known, other), 3),
        "answered": round(float(answered.mean()), 3),
        "right_of_answered": round(float(right[answered].mean()), 3),
        "right_of_all": round(float(right.mean()), 3),
        "strange_doubted": round(float((other < FAMILIAR).mean()), 3),
    }  # fmt: skip


def main() -> int:
    """Encode the pictures, and print the figures."""
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=plain)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--count", type=int, default=200)
    asked = parser.parse_args()
    encoder = load_encoders(load_settings(), lambda step: None, hears=False).picture
    print(json.dumps(_figures(asked.data, asked.count, encoder), indent=1))
    return 0


def _figures(data: Path, count: int, encoder: PictureEncoder) -> dict[str, Any]:
    draw = random.Random(_SEED)
    table = pq.read_table(data / "fashion" / "products.parquet", columns=["article_type", "image"])
    rows = [table.slice(at, 1).to_pylist()[0] for at in draw.sample(range(len(table)), 8 * count)]
    sold, kinds = rows[count:], [one["article_type"] for one in rows[count:]]
    asked = [one for one in rows[:count] if kinds.count(one["article_type"]) > 1]
    fashion = encoder.encode([read_picture(one["image"]) for one in sold])
    worn = encoder.encode([as_taken(read_picture(one["image"]), draw) for one in asked])
    shots = pq.read_table(data / "grocery" / "photos.parquet").to_pylist()
    shelf = draw.sample([one for one in shots if one["split"] == "train"], 5 * count)
    taken = [one for one in shots if one["split"] == "val"][:count]
    grocery = encoder.encode([read_picture(one["image"]) for one in shelf])
    carried = encoder.encode([read_picture(one["image"]) for one in taken])
    with (_DEMO / "catalogue.csv").open(encoding="utf-8", newline="") as file:
        drawn = [one for one in csv.DictReader(file) if one["pictures"]]
    pictures = [read_picture(_DEMO / one["pictures"].split("|")[0]) for one in drawn]
    demo, names = encoder.encode(pictures), [one["kind"] for one in drawn]
    some = draw.sample(range(len(drawn)), min(count, len(drawn)))
    shown = encoder.encode([as_taken(pictures[at], draw) for at in some])
    return {
        "fashion": doubt_figures(fashion, kinds, worn, [o["article_type"] for o in asked], carried),
        "grocery": doubt_figures(
            grocery, [o["coarse_name"] for o in shelf], carried, [o["coarse_name"] for o in taken],
            worn,
        ),
        "demo": doubt_figures(
            demo, names, shown, [names[at] for at in some], np.concatenate([worn, carried])
        ),
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
