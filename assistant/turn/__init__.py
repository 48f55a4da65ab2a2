"""The steps of a turn: read the user's input, select items, write the answer.

A Request becomes Received (decoded, transcribed), then an Interpretation with its Reading, an
updated Conversation, a Selection of items with their reasons, and text. Knows each step and the
value that it returns; does not know their order, which the agent decides.

    talk                acts that no cue tells, by the examples nearest in meaning
    catalogue_language  in which language the records are written
    state               what the steps share: the catalogue with its models, the clock, the answer
    request             the user's input, normalised
    input               the input decoded, transcribed and in the catalogue's language
    single_search       one search without a conversation
    answers             answers that need no new items
    reading             the message interpreted, by rules and by the model
    gone                shown items that have left the catalogue since
    selection           items with their reasons
    update              what the turn changes in the conversation
    explanation         the text about a selection
    ending              what the turn comes to, as its last event
    next_steps          a counted question, and suggestions that lead somewhere
"""

__all__ = [
    "answers",
    "catalogue_language",
    "ending",
    "explanation",
    "gone",
    "input",
    "next_steps",
    "reading",
    "request",
    "selection",
    "single_search",
    "state",
    "update",
]
