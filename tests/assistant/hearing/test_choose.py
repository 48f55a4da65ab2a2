"""Of what may have been said, what the catalogue explains; numbers in pieces; names by sound."""

import pytest

from assistant.hearing.choose import choose_words
from assistant.hearing.expected import expected_speech
from assistant.hearing.sounding import sounds_like
from assistant.hearing.spoken_numbers import joined_numbers
from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.conversation import Conversation
from retrieval.items import Catalogue, Item
from retrieval.protocols import Hypothesis, Transcript
from tests.builders import DEMO_VALUES


def thing(id_, title, kind, price, brand):
    return Item(id_, title, price=price, currency="USD", brand=brand, attributes={"kind": kind})


SHOP = Vocabulary(
    Catalogue(
        "shop",
        {
            one.id: one
            for one in (
                thing("WF-C700N", "Small earphones", "earphones", 89.0, "Sony"),
                thing("KB-7002Q", "Small keyboard", "keyboard", 69.0, "Keychron"),
                thing("MX-3320", "Quiet mouse", "mouse", 59.0, "Logitech"),
                thing("PB-10", "Power bank", "power banks", 30.0, "Belkin"),
                thing("PB-20", "Power bank", "power banks", 40.0, "Anker"),
            )
        },
    )
)


def heard(*hypotheses, vocabulary=SHOP):
    several = tuple(
        Hypothesis(words, language, likelihood) for words, language, likelihood in hypotheses
    )
    transcript = Transcript(several[0].words, several[0].language, 2.0, "", several)
    return choose_words(transcript, Conversation(), vocabulary, "en")


def test_a_word_that_the_catalogue_has_goes_before_a_likelier_one():
    found = heard(("a calf under 40 dollars", "en", -3.0), ("a scarf under 40 dollars", "en", -5.0),
                  vocabulary=DEMO_VALUES)  # fmt: skip
    assert found.transcript.words == "a scarf under 40 dollars"
    assert (found.names, found.codes) == ((), ())  # it was heard so, nothing is mended


def test_what_is_far_less_likely_is_not_said_though_the_catalogue_has_it():
    found = heard(("thank you very much", "en", -1.0), ("a mug", "en", -12.0),
                  vocabulary=DEMO_VALUES)  # fmt: skip
    assert found.transcript.words == "thank you very much"


def test_the_language_in_which_a_message_makes_sense_is_the_language():
    found = heard(("I'm cold", "en", -3.7), ("ein Schal", "de", -5.0), vocabulary=DEMO_VALUES)
    assert (found.transcript.words, found.transcript.language) == ("ein Schal", "de")


def test_a_code_spelt_in_words_that_were_misheard_is_mended_and_told():
    found = heard(("I need the Whiskey Foxtrot Carly 700 November please.", "en", -8.0))
    assert found.transcript.words == "I need the WFC700N please."
    assert [one.code for one in found.codes] == ["WFC700N"]


def test_a_brand_is_known_by_its_sound():
    found = heard(("power banks, anything but melkin", "en", -4.0))
    assert found.transcript.words == "power banks, anything but Belkin"
    assert [(one.said, one.name) for one in found.names] == [("melkin", "Belkin")]


def test_where_other_words_are_not_understood_no_name_is_put_in():
    said = "I sleep with a dagger, do not move or I will set you on fire"
    assert heard((said, "en", -9.0)).transcript.words == said


@pytest.mark.parametrize(
    ("said", "language", "written"),
    [
        ("under 100 and 50 dollars", "en", "under 150 dollars"),
        ("between 100 and 10 and 220 dollars", "en", "between 110 and 220 dollars"),
        ("between 100 and 200 dollars", "en", "between 100 and 200 dollars"),
        ("1,000 and 50 euros", "en", "1050 euros"),
        ("600 and 5 euros", "en", "605 euros"),
        ("2 and 3", "en", "2 and 3"),
        ("150 and 20", "en", "150 and 20"),
        ("100.50 and 20", "en", "100.50 and 20"),
        ("unter 100 und 50 Euro", "de", "unter 150 Euro"),
        ("moins de 100 et 20 euros", "fr", "moins de 120 euros"),
        ("menos de 100 y 5 euros", "es", "menos de 105 euros"),
        ("100 and 50", "zh", "100 and 50"),
    ],
)
def test_a_number_in_pieces_is_one(said, language, written):
    assert joined_numbers(said, language) == written


def test_what_sounds_like_two_names_is_neither():
    assert sounds_like("a Rolle", ("Rolla", "Rollo"), ["rolle"]) == []
    assert [one.name for one in sounds_like("a Rolle", ("Rolla", "Kettle"), ["rolle"])] == ["Rolla"]


def test_what_is_expected_is_what_the_shop_sells_in_the_language():
    expected = expected_speech(DEMO_VALUES, "de", ())
    assert expected.likely == "de"
    assert set(expected.languages) == {"en", "de", "es", "fr", "zh"}
    assert {"scarf", "mug", "under 50 dollars"} <= set(expected.names["en"])
    assert any("schal" in name.casefold() for name in expected.names["de"])
    assert "unter 50 Dollar" in expected.names["de"]
    assert not any(name.startswith("mug-0") for name in expected.names["en"])  # no id that is said


def test_what_is_on_screen_is_expected_first():
    shown = (SHOP.catalogue.items["KB-7002Q"],)
    assert expected_speech(SHOP, "", shown).names["en"][:2] == ("Keychron", "KB-7002Q")
