"""What has failed several times is left alone for a while: with a clock that the test turns."""

import pytest

from assistant.model.served.circuit import Circuit
from retrieval.errors import LanguageModelError, StoppedError


class Line:
    """A circuit to something that fails on wish, with its own time."""

    def __init__(self):
        self.now, self.asked = 0.0, 0
        self.circuit = Circuit("it", failures=2, rest=10.0, clock=lambda: self.now)

    def call(self, error=None):
        with self.circuit.call():
            self.asked += 1
            if error:
                raise error

    def fail(self):
        with pytest.raises(LanguageModelError):
            self.call(LanguageModelError("no"))


def test_two_failures_in_a_row_stop_further_calls_for_ten_seconds():
    line = Line()
    line.fail()
    line.fail()
    line.now = 4.0
    with pytest.raises(LanguageModelError, match=r"it has failed 2 times .* again in 6 s"):
        line.call()
    assert line.asked == 2
    line.now = 10.0
    line.call()
    line.call()
    assert line.asked == 4


def test_after_the_rest_one_call_tries_and_its_failure_begins_another_rest():
    line = Line()
    line.fail()
    line.fail()
    line.now = 10.0
    line.fail()
    line.now = 19.0
    with pytest.raises(LanguageModelError, match="again in 1 s"):
        line.call()
    assert line.asked == 3


def test_a_success_forgets_failures_and_a_stop_is_none():
    line = Line()
    line.fail()
    line.call()
    line.fail()
    with pytest.raises(StoppedError):
        line.call(StoppedError("stopped"))
    line.call()
    assert line.asked == 5
