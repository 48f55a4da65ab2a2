"""Train the picture encoder that Magpie ships, from nothing.

    python -m benchmarks.train_picture_encoder --data FOLDER --words FOLDER --out FOLDER

`--data` holds `fashion/` and `grocery/`; `--words` is the folder of all-MiniLM-L6-v2; `--icons`,
when given, holds `rgba80.npy` and `rows.json` as benchmarks/icons.py makes them. Training can be
stopped and started again: it goes on from the last checkpoint in `--out`.
"""

import argparse
import io
import json
import logging
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import torch
from PIL import Image
from torch import Tensor

from retrieval.training.augment import GENTLE, PHONE, Strength
from retrieval.training.examples import CaptionGroup, Source, caption_group
from retrieval.training.splits import split
from retrieval.training import wordings as say

Record = dict[str, str]
WHO = {"Men": "men", "Women": "women", "Boys": "boys", "Girls": "girls", "Unisex": "unisex"}
DRAWN = Strength(turn=15, zoom=(0.7, 1.2), light=0.22, balance=0.05, paper=0.15, wear=0.2)


def decode(blob: Any, size: tuple[int, int]) -> Tensor:
    """Decode a picture to (3, height, width) bytes; `size` is (width, height)."""
    encoded = blob["bytes"] if isinstance(blob, dict) else blob
    picture = Image.open(io.BytesIO(encoded)).convert("RGB")
    if picture.size != size:
        picture = picture.resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0)
    return torch.from_numpy(np.array(picture)).permute(2, 0, 1)


def decode_all(blobs: Sequence[Any], size: tuple[int, int]) -> Tensor:
    return torch.stack([decode(blob, size) for blob in blobs])


def numbers(labels: Sequence[str]) -> Tensor:
    table = {label: at for at, label in enumerate(sorted(set(labels)))}
    return torch.tensor([table[label] for label in labels])


def rarer(labels: Sequence[Any]) -> Tensor:
    """Weigh each picture by one over the root of how many share its label."""
    count = Counter(labels)
    return torch.tensor([count[label] ** -0.5 for label in labels])


def read_fashion(folder: Path) -> tuple[list[Record], list[Any]]:
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


def fashion_split(records: Sequence[Record]) -> Any:
    return split([r["id"] for r in records], data_set="fashion", validation=1000, test=4000)


