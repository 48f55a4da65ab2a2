"""Trains the picture encoder, from random weights or on a shop's own catalogue.

Knows open_clip's towers and captions; knows no index.

    wordings        several wordings of a record's fields
    augment         random changes to pictures
    examples        pictures in memory, and captions that describe some of them
    shop            training examples from a catalogue's items
    recipe          hyperparameters: stages, loss weights and seeds
    towers          the picture tower and the text tower of an OpenCLIP model
    objective       the loss of a batch
    saving          a folder that open_clip and the picture encoder load
    finetune        the complete fine-tuning run on a shop's own catalogue
"""

__all__ = [
    "augment",
    "examples",
    "finetune",
    "objective",
    "recipe",
    "saving",
    "shop",
    "towers",
    "wordings",
]
