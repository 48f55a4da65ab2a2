"""What the page says itself: every message in every language, with the same places, harmless."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from babel import Locale

from assistant.page.markup.wording import page_languages, wording
from assistant.page.visitor import filled

LANGUAGES = sorted(page_languages())
OTHERS = [one for one in LANGUAGES if one != "en"]


def forms(message):
    return {"other": message} if isinstance(message, str) else dict(message)


def places(text):
    return set(re.findall(r"\{(\w+)\}", text))


def test_the_page_speaks_five_languages():
    assert page_languages() == {
        "de": "Deutsch", "en": "English", "es": "Español", "fr": "Français", "zh": "中文"
    }  # fmt: skip


@pytest.mark.parametrize("language", OTHERS)
def test_no_message_is_missing_or_too_many_and_their_places_are_the_same(language):
    own, english = wording(language).messages, wording("en").messages
    assert list(own) == list(english)
    for key, message in english.items():
        told = forms(own[key])
        for text in told.values():
            assert places(text) | {"count"} == places(forms(message)["other"]) | {"count"}, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_counted_message_has_the_plural_forms_of_its_language(language):
    needed = set(Locale.parse(language).plural_form.tags) | {"other"}
    for key, message in wording(language).messages.items():
        if not isinstance(message, str):  # a million ("many" in French) is said as "other"
            assert needed - {"many"} == set(message), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_may_stand_in_a_page_a_script_and_a_string(language):
    for key, message in wording(language).messages.items():
        for text in forms(message).values():
            assert not re.search(r"[<>&\"\\\n`]|\$\{", text), key
            assert "'" not in text, f"{key}: a typographic apostrophe"


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_was_left_in_english(language):
    own, english = wording(language).messages, wording("en").messages
    same = {key for key, message in english.items() if own[key] == message}
    assert same <= ALIKE[language], same - ALIKE[language]


ALIKE = {
    "de": {"memory.said"},
    "es": set(),
    "fr": {
        "top.talks",
        "talks.title",
        "box.message",
        "box.conversation",
        "top.catalogue",
        "catalogue.title",
    },
    "zh": set(),
}


def test_counts_and_times_are_said_as_the_language_says_them():
    now = datetime.now(UTC)
    assert wording("de")("memory.more", titles="Schal", count=1) == "Schal und ein weiterer"
    assert wording("fr")("waiting.queue", count=0).endswith("0 demande avant toi")  # none is one
    assert wording("en")("waiting.queue", count=1200).endswith("1,200 before you")
    assert wording("de").ago(now - timedelta(minutes=5)) == "vor 5 Minuten"
    assert wording("zh").ago(now - timedelta(hours=2)) == "2小时前"
    assert wording("es").ago(now) == "ahora mismo"
    assert wording("fr").ago(datetime(2026, 3, 9, 12, tzinfo=UTC)) == "9 mars 2026"
    assert wording("tlh")("top.talks") == "Conversations"  # not spoken here


def test_what_fills_a_place_of_the_page_stays_text():
    page = b'<html lang="en"><script>config = {"a": "[[started.0]]", "b": "[[none]]"}</script>'
    told = filled(page, {"started.0": 'Mugs "</script>" [[x]]', "x": "no"}, "de").decode()
    assert told.startswith('<html lang="de">')
    assert r'"a": "Mugs \"\u003c/script>\" [[x]]", "b": "[[none]]"' in told
