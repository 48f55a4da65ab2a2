"""Wordings that leave the choice open, and what is then said of a taste, in every language."""

import pytest

from assistant.answering.lead_text import lead_text
from assistant.answering.render import render
from assistant.answering.write import item_sentences, reason_text
from assistant.recommending.facts import Fact
from assistant.recommending.leads import ByTaste
from assistant.understanding.conversation import Conversation
from assistant.understanding.languages.lexicon import lexicons
from assistant.understanding.read import read_by_code
from assistant.understanding.translate import translate
from retrieval.field_profile import CatalogueProfile
from tests.builders import DEMO_VALUES, ITEMS

LANGUAGES = [one.language for one in lexicons()]


@pytest.mark.parametrize(
    "message",
    ["what would I like?", "recommend me something", "surprise me", "Hi, what would you recommend me?",
     "any suggestions?", "I don't know what I want", "show me something I'd like"],
)  # fmt: skip
def test_wordings_that_leave_it_open(message):
    reading = read_by_code(message, Conversation(), DEMO_VALUES)
    assert (reading.intent, reading.open, reading.phrase) == ("search", True, "")


@pytest.mark.parametrize(
    "message",
    ["can you recommend a scarf?", "which one would you recommend?", "surprise me with a mug",
     "what do you like about the second one?", "I would like a lamp", "recommend something warm"],
)  # fmt: skip
def test_wordings_that_ask_for_something(message):
    assert not read_by_code(message, Conversation(), DEMO_VALUES).open


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("de", "Was würdest du mir empfehlen?"),
        ("de", "Überrasche mich"),
        ("fr", "Que me conseillez-vous ?"),
        ("fr", "Qu’est-ce qui me plairait ?"),
        ("es", "¿Qué me recomiendas?"),
        ("es", "Sorpréndeme"),
        ("zh", "你有什么推荐？"),
        ("zh", "我会喜欢什么？"),
    ],
)
def test_other_languages_leave_it_open_too(language, message):
    said = translate(message, language, DEMO_VALUES.words, own="en")
    assert not said.gaps
    assert read_by_code(said.text, Conversation(), DEMO_VALUES).open


@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "en"])
def test_what_is_said_of_a_taste_is_said_in_every_language(language):
    liked = Fact("liked", "likes", {"title": "Wool Mug"})
    for said in (
        lead_text(ByTaste(("Wool Mug",), remembers=True), "USD"),
        lead_text(ByTaste((), remembers=True), "USD"),
        lead_text(ByTaste((), remembers=False), "USD"),
        item_sentences(ITEMS[0], (liked,), CatalogueProfile()),
        [reason_text(liked, CatalogueProfile())],
    ):
        told = list(said)
        text, english = render(told, language), render(told, "en")
        assert text != english
        assert not {"liked", "taste", "things", "because"} & set(text.split())


def test_the_likes_that_counted_are_named():
    titles = tuple(f"Mug {n}" for n in range(1, 6))
    said = render(lead_text(ByTaste(titles, remembers=True), "USD"), "en")
    assert said == "Chosen by what you liked: Mug 1, Mug 2, Mug 3 and 2 more."
