"""Relevance feedback: move a query towards liked items and away from disliked ones.

Knows arithmetic only. Rocchio, "Relevance Feedback in Information Retrieval", in Salton (ed.),
The SMART Retrieval System, 1971, pp. 313-323. The weights are the usual ones except γ, which is
usually for texts that a user only ignored; here the user disliked the item explicitly.
"""

from collections.abc import Sequence

import numpy as np

from retrieval.fusion.concatenation import Parts
from retrieval.items import MODALITIES, Modality
from retrieval.protocols import Vector

ALPHA, BETA, GAMMA = 1.0, 0.75, 0.5  # weights of the query, of liked items, of disliked items


def moved(query: Parts, liked: Sequence[Parts], disliked: Sequence[Parts]) -> Parts:
    """Return α·query + β·mean(liked) − γ·mean(disliked) in each modality, as unit vectors.

    A modality that neither the query nor a liked item has is left out: a dislike alone gives no
    direction to search in.
    """
    found: dict[Modality, Vector] = {}
    for name in MODALITIES:
        wanted = [one[name] for one in liked if name in one]
        shunned = [one[name] for one in disliked if name in one]
        terms = [ALPHA * query[name]] if name in query else []
        terms += [BETA * np.mean(wanted, axis=0)] if wanted else []
        if terms:
            terms += [-GAMMA * np.mean(shunned, axis=0)] if shunned else []
            total = np.sum(terms, axis=0)
            length = max(float(np.linalg.norm(total)), 1e-12)
            found[name] = np.asarray(total / length, dtype=np.float32)
    return found


def moved_scores(query: Vector, liked: Sequence[Vector], disliked: Sequence[Vector]) -> Vector:
    """Return the same combination of shared-word scores (0 to 1), rescaled to at most 1.

    An item that shares no word with the query keeps its score for words of liked items.
    """
    total = ALPHA * query
    total = total + BETA * np.mean(liked, axis=0) if liked else total
    total = total - GAMMA * np.mean(disliked, axis=0) if disliked else total
    return np.asarray(total / (ALPHA + (BETA if liked else 0.0)), dtype=np.float32)
