"""What things are called in other languages: which name is meant, and that rules and catalogue win."""

import csv

import pytest

from assistant.understanding.languages.catalogue_words import CatalogueWords
from assistant.understanding.languages.lexicon import lexicons, read_lexicon
from assistant.understanding.languages.names import (
    NAMES_FOLDER,
    called,
    names_from_english,
    read_names,
    written_names,
)
from assistant.understanding.tokens.text import folded_words
from assistant.understanding.translate import translate
from benchmarks.taxonomy_names import plain_pairs

LANGUAGES = tuple(one.language for one in lexicons())


def words(*values, known=()):
    """Return the words of a catalogue with these values."""
    folded = frozenset(tuple(folded_words(value)) for value in values)
    return CatalogueWords(frozenset(word for key in folded for word in key) | set(known), folded)


def english(message, language, *values, own="en"):
    return translate(message, language, words(*values), own=own).text


@pytest.mark.parametrize(
    ("message", "language", "value"),
    [
        ("Kinderwagen", "de", "Strollers"),
        ("Kinderwagen", "de", "Prams"),
        ("Kinderwägen", "de", "Pushchair"),
        ("poussette", "fr", "Stroller"),
        ("cochecito de bebé", "es", "Pram"),
        ("婴儿推车", "zh", "Stroller"),
        ("婴儿推车", "zh", "Pram"),
        ("Tasse", "de", "Mugs"),
        ("Tasse", "de", "Cups"),
        ("sudadera", "es", "Sweatshirt"),
    ],
)
def test_a_thing_is_called_as_this_catalogue_calls_it(message, language, value):
    assert folded_words(english(message, language, value)) == folded_words(value)


@pytest.mark.parametrize(
    ("message", "language", "expected"),
    [
        ("Fliegenruten bis 200 Euro", "de", "fly rod up to 200 euros"),
        ("eine Wathose aus Neopren", "de", "a waders of neoprene"),
        ("un carrete de spinning", "es", "spinning reel"),
        ("una caña para la trucha", "es", "trout rod"),
        ("une baignoire pour bébé", "fr", "a baby bath"),
        ("des leurres souples", "fr", "soft lure"),
        ("鲤鱼竿，200元以下", "zh", "carp rod, at most 200 yuan"),
        ("Spinnrute", "de", "spinning rod"),
    ],
)
def test_the_longest_name_is_taken_and_a_name_of_two_nouns_where_it_is_one(
    message, language, expected
):
    values = ("fly rod", "waders", "neoprene", "spinning reel", "trout rod", "baby bath")
    more = ("soft lure", "carp rod", "spinning rod")
    assert expected in english(message, language, *values, *more)


