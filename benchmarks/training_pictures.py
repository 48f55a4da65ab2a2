"""Make the drawings and icons that the shipped picture encoder is trained on, besides shop data.

    python -m benchmarks.training_pictures drawings FOLDER [--count 18000]
    python -m benchmarks.training_pictures icons FOLDER --sets JSON… --labels JSON

Drawings come from the demo's generator with new seeds, every look in three colours. Icons are
rasterised from Iconify's packages (npm: @iconify-json/fluent-emoji-flat, MIT; @iconify-json/noto,
Apache-2.0; @iconify-json/twemoji, CC BY 4.0), `--sets` are their icons.json; `--labels` is
en/data.json of emojibase-data (MIT). This needs resvg_py, which Magpie itself does not.
"""

import argparse
import io
import json
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from demo.draw import Look, draw_look, random_look
from demo.patterns import PALETTE

DRAWING, ICON = 128, 80  # pixels along each side
PICTURE_SEED = 2026  # the demo catalogue and the benchmark use other seeds
_LEFT_OUT = re.compile(  # variants that differ only in skin tone, flags, and signs made of letters
    r"(light|medium|dark)(-light|-dark)?-skin|-skin-tone|^flag|clock-face|^keycap|regional"
    r"|squared-|-button$"
)


def make_drawings(folder: Path, count: int) -> None:
    """Draw `count` pictures, and write them with their looks."""
    pixels = np.empty((count, DRAWING, DRAWING, 3), np.uint8)
    facts = []
    looks = list(islice(_looks(random.Random(PICTURE_SEED)), count))
    with Pool() as cores:
        for at, drawn in enumerate(cores.imap(_drawn, looks, chunksize=32)):
            pixels[at] = drawn
    for look in looks:
        second = look.second_colour if look.pattern != "plain" else "none"
        facts.append(
            {
                "kind": look.kind,
                "colour": look.colour,
                "second_colour": look.second_colour,
                "pattern": look.pattern,
                "second": second,
            }
        )
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "drawings.npy", pixels)
    (folder / "looks.json").write_text(json.dumps(facts), "utf-8")


def _drawn(look: Look) -> NDArray[np.uint8]:
    return np.asarray(draw_look(look, size=DRAWING))


def _looks(dice: random.Random) -> Iterator[Look]:
    """Yield random looks without end, each in its own colour and in two others."""
    while True:
        base = random_look(dice)
        others = [one for one in sorted(PALETTE) if one not in (base.colour, base.second_colour)]
        for colour in [base.colour, *dice.sample(others, 2)]:
            yield replace(base, colour=colour)


def make_icons(folder: Path, sets: list[Path], labels: Path) -> None:
    """Rasterise icon sets, and find each icon's label and tags."""
    known = {_slug(row["label"]): row for row in json.loads(labels.read_text("utf-8"))}
    facts, pixels = [], []
    for path in sets:
        icons: dict[str, Any] = json.loads(path.read_text("utf-8"))
        for name, icon in icons["icons"].items():
            if _LEFT_OUT.search(name):
                continue
            row = known.get(name, {"label": name.replace("-", " ")})
            facts.append(
                {"set": path.parent.name, "name": row["label"], "tags": row.get("tags", [])}
            )
            pixels.append(_raster(icon, icons))
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "rgba80.npy", np.stack(pixels))
    (folder / "rows.json").write_text(json.dumps(facts), "utf-8")


def _raster(icon: dict[str, Any], icons: dict[str, Any]) -> np.ndarray:
    import resvg_py  # only here: nothing else of Magpie needs it

    width, height = (icon.get(side, icons.get(side, 16)) for side in ("width", "height"))
    box = f"{icon.get('left', 0)} {icon.get('top', 0)} {width} {height}"
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    svg = f'<svg {names} viewBox="{box}" width="{width}" height="{height}">{icon["body"]}</svg>'
    encoded = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=ICON, height=ICON))
    return np.asarray(Image.open(io.BytesIO(encoded)).convert("RGBA").resize((ICON, ICON)))


def _slug(label: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", label.lower().replace("’", "")).strip("-")


def main() -> None:
    """Make one kind of pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=["drawings", "icons"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=18_000)
    parser.add_argument("--sets", type=Path, nargs="+", default=[])
    parser.add_argument("--labels", type=Path)
    given = parser.parse_args()
    if given.kind == "drawings":
        make_drawings(given.folder, given.count)
    elif given.sets and given.labels:
        make_icons(given.folder, given.sets, given.labels)
    else:
        parser.error("icons need --sets and --labels")


if __name__ == "__main__":
    main()
