"""Refusals and errors in the visitor's language: each class is said, with what it says itself."""

import ast
import re
from pathlib import Path

import pytest

import assistant
from assistant.page.markup.troubles import RefusedError, trouble_said
from assistant.page.markup.wording import page_languages, wording
from retrieval import errors
from retrieval.errors import CatalogueError, IndexMissingError, MagpieError, MessageError

LANGUAGES = sorted(page_languages())
REFUSALS = [one.partition(".")[2] for one in wording("en").messages if one.startswith("refusal.")]


def classes(kind):
    return [kind, *(one for below in kind.__subclasses__() for one in classes(below))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_error_is_said_in_each_language_with_its_detail(language):
    say = wording(language)
    common = [kind for kind in classes(MagpieError) if kind.__module__ == errors.__name__]
    assert len(common) > 5
    for kind in common:
        told = trouble_said(kind("row 7: no id"), say)
        assert told.endswith("row 7: no id")
        assert (told == "row 7: no id") is (language == "en")


def test_an_error_without_a_message_of_its_own_is_said_as_what_it_is_a_kind_of():
    say = wording("de")
    assert trouble_said(IndexMissingError("x"), say).startswith("Der eingelesene Katalog")
    assert trouble_said(CatalogueError("/up/1.csv: x"), say, "“1.csv”: x").endswith("“1.csv”: x")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", REFUSALS)
def test_each_refusal_is_said_in_each_language_and_in_english_by_itself(key, language):
    refused = RefusedError(key, name="shop", place="9")
    assert isinstance(refused, MessageError)
    assert str(refused) == trouble_said(refused, wording("en"))
    told = trouble_said(refused, wording(language))
    assert (told == str(refused)) is (language == "en")


def test_the_page_refuses_only_what_it_has_a_message_for():
    """A key that is misspelt would fail when somebody is refused."""
    named = set()
    for file in Path(assistant.__file__).parent.rglob("*.py"):
        named |= set(re.findall(r"RefusedError\(\s*\"(\w+)\"", file.read_text("utf-8")))
    assert named == set(REFUSALS)


def test_no_english_is_raised_by_the_page_itself():
    """What is refused in its folders has a key; who starts it with a wrong port reads English."""
    for file in (Path(assistant.__file__).parent / "page").rglob("*.py"):
        for one in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(one, ast.Raise) and isinstance(one.exc, ast.Call):
                assert getattr(one.exc.func, "id", "") != "MessageError", file
