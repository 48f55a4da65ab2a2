"""What a user liked → what else they would like.

Pure arithmetic on vectors and likes; knows no file and no store.

    attention       what was liked, weighed anew for each item
    ease            who likes this also likes that, in closed form
    hybrid          other users' likes and content, joined
"""

__all__ = ["attention", "ease", "hybrid"]
