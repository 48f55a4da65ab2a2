"""What the settings leave open is decided when the parts are connected."""

import pytest

from assistant import build
from assistant.models import reorders
from assistant.settings import load_settings
from retrieval.embed import Encoders
from tests.builders import png
from tests.fakes import ColourPictureEncoder, HashedTextEncoder, ScriptedModel


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


def test_the_demo_of_an_earlier_installation_is_found_where_it_is_now(tmp_path, monkeypatch):
    """The index keeps the pictures' places: when the old ones are gone, it is brought up to date."""
    encoders = Encoders(HashedTextEncoder(64), ColourPictureEncoder())
    settings = load_settings(home=tmp_path / "home", catalogue="demo")

    def opened(root):
        shop = root / "demo" / "catalogue.csv"
        monkeypatch.setattr(build, "catalogue_path", lambda name="demo": shop)
        monkeypatch.setattr(build, "demo_files", lambda name="demo": [shop])
        index = build.open_catalogue(settings, encoders, lambda step: None)
        items = index.catalogue.items
        index.close()
        return items["m1"].pictures[0]

    old, new = tmp_path / "old", tmp_path / "new"
    (old / "demo").mkdir(parents=True)
    (old / "demo" / "mug.png").write_bytes(png("teal", (32, 32)))
    (old / "demo" / "catalogue.csv").write_text("id,title,pictures\nm1,Enamel mug,mug.png\n")
    assert opened(old).is_relative_to(old)
    new.mkdir()
    (old / "demo").rename(new / "demo")
    found = opened(new)
    assert found.is_relative_to(new)
    assert found.exists()


def test_an_index_of_the_users_own_that_is_called_demo_stays(tmp_path):
    encoders = Encoders(HashedTextEncoder(64), ColourPictureEncoder())
    settings = load_settings(home=tmp_path / "home", catalogue="demo")
    own = tmp_path / "mine.csv"
    own.write_text("id,title\nx,My own thing\n")
    build.index_source(own, settings, encoders, lambda step: None)
    own.unlink()
    index = build.open_catalogue(settings, encoders, lambda step: None)
    assert list(index.catalogue.items) == ["x"]
    index.close()