def test_what_no_value_is_called_is_chosen_by_the_nearest_in_meaning():
    asked = []

    def nearest(names):
        asked.append(tuple(names))
        return "pushchair"

    shop = CatalogueWords(frozenset(), frozenset(), nearest)
    assert translate("Kinderwagen", "de", shop, own="en").text == "pushchair"
    assert {"stroller", "pram"} <= set(asked[0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_steers_a_message_is_no_name(language):
    """Every entry of [reading] of one word says what it said, whatever a table of names has."""
    lexicon = read_lexicon(language)
    for phrase, meanings in list(lexicon.reading.items())[::40]:
        alone = " " not in phrase and not any(one.amount for one in lexicon.tokens(phrase))
        if alone and "#" not in phrase:
            assert translate(phrase, language, words(), own="en").text.strip() in meanings


def test_a_word_that_is_a_value_of_the_catalogue_stays():
    assert english("une robe noire", "fr", "Robe", "Black") == "a Robe black".replace(
        "Robe", "robe"
    )
    assert english("une robe noire", "fr", "Dress", "Black") == "a dress black"


@pytest.mark.parametrize(
    ("message", "language", "expected"),
    [
        ("a red fly rod under $40", "en", "a rot fliegenrute under $40"),
        ("fly rods, please!", "en", "fliegenrute, please!"),
        ("une canne à mouche rouge", "fr", "a fliegenrute rot"),
        ("Fliegenrute in Rot", "de", "Fliegenrute in Rot"),
        ("a stroller under $40", "en", "a stroller under $40"),
    ],
)
def test_a_german_shop_is_asked_in_other_languages(message, language, expected):
    assert english(message, language, "Fliegenrute", "Rot", own="de") == expected


def test_other_languages_names_of_an_english_kind():
    assert "schal" in called(names_from_english("de"), "scarves")
    assert "鱼竿" in called(names_from_english("zh"), "fishing rod")


def test_every_row_has_a_name_in_every_language_and_nothing_stands_twice():
    lines = NAMES_FOLDER.joinpath("products.tsv").read_text("utf-8").splitlines()
    rows = list(csv.reader((one for one in lines if one[:2] != "# "), delimiter="\t"))
    assert rows[0] == ["en", *LANGUAGES[:1], "fr", "es", "zh"]
    assert all(len(row) == len(rows[0]) and all(row) for row in rows)
    assert len({row[0] for row in rows}) == len(rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_table_repeats_another(language):
    said = {
        (name, tuple(folded_words(meaning)))
        for name, meanings in written_names(language)
        for meaning in meanings
    }
    taxonomy = read_names(language, "en").taxonomy
    for name, meaning in list(said)[::25]:
        again = taxonomy.find(name.split(), exactly=True)
        assert meaning not in {tuple(folded_words(one)) for one in again}


def test_plain_names_are_taken_from_the_taxonomy(tmp_path):
    lines = {
        "categories": ("ap", ": {} > {}", [("Sports", "Fishing Rods", "Sport", "Angelruten"), ("Sports", "Bags & Boxes", "Sport", "Taschen & Boxen")]),
        "attribute_values": ("v", ": {1} [{0}]", [("Size", "12 cm", "Größe", "12 cm"), ("Sleeve", "Sleeveless", "Ärmel", "Ohne Ärmel"), ("Feature", "Swim-up bar", "Merkmal", "Poolbar")]),
        "attributes": ("a", ": {1}", [("", "Rod power", "", "Rutenstärke")]),
    }  # fmt: skip
    for language, first in (("en", 0), ("de", 2)):
        for name, (kind, form, rows) in lines.items():
            text = "".join(
                f"gid://shopify/{kind}/{n} {form.format(*row[first:])}\n"
                for n, row in enumerate(rows)
            )
            folder = tmp_path / language
            folder.mkdir(exist_ok=True)
            folder.joinpath(f"{name}.txt").write_text(f"# {name}\n\n{text}", "utf-8")
    found = set(plain_pairs(tmp_path, read_lexicon("de")))
    assert found == {
        ("fishing rods", "angelruten"),
        ("swim-up bar", "poolbar"),
        ("rod power", "rutenstärke"),
    }


@pytest.mark.parametrize(
    ("message", "values", "expected"),
    [
        ("a pram for twins", ["Stroller"], "a stroller for twins"),
        ("mugs that can go in the dishwasher", ["Dishwasher safe"], "mugs that dishwasher safe"),
        ("flowers that are good for bees", ["Bee friendly"], "flowers that are bee friendly"),
        ("a pram for twins", ["Pram", "Stroller"], "a pram for twins"),
        ("a pram for twins", ["Desk"], "a pram for twins"),
    ],
)
def test_an_english_shop_is_asked_under_other_names(message, values, expected):
    assert english(message, "en", *values) == expected


def test_a_german_shop_is_asked_in_german_under_other_names():
    told = english("Stauden, gut für Bienen", "de", "Staude", "bienenfreundlich", own="de")
    assert told == "staude, bienenfreundlich"  # and in the form that the shop uses


def test_a_word_that_records_use_is_renamed_only_together_with_others():
    known = CatalogueWords(
        frozenset({"pram", "good", "for", "bees", "stroller", "bee", "friendly"}),
        frozenset({("stroller",), ("bee", "friendly")}),
    )
    told = translate("a pram good for bees", "en", known, own="en")
    assert told.text == "a pram bee friendly"
    assert told.own_words("bee friendly") == "good for bees"
    assert told.own_words("pram") == "pram"


def test_a_field_is_asked_for_under_other_names():
    known = CatalogueWords(frozenset({"years"}), frozenset(), fields=frozenset({("guarantee",)}))
    told = translate("two years of warranty", "en", known, own="en")
    assert told.text == "two years of guarantee"


def test_a_name_around_a_value_is_no_other_thing_that_records_only_mention():
    known = CatalogueWords(frozenset({"suitcase", "trolley", "sleeve"}), frozenset({("suitcase",)}))
    assert translate("wheeled suitcases", "en", known, own="en").text == "wheeled suitcases"


def test_a_value_that_begins_inside_an_entry_and_ends_behind_it_is_taken():
    told = english("je veux une montre de sport", "fr", "Wristwatch", "Sports watch")
    assert told.endswith("sports watch")
