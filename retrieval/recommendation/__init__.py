"""Recommends items from the items that a user liked.

Pure arithmetic on vectors and likes; knows no file and no store.

    attention       content-based: likes weighted by attention, for each item
    ease            collaborative filtering: EASE, in closed form
    graph           linked with those that a user knows: Adamic-Adar, EASE
    recency         how much newer items are worth
    hybrid          collaborative and content scores, combined
"""

__all__ = ["attention", "ease", "graph", "hybrid", "recency"]
