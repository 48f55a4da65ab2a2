"""What a message names and the language model takes for refused becomes no filter."""

import pytest

from assistant.linking.check_polarity import refused
from retrieval.errors import LanguageModelError
from tests.builders import build, last
from tests.fakes import ScriptedModel

BARE = "a wool scarf for a bare neck"


def test_only_what_the_model_takes_for_refused_is_in_doubt():
    model = ScriptedModel(refused=["wool"])
    assert refused(BARE, ["wool", "red"], model) == ["wool"]
    assert refused(BARE, [], ScriptedModel(broken=True)) == []
    with pytest.raises(LanguageModelError):
        refused(BARE, ["wool"], ScriptedModel(broken=True))


def test_it_takes_a_filter_away_and_says_so(tmp_path):
    agent = build(tmp_path, ScriptedModel(refused=["wool"]))
    done = last(agent, BARE)
    assert not any(c.field == "material" for c in done.constraints)
    assert "not sure whether you want “wool”" in done.answer
    agent.memory.close()


def test_what_is_wanted_stays_a_filter(tmp_path):
    agent = build(tmp_path, ScriptedModel())
    done = last(agent, BARE)
    assert any(c.field == "material" and c.wants for c in done.constraints)
    agent.memory.close()


def test_the_model_is_not_asked_where_every_word_is_explained(tmp_path):
    model = ScriptedModel(refused=["wool"])
    agent = build(tmp_path, model)
    done = last(agent, "a wool scarf")
    assert any(c.field == "material" and c.wants for c in done.constraints)
    agent.memory.close()


@pytest.mark.models
@pytest.mark.parametrize(
    ("message", "named", "doubted"),
    [
        ("A mouse. Logitech has let me down twice and gets no third chance.", "Logitech", True),
        ("Handy, aber verschont mich mit Android", "Android", True),
        ("something in red for my mother", "red", False),
        ("a waterproof jacket, it rains all the time here", "waterproof", False),
    ],
)
def test_the_real_model_tells_a_refusal_from_a_wish(agent, message, named, doubted):
    assert bool(refused(message, [named], agent.model)) is doubted
