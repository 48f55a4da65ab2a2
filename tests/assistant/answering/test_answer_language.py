"""The answer's own words in every language, and a record's words as they are."""

import re
import tomllib
from importlib.resources import files

import pytest

from assistant.answering import messages
from assistant.answering.answer_language import (
    in_language,
    quoted,
    reason_in_language,
)
from assistant.answering.currencies import read_in_currency, sorted_apart
from assistant.answering.lead_text import code_not_found
from assistant.answering.openings import opening
from assistant.understanding.languages.lexicon import lexicons
from assistant.understanding.money import MoneyDoubt
from retrieval.items import Constraint
from tests.builders import ITEMS, SHOP

PLACE = re.compile(r"\{(\w+)\}")  # of a sentence: {name}
LANGUAGES = tuple(one.language for one in lexicons())


def test_every_language_that_is_read_is_answered_in():
    folder = files("assistant.answering").joinpath("languages")
    assert sorted(one.name for one in folder.iterdir()) == [f"{name}.toml" for name in LANGUAGES]


def test_every_language_says_every_sentence_with_the_same_places():
    tables = {
        name: tomllib.loads(
            files("assistant.answering").joinpath("languages", f"{name}.toml").read_text()
        )
        for name in LANGUAGES
    }
    first = tables[LANGUAGES[0]]
    for table in tables.values():
        assert {name: set(rows) for name, rows in table.items()} == {
            name: set(rows) for name, rows in first.items()
        }
        for rows in table.values():
            assert all(
                set(PLACE.findall(english)) == set(PLACE.findall(said))
                for english, said in rows.items()
            )


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("2 items fit: scarf, at most $40, not red or blue.", "2 Artikel passen: scarf, höchstens $40, nicht red oder blue."),
        ("Hello. What shall I look for?", "Hallo. Was soll ich suchen?"),
        ("No record in this catalogue mentions “Zelt”. The nearest I have:", "Kein Eintrag in diesem Katalog erwähnt „Zelt“. Am nächsten kommt:"),
        ("A sentence of nobody's.", "A sentence of nobody's."),
        ("", ""),
    ],
)  # fmt: skip
def test_sentences_are_said_in_the_language_and_records_in_their_own_words(english, german):
    assert in_language(english, "de") == german
    assert in_language(english, "en") == english


MOST, LEAST = Constraint("price", "<=", 40.0), Constraint("price", ">=", 60.0)
PLAIN = (
    opening(2, [MOST], "USD", listed=True),
    opening(1, [MOST, Constraint("stock", ">=", 1.0)], "USD", listed=True),
    messages.nothing_fits(MOST, ITEMS[2:4], 2, "USD"),
    messages.nothing_fits(MOST, ITEMS[2:3], 1, "USD"),
    messages.nothing_fits(None, (), 0, "USD"),
    messages.not_carried("Zelt", (), mentioned=False),
    messages.not_carried("Zelt", (), mentioned=True),
    messages.not_carried("Zelt", ("bag", "blanket"), mentioned=False),
    messages.contradicts(LEAST, MOST, "USD"),
    messages.compare(ITEMS[:2]),
    messages.compare(ITEMS[3:5]),
    messages.help_text(SHOP),
    messages.smalltalk("thanks"),
    messages.smalltalk("bye"),
    messages.smalltalk("hello"),
    messages.out_of_scope(SHOP),
    messages.nothing_to_compare(()),
    messages.nothing_to_compare(ITEMS[:1]),
    messages.other_currency("40 Euro", "USD"),
    code_not_found(["99999"], nearest=True),
    read_in_currency([MoneyDoubt("under 50", "")], {"EUR": 40, "USD": 12}),
    read_in_currency([MoneyDoubt("$50", "USD")], {"USD": 40, "CAD": 12}),
    sorted_apart({"EUR": 40, "USD": 12}),
    messages.noted("like", ITEMS[:1], remembers=True),
    messages.noted("dislike", ITEMS[:1], remembers=True),
    messages.noted("like", ITEMS[:1], remembers=False),
    messages.noted("like", (), remembers=True),
    messages.left_out(["Alpine Scarf"]),
    quoted("is it warm?", ITEMS[0]),
)


@pytest.mark.parametrize("name", LANGUAGES)
@pytest.mark.parametrize("english", PLAIN)
def test_no_plain_sentence_stays_english(english, name):
    said = in_language(english, name)
    assert said != english
    left = {"the", "you", "of", "that", "there", "which", "costs", "against", "would", "say"}
    outside = re.sub(r"[“„«].*?[”“»]", "", said).lower()
    assert not left & set(re.findall(r"[a-z]+", outside)), said


def test_reasons_are_worded_in_the_language():
    assert reason_in_language("$32 is under your $40", "fr") == "$32 est sous vos $40"
    assert reason_in_language("colour: navy blue", "zh") == "colour: navy blue"
