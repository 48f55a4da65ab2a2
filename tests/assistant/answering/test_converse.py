"""Free talk of the model: shown sentence by sentence, and nothing of the catalogue gets into it."""

import pytest

from assistant.answering.converse import Unsayable, talk_freely
from retrieval.errors import LanguageModelError
from tests.builders import SHOP, system_of
from tests.fakes import ScriptedModel

UNSAYABLE = Unsayable(SHOP)


def shown(reply, language="en", message="how are you?"):
    return list(talk_freely(message, language, ScriptedModel(reply), UNSAYABLE))


@pytest.mark.parametrize(
    ("reply", "language", "sentences"),
    [
        ("I am well, thank you. It is late. What do you need?", "en", ["I am well, thank you.", "It is late."]),
        ("I am well, thank you. What do you need?", "en", ["I am well, thank you."]),  # it asks nothing
        ("One. Two. Three.", "en", ["One.", "Two."]),  # two at most
        ("I am well, thank you. And this one never", "en", ["I am well, thank you."]),
        ("never ends", "en", []),
        ("", "en", []),
        ("Mir geht es gut, danke. Was suchst du?", "de", ["Mir geht es gut, danke."]),
        ("我很好，谢谢。你在找什么？", "zh", ["我很好，谢谢。"]),
    ],
)  # fmt: skip
def test_whole_sentences_are_shown(reply, language, sentences):
    assert shown(reply, language) == sentences


@pytest.mark.parametrize(
    ("reply", "language"),
    [
        ("The Harbour Mug is lovely.", "en"),  # an item
        ("You will like NORDLYS.", "en"),  # a brand
        ("Take Hazel and Finch, or Hazel & Finch.", "en"),
        ("It costs about $40.", "en"), ("There are 12 of them.", "en"), ("大约四十元。", "zh"),  # figures
        ("Mir geht es gut, danke der Nachfrage.", "en"),  # another language
        ("I am well, thank you very much.", "de"),
        (" ".join(system_of("converse").split()[:14]) + ".", "en"),  # its instructions
    ],
)  # fmt: skip
def test_what_may_not_be_said_ends_the_reply(reply, language):
    assert shown(reply, language) == []
    greeting = {"en": "Hello to you.", "de": "Guten Tag und willkommen.", "zh": "你好。"}[language]
    assert shown(f"{greeting} {reply} {greeting}", language) == [greeting]


def test_a_failure_is_let_be_known():
    with pytest.raises(LanguageModelError):
        list(talk_freely("hi", "en", ScriptedModel(broken=True), UNSAYABLE))


def test_the_model_is_given_the_message_and_the_language_and_no_record():
    model = ScriptedModel("Well.")
    list(talk_freely("how are you? " * 99, "fr", model, UNSAYABLE))
    system, user = model.chats[0]
    assert "French" in user.content
    assert len(user.content) < 500
    for item in SHOP.items.values():
        assert item.title not in system.content + user.content
