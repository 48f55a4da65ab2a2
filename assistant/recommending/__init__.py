"""What was understood → items, in which order and why.

Knows the index and the conversation's state; says nothing to the user.

    evidence         why this item is here
    rerank           the same items, better order
    leads            why this is not quite what was asked for, as values
    shortlist        what to show, and honest empties
    counterfactuals  what would change without the photo, the words, the budget
"""

__all__ = ["counterfactuals", "evidence", "leads", "rerank", "shortlist"]
