"""Check two requirements for items without a picture.

Knows trials and shelves; knows no encoder. First, at every share of missing pictures the default
fusion is not worse than text alone by more than the interval. Second, an item without a picture has
no disadvantage: among items with pictures it is found as well as if all pictures were ignored.
"""

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from retrieval.evaluation.intervals import figure, paired
from retrieval.evaluation.products.missing import BLIND, MISSING_SHARES, Trial, data, tried
from retrieval.evaluation.products.shelf import SHELF_SEED, FusionMethod, Prepared, Shelf
from retrieval.evaluation.report import Cell, Table, TableRow
from retrieval.fusion.concatenation import places
from retrieval.fusion.protocol import Family
from retrieval.fusion.registry import DEFAULT_FUSION

NOWHERE = "nowhere worse by more than the interval"


def never_worse(trials: Sequence[Trial]) -> Table:
    """Compare the default with text alone, query by query, at every share of missing pictures."""
    rows, worse = [], []
    for trial in trials:
        for name in ("text alone", BLIND):
            gains = {
                share: paired(trial.values[DEFAULT_FUSION][share], trial.values[name][share]).gain
                for share in MISSING_SHARES
            }
            label = f"{trial.kind}, {trial.measure}: over {name}"
            worse += [f"{label}, {share:.0%}" for share, gain in gains.items() if gain.high < 0]
            figures = {f"{share:.0%}": gain for share, gain in gains.items()}
            rows.append(
                TableRow(label, figures, trial.ms[DEFAULT_FUSION], trial.shelf.stored.nbytes / 1e6)
            )
    held = f"worse by more than the interval at: {'; '.join(worse)}" if worse else NOWHERE
    return Table(
        f"What {DEFAULT_FUSION} gains while pictures go",
        data(trials[0]),
        "test part (by id hash)",
        SHELF_SEED,
        tuple(rows),
        f"{DEFAULT_FUSION} against text alone, and against itself with pictures ignored: {held}.",
        across="share of pictures gone",
    )


def unpunished(prepared: Sequence[Prepared], half: Shelf, trained: Family | None = None) -> Table:
    """Compare the ranks of products with and without a picture where half have none."""
    flags = dict(zip(half.ids, _has_picture(half), strict=True))
    asked = [replace(one, shared=half.lexical.scores(one.asked.words)) for one in prepared]
    lacks = np.array([not flags[next(iter(one.asked.relevant))] for one in asked])
    rows, poor = [], dict[str, NDArray[np.float64]]()
    for method in tried(half, trained):
        since = perf_counter()
        ranks = np.array([_rank(method, one, half) for one in asked])
        ms = 1000 * (perf_counter() - since) / len(asked)
        poor[method.name] = (ranks[lacks] <= 10).astype(np.float64)
        figures: dict[str, Cell] = {
            "R@10 without a picture": figure(poor[method.name]),
            "R@10 with one": figure(ranks[~lacks] <= 10),
            "median rank without": float(np.median(ranks[lacks])),
            "median rank with": float(np.median(ranks[~lacks])),
        }
        rows.append(TableRow(method.name, figures, ms, half.stored.nbytes / 1e6))
    against = {name: paired(poor[DEFAULT_FUSION], poor[name]) for name in ("text alone", BLIND)}
    told = "; ".join(f"against {name} {compared}" for name, compared in against.items())
    return Table(
        "Products without a picture where half have none",
        f"fashion products, {len(half.ids):,}, {len(asked)} reworded titles, of which "
        f"{int(lacks.sum())} name a product without a picture",
        "test part (by id hash)",
        SHELF_SEED,
        tuple(rows),
        f"R@10 of the products without a picture, {DEFAULT_FUSION} {told}.",
    )


def _rank(method: FusionMethod, one: Prepared, shelf: Shelf) -> int:
    """Return the rank of the one relevant product; in a tie, the last rank."""
    scores = method.scores(one, shelf)
    at = shelf.ids.index(next(iter(one.asked.relevant)))
    return int((scores >= scores[at]).sum())


def _has_picture(shelf: Shelf) -> list[bool]:
    _, flag = places(shelf.dimensions)["picture"]
    return [bool(one) for one in shelf.stored[:, flag] > 0]
