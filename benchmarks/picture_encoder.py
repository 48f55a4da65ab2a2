"""Measure the picture encoder: every metric in docs/picture-encoder.md.

    python -m benchmarks.picture_encoder --data FOLDER [--encoder FOLDER] [--words FOLDER]

`--data` holds `fashion/` and `grocery/`. All data here are held out from training and tuning: the
fashion products are the 4,000 with the smallest hashes (retrieval/training/splits.py), the grocery
photos are the official val photos, the drawings have seeds that training never uses. Intervals are
95 % bootstrap intervals over queries.
"""

import argparse
import io
import json
import platform
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageFilter

from benchmarks.training_data import fashion_split, read_fashion, read_grocery
from demo.draw import draw_look, random_look
from retrieval.evaluation.intervals import Figure, figure
from retrieval.evaluation.report import peak_memory
from retrieval.media.pictures import read_picture
from retrieval.protocols import PictureEncoder, Vectors

PAIRS = 400  # of drawings that differ only in colour
SHAPES = 600  # drawings to find again
PLAIN_COLOURS = (
    "black", "white", "grey", "red", "orange", "yellow", "green", "blue", "navy blue", "purple",
    "pink", "brown", "beige",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measured:
    """A metric with its name, its value and the minimum that it should reach."""

    name: str
    figure: Figure
    queries: int
    floor: float | None = None


def measured(
    name: str, hits: Sequence[float] | NDArray[Any], floor: float | None = None
) -> Measured:
    """Return the mean over queries, with its bootstrap interval."""
    return Measured(name, figure(hits), len(hits), floor)


def nearest_pictures(queries: Vectors, pictures: Vectors, limit: int) -> NDArray[np.intp]:
    """Return the positions of the nearest pictures, (queries, limit)."""
    return np.argsort(-(queries @ pictures.T), axis=1, kind="stable")[:, :limit]


def encode_blobs(encoder: PictureEncoder, blobs: Sequence[bytes]) -> Vectors:
    """Decode and encode pictures, a thousand at a time."""
    parts = [
        encoder.encode([read_picture(blob) for blob in blobs[start : start + 1000]])
        for start in range(0, len(blobs), 1000)
    ]
    return np.concatenate(parts)


def measure_fashion(encoder: PictureEncoder, folder: Path) -> list[Measured]:
    """Search 4,000 held-out products by attributes, by name and by picture."""
    records, blobs = read_fashion(folder)
    keep = fashion_split(records).test
    held = [records[at] for at in keep]
    pictures = encode_blobs(encoder, [blobs[at] for at in keep])
    fields = ("type", "colour", "who")
    triples = Counter(tuple(record[field] for field in fields) for record in held)
    asked = sorted(t for t, count in triples.items() if count >= 3 and all(t))
    words = [f"{colour} {kind} for {who}" for kind, colour, who in asked]
    top = nearest_pictures(encoder.encode_words(words), pictures, 10)
    hits = np.array(
        [
            [[held[at][field] == value for field, value in zip(fields, triple, strict=True)]
             for at in row]
            for triple, row in zip(asked, top, strict=True)
        ]
    )  # fmt: skip  # (queries, 10, fields)
    ceiling = [min(triples[triple], 10) / 10 for triple in asked]
    names = nearest_pictures(
        encoder.encode_words([record["name"] for record in held]), pictures, 10
    )
    kinds = np.array([record["type"] for record in held])
    scores = pictures @ pictures.T
    np.fill_diagonal(scores, -2)
    alike = np.argpartition(-scores, 10, axis=1)[:, :10]
    return [
        measured("fashion: attribute query, P@10 article type", hits[..., 0].mean(1), 0.80),
        measured("fashion: attribute query, P@10 colour", hits[..., 1].mean(1), 0.60),
        measured("fashion: attribute query, P@10 gender", hits[..., 2].mean(1), 0.87),
        measured("fashion: attribute query, P@10 all three", hits.all(2).mean(1), 0.42),
        measured("fashion: the same, highest possible", ceiling),
        measured(
            "fashion: name → picture, R@10 of 4,000",
            (names == np.arange(len(held))[:, None]).any(1),
            0.60,
        ),
        measured(
            "fashion: picture → picture, P@10 article type",
            (kinds[alike] == kinds[:, None]).mean(1),
            0.72,
        ),
    ]


def measure_grocery(encoder: PictureEncoder, folder: Path) -> list[Measured]:
    """Classify the val photos, and find the product that they show."""
    photos, products = read_grocery(folder)
    train = [photo for photo in photos if photo["split"] == "train"]
    val = [photo for photo in photos if photo["split"] == "val"]
    known = encode_blobs(encoder, [photo["image"] for photo in train])
    seen = encode_blobs(encoder, [photo["image"] for photo in val])
    own = np.array([photo["class_id"] for photo in train])
    true = np.array([photo["class_id"] for photo in val])
    classes = [product["class_id"] for product in products]
    coarse = {product["class_id"]: product["coarse_name"] for product in products}
    centres = np.stack([_unit(known[own == one].mean(0)) for one in classes])
    said = [classes[at] for at in nearest_pictures(seen, centres, 1)[:, 0]]
    words = encoder.encode_words([_product_words(product) for product in products])
    icons = encode_blobs(encoder, [product["image"] for product in products])
    scores = seen @ words.T + seen @ icons.T
    top = np.argsort(-scores, axis=1, kind="stable")[:, :5]
    found = np.array(classes)[top] == true[:, None]
    return [
        measured("grocery: fine class (81)", np.array(said) == true, 0.60),
        measured(
            "grocery: coarse class (42)",
            [coarse[a] == coarse[b] for a, b in zip(said, true, strict=True)],
            0.75,
        ),
        measured("grocery: photo → product, top-1 of 81", found[:, 0]),
        measured("grocery: photo → product, top-5 of 81", found.any(1), 0.60),
    ]


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    return vector / np.linalg.norm(vector)


def _product_words(product: dict[str, Any]) -> str:
    """Return a product's text, as in a shop's record."""
    name, kind = (str(product[key]).replace("-", " ") for key in ("class_name", "coarse_name"))
    return f"{name}. {kind}. {product['description']}"


def as_photographed(picture: Image.Image, dice: random.Random) -> Image.Image:
    """Simulate a photo of a picture: rotated, in other light, off centre, slightly blurred, JPEG.

    Uses only Pillow, so that it shares no code with the augmentation in training.
    """
    width, height = picture.size
    desk = tuple(dice.randrange(40, 230) for _ in range(3))
    sheet = Image.new("RGB", (round(width * 1.24), round(height * 1.24)), desk)
    sheet.paste(picture, (round(width * 0.12), round(height * 0.12)))
    shake = [dice.uniform(-0.05, 0.05) for _ in range(8)]
    left, top, right, bottom = 0.07, 0.07, 0.93, 0.93
    corners = (left, top, left, bottom, right, bottom, right, top)
    quad = [
        (corner + move) * (sheet.width if at % 2 == 0 else sheet.height)
        for at, (corner, move) in enumerate(zip(corners, shake, strict=True))
    ]
    seen = sheet.transform(picture.size, Image.Transform.QUAD, quad, Image.Resampling.BILINEAR)
    seen = seen.rotate(dice.uniform(-10, 10), Image.Resampling.BILINEAR, fillcolor=desk)
    for change in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
        seen = change(seen).enhance(dice.uniform(0.78, 1.22))
    seen = seen.filter(ImageFilter.GaussianBlur(dice.uniform(0, width / 150)))
    buffer = io.BytesIO()
    seen.save(buffer, "JPEG", quality=dice.randrange(35, 80))
    return Image.open(buffer).convert("RGB")


def measure_demo(encoder: PictureEncoder) -> list[Measured]:
    """Find drawings from photos of them, and distinguish colours by words."""
    dice = random.Random(11)
    looks = [replace(random_look(dice), seed=dice.randrange(10**5, 10**6)) for _ in range(SHAPES)]
    shown = [draw_look(look, size=192) for look in looks]
    pictures = encoder.encode(shown)
    photos = encoder.encode([as_photographed(picture, dice) for picture in shown])
    again = nearest_pictures(photos, pictures, 1)[:, 0] == np.arange(len(shown))
    moved, margins = _colour_pairs(encoder, dice)
    return [
        measured("drawings: found again from a photo, R@1 of 600", again, 0.95),
        measured("drawings: a colour word moves the ranking", moved, 0.95),
        measured("drawings: mean margin of the right colour, cosine", margins),
    ]


def _colour_pairs(
    encoder: PictureEncoder, dice: random.Random
) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
    """Draw one shape in two colours; each colour's caption must score its own picture higher."""
    looks = []
    for _ in range(PAIRS):
        one, other = dice.sample(PLAIN_COLOURS, 2)
        base = replace(random_look(dice), pattern="plain", seed=dice.randrange(10**5, 10**6))
        looks.append((replace(base, colour=one), replace(base, colour=other)))
    flat = [look for pair in looks for look in pair]
    pictures = encoder.encode([draw_look(look, size=192) for look in flat])
    words = encoder.encode_words([f"{look.colour} {look.kind}" for look in flat])
    scores = (words.reshape(PAIRS, 2, -1)) @ pictures.reshape(PAIRS, 2, -1).transpose(0, 2, 1)
    margins = np.stack([scores[:, 0, 0] - scores[:, 0, 1], scores[:, 1, 1] - scores[:, 1, 0]], 1)
    return (margins > 0).all(1), margins.ravel()


def measure_catalogue(encoder: PictureEncoder, folder: Path) -> list[Measured]:
    """Find every picture of the demo catalogue from a photo of it."""
    dice = random.Random(12)
    files = sorted(folder.glob("*.*"))
    shown = [read_picture(file) for file in files]
    photos = encoder.encode([as_photographed(picture, dice) for picture in shown])
    again = nearest_pictures(photos, encoder.encode(shown), 1)[:, 0] == np.arange(len(shown))
    return [measured(f"demo catalogue: found again from a photo, R@1 of {len(files)}", again, 0.95)]


def measure_speed(load: Callable[[], PictureEncoder]) -> dict[str, float]:
    """Measure the time of loading and encoding, and the process's memory before and after."""
    before = _megabytes()
    began = time.perf_counter()
    encoder = load()
    seconds = time.perf_counter() - began
    dice = np.random.default_rng(0)
    pixels = dice.integers(0, 255, (64, 384, 384, 3), np.uint8)
    pictures = [Image.fromarray(one) for one in pixels]
    encoder.encode(pictures)
    loaded = _megabytes() - 2 * pixels.nbytes / 1e6
    blobs = pictures * 8
    began = time.perf_counter()
    encoder.encode(blobs)
    return {
        "load, s": seconds,
        "pictures/s, decoded 384 x 384, in batches": len(blobs) / (time.perf_counter() - began),
        "memory of the loaded encoder, MB": loaded - before,
        "memory of the libraries (torch, open_clip, transformers), MB": before,
    }


def _megabytes() -> float:
    """Return the process's current memory on Linux, elsewhere its peak memory."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
    return peak_memory()


def main() -> None:
    """Measure everything and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--encoder", default="")
    parser.add_argument("--words", type=Path, required=True, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--catalogue", type=Path, help="folder of the demo catalogue's pictures")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    from retrieval.encoders.picture import load_picture_encoder
    from retrieval.encoders.picture_folder import EMBEDDED

    def load() -> PictureEncoder:
        return load_picture_encoder(given.encoder or EMBEDDED, words=given.words)

    speed = measure_speed(load)
    encoder = load()
    figures = [*measure_fashion(encoder, given.data), *measure_grocery(encoder, given.data)]
    figures += measure_demo(encoder)
    if given.catalogue:
        figures += measure_catalogue(encoder, given.catalogue)
    lines = [f"encoder {encoder.name}, {platform.processor() or platform.machine()}", ""]
    lines += ["| what | value | 95 % interval | queries | floor |", "|---|---|---|---|---|"]
    for one in figures:
        floor = "" if one.floor is None else f"{one.floor:.2f}"
        mean, interval = one.figure.value, f"{one.figure.low:.3f}-{one.figure.high:.3f}"
        lines.append(f"| {one.name} | {mean:.3f} | {interval} | {one.queries} | {floor} |")
    lines += [f"| {name} | {value:.2f} | | | |" for name, value in speed.items()]
    sys.stdout.write("\n".join(lines) + "\n")
    if given.json:
        facts = {"encoder": encoder.name, "figures": [asdict(f) for f in figures], "speed": speed}
        given.json.write_text(json.dumps(facts, indent=2), "utf-8")


if __name__ == "__main__":
    main()
