"""The training data of the shipped picture encoder, as sources of captions and pictures.

Knows the layout of the data folders; knows no model. The splits are made by a hash of the ids
(retrieval/training/splits.py): of the fashion products the 4,000 with the smallest hashes are the
test split and the next 1,000 the validation split; the official val photos of the groceries are the
test split, and 132 training photos the validation split.
"""

import io
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import torch
from PIL import Image
from torch import Tensor

from retrieval.training.pictures import wordings as say
from retrieval.training.pictures.augment import GENTLE, Strength
from retrieval.training.pictures.examples import CaptionGroup, PictureSource, caption_group
from retrieval.training.splits import Split, split

CaptionRecord = dict[str, str]
WHO = {"Men": "men", "Women": "women", "Boys": "boys", "Girls": "girls", "Unisex": "unisex"}
DRAWN = Strength(turn=15, zoom=(0.7, 1.25), light=0.25, balance=0.05, paper=0.15, wear=0.25)
SHELF = Strength(turn=30, zoom=(0.3, 1.1), light=0.5, balance=0.12, paper=0.5, wear=0.35, cover=0.4)


def decode(encoded: bytes, size: tuple[int, int]) -> Tensor:
    """Decode a picture to (3, height, width) bytes; `size` is (width, height)."""
    picture = Image.open(io.BytesIO(encoded)).convert("RGB")
    if picture.size != size:
        picture = picture.resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0)
    return torch.from_numpy(np.array(picture)).permute(2, 0, 1)


def decode_all(blobs: Sequence[bytes], size: tuple[int, int]) -> Tensor:
    """Decode pictures to (n, 3, height, width) bytes."""
    return torch.stack([decode(blob, size) for blob in blobs])


def numbers(labels: Sequence[str]) -> Tensor:
    """Return the number of each label, in alphabetical order from 0."""
    table = {label: at for at, label in enumerate(sorted(set(labels)))}
    return torch.tensor([table[label] for label in labels])


def rarer(labels: Sequence[Any]) -> Tensor:
    """Return each picture's sampling weight: 1 / √(number of pictures with its label)."""
    count = Counter(labels)
    return torch.tensor([count[label] ** -0.5 for label in labels])


def read_fashion(folder: Path) -> tuple[list[CaptionRecord], list[bytes]]:
    """Return the products' records and their encoded pictures."""
    table = pq.read_table(folder / "fashion" / "products.parquet")
    rows = table.drop_columns(["image"]).to_pylist()
    records = [
        {
            "id": r["id"],
            "name": r["name"] or "",
            "type": r["article_type"],
            "colour": "" if r["base_colour"] in ("NA", None) else r["base_colour"],
            "who": WHO.get(r["gender"], ""),
            "use": "" if r["usage"] in ("NA", "", None) else r["usage"],
            "sub": r["sub_category"],
        }
        for r in rows
    ]
    return records, table["image"].to_pylist()


def fashion_split(records: Sequence[CaptionRecord]) -> Split:
    """Split the products; retrieval/training/splits.py defines the rule."""
    return split([r["id"] for r in records], data_set="fashion", validation=1000, test=4000)


def fashion_groups(records: Sequence[CaptionRecord]) -> tuple[CaptionGroup, ...]:
    """Return caption groups of a product's fields, single and combined, as people search."""
    return (
        caption_group(records, ["name"], lambda r: (r["name"],), weight=1.5),
        caption_group(
            records,
            ["colour", "type", "who"],
            lambda r: say.coloured_wearer_ways(r["colour"], r["type"], r["who"]),
            weight=1.5,
        ),
        caption_group(
            records,
            ["colour", "type"],
            lambda r: say.coloured_ways(r["colour"], r["type"]),
            weight=0.8,
        ),
        caption_group(
            records, ["type", "who"], lambda r: say.wearer_ways(r["type"], r["who"]), weight=0.5
        ),
        caption_group(records, ["type"], lambda r: say.thing_ways(r["type"]), weight=0.5),
        caption_group(records, ["colour"], lambda r: say.colour_ways(r["colour"]), weight=0.7),
        caption_group(
            records,
            ["who"],
            lambda r: (r["who"], f"for {r['who']}", f"{r['who']}'s", f"something for {r['who']}"),
            weight=0.5,
        ),
        caption_group(
            records,
            ["use", "type"],
            lambda r: (
                f"{say.plain(r['use'])} {say.plain(r['type'])}",
                f"{say.plain(r['type'])} for {say.plain(r['use'])} wear",
            ),
            weight=0.2,
        ),
        caption_group(records, ["sub"], lambda r: (say.plain(r["sub"]),), weight=0.2),
    )


def fashion_source(folder: Path, share: int) -> PictureSource:
    """Return the fashion products of the training split."""
    records, images = read_fashion(folder)
    keep = fashion_split(records).train
    records = [records[at] for at in keep]
    pixels = decode_all([images[at] for at in keep], (60, 80))
    triples = [(r["colour"], r["type"], r["who"]) for r in records]
    return PictureSource(
        name="fashion",
        pixels=pixels,
        groups=fashion_groups(records),
        chance=rarer(triples),
        alike=numbers([r["type"] for r in records]),
        share=share,
        strength=GENTLE,
    )


