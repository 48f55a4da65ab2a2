"""Evaluates recommenders on held-out likes: collaborative, content-based and hybrid.

Knows interactions and MovieLens; knows no conversation.

    ratings         training and held-out likes
    movielens       100,000 ratings of films
    bpr             ◆ implicit
    recommenders    the recommenders that are compared
    rankings        ranked lists of users, and their metrics
    recommendation  tunes, evaluates and compares the recommenders
"""

__all__ = ["movielens", "ratings", "recommendation"]
