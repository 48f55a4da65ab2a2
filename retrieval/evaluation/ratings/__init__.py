"""How well likes foretell likes: with other users, with content, with both.

Knows interactions and MovieLens; knows no conversation.

    ratings         likes: what is learned from, what is to be foretold
    movielens       100,000 ratings of films
    bpr             ◆ implicit
    recommenders    the ways to recommend that are compared
    rankings        what a user is offered, and how much of it was right
    recommendation  how well likes foretell likes
"""

__all__ = ["movielens", "ratings", "recommendation"]