def read_grocery(folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the photos' and the products' records, each with its encoded picture."""
    photos = pq.read_table(folder / "grocery" / "photos.parquet").to_pylist()
    return photos, pq.read_table(folder / "grocery" / "products.parquet").to_pylist()


def grocery_split(photos: Sequence[dict[str, Any]]) -> Split:
    """Split the official training photos; the official val photos are the test split."""
    return split([p["path"] for p in photos], data_set="grocery", validation=132, test=0)


def fine_ways(record: CaptionRecord) -> tuple[str, ...]:
    """Return wordings of a grocery product."""
    fine, coarse = say.plain(record["fine"]), say.plain(record["coarse"])
    full = fine if coarse in fine else f"{fine} {coarse}"
    first = record["description"].split(". ")[0]
    return (
        fine,
        full,
        f"a photo of {full}",
        f"{coarse}: {fine}",
        first,
        f"{fine}. {coarse}. {record['description']}",
    )


def coarse_ways(record: CaptionRecord) -> tuple[str, ...]:
    """Return wordings of a kind of grocery product."""
    coarse = say.plain(record["coarse"])
    return (coarse, f"a photo of {coarse}", f"{coarse} in the shop", f"some {coarse}")


def grocery_source(folder: Path, share: int) -> PictureSource:
    """Return the training photos, and every product's own picture three times."""
    photos, products = read_grocery(folder)
    official = [p for p in photos if p["split"] == "train"]
    training = [official[at] for at in grocery_split(official).train]
    told = {p["class_id"]: p for p in products}
    rows = [*training, *products, *products, *products]
    records = [
        {
            "fine": told[r["class_id"]]["class_name"],
            "coarse": r["coarse_name"],
            "description": told[r["class_id"]]["description"],
        }
        for r in rows
    ]
    pixels = decode_all([r["image"] for r in rows], (192, 192))
    return PictureSource(
        name="grocery",
        pixels=pixels,
        groups=(
            caption_group(records, ["fine"], fine_ways, weight=2.0),
            caption_group(records, ["coarse"], coarse_ways, weight=0.7),
        ),
        chance=rarer([r["fine"] for r in records]),
        alike=numbers([r["fine"] for r in records]),
        share=share,
        strength=SHELF,
    )


def icon_source(folder: Path, share: int) -> PictureSource:
    """Return the icons of benchmarks/training_pictures.py, on a white background."""
    rows = json.loads((folder / "rows.json").read_text())
    rgba = torch.from_numpy(np.load(folder / "rgba80.npy")).permute(0, 3, 1, 2)
    pixels = torch.empty(len(rgba), 3, 80, 80, dtype=torch.uint8)
    for start in range(0, len(rgba), 512):
        part = rgba[start : start + 512].float()
        seen = part[:, 3:] / 255
        pixels[start : start + 512] = (part[:, :3] * seen + 255 * (1 - seen)).byte()
    records = [
        {"name": row["name"], "tags": ", ".join(row["tags"][:5]) or row["name"]} for row in rows
    ]
    group = caption_group(
        records,
        ["name"],
        lambda r: (r["name"], f"a drawing of {r['name']}", f"{r['name']} icon", r["tags"]),
    )
    alike = numbers([r["name"] for r in records])
    return PictureSource("icons", pixels, (group,), torch.ones(len(rows)), alike, share, DRAWN)


def drawing_source(folder: Path, share: int) -> PictureSource:
    """Return the drawings of benchmarks/training_pictures.py, which have new seeds."""
    rows = json.loads((folder / "looks.json").read_text())
    pixels = (
        torch.from_numpy(np.load(folder / "drawings.npy", mmap_mode="r"))
        .permute(0, 3, 1, 2)
        .contiguous()
    )
    return PictureSource(
        name="drawings",
        pixels=pixels,
        groups=drawing_groups(rows),
        chance=torch.ones(len(rows)),
        alike=torch.arange(len(rows)),  # every drawing has its own label: only its views match
        share=share,
        strength=DRAWN,
        family=numbers([row["kind"] for row in rows]),
    )


def drawing_groups(rows: Sequence[CaptionRecord]) -> tuple[CaptionGroup, ...]:
    """Return caption groups of what a drawing shows: its kind, colour and pattern."""

    def whole(row: CaptionRecord) -> tuple[str, ...]:
        hue, kind = row["colour"], row["kind"]
        if row["pattern"] == "plain":
            return (
                f"plain {hue} {kind}",
                f"a {hue} {kind} without pattern",
                f"{kind}, {hue}, plain",
                f"simple {hue} {kind}",
            )
        print_, other = row["pattern"], row["second_colour"]
        return (
            f"{print_} {hue} and {other} {kind}",
            f"{hue} {kind} {print_} in {other}",
            f"{kind}, {hue}, {print_} {other}",
            f"{print_} {hue} {kind} with {other}",
        )

    def patterned(row: CaptionRecord) -> tuple[str, ...]:
        return (f"{row['pattern']} {row['kind']}", f"a {row['kind']}, {row['pattern']}")

    return (
        caption_group(
            rows,
            ["colour", "kind"],
            lambda r: say.coloured_ways(r["colour"], r["kind"]),
            weight=1.5,
        ),
        caption_group(rows, ["colour", "kind", "pattern", "second"], whole, weight=1.0),
        caption_group(rows, ["kind"], lambda r: say.thing_ways(r["kind"]), weight=0.5),
        caption_group(rows, ["colour"], lambda r: say.colour_ways(r["colour"]), weight=0.5),
        caption_group(rows, ["pattern", "kind"], patterned, weight=0.4),
    )
