"""Rank by Bayesian personalised ranking: the only file that imports implicit.

Knows a matrix of users and items; knows no content. Rendle et al., "BPR: Bayesian Personalized
Ranking from Implicit Feedback", UAI 2009, arXiv 1205.2618. An item that nobody liked keeps its
random initial factors.
"""

import warnings

import numpy as np

from retrieval.errors import MissingDependencyError
from retrieval.protocols import Vector


def bpr_factors(
    liked: Vector, *, factors: int, rate: float, penalty: float, rounds: int, seed: int
) -> tuple[Vector, Vector]:
    """Return the factors of users (users, factors + 1) and of items (items, factors + 1).

    Raises: MissingDependencyError when implicit is not installed.
    """
    try:
        from implicit.cpu.bpr import BayesianPersonalizedRanking
        from scipy.sparse import csr_matrix
    except ImportError as error:
        cure = "pip install 'magpie-assistant[evaluation]'"
        raise MissingDependencyError(f"BPR needs implicit: {cure}") from error
    model = BayesianPersonalizedRanking(
        factors=factors,
        learning_rate=rate,
        regularization=penalty,
        iterations=rounds,
        num_threads=1,  # several threads overwrite each other: runs are not reproducible
        random_state=seed,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # on the threads of BLAS
        model.fit(csr_matrix(np.asarray(liked, dtype=np.float32)), show_progress=False)
    return np.asarray(model.user_factors), np.asarray(model.item_factors)
