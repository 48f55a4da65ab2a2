"""Metrics of a fusion on held-out data: items found by words, and users' next choices.

Knows examples and functions that score them; knows no training.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from retrieval.fusion.concatenation import Dimensions, Populations, aim, places, taken_apart
from retrieval.fusion.network import FusionNetwork
from retrieval.training.fusion.examples import Examples
from retrieval.training.fusion.objective import taste_of

Scores = NDArray[np.float32]  # (queries, items)
Score = Callable[[Tensor, Tensor, Tensor], Scores]  # phrases, stored, there → scores

_LIMIT = 10
_MOST = 400  # phrases of values
_PAGE = 1024


@dataclass(frozen=True, slots=True)
class Question:
    """A set of queries with its ground truth: one line of the table."""

    name: str
    phrases: Tensor  # (queries, width)
    there: Tensor  # (items, modalities) which modalities of the items are visible
    true: NDArray[np.bool_]  # (queries, items)


def questions(examples: Examples) -> tuple[Question, ...]:
    """Return the queries for these items; always the same ones."""
    dice = torch.Generator().manual_seed(1)
    said, whole = examples.said[examples.rows], examples.there[examples.rows]
    titles = torch.unique(said[:, 0])
    by_title = (said[:, 0] == titles[:, None]).numpy()
    asked = examples.phrases[examples.ways[titles, 0]]
    values = torch.unique(said[:, 1:])
    values = values[values >= 0]
    chosen = values[torch.randperm(len(values), generator=dice)[:_MOST]]
    one_left = torch.rand(whole.shape, generator=dice) + ~whole
    poorer = whole & (one_left == one_left.min(dim=1, keepdim=True).values)
    half = torch.where(torch.rand(len(whole), 1, generator=dice) < 0.5, poorer, whole)
    found = [
        Question("some words of the title find the item, recall@10", asked, whole, by_title),
        Question("the same, half of the items with one modality left", asked, half, by_title),
    ]
    if len(chosen):
        true = (said[None] == chosen[:, None, None]).any(-1).numpy()
        ways = examples.phrases[examples.ways[chosen, 0]]
        name = "what the record says finds its items, precision@10"
        found.append(Question(name, ways, whole, true))
    return tuple(found)


def measure_fusion(asked: Sequence[Question], examples: Examples, score: Score) -> dict[str, float]:
    """Return the mean metric of each set of queries, 0 to 1."""
    return {name: float(np.mean(found)) for name, found in shares(asked, examples, score).items()}


def shares(
    asked: Sequence[Question], examples: Examples, score: Score
) -> dict[str, tuple[float, ...]]:
    """Return the metric of each query in each set, 0 to 1."""
    stored = examples.stored[examples.rows]
    found: dict[str, tuple[float, ...]] = {}
    for one in asked:  # a page at a time: all scores of 4,000 queries and items take 64 MB
        pages = zip(torch.split(one.phrases, _PAGE), _pages(one.true), strict=True)
        several = (found_shares(score(page, stored, one.there), true) for page, true in pages)
        found[one.name] = tuple(share for shares_ in several for share in shares_)
    return found


def _pages(true: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
    return [true[start : start + _PAGE] for start in range(0, len(true), _PAGE)]


def found_shares(scores: Scores, true: NDArray[np.bool_]) -> tuple[float, ...]:
    """Return, per query, the relevant items among the ten best, divided by the possible number."""
    found = []
    for row, right in zip(scores, true, strict=True):
        room = min(_LIMIT, int(right.sum()))
        best = np.argsort(-row, kind="stable")[:_LIMIT]
        found.append(min(int(right[best].sum()), room) / room)
    return tuple(found)


def by_network(network: FusionNetwork, asked: Tensor) -> Score:
    """Return a network's scoring function; `asked` (modalities,) masks a query of words."""

    @torch.inference_mode()
    def score(phrases: Tensor, stored: Tensor, there: Tensor) -> Scores:
        queries = encode(network, phrases, asked.expand(len(phrases), -1))
        return np.asarray((queries @ encode(network, stored, there & asked).T).numpy())

    return score


def by_concatenation(
    populations: Populations, dimensions: Dimensions, weights: Mapping[str, float]
) -> Score:
    """Return the scoring function of weighted concatenation, which needs no training."""

    def score(phrases: Tensor, stored: Tensor, there: Tensor) -> Scores:
        shown = stored.clone()
        for at, (block, flag) in enumerate(places(dimensions).values()):
            shown[:, block] *= there[:, at, None]
            shown[:, flag] = there[:, at].float()
        aimed = [
            aim(taken_apart(one, dimensions), weights, populations, dimensions)
            for one in phrases.numpy()
        ]
        return np.asarray(np.stack(aimed) @ shown.numpy().T)

    return score


@torch.inference_mode()
def foreseen(
    network: FusionNetwork, examples: Examples, pasts: Sequence[Tensor], nexts: Tensor
) -> float:
    """Return how often a user's next choice is among the ten best items new to the user."""
    vectors = encode(network, examples.stored, examples.there)
    hits = 0
    for past, after in zip(pasts, nexts.tolist(), strict=True):
        user = taste_of(vectors[past][None], torch.ones(1, len(past), dtype=torch.bool))
        scores = vectors @ user[0]
        scores[past] = -2.0
        hits += int((scores > scores[after]).sum()) < _LIMIT
    return hits / max(1, len(pasts))


def encode(network: FusionNetwork, stored: Tensor, there: Tensor) -> Tensor:
    """Return items' unit vectors (items, d)."""
    pages = zip(torch.split(stored, _PAGE), torch.split(there, _PAGE), strict=True)
    return torch.cat([network(page, seen) for page, seen in pages])
