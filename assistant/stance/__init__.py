"""What a message says of each thing that it names, and what it does, learned from messages.

Knows messages that people wrote for this and the words of a text encoder; knows no catalogue, no
conversation, and no rule. What the rules make of it is theirs: `understanding/tokens/weighed`.

    said           what can be told of a message, as values
    adapted        ◆ torch: the upper layers of a text encoder, changed by a little, with two heads
    stance_model   ◆ torch: a message and its stretches → likelihoods
"""

__all__ = ["adapted", "said", "stance_model"]
