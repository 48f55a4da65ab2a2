"""What a recording may say → the words that this catalogue explains best.

Knows the catalogue's values, its codes and what parses; runs no speech model. A transcript is
mended only where one meaning is clearly near: all that is typed is meant as it stands.

    spoken_words    how shopping is spoken, as data
    expected        what is probably said: kinds, brands, codes, languages
    spoken_numbers  numbers that a speech model wrote in pieces
    sounding        words that sound like the catalogue's own
    explained       how much of a message the catalogue and the readers explain
    choose          hypotheses → what was said
"""

__all__ = ["choose", "expected"]
