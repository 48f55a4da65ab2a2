"""Other languages' words for shopping, and which language a message is in.

Knows words, endings and scripts, from `lexicons/`; knows no catalogue and no conversation.

    lexicon    other languages' words for shopping, in English
    language   which language is this?
"""
