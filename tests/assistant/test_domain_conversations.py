"""Sixty conversations over people and news, with the real models: no limit broken, nothing private."""

import pytest

from assistant.evaluation.outcome import Outcome
from assistant.evaluation.privacy import read_secrets
from assistant.settings import load_settings
from benchmarks.domain_conversations import play_domain
from demo import catalogue_path
from retrieval.domains.reading import shipped_domains

SECRETS = read_secrets(catalogue_path("people"), shipped_domains()["people"])


def test_the_secrets_are_those_of_the_file():
    assert "xenia-medlar" in SECRETS.refused
    assert "malmö" in SECRETS.private["freya-yarrow"]


def test_a_leak_is_seen():
    shown = Outcome(shown=("xenia-medlar",), reasons={"freya-yarrow": ("place: Malmö",)})
    assert len(list(SECRETS.leaks(shown))) == 2
    assert not list(SECRETS.leaks(Outcome(shown=("freya-yarrow",))))


@pytest.mark.models
@pytest.mark.media
@pytest.mark.parametrize("name", ["people", "news"])
def test_every_conversation_is_right(name, home, tmp_path):
    (tmp_path / "models").symlink_to(home / "models")
    settings = load_settings(home=tmp_path, catalogue=name, language_model="none", remember=False)
    right, turns, broken, leaked, wrong = play_domain(name, settings)
    assert (broken, leaked) == (0, 0), wrong
    assert right == turns >= 36, wrong
