"""Instructions that are read while the user types."""

import threading
import time

from assistant.model.prompt import instructions, load_prompt
from assistant.model.warm_up import AHEAD, reading_ahead
from tests.fakes import ScriptedModel


def test_instructions_are_what_a_filled_prompt_begins_with():
    filled = load_prompt("link", expects=frozenset({"message", "words", "labels"})).fill(
        message="a mug for my wife", words="wife", labels="A gender: women"
    )
    assert instructions("link")[0] == filled[0]


def test_the_instructions_of_a_first_answer_are_read():
    model = ScriptedModel()
    with reading_ahead(model):
        deadline = time.monotonic() + 30
        while len(model.prepared) < 2 * len(AHEAD) and time.monotonic() < deadline:
            time.sleep(0.01)
    assert model.closed
    assert model.prepared == [message for name in AHEAD for message in instructions(name)]


def test_a_broken_model_and_no_model_disturb_nobody():
    for model in (ScriptedModel(broken=True), None):
        with reading_ahead(model):
            pass
    assert "reading ahead" not in [thread.name for thread in threading.enumerate()]


def test_it_ends_at_the_next_piece():
    class Endless(ScriptedModel):
        pieces = 0

        def prepare(self, beginnings):
            while True:
                self.pieces += 1
                time.sleep(0.001)
                yield

    model = Endless()
    with reading_ahead(model):
        pass
    at_the_end = model.pieces
    time.sleep(0.05)
    assert model.pieces == at_the_end
