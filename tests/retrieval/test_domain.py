"""A domain is data: read, suggested by columns, refused where it says what means nothing."""

import re
from pathlib import Path

import pytest

from retrieval.domain import SHOP_DOMAIN
from retrieval.domains.reading import domain_of, read_domain, shipped_domains, suggested_domain
from retrieval.errors import CatalogueError

ROOT = Path(__file__).parents[2]


def test_the_shop_is_what_a_domain_is_by_default():
    assert shipped_domains()["shop"] == SHOP_DOMAIN
    assert set(shipped_domains()) >= {"shop", "people", "news"}


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"price", "brand", "colour"}, "shop"),
        ({"material", "colour"}, "shop"),
        ({"interests", "city", "languages"}, "people"),
        ({"Interessen".casefold(), "ort"}, "people"),
        ({"interests", "languages", "price"}, "shop"),  # a course that is sold
        ({"published", "byline", "section"}, "news"),
        ({"datum", "thema"}, "news"),
        ({"published", "pages"}, "shop"),  # a list of books
        (set(), "shop"),
    ],
)
def test_columns_suggest_a_domain(fields, name):
    assert suggested_domain(fields).name == name


def test_an_owner_says_the_domain_in_a_file_beside_the_catalogue(tmp_path):
    source = tmp_path / "club.csv"
    assert domain_of(source, {"interests", "place"}).name == "people"
    (tmp_path / "club.domain.toml").write_text('like = "people"\n[ties]\nworth = 0.2\n', "utf-8")
    own = domain_of(source, {"price"})
    assert (own.name, own.ties.worth) == ("club", 0.2)
    assert own.ties.shared == shipped_domains()["people"].ties.shared  # what it does not say


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('like = "zoo"', "zoo"),
        ("[recency]\nhalflife = 3", "recency.halflife"),
        ("[variety]\nfold = 'never'", "variety.fold"),
        ("= 3", "write it as TOML"),
    ],
)
def test_what_means_nothing_is_refused_with_its_place(tmp_path, text, problem):
    place = tmp_path / "x.domain.toml"
    place.write_text(text, "utf-8")
    with pytest.raises(CatalogueError, match=re.escape(problem)) as caught:
        read_domain(place)
    assert str(place) in str(caught.value)


def test_no_code_asks_which_domain_it_is():
    names = "|".join(set(shipped_domains()) - {"shop"})
    for folder in ("retrieval", "assistant"):
        for path in (ROOT / folder).rglob("*.py"):
            code = path.read_text("utf-8")
            assert not re.search(
                rf"domain(?:\.name)?\s*(?:==|in|is)\s*[\[({{]?[\"'](?:{names})", code
            ), path
            assert not re.search(r"domain\.name\s*(?:==|!=|in)", code), path


def test_messages_of_a_domain_stand_for_messages_that_there_are():
    import tomllib

    for domain in shipped_domains().values():
        for language, groups in domain.messages.items():
            place = ROOT / "assistant" / "answering" / "languages" / f"{language}.toml"
            common = tomllib.loads(place.read_text("utf-8"))
            for group, messages in groups.items():
                for name, message in messages.items():
                    assert name in common[group], (domain.name, language, group, name)
                    assert places(message) <= places(common[group][name]), (domain.name, name)


def places(message):
    forms = message.values() if isinstance(message, dict) else [message]
    texts = [t for form in forms for t in (form if isinstance(form, list) else [form])]
    return {place for text in texts for place in re.findall(r"\{(\w+)\}", text)}
