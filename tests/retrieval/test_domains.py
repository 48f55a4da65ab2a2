"""What a domain asks of records and rankings: consent, links, age, folded stories, topics."""

import math
from dataclasses import replace

import numpy as np
import pytest

from retrieval.domain import Domain, Recency, Ties, Variety
from retrieval.domain_ranking import by_topics, folded, with_recency, with_ties
from retrieval.domains.admission import Admission
from retrieval.domains.consent import admit, without_protected, without_values
from retrieval.domains.links import read_links
from retrieval.domains.periods import without_period
from retrieval.domains.reading import shipped_domains
from retrieval.errors import CatalogueError
from retrieval.fusion.calibration import calibrated, divergence, topic_shares
from retrieval.items import Candidate, Catalogue, Item
from retrieval.recommendation.graph import LinkGraph
from retrieval.search import diverse
from tests.builders import ENCODERS, index_of

PEOPLE = shipped_domains()["people"]


def person(**attributes):
    return Item(
        "p1", "Ada Quill", "I climb. I live in Lisbon. Ask me of maps.", attributes=attributes
    )


# ---- consent ------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["no", "No", "nein", "0"])
def test_who_does_not_want_to_be_found_is_no_item(answer):
    assert admit(person(listed=answer), PEOPLE) is None


def test_what_is_private_or_protected_is_taken_out():
    raw = person(
        listed="yes", place="Lisbon", interests="climbing", religion="none", private="place"
    )
    admitted = admit(raw, PEOPLE)
    assert admitted.item.attributes == {"interests": "climbing"}
    assert admitted.item.description == "I climb. Ask me of maps."
    assert "Lisbon" in admitted.withheld
    assert admitted.linked


def test_links_can_be_private_and_so_can_a_picture():
    raw = replace(person(private="friends, pictures"), pictures=(b"x",))
    admitted = admit(raw, PEOPLE)
    assert not admitted.linked
    assert admitted.item.pictures == ()


def test_a_spoken_sentence_that_says_what_is_private_is_left_out():
    assert (
        without_values("I am Ada. I live in LISBON, near the river. I climb.", ["Lisbon"])
        == "I am Ada. I climb."
    )
    assert without_values("Lisbonne is far.", ["Lisbon"]) == "Lisbonne is far."


@pytest.mark.parametrize(
    ("message", "left", "said"),
    [
        ("women who climb", "who climb", ("women",)),
        ("someone who likes women's football", "someone who likes women's football", ()),
        ("a Catholic man in Porto", "a in Porto", ("catholic", "man")),
        ("eine Frau, die klettert", "eine , die klettert", ("frau",)),
        ("找一个爬山的女性", "找一个爬山的", ("女性",)),
        ("Romanian music", "Romanian music", ()),
    ],
)
def test_words_by_which_nobody_is_chosen_are_left_out(message, left, said):
    assert without_protected(message, PEOPLE) == (left, said)


def test_in_a_shop_the_same_words_stay():
    assert without_protected("boots for women", shipped_domains()["shop"]) == (
        "boots for women",
        (),
    )


def test_a_reader_that_breaks_is_heard_out(tmp_path):
    def reader():
        yield "a problem"
        raise CatalogueError("broken")

    found = Admission().admitted(tmp_path / "x.csv", reader())
    assert next(found) == "a problem"
    with pytest.raises(CatalogueError, match="broken"):
        next(found)


# ---- links --------------------------------------------------------------------------------------


def test_links_hold_both_ways_and_only_between_those_who_are_there(tmp_path):
    (tmp_path / "club.links.csv").write_text("one,other\na,b\nb,a\na,gone\nc,c\nb,c\n", "utf-8")
    assert read_links(tmp_path / "club.csv", {"a", "b", "c"}) == {
        "a": ("b",),
        "b": ("a", "c"),
        "c": ("b",),
    }
    (tmp_path / "club.links.csv").write_text("one,other\na\n", "utf-8")
    with pytest.raises(CatalogueError, match="row 2"):
        read_links(tmp_path / "club.csv", {"a"})


GRAPH = LinkGraph(
    {
        "me": ("x", "y"),
        "x": ("me", "c"),
        "y": ("me", "c", "d", "e"),
        "c": ("x", "y"),
        "d": ("y",),
        "e": ("y",),
    }
)


def test_adamic_and_adar_on_paper():
    found = GRAPH.adamic_adar(["c", "d", "z"], ["x", "y"])
    assert found.tolist() == pytest.approx([1 / math.log(2) + 1 / math.log(4), 1 / math.log(4), 0])
    assert GRAPH.known_to("c", ["x", "y"]) == ("x", "y")


def test_ease_prefers_who_is_known_to_the_same_people():
    y, d, stranger = GRAPH.ease(["y", "d", "stranger"], ["x"])  # x and y are both known to me and c
    assert y > d == stranger == 0


