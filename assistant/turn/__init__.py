"""The steps of a turn: read the user's input, select items, write the answer.

Knows each step and the value it returns; does not know their order, which the agent decides.

    state           what the steps share: the catalogue with its models, the clock, the answer
    request         the user's input, normalised
    input           the input decoded, transcribed and in the catalogue's language
    answers         answers that need no new items
    selection       items with their reasons
    explanation     the text about a selection
"""

__all__ = ["answers", "explanation", "input", "request", "selection", "state"]
