"""Words of a message that no rule explains → values of the catalogue that mean it.

Knows the catalogue's labels, the text encoder and the language model; knows no conversation, and
not whether a thing is wanted or denied.

    value_labels    the values nearest in meaning to some words
    choose_labels   which of them is meant, told by the language model
    check_polarity  whether what is named is wanted, told by the language model
"""

__all__ = ["check_polarity", "choose_labels", "value_labels"]
