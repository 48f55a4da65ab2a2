"""The recommenders that are compared: each trains on an exam and scores all items for all users.

Knows exams and arithmetic; knows no metric. A method never uses the ground truth. A method without
information about a withheld item gives it 0 or a score from random initial factors.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from retrieval.evaluation.ratings.bpr import bpr_factors
from retrieval.evaluation.ratings.ratings import Exam
from retrieval.protocols import Vector
from retrieval.recommendation.attention import likeness_to, taste_scores
from retrieval.recommendation.ease import item_weights
from retrieval.recommendation.hybrid import joint_scores

RECOMMENDER_SEED = 7
OURS, WITHOUT, CONTENT, BPR = "ours", "ours without content (EASE)", "content alone", "BPR"


@dataclass(frozen=True)
class Scored:
    """A method's scores on an exam."""

    scores: Vector  # (users, items)
    megabytes: float  # size of the trained model


@dataclass(frozen=True)
class RecommendationMethod:
    """A recommender, with its hyperparameters in words."""

    name: str
    settings: str
    score: Callable[[Exam], Scored]


def popularity() -> RecommendationMethod:
    """Recommend to every user the most popular items."""

    def score(exam: Exam) -> Scored:
        return Scored(np.tile(exam.likes, (len(exam.liked), 1)), exam.likes.nbytes / 1e6)

    return RecommendationMethod("popularity", "", score)


def item_neighbours(neighbours: int, shrink: float) -> RecommendationMethod:
    """Recommend by item-to-item similarity: items that are liked together with the user's likes.

    Sarwar et al. 2001, doi 10.1145/371920.372071: the cosine between two items' users, shrunk where
    few users rated both, for each item's nearest neighbours.
    """

    def score(exam: Exam) -> Scored:
        together, length = exam.liked.T @ exam.liked, np.sqrt(exam.likes)
        alike = together / (np.outer(length, length) + shrink)
        np.fill_diagonal(alike, 0.0)
        kept = min(neighbours, len(alike) - 1)
        least = np.partition(alike, -kept, axis=1)[:, -kept][:, None]
        near = np.where(alike >= least, alike, 0.0)
        return Scored(exam.liked @ near.T, 8 * kept * len(alike) / 1e6)

    return RecommendationMethod("item-kNN", f"{neighbours} neighbours, shrink {shrink:g}", score)


def bpr(factors: int, rate: float, penalty: float, rounds: int) -> RecommendationMethod:
    """Recommend by matrix factorisation with BPR, which ranks liked items above others."""

    def score(exam: Exam) -> Scored:
        users, items = bpr_factors(
            exam.liked,
            factors=factors,
            rate=rate,
            penalty=penalty,
            rounds=rounds,
            seed=RECOMMENDER_SEED,
        )
        return Scored(users @ items.T, (users.nbytes + items.nbytes) / 1e6)

    told = f"{factors} factors, rate {rate:g}, penalty {penalty:g}, {rounds} rounds"
    return RecommendationMethod(BPR, told, score)


def ease(penalty: float) -> RecommendationMethod:
    """Recommend by EASE: closed-form item-to-item weights, without content."""

    def score(exam: Exam) -> Scored:
        weights = item_weights(exam.liked, penalty)
        return Scored(exam.liked @ weights, weights.nbytes / 1e6)

    return RecommendationMethod(WITHOUT, f"penalty {penalty:g}", score)


def content(temperature: float) -> RecommendationMethod:
    """Recommend by content only: attention over the stored vectors of the user's likes."""

    def score(exam: Exam) -> Scored:
        shelf = exam.shelf
        alike = likeness_to(shelf.stored, shelf.stored, shelf.populations, shelf.dimensions)
        scores = np.stack([taste_scores(alike[:, row > 0], temperature) for row in exam.liked])
        return Scored(scores, shelf.stored.nbytes / 1e6)

    return RecommendationMethod(CONTENT, f"temperature {temperature:g}", score)


def ours(penalty: float, temperature: float, weight: float) -> RecommendationMethod:
    """Recommend by collaborative and content scores combined."""
    without, alone = ease(penalty), content(temperature)

    def score(exam: Exam) -> Scored:
        others, records = without.score(exam), alone.score(exam)
        scores = joint_scores(others.scores, records.scores, exam.open, weight=weight)
        return Scored(scores, others.megabytes + records.megabytes)

    told = f"{without.settings}, {alone.settings}, content {weight:g}"
    return RecommendationMethod(OURS, told, score)