# ---- rankings -----------------------------------------------------------------------------------


def open_index(
    domain, texts=("harbour bridge shut", "harbour bridge shut", "a fair in May"), links=None
):
    items = [
        Item(f"n{n}", text, attributes={"date": f"2026-05-{n + 1:02}", "topic": "abc"[n % 3]})
        for n, text in enumerate(texts)
    ]
    catalogue = Catalogue("x", {i.id: i for i in items}, domain=domain, links=links or {})
    return index_of(catalogue, [[] for _ in items], ENCODERS)


def candidates(index):
    return [Candidate(item, 1.0) for item in index.catalogue.items.values()]


def test_what_is_a_half_life_older_is_worth_half():
    index = open_index(Domain(recency=Recency("date", half_life=1.0, worth=0.8)))
    added = [one.contributions["recent"] for one in with_recency(candidates(index), index)]
    assert added == pytest.approx([0.2, 0.4, 0.8])


def test_in_a_shop_nothing_is_added_and_nothing_folded():
    index = open_index(Domain())
    found = candidates(index)
    assert with_recency(found, index) == found
    assert with_ties(found, ["n0"], index) == found
    assert folded(found, index) == found
    assert by_topics(found, ["n0"], index, limit=2) is None


def test_ties_raise_who_is_linked_with_the_known():
    links = {"n0": ("n1",), "n1": ("n0",)}
    index = open_index(Domain(ties=Ties(worth=1.0)), links=links)
    first, *_ = sorted(with_ties(candidates(index), ["n0"], index), key=lambda one: -one.score)
    assert first.item.id == "n1"
    assert 0 < first.contributions["ties"] <= 1


@pytest.mark.parametrize(("days", "left"), [(3.0, 2), (0.5, 3)])
def test_one_story_told_twice_within_days_is_folded(days, left):
    index = open_index(Domain(recency=Recency("date"), variety=Variety(fold=0.7, fold_days=days)))
    kept = folded(candidates(index), index)
    assert len(kept) == left
    assert kept[0].also == (("n1",) if left == 2 else ())


def test_a_screen_follows_the_topics_of_what_was_liked():
    wanted = {"a": 0.5, "b": 0.5}
    topics = [("a",), ("a",), ("a",), ("b",), ("b",)]
    scores = [5.0, 4.0, 3.0, 2.0, 1.0]
    assert calibrated(scores, topics, wanted, limit=2, weight=0.0) == [0, 1]
    assert calibrated(scores, topics, wanted, limit=2, weight=0.9) == [0, 3]
    assert topic_shares([("a", "b"), ("a",)]) == {"a": 0.75, "b": 0.25}
    assert divergence(wanted, wanted) == pytest.approx(0)
    assert divergence({"a": 1.0}, {"b": 1.0}) == pytest.approx(math.log(100))


def test_an_open_wish_is_calibrated_where_the_domain_wants_it():
    texts = [
        f"text number {n} about {word}"
        for n, word in enumerate("sea bread rain oak fog moss".split())
    ]
    index = open_index(Domain(variety=Variety(topics="topic", calibration=0.95)), texts)
    ranked = [Candidate(item, -float(n)) for n, item in enumerate(index.catalogue.items.values())]
    shown = diverse(ranked, index, limit=2, liked=["n2", "n5"])
    assert {one.item.attributes["topic"] for one in shown} == {"c"}
    assert np.all(np.diff([one.score for one in shown]) <= 0)


# ---- periods ------------------------------------------------------------------------------------

NEWS = shipped_domains()["news"]


@pytest.mark.parametrize(
    ("message", "language", "rest", "days"),
    [
        ("what happened yesterday?", "en", "what happened ?", ("2026-05-02",)),
        ("science from last week", "en", "science", ("2026-05-01", "2026-05-02", "2026-05-03")),
        ("was war gestern?", "de", "was war ?", ("2026-05-02",)),
        ("昨天的新闻", "zh", "的新闻", ("2026-05-02",)),
        ("the weekly market", "en", "the weekly market", None),
        ("yesterday's bread", "en", "yesterday's bread", None),
    ],
)
def test_a_period_is_the_days_counted_back_from_the_newest(message, language, rest, days):
    catalogue = open_index(NEWS).catalogue
    left, period = without_period(message, catalogue, language)
    assert left == rest
    assert (period and period.values) == days


def test_a_period_without_an_article_is_its_days_and_a_shop_has_none():
    catalogue = open_index(NEWS, ["one"]).catalogue
    assert without_period("yesterday", catalogue, "en")[1].values == ("2026-04-30",)
    assert without_period("yesterday", open_index(Domain()).catalogue, "en") == ("yesterday", None)
