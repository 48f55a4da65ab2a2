"""Recommends items from the items that a user liked.

Pure arithmetic on vectors and likes; knows no file and no store.

    attention       content-based: likes weighted by attention, for each item
    ease            collaborative filtering: EASE, in closed form
    hybrid          collaborative and content scores, combined
"""

__all__ = ["attention", "ease", "hybrid"]
