"""Settings: defaults, file, environment, arguments, in that order."""

import pytest

from assistant.settings import load_settings
from retrieval.errors import SettingsError


def test_arguments_win_over_environment_and_environment_over_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "magpie.toml").write_text('catalogue = "file"\nshown = 3\n')
    assert load_settings().catalogue == "file"
    monkeypatch.setenv("MAGPIE_CATALOGUE", "environment")
    assert load_settings().catalogue == "environment"
    assert load_settings(catalogue="argument").catalogue == "argument"
    assert load_settings(catalogue=None).shown == 3


def test_places_follow_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("MAGPIE_HOME", str(tmp_path))
    settings = load_settings()
    assert settings.indexes_folder == tmp_path / "indexes"
    assert settings.database == f"sqlite:///{tmp_path / 'conversations.sqlite'}"


@pytest.mark.parametrize(
    ("name", "value"),
    [("shown", "many"), ("shown", 0), ("speech_engine", "ears"), ("rerank", "maybe")],
)
def test_a_bad_value_is_named_with_its_place(name, value):
    with pytest.raises(SettingsError, match=f"'{name}': .*{value}"):
        load_settings(**{name: value})


def test_reordering_may_be_left_to_the_processor(monkeypatch):
    assert load_settings().rerank == "auto"
    monkeypatch.setenv("MAGPIE_RERANK", "false")
    assert load_settings().rerank is False


def test_an_unknown_key_in_the_file_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "magpie.toml").write_text("colour = 3\n")
    with pytest.raises(SettingsError, match="colour"):
        load_settings()
