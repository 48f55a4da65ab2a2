"""Collaborative filtering with EASE: item-to-item weights in closed form.

Knows a matrix of users and items and arithmetic; knows no content. Steck, "Embarrassingly Shallow
Autoencoders for Sparse Data", WWW 2019, arXiv 1905.03375: the ridge regression of every item on
all others, with a zero diagonal.
"""

import numpy as np

from retrieval.protocols import Vector


def item_weights(liked: Vector, penalty: float) -> Vector:
    """Return the item-to-item weights: how strongly a like of one predicts another, (items, items).

    `liked` is (users, items), 1 where a user liked an item. All weights from and to an item that
    nobody liked are 0. Scores are `liked @ item_weights(…)`.
    """
    together = (liked.T @ liked).astype(np.float64)
    together[np.diag_indices_from(together)] += penalty
    inverse = np.linalg.inv(together)
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0.0)
    return np.asarray(weights, dtype=np.float32)
