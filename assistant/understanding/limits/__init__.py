"""Limits that a message sets: on the price, on a catalogue's own numbers, by yes or no.

Knows numbers, units, the catalogue's profile and `cues/`, the words around numbers; knows no
conversation and no other wish.

    spans       places in a message
    cues        the words that steer how a number is read, from data
    quantities  "under $40", "between five and ten"
    steps       "a bit more is fine", "raise my budget by 20"
    measures    "at least 16 GB", "size 42": limits on the catalogue's own numbers
    flags       "waterproof", "without batteries": asked for by yes or no
    asked       all of that together
"""

__all__ = ["asked", "flags", "quantities", "spans", "steps"]
