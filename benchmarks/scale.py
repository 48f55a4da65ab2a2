"""How building, memory, time and recall of a store grow with its vectors, and with its shards.

    python -m benchmarks.scale [--vectors 100000] [--shards 1 2 4] [--queries 200]

Vectors are synthetic: unit vectors of text and picture around centres that a few hundred items
share, laid side by side in the width that Magpie stores. Each number of shards is built and asked
in a process of its own, so that memory is its own. Recall is against the exact inner products; a
filtered query admits every tenth item.
"""

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from retrieval.index.placement import Placement
from retrieval.protocols import Entry, Vectors, VectorStore

_TEXT, _PICTURE, _EMPTY = 384, 256, 508  # parts of a stored vector; speech, sound and flags are 0
_SHARED = 300  # items around one centre
_NOISE = 1.0  # of a vector's spread around its centre, as a share of unit length
_BATCH = 256  # as when indexing
_NEAR = 100  # neighbours that are asked for, as a search does
_KEPT = 10  # of these, recall looks at the first
_ADMITTED = 10  # a filtered query admits every tenth


def main(arguments: list[str]) -> None:
    """Measure each number of shards, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectors", type=int, default=100_000)
    parser.add_argument("--shards", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--queries", type=int, default=200)
    chosen = parser.parse_args(arguments)
    print(
        "| vectors | shards | build s | disk MB | memory MB | p50, p95 ms | filtered | recall@10 |"
    )
    print("|---|---|---|---|---|---|---|---|")
    spawn = multiprocessing.get_context("spawn")
    for shards in chosen.shards:
        told = (chosen.vectors, shards, chosen.queries)
        process = spawn.Process(target=_measure, args=told)
        process.start()
        process.join()
        if process.exitcode:
            sys.exit(process.exitcode)


def synthetic(count: int, seed: int) -> Vectors:
    """Return so many stored vectors; the centres are the same for every seed."""
    centres = max(1, count // _SHARED)
    around = np.random.default_rng(0).normal(size=(centres, _TEXT + _PICTURE)).astype(np.float32)
    dice = np.random.default_rng(seed)
    chosen = dice.integers(centres, size=count)
    spread = dice.normal(size=(count, _TEXT + _PICTURE)).astype(np.float32)
    made = np.zeros((count, _TEXT + _PICTURE + _EMPTY), dtype=np.float32)
    made[:, : _TEXT + _PICTURE] = around[chosen] + _NOISE * spread
    for part in (made[:, :_TEXT], made[:, _TEXT : _TEXT + _PICTURE]):
        part /= np.linalg.norm(part, axis=1, keepdims=True)
    return made


def _measure(count: int, shards: int, queries: int) -> None:
    vectors = synthetic(count, seed=1)
    asked = synthetic(count, seed=2)[:queries].copy()
    ids, scores = [f"item-{n}" for n in range(count)], asked @ vectors.T
    before = _megabytes()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "index" / "generation-1" / "store"
        place.parent.mkdir(parents=True)
        store = Placement(shards=shards).open(place)
        since = time.perf_counter()
        for start in range(0, count, _BATCH):
            rows = zip(ids[start : start + _BATCH], vectors[start : start + _BATCH], strict=True)
            store.upsert([Entry(id_, vector, "{}") for id_, vector in rows])
        built = time.perf_counter() - since
        plain, recall = _ask(store, asked, ids, scores, None)
        some = list(range(0, count, _ADMITTED))
        filtered, _ = _ask(store, asked, ids, scores, some)
        disk = sum(file.stat().st_size for file in place.rglob("*") if file.is_file()) / 1e6
        store.close()
    row = f"| {count:,} | {shards} | {built:,.0f} | {disk:,.0f} | {_megabytes() - before:,.0f}"
    print(f"{row} | {_spread(plain)} | {_spread(filtered)} | {recall:.3f} |", flush=True)


def _ask(
    store: VectorStore, asked: Vectors, ids: list[str], scores: Vectors, some: list[int] | None
) -> tuple[list[float], float]:
    """Return the seconds of each query, and the share of the true first ten that it found."""
    seconds, found = [], 0
    among = None if some is None else [ids[n] for n in some]
    for vector, row in zip(asked, scores, strict=True):
        since = time.perf_counter()
        near = list(store.nearest(vector, limit=_NEAR, among=among))[:_KEPT]
        seconds.append(time.perf_counter() - since)
        admitted = np.arange(len(ids)) if some is None else np.array(some)
        best = admitted[np.argsort(-row[admitted])[:_KEPT]]
        found += len({ids[n] for n in best} & set(near))
    return seconds, found / (_KEPT * len(asked))


def _spread(seconds: list[float]) -> str:
    middle, high = np.percentile(seconds, [50, 95]) * 1000
    return f"{middle:.0f}, {high:.0f}"


def _megabytes() -> float:
    """Return the memory that this process has now; Linux tells it in pages."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main(sys.argv[1:])
