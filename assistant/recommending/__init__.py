"""The reading of a message → items to show, their order and their reasons.

Knows the index and the conversation's state; sends nothing to the user.

    facts            a true statement about an item, as a value
    evidence         the facts for which an item is shown
    acquaintance     what the user and an item have in common
    leads            why the results differ from the request, as values
    by_code          items that were named by their codes come first
    ordering         what is wished for first, or by a field
    rerank           reorders the same items with the language model
    shortlist        the items to show, or why there are none
    doubt            is anything of the request understood?
    counterfactuals  how the ranking would change without the photo, the words, the budget
"""

__all__ = [
    "acquaintance",
    "by_code",
    "counterfactuals",
    "doubt",
    "evidence",
    "facts",
    "leads",
    "rerank",
    "shortlist",
]
