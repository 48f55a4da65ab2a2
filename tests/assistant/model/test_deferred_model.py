"""A language model that is opened by the first turn that needs it."""

import pytest

from assistant.model.deferred_model import DeferredModel
from assistant.model.protocol import Message
from retrieval.errors import LanguageModelError, ModelCorruptError
from tests.fakes import ScriptedModel

CHAT = [Message("user", "hello")]


def test_it_is_opened_when_it_is_needed_and_once():
    opened = []

    def opening():
        opened.append(1)
        return ScriptedModel("one", "two")

    late = DeferredModel("tiny NF4", opening, quick=True)
    late.close()  # nothing to close, so nothing is opened
    assert (late.name, late.quick, opened) == ("tiny NF4", True, [])
    assert "".join(late.stream(CHAT, max_tokens=9)) == "one"
    assert "".join(late.stream(CHAT, max_tokens=9)) == "two"
    assert opened == [1]


def test_one_that_cannot_be_opened_fails_the_turn_and_not_the_program():
    def opening():
        raise ModelCorruptError("weights are cut")

    late = DeferredModel("tiny NF4", opening, quick=False)
    with pytest.raises(LanguageModelError, match="tiny NF4 cannot be opened: weights are cut"):
        list(late.stream(CHAT, max_tokens=9))
    with pytest.raises(LanguageModelError):
        late.score([CHAT], ["yes", "no"])
