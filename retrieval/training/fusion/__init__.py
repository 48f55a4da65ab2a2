"""Teaches a learned fusion, from an index and from what users chose if that is known.

Knows stored vectors and records; encodes no picture.

    recipe          how to train a fusion, as numbers
    examples        items' stored vectors, and what can be said of each
    objective       what a batch costs
    tastes          interactions → what to learn, tune and test on
    measure         how well words find held-out items
    history         loss and validation, kept across interruptions
    saving          a folder that `retrieval.fusion.transformer` loads
    train           the whole of it, on an index
"""

__all__ = ["examples", "measure", "train"]
