"""Metrics of one ranking or a set of recommendations: the only file that imports torchmetrics.

A metric is computed for one query or user; `intervals.py` averages over many. Ranks start at 1. A
relevant item that is missing from a ranking counts as not found, even if the ranking is short.
Knows no query and no method.
"""

from collections.abc import Callable, Collection, Sequence
from types import ModuleType

import numpy as np
import torch
from numpy.typing import NDArray

from retrieval.errors import MissingDependencyError

RankedTensors = tuple[torch.Tensor, torch.Tensor]  # falling scores, (n,); relevance, (n,)


def recall_at(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Return the share of the relevant items that are among the first k; 0 if none is relevant."""
    return _measured(_library().retrieval_recall, ranked, relevant, k)


def precision_at(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Return the share of relevant items in the first k; missing places count as wrong."""
    return _measured(_library().retrieval_precision, ranked, relevant, k)


def hit_at(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Return 1 when any of the first k is relevant, else 0."""
    return _measured(_library().retrieval_hit_rate, ranked, relevant, k)


def ndcg_at(ranked: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Return the normalised discounted cumulative gain of the first k, relevance being 0 or 1.

    Järvelin and Kekäläinen 2002, doi 10.1145/582415.582418.
    """
    return _measured(_library().retrieval_normalized_dcg, ranked, relevant, k)


def graded_ndcg_at(gains: Sequence[float], possible: Sequence[float], k: int) -> float:
    """Return the nDCG with graded relevance: `gains` in ranked order, `possible` of all items.

    It is 0 when every possible gain is 0.
    """
    ideal = _discounted(sorted(possible, reverse=True)[:k])
    return _discounted(gains[:k]) / ideal if ideal else 0.0


def _discounted(gains: Sequence[float]) -> float:
    return float(sum(gain / np.log2(place + 2) for place, gain in enumerate(gains)))


def reciprocal_rank(ranked: Sequence[str], relevant: Collection[str]) -> float:
    """Return 1 / rank of the first relevant item, 0 without one; its mean is MRR."""
    return _of_found(_library().retrieval_reciprocal_rank, ranked, relevant)


def average_precision(ranked: Sequence[str], relevant: Collection[str]) -> float:
    """Return the mean of the precision at each relevant item; its mean over queries is MAP."""
    wanted = set(relevant)
    share = len(wanted.intersection(ranked)) / len(wanted) if wanted else 0.0
    return share * _of_found(_library().retrieval_average_precision, ranked, wanted)


def coverage(recommended: Sequence[Sequence[str]], items: int) -> float:
    """Return the share of all items that are recommended to at least one user."""
    return len({one for several in recommended for one in several}) / items if items else 0.0


def diversity(vectors: NDArray[np.float32]) -> float:
    """Return 1 minus the mean cosine of all pairs of unit vectors (n, dimension); 0 if n < 2.

    Ziegler et al. 2005, doi 10.1145/1060745.1060754.
    """
    count = len(vectors)
    if count < 2:
        return 0.0
    total = float((vectors.sum(axis=0) ** 2).sum()) - float((vectors**2).sum())
    return 1 - total / (count * (count - 1))


def _measured(
    measure: Callable[..., torch.Tensor], ranked: Sequence[str], relevant: Collection[str], k: int
) -> float:
    """Compute a metric of the first k: pad the list with wrong items, append the missed ones."""
    wanted = set(relevant)
    right = [one in wanted for one in ranked[:k]]
    right += [False] * (k - len(right)) + [True] * (len(wanted) - sum(right))
    return float(measure(*_judged(right), top_k=k)) if wanted else 0.0


def _of_found(
    measure: Callable[..., torch.Tensor], ranked: Sequence[str], relevant: Collection[str]
) -> float:
    """Compute a metric of a whole ranking, with only the relevant items that it contains."""
    wanted = set(relevant)
    right = [one in wanted for one in ranked]
    return float(measure(*_judged(right))) if any(right) else 0.0


def _judged(right: Sequence[bool]) -> RankedTensors:
    return torch.arange(len(right), 0, -1, dtype=torch.float32), torch.tensor(right)


def _library() -> ModuleType:
    """Raises: MissingDependencyError when torchmetrics is not installed."""
    try:
        from torchmetrics.functional import retrieval
    except ImportError as error:
        cure = "pip install 'magpie-assistant[evaluation]'"
        raise MissingDependencyError(f"measuring needs torchmetrics: {cure}") from error
    return retrieval
