"""How far a limit is to move, as people write it."""

import pytest

from assistant.understanding.tokens.amounts import read_amounts
from assistant.understanding.tokens.cues import read_sentence
from assistant.understanding.tokens.steps import read_steps


def steps(message):
    sentence = read_sentence(message)
    return read_steps(sentence, read_amounts(sentence, (), (), ()))


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("a bit more is fine", ("more", 0.2, True, True)),
        ("a bit less is fine", ("less", 0.2, True, True)),
        ("slightly more is ok", ("more", 0.2, True, True)),
        ("20 dollars more is ok", ("more", 20.0, False, True)),
        ("raise my budget by 20", ("more", 20.0, False, False)),
        ("up to 10 more", ("more", 10.0, False, False)),
        ("$20 more", ("more", 20.0, False, False)),
        ("what about 15% more?", ("more", 0.15, True, False)),
        ("10 % less", ("less", 0.1, True, False)),
        ("a little bigger budget", ("more", 0.2, True, False)),
        ("I can spend 20 more", ("more", 20.0, False, False)),
        ("I can go a bit higher", ("more", 0.2, True, False)),
        ("cut my budget by ten dollars", ("less", 10.0, False, False)),
        ("lower my budget", ("less", 0.2, True, False)),
        ("tighter budget please", ("less", 0.2, True, False)),
        ("double my budget", ("more", 1.0, True, False)),
        ("half the budget", ("less", 0.5, True, False)),
        ("a much bigger budget", ("more", 0.5, True, False)),
    ],
)
def test_a_step_is_read(message, expected):
    (step,) = steps(message)
    assert (step.way, step.by, step.share, step.permits) == expected
    assert message[slice(*step.span)].strip() == step.said


@pytest.mark.parametrize(
    "message",
    ["show me 10 more", "10 more options", "more like 2", "raise my budget to 60", "more scarves",
     "no more than 20", "one more", "less like 4", "cheaper", "20 dollars less than 50", ""],
)  # fmt: skip
def test_what_moves_no_limit_is_no_step(message):
    assert steps(message) == []
