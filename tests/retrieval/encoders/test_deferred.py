"""What is opened late: once, by whoever needs it first, and again after an error."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest

from retrieval.encoders.deferred import Deferred, DeferredTranscriber
from retrieval.errors import ModelMissingError
from retrieval.protocols import Transcript


def test_it_is_opened_once_however_many_need_it():
    opened = []

    def opening():
        sleep(0.05)
        opened.append(1)
        return object()

    late = Deferred(opening)
    assert not late.is_open
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda _: late.get(), range(8)))
    assert (len(opened), len(set(map(id, got))), late.is_open) == (1, 1, True)


def test_an_error_is_told_and_the_next_one_tries_again():
    answers = [ModelMissingError("not here"), "here"]

    def opening():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    late = Deferred(opening)
    with pytest.raises(ModelMissingError):
        late.get()
    assert late.get() == "here"


def test_a_transcriber_has_its_name_before_it_is_opened():
    class Heard:
        name = "engine tiny"

        def transcribe(self, recording, expected=None):
            return Transcript(f"heard {recording}", "en", 1.0)

    opened = []
    late = DeferredTranscriber("engine tiny", lambda: opened.append(1) or Heard())
    assert (late.name, opened) == ("engine tiny", [])
    assert late.transcribe("a").words == "heard a"
    assert late.transcribe("b").words == "heard b"
    assert opened == [1]
