"""Finds items; has never heard of the language model or the screen.

These are the files that one must know; each folder opens with a paragraph of its own.

    errors            every error, drawn as a tree
    english           one and many, numbers in words
    items             Item, Constraint, Query, Candidate, Catalogue
    constraints       does this item satisfy these constraints?
    filter            the same for a whole catalogue, fast
    protocols         what is asked of encoders, transcriber and store
    embed             item or query → vectors
    files             write whole or not at all
    photo_attributes  what a photo shows, as far as near pictures agree
    search            query → candidates whose contributions add up
"""
