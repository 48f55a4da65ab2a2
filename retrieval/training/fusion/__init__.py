"""Trains a fusion network on an index, and on users' interactions if there are any.

Knows stored vectors and records; encodes no picture.

    recipe          hyperparameters
    examples        items' stored vectors, with phrases that describe each item
    objective       the loss of a batch
    tastes          interactions → training, validation and test data
    measure         retrieval metrics on held-out items
    history         loss and validation curves, kept across interruptions
    saving          a folder that `retrieval.fusion.transformer` loads
    train           the complete training run on an index
"""

__all__ = ["examples", "measure", "train"]
