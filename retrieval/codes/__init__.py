"""The codes of items: article numbers, GTINs, ISBNs, model numbers in titles, found exactly.

Knows how codes are written and spoken, from codes.toml; knows no search and no conversation.

    words    codes.toml: what introduces a code, what looks like one and is none
    forms    two spellings of one code → one form; what is a code at all
    pieces   a message → the letters and digits that it writes or speaks
    around   what introduces a code, and what makes a number an amount
    index    a catalogue's codes, and which of them a message names
    heard    a code that was misheard by a letter
"""

__all__ = ["forms", "heard", "index"]
