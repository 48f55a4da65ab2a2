"""The steps of a turn: what was handed over, what is selected, what is said back.

Knows every step's values; the order of the steps is the agent's.

    state           the shop, what a step leaves, the clock, the words said
    request         what the user hands over, made normal
    input           … decoded once, heard, and in the catalogue's language
    answers         answers that ask for no new items
    selection       items with their reasons
    explanation     what is said of a selection
"""

__all__ = ["answers", "explanation", "input", "request", "selection", "state"]
