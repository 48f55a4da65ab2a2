"""What a lexicon makes of one word."""

from dataclasses import replace

from assistant.understanding.languages.lexicon import read_lexicon


def test_what_a_thing_is_called_is_chosen_by_the_words_of_the_catalogue():
    lexicon = replace(read_lexicon("de"), things={"leine": ("lead", "leash")})
    for known, english in ((frozenset({"leash"}), "leash"), (frozenset(), "lead")):
        assert [piece.text for piece in lexicon.pieces("Leine", known)] == [english]
