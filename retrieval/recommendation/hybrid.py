"""Combine collaborative scores (from other users) with content scores (from item records).

Knows scores; does not know where they come from. Both are standardised over the items that could
be recommended to a user, so that they are comparable:

    score = collaborative + weight · content

Items that nobody has liked yet (cold start) all have the same collaborative score, and are ranked
by content. A weight that decreases with an item's number of likes was tried on the validation part
of MovieLens-100K and was no better.
"""

import numpy as np
from numpy.typing import NDArray

from retrieval.protocols import Vector


def joint_scores(
    collaborative: Vector, content: Vector, among: NDArray[np.bool_], *, weight: float
) -> Vector:
    """Return the combined scores, (users, items).

    `among` is True where an item can be recommended to a user, (users, items).
    """
    both = standardised(collaborative, among) + weight * standardised(content, among)
    return np.asarray(both, dtype=np.float32)


def standardised(scores: Vector, among: NDArray[np.bool_]) -> Vector:
    """Standardise each user's scores by their mean and deviation over `among`."""
    count = np.maximum(among.sum(axis=1, keepdims=True), 1)
    mean = np.where(among, scores, 0.0).sum(axis=1, keepdims=True) / count
    apart = np.where(among, scores - mean, 0.0)
    spread = np.sqrt((apart**2).sum(axis=1, keepdims=True) / count)
    return np.asarray((scores - mean) / np.maximum(spread, 1e-9), dtype=np.float32)
