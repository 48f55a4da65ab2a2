"""Teaches the picture encoder: from nothing, or on a shop's own catalogue.

Knows open_clip's towers and captions; knows no index.

    wordings        what a record's fields say, in several ways
    augment         a picture as if someone else had taken it
    examples        pictures in memory, and captions true of some of them
    shop            training examples of a catalogue's items
    recipe          stages, weights and seeds, as frozen values
    towers          the two sides of an OpenCLIP model
    objective       what a batch costs
    saving          a folder that open_clip and the picture encoder load
    finetune        the whole of it, on a shop's own catalogue
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
