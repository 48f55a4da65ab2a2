"""A finished index seen from above: what was read, what could not be, prices, a map of its items.

Knows an index's folder; loads no encoder and changes nothing. The map puts each item where the two
directions lie in which the catalogue's fused vectors differ most (principal components; Pearson
1901, doi:10.1080/14786440109462720): items that are near each other there are alike in something,
and how much of all that sets them apart is seen, it says.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval.errors import StoreError
from retrieval.files import disk
from retrieval.index.index import PROBLEMS, OpenStore, held_items
from retrieval.index.manifest import Manifest, read_manifest
from retrieval.items import Catalogue
from retrieval.protocols import Vector

MOST_ON_MAP = 600  # items; of a larger catalogue every n-th
_BARS = 12  # of prices, about
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)  # what a bar may be wide, times a power of ten


@dataclass(frozen=True, slots=True)
class MapPoint:
    """An item's place on the map, from 0 to 1 in both directions."""

    item: str  # its id
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class PriceBar:
    """How many items cost at least `low` and less than `high`."""

    low: float
    high: float
    items: int


@dataclass(frozen=True, slots=True)
class IndexSummary:
    """What is known of an index without asking anything of it."""

    manifest: Manifest
    catalogue: Catalogue
    problems: Path | None  # a table of what could not be used in the last run
    points: tuple[MapPoint, ...]
    seen: float  # the share of the vectors' variance that the map shows


def indexed(indexes: Path) -> list[tuple[str, int]]:
    """Return the names of the finished indexes in a folder, each with its number of items."""
    found = []
    with disk(indexes):
        folders = sorted(indexes.iterdir()) if indexes.is_dir() else []
    for folder in folders:
        try:
            manifest = read_manifest(folder)
        except StoreError:  # none, unfinished, or of another version
            continue
        if manifest.finished:
            found.append((folder.name, manifest.items))
    return found


def read_summary(folder: Path, open_store: OpenStore) -> IndexSummary:
    """Read what is known of an index; raises as `held_items`."""
    with held_items(folder, open_store) as (manifest, catalogue, store):
        some = list(catalogue.items)[:: max(1, -(-len(catalogue.items) // MOST_ON_MAP))]
        vectors = store.vectors(some)
        there = [id_ for id_ in some if id_ in vectors]
        rows = [vectors[id_] for id_ in there]
        flat, seen = plane(np.stack(rows)) if rows else (np.empty((0, 2), np.float32), 0.0)
        at = zip(there, flat, strict=True)
        return IndexSummary(
            manifest=manifest,
            catalogue=catalogue,
            problems=problem_table(folder),
            points=tuple(MapPoint(id_, float(x), float(y)) for id_, (x, y) in at),
            seen=seen,
        )


def problem_table(folder: Path) -> Path | None:
    """Return the table of what could not be used in an index's last run, if there is one."""
    table = folder / PROBLEMS
    return table if table.is_file() else None


def read_problems(table: Path, limit: int) -> Iterator[tuple[str, ...]]:
    """Yield the first rows of a table of problems: row, field, value, reason, cure."""
    with disk(table), table.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        next(rows, None)
        for _, row in zip(range(limit), rows, strict=False):
            yield tuple(row)


def plane(vectors: Vector) -> tuple[Vector, float]:
    """Project rows on their first two principal components, scaled to 0 … 1 in both.

    Returns the places (rows, 2), and the share of the variance that they show. The sign of a
    component means nothing; it is chosen so that the same rows give the same map.
    """
    centred = vectors - vectors.mean(axis=0)
    _, spread, axes = np.linalg.svd(centred, full_matrices=False)
    flat = np.zeros((len(vectors), 2), dtype=np.float32)
    for column, axis in enumerate(axes[:2]):
        sign = np.sign(axis[np.abs(axis).argmax()]) or 1.0
        flat[:, column] = centred @ (axis * sign)
    low, high = flat.min(axis=0), flat.max(axis=0)
    wide = np.where(high - low > 0, high - low, 1.0)
    power = spread**2
    seen = float(power[:2].sum() / power.sum()) if power.sum() > 0 else 0.0
    return (flat - low) / wide, seen


def price_bars(prices: Sequence[float]) -> list[PriceBar]:
    """Count prices in bars of equal, round width; what is dearer than most is in the last."""
    if not prices:
        return []
    told = np.sort(np.asarray(prices, dtype=np.float64))
    usual = float(np.quantile(told, 0.95)) or float(told[-1]) or 1.0
    step = _round_step(usual / _BARS)
    edges = np.arange(0, np.ceil(usual / step) + 1) * step
    counts, _ = np.histogram(np.minimum(told, edges[-1]), edges)
    bars = [
        PriceBar(float(low), float(high), int(count))
        for low, high, count in zip(edges, edges[1:], counts, strict=False)
    ]
    last = bars[-1]
    return [*bars[:-1], PriceBar(last.low, max(last.high, float(told[-1])), last.items)]


def _round_step(wanted: float) -> float:
    power = 10.0 ** np.floor(np.log10(wanted))
    return float(next(power * one for one in _STEPS if power * one >= wanted))
