"""What a lexicon makes of one word."""

from dataclasses import replace

from assistant.understanding.languages.catalogue_words import CatalogueWords
from assistant.understanding.languages.entries import Entries
from assistant.understanding.languages.lexicon import read_lexicon
from assistant.understanding.languages.names import Names
from assistant.understanding.languages.pieces import Glossary


def test_what_a_thing_is_called_is_chosen_by_the_words_of_the_catalogue():
    lexicon = replace(read_lexicon("de"), things={"leine": ("lead", "leash")})
    for known, english in ((frozenset({"leash"}), "leash"), (frozenset(), "lead")):
        glossary = Glossary(lexicon, CatalogueWords(known), Names(Entries(())))
        assert [piece.text for piece in glossary.pieces("Leine")] == [english]
