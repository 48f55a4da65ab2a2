"""The language model puts the same candidates in another order, and nothing else."""

import pytest

from assistant.model.prompt import load_prompt
from assistant.recommending.rerank import rerank
from retrieval.errors import LanguageModelError, SettingsError
from retrieval.items import Candidate
from tests.builders import ITEMS
from tests.fakes import ScriptedModel

SCARF, LIGHT, ALPINE = ITEMS[:3]


def test_rerank_follows_the_model_and_keeps_the_same_candidates():
    model = ScriptedModel()
    before = [Candidate(SCARF, 0.9), Candidate(LIGHT, 0.2), Candidate(ALPINE, 0.8)]
    after = rerank("brushed red cashmere", before, model)
    assert after[0].item == ALPINE
    assert sorted(c.item.id for c in after) == ["s1", "s2", "s3"]
    assert "Alpine Scarf" in model.chats[2][-1].content


def test_rerank_does_not_depend_on_the_order_of_equals():
    pair = [Candidate(SCARF, 0.5), Candidate(ALPINE, 0.5)]
    first = rerank("red", pair, ScriptedModel())
    assert [c.item for c in first] == [c.item for c in rerank("red", pair[::-1], ScriptedModel())]


def test_rerank_lets_the_failure_of_the_model_be_known():
    with pytest.raises(LanguageModelError):
        rerank("red", [Candidate(SCARF, 1.0), Candidate(LIGHT, 0.9)], ScriptedModel(broken=True))


def test_one_candidate_needs_no_model():
    alone = [Candidate(SCARF, 1.0)]
    assert rerank("red", alone, ScriptedModel(broken=True)) == alone


def test_a_prompt_and_the_code_that_fills_it_are_held_together():
    with pytest.raises(SettingsError, match="rerank"):
        load_prompt("rerank", expects=frozenset({"request"}))
