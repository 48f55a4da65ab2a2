"""A message → changes of the conversation's state, what is sought, which item is meant.

Knows the catalogue's own values and what was said before; searches nothing and words no answer.
`languages`, `tokens` and `acts` are rooms of their own.

    value_names        which words stand for which of the catalogue's values
    written_otherwise  values with a slip of the pen, or in short
    catalogue_values   the catalogue's own words in a message
    wishes             every limit and value that a message asks for
    requested_product  the thing a request names, and whether it is carried
    dialogue_state     what this conversation has asked for
    money              in which of a catalogue's currencies an amount is meant
    controls           takes back, starts anew, drops a field
    value_updates      the values that a message names → changes of the state
    state_updates      a message → changes of the state
    title_words        things that only titles tell: "secateurs", "no hostas"
    overview           "how many?", "which brands?", "what do they cost?"
    conversation       what earlier turns left behind, and what a message was understood to say
    codes              items named by their codes, and the rest of the message
    search_phrase      the words that are searched for
    gathered           everything that stands in a message
    read               what it means: a search, a change, a question, talk
    translate          a message in the catalogue's language
"""

__all__ = [
    "conversation",
    "catalogue_values",
    "codes",
    "dialogue_state",
    "money",
    "read",
    "overview",
    "translate",
    "value_names",
    "wishes",
]
