"""Other languages' words for shopping, and which language a message is in.

Knows words, endings and scripts, from `lexicons/` and `names/`; of a catalogue only which words it
uses; knows no conversation.

    entries           phrases → what they say in another language
    catalogue_words   which of several names a catalogue uses
    lexicon           other languages' words for shopping, in English
    names             what things are called in each language
    pieces            a message → English, piece by piece
    language          which language is this?
"""