def fashion_groups(records: Sequence[Record]) -> tuple[CaptionGroup, ...]:
    return (
        caption_group(records, ["name"], lambda r: (r["name"],), weight=1.0),
        caption_group(
            records,
            ["colour", "type", "who"],
            lambda r: say.coloured_wearer_ways(r["colour"], r["type"], r["who"]),
            weight=1.5,
        ),
        caption_group(
            records, ["colour", "type"], lambda r: say.coloured_ways(r["colour"], r["type"]), weight=0.5
        ),
        caption_group(
            records, ["type", "who"], lambda r: say.wearer_ways(r["type"], r["who"]), weight=0.3
        ),
        caption_group(records, ["type"], lambda r: say.thing_ways(r["type"]), weight=0.6),
        caption_group(records, ["colour"], lambda r: say.colour_ways(r["colour"]), weight=0.4),
        caption_group(
            records,
            ["who"],
            lambda r: (r["who"], f"for {r['who']}", f"{r['who']}'s", f"something for {r['who']}"),
            weight=0.3,
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


def fashion_source(folder: Path, share: int) -> Source:
    records, images = read_fashion(folder)
    keep = fashion_split(records).train
    records = [records[at] for at in keep]
    pixels = decode_all([images[at] for at in keep], (60, 80))
    triples = [(r["colour"], r["type"], r["who"]) for r in records]
    return Source(
        name="fashion",
        pixels=pixels,
        groups=fashion_groups(records),
        chance=rarer(triples),
        alike=numbers([r["type"] for r in records]),
        share=share,
        strength=GENTLE,
    )


def read_grocery(folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    photos = pq.read_table(folder / "grocery" / "photos.parquet").to_pylist()
    return photos, pq.read_table(folder / "grocery" / "products.parquet").to_pylist()


def grocery_split(photos: Sequence[dict[str, Any]]) -> Any:
    """Split the official training photos; the official val photos are the test."""
    return split([p["path"] for p in photos], data_set="grocery", validation=132, test=0)


def fine_ways(record: Record) -> tuple[str, ...]:
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


def coarse_ways(record: Record) -> tuple[str, ...]:
    coarse = say.plain(record["coarse"])
    return (coarse, f"a photo of {coarse}", f"{coarse} in the shop", f"some {coarse}")


def grocery_source(folder: Path, share: int) -> Source:
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
    pixels = decode_all([r["image"] for r in rows], (128, 128))
    return Source(
        name="grocery",
        pixels=pixels,
        groups=(
            caption_group(records, ["fine"], fine_ways, weight=2.0),
            caption_group(records, ["coarse"], coarse_ways, weight=0.7),
        ),
        chance=rarer([r["fine"] for r in records]),
        alike=numbers([r["fine"] for r in records]),
        share=share,
        strength=PHONE,
    )


def icon_source(folder: Path, share: int) -> Source:
    rows = json.loads((folder / "rows.json").read_text())
    rgba = torch.from_numpy(np.load(folder / "rgba80.npy")).permute(0, 3, 1, 2)
    pixels = torch.empty(len(rgba), 3, 80, 80, dtype=torch.uint8)
    for start in range(0, len(rgba), 512):
        part = rgba[start : start + 512].float()
        seen = part[:, 3:] / 255
        pixels[start : start + 512] = (part[:, :3] * seen + 255 * (1 - seen)).byte()
    records = [{"name": row["name"], "tags": ", ".join(row["tags"][:5]) or row["name"]} for row in rows]
    group = caption_group(
        records,
        ["name"],
        lambda r: (r["name"], f"a drawing of {r['name']}", f"{r['name']} icon", r["tags"]),
    )
    alike = numbers([r["name"] for r in records])
    return Source("icons", pixels, (group,), torch.ones(len(rows)), alike, share, DRAWN)


def drawing_source(folder: Path, share: int) -> Source:
    """Read the drawings that benchmarks/drawings.py made with fresh seeds."""
    rows = json.loads((folder / "looks.json").read_text())
    pixels = torch.from_numpy(np.load(folder / "drawings.npy", mmap_mode="r")).permute(0, 3, 1, 2).contiguous()
    return Source(
        name="drawings",
        pixels=pixels,
        groups=drawing_groups(rows),
        chance=torch.ones(len(rows)),
        alike=numbers([row["kind"] for row in rows]),
        share=share,
        strength=DRAWN,
    )


def drawing_groups(rows: Sequence[Record]) -> tuple[CaptionGroup, ...]:
    def whole(row: Record) -> tuple[str, ...]:
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

    def patterned(row: Record) -> tuple[str, ...]:
        return (f"{row['pattern']} {row['kind']}", f"a {row['kind']}, {row['pattern']}")

    return (
        caption_group(
            rows, ["colour", "kind"], lambda r: say.coloured_ways(r["colour"], r["kind"]), weight=1.5
        ),
        caption_group(rows, ["colour", "kind", "pattern", "second"], whole, weight=1.0),
        caption_group(rows, ["kind"], lambda r: say.thing_ways(r["kind"]), weight=0.5),
        caption_group(rows, ["colour"], lambda r: say.colour_ways(r["colour"]), weight=0.5),
        caption_group(rows, ["pattern", "kind"], patterned, weight=0.4),
    )


def build(config: Path, words: Path, seed: int) -> tuple[torch.nn.Module, Any]:
    """Make the untrained model of a configuration, its text transformer frozen."""
    import open_clip
    from open_clip.tokenizer import HFTokenizer

    torch.manual_seed(seed)
    text = json.loads((config / "open_clip_config.json").read_text())["model_cfg"]["text_cfg"]
    text = {**text, "hf_model_name": str(words), "hf_tokenizer_name": str(words)}
    model = open_clip.create_model(f"local-dir:{config}", load_weights=False, text_cfg=text)
    for parameter in model.text.transformer.parameters():
        parameter.requires_grad_(False)
    model.visual.to(memory_format=torch.channels_last)
    return model, HFTokenizer(str(words), context_length=64)


@torch.no_grad()
def encode_frozen(model: torch.nn.Module, tokenizer: Any, texts: Sequence[str]) -> Tensor:
    """Return the frozen transformer's pooled output, half precision."""
    model.eval()
    rows = []
    for start in range(0, len(texts), 256):
        tokens = tokenizer(list(texts[start : start + 256]))
        tokens = tokens[:, : int((tokens != 0).sum(1).max())]
        mask = (tokens != 0).long()
        with torch.autocast("cpu", torch.bfloat16):
            out = model.text.transformer(input_ids=tokens, attention_mask=mask)
        rows.append(model.text.pooler(out, mask).float().half())
        if start % 12800 == 0:
            logging.info("%d of %d texts", start, len(texts))
    return torch.cat(rows)


def validator(model: Any, tokenizer: Any, folder: Path, size: int) -> Any:
    """Measure on validation splits: names, triples, groceries; higher is better."""
    import torch.nn.functional as F

    records, images = read_fashion(folder)
    keep = fashion_split(records).validation
    held = [records[at] for at in keep]
    pixels = decode_all([images[at] for at in keep], (60, 80))
    names = encode_frozen(model, tokenizer, [r["name"] for r in held]).float()
    triples = Counter((r["colour"], r["type"], r["who"]) for r in held)
    asked = [t for t, n in triples.items() if n >= 3 and all(t)]
    queries = encode_frozen(
        model, tokenizer, [f"{c} {t} for {w}" for c, t, w in asked]
    ).float()
    photos, _ = read_grocery(folder)
    official = [p for p in photos if p["split"] == "train"]
    parts = grocery_split(official)
    shots = decode_all([p["image"] for p in official], (128, 128))
    classes = torch.tensor([p["class_id"] for p in official])

    def encode(x: Tensor, at: int) -> Tensor:
        rows = []
        for start in range(0, len(x), 250):
            part = F.interpolate(
                x[start : start + 250].float() / 255, (at, at), mode="bilinear", antialias=True
            )
            with torch.autocast("cpu", torch.bfloat16):
                rows.append(model.visual(((part - 0.5) / 0.25).contiguous(memory_format=torch.channels_last)))
        return F.normalize(torch.cat(rows).float(), dim=1)

    @torch.no_grad()
    def validate(at: int = size) -> dict[str, float]:
        model.eval()
        z = encode(pixels, at)
        words = F.normalize(model.text.proj(names), dim=1)
        rank = (words @ z.T).topk(10).indices
        name = (rank == torch.arange(len(z))[:, None]).any(1).float().mean()
        top = (F.normalize(model.text.proj(queries), dim=1) @ z.T).topk(10).indices.tolist()
        score = {"type": 0.0, "colour": 0.0, "who": 0.0, "all": 0.0}
        for (colour, kind, who), row in zip(asked, top, strict=True):
            for i in row:
                c, t, w = held[i]["colour"] == colour, held[i]["type"] == kind, held[i]["who"] == who
                for key, hit in (("type", t), ("colour", c), ("who", w), ("all", c and t and w)):
                    score[key] += hit / (10 * len(asked))
        pairs = (z @ z.T).fill_diagonal_(-2).topk(10).indices.tolist()
        kinds = [r["type"] for r in held]
        same = np.mean([[kinds[i] == kinds[q] for i in row] for q, row in enumerate(pairs)])
        g = encode(shots, at)
        train, val = torch.tensor(parts.train), torch.tensor(parts.validation)
        centres = torch.stack([F.normalize(g[train][classes[train] == c].mean(0), dim=0) for c in range(81)])
        fine = ((g[val] @ centres.T).argmax(1) == classes[val]).float().mean()
        return {"name": float(name), **score, "same": float(same), "fine": float(fine)}

    return validate
