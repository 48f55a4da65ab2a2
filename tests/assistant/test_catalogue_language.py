"""The language of a catalogue: by majority, shown, and as its owner says."""

import pytest

from assistant.commands.json_output import catalogue_profile_json
from assistant.turn.catalogue_language import catalogue_language
from retrieval.errors import CatalogueError
from retrieval.field_profile import CatalogueProfile
from retrieval.index.profile_file import build_profile, read_profile, write_profile
from retrieval.items import Catalogue, Item
from tests.builders import SHOP, build, last

ENGLISH = "A warm scarf made of wool, for cold days and long walks."
OTHERS = {
    "de": "Ein warmer Schal aus Wolle, für kalte Tage und lange Spaziergänge.",
    "fr": "Une écharpe chaude en laine, pour les jours froids.",
    "es": "Una bufanda de lana para los días fríos.",
    "zh": "一条温暖的羊毛围巾，适合寒冷的日子。",
}


def shop(*texts, language=""):
    items = {str(n): Item(str(n), f"#{n}", text) for n, text in enumerate(texts)}
    return Catalogue("shop", items, CatalogueProfile(language=language))


@pytest.mark.parametrize(("language", "foreign"), OTHERS.items())
def test_the_majority_decides_wherever_the_others_stand(language, foreign):
    assert catalogue_language(shop(foreign, *[ENGLISH] * 319)) == "en"
    assert catalogue_language(shop(*[ENGLISH, ENGLISH, foreign] * 30)) == "en"
    assert catalogue_language(shop(ENGLISH, *[foreign] * 40)) == language
    assert catalogue_language(shop(*[foreign] * 3, *["…"] * 100)) == language
    assert catalogue_language(shop()) == "en"
    assert catalogue_language(shop(*OTHERS.values())) == "en"  # none has more than half


def test_its_owner_may_say_it(tmp_path):
    source = tmp_path / "shop.csv"
    (tmp_path / "shop.profile.toml").write_text('catalogue_language = "de"\n')
    profile = build_profile(shop(ENGLISH), source)
    assert profile.language == "de"
    write_profile(tmp_path, profile)
    assert read_profile(tmp_path).language == "de"
    assert catalogue_language(shop(ENGLISH, language="de")) == "de"
    assert catalogue_language(shop(ENGLISH, language="xx")) == "en"
    (tmp_path / "shop.profile.toml").write_text('catalogue_language = "German"\n')
    with pytest.raises(CatalogueError, match=r"catalogue_language is two letters, .* not 'German'"):
        build_profile(shop(ENGLISH), source)


def test_it_is_shown():
    assert catalogue_profile_json(SHOP.profile, {}, "fr")["language"] == "fr"


def test_one_foreign_description_changes_no_answer(tmp_path):
    foreign = Item("z1", "Silk scarf", OTHERS["zh"], "Scarves", 30.0, "USD")
    agent = build(tmp_path, items=(foreign, *SHOP.items.values()))
    assert last(agent, "a scarf under 40 dollars").language == "en"
    agent.memory.close()
