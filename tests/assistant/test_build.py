"""What the settings leave open is decided when the parts are connected."""

import pytest

from assistant.models import reorders
from assistant.settings import load_settings
from tests.fakes import ScriptedModel


@pytest.mark.parametrize(
    ("rerank", "model", "expected"),
    [
        ("auto", ScriptedModel(quick=True), True),
        ("auto", ScriptedModel(quick=False), False),
        ("auto", None, True),
        (True, ScriptedModel(quick=False), True),
        (False, ScriptedModel(quick=True), False),
    ],
)
def test_a_slow_model_reorders_only_when_told_to(rerank, model, expected):
    said = []
    assert reorders(load_settings(rerank=rerank), model, said.append) is expected
    assert bool(said) is (rerank == "auto" and not expected)  # what is left out is said
