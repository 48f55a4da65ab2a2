"""Wordings that leave the choice open, and what is then said of a taste, in every language."""

import pytest

from assistant.answering.answer_language import in_language, reason_in_language
from assistant.answering.messages import by_taste
from assistant.understanding.conversation import Conversation
from assistant.understanding.languages.lexicon import lexicons
from assistant.understanding.read import read_by_code
from assistant.understanding.translate import translate
from tests.builders import DEMO_VALUES

LANGUAGES = [one.language for one in lexicons()]


@pytest.mark.parametrize(
    "message",
    ["what would I like?", "recommend me something", "surprise me", "Hi, what would you recommend me?",
     "any suggestions?", "I don't know what I want", "show me something I'd like"],
)  # fmt: skip
def test_wordings_that_leave_it_open(message):
    reading = read_by_code(message, Conversation(), DEMO_VALUES)
    assert (reading.intent, reading.open, reading.phrase, reading.sure) == (
        "search",
        True,
        "",
        True,
    )


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
    said = translate(message, language, DEMO_VALUES.known, own="en")
    assert not said.gaps
    assert read_by_code(said.text, Conversation(), DEMO_VALUES).open


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_of_a_taste_is_said_in_every_language(language):
    for english in (
        by_taste(["Wool Mug"], remembers=True),
        by_taste([], remembers=True),
        by_taste([], remembers=False),
        "It ranks higher because you liked Wool Mug.",
    ):
        said = in_language(english, language)
        assert said != english
        assert not {"liked", "taste", "things"} & set(said.split())
    told = reason_in_language("because you liked Wool Mug", language)
    assert "Wool Mug" in told
    assert "liked" not in told
