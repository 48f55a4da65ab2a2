"""Refinement that moves: likes and dislikes, no doubles, examples, a photo with words."""

import pytest

from retrieval.embed import MediaEmbedder, QueryVectors, at_the_ends, embed_query
from retrieval.errors import MessageError
from retrieval.items import Query
from retrieval.search import diverse, rank, search
from tests.builders import ENCODERS, last


def shown(done):
    return [one.item for one in done.candidates]


def test_doubles_do_not_fill_the_screen_and_scores_still_add_up(handmade_index):
    ranked = rank(
        Query("blue vase"),
        embed_query(Query("blue vase"), MediaEmbedder(ENCODERS)),
        handmade_index,
        limit=40,
    )
    plain, chosen = ranked[:6], diverse(ranked, handmade_index, limit=6)
    assert sum(one.item.title == "glass blue vase plain" for one in plain) >= 5
    assert sum(one.item.title == "glass blue vase plain" for one in chosen) <= 3
    assert chosen[0] == ranked[0]
    assert [one.score for one in chosen] == sorted((one.score for one in chosen), reverse=True)
    for one in chosen:
        assert one.score == pytest.approx(sum(one.contributions.values()))


def test_the_cheapest_are_the_cheapest_even_if_alike(handmade_agent):
    prices = [item.price for item in shown(last(handmade_agent, "the cheapest vase"))]
    assert prices == [20.0] * 6


def test_likes_and_dislikes_move_the_ranking(handmade_index):
    query = Query("mug")
    vectors = embed_query(query, MediaEmbedder(ENCODERS))
    items = handmade_index.catalogue.items
    red = next(i for i in items.values() if i.title == "wooden red mug")
    green = next(i for i in items.values() if i.title == "steel green mug")

    def reds(query):
        found = rank(query, vectors, handmade_index, limit=100)
        return [one.item.attributes["colour"] for one in found]

    before = reds(query)
    liked = reds(Query("mug", liked=(red.id,)))
    assert liked[:5].count("red") > before[:5].count("red")
    away = reds(Query("mug", liked=(red.id,), disliked=(green.id,)))
    assert away.index("green") > liked.index("green")
    for one in rank(Query("mug", liked=(red.id,)), vectors, handmade_index, limit=9):
        assert one.score == pytest.approx(sum(one.contributions.values()))


def test_an_example_alone_is_a_query(handmade_index):
    found = rank(Query(liked=("clay",)), QueryVectors(), handmade_index, limit=3)
    assert found[0].item.id == "clay"


def test_more_like_one_and_less_like_another_brings_new_items_nearer_to_the_first(handmade_agent):
    first = shown(last(handmade_agent, "a mug"))
    done = last(handmade_agent, "more like 2, less like 4")
    again = shown(done)
    assert again
    assert not {item.id for item in again} & {item.id for item in first}
    assert {item.category for item in again} == {"mug"}
    liked, disliked = first[1], first[3]
    near = sum(_alike(item, liked) for item in again)
    assert near >= sum(_alike(item, disliked) for item in again)


def _alike(one, other):
    return sum(one.attributes[name] == other.attributes[name] for name in ("colour", "material"))


@pytest.mark.parametrize(
    ("wish", "field", "value"),
    [("like the first but wooden", "material", "wooden"), ("like the second but in blue", "colour", "blue")],
)  # fmt: skip
def test_a_change_wins_over_the_example(handmade_agent, wish, field, value):
    last(handmade_agent, "a steel lamp")
    again = shown(last(handmade_agent, wish))
    assert again
    assert {item.attributes[field] for item in again} == {value}
    assert {item.category for item in again} == {"lamp"}


def test_what_was_shown_does_not_come_back_until_it_is_searched_for_anew(handmade_agent):
    first = {item.id for item in shown(last(handmade_agent, "a rug"))}
    second = {item.id for item in shown(last(handmade_agent, "show me something else"))}
    third = {item.id for item in shown(last(handmade_agent, "more like the first one"))}
    assert len(first) == len(second) == 6
    assert not first & second
    assert not third & (first | second)
    assert {item.id for item in shown(last(handmade_agent, "a rug"))} == first


def test_when_every_one_of_a_kind_was_seen_the_nearest_others_are_named_as_such(handmade_agent):
    last(handmade_agent, "a vase")
    last(handmade_agent, "show me something else")
    done = last(handmade_agent, "more like the first one")
    assert done.answer.startswith(("You have seen every one of that kind", "You have seen every"))


# ---- photo and words ----------------------------------------------------------------------------


def test_the_ends_of_the_balance_are_the_photo_and_the_words_alone(handmade_index, red):
    both = embed_query(Query("blue lamp", (red,)), MediaEmbedder(ENCODERS))
    for balance, alone in ((0.0, Query("", (red,))), (1.0, Query("blue lamp"))):
        found = search(
            Query("blue lamp", (red,), balance=balance), handmade_index, ENCODERS, limit=30
        )
        assert found == search(alone, handmade_index, ENCODERS, limit=30)
    assert at_the_ends(both, 0.5) is both
    assert at_the_ends(QueryVectors(photo=both.photo), 1.0).photo is both.photo  # nothing else is


def test_more_words_mean_more_of_what_the_words_say(handmade_index, red):
    def blues(balance):
        found = search(
            Query("blue lamp", (red,), balance=balance), handmade_index, ENCODERS, limit=10
        )
        return sum(one.contributions["words"] > 0 for one in found)

    counts = [blues(balance) for balance in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert counts == sorted(counts)


@pytest.mark.parametrize("balance", [-0.1, 1.5, float("nan")])
def test_a_balance_beyond_the_ends_is_refused_and_nothing_changes(handmade_agent, red, balance):
    with pytest.raises(MessageError, match="from 0"):
        last(handmade_agent, "a lamp", photos=(red,), balance=balance)
    assert shown(last(handmade_agent, "a lamp"))


def test_the_balance_of_a_turn_holds_for_its_refinements(handmade_agent, red):
    photo_alone = last(handmade_agent, "chair", photos=(red,), balance=0.0)
    assert {item.attributes["colour"] for item in shown(photo_alone)[:3]} == {"red"}
    assert handmade_agent.memory.recall("s", handmade_agent.catalogue, "me").balance == 0.0
    last(handmade_agent, "under $60")
    assert handmade_agent.memory.recall("s", handmade_agent.catalogue, "me").balance == 0.0
    last(handmade_agent, "a chair")
    assert handmade_agent.memory.recall("s", handmade_agent.catalogue, "me").balance == 0.5


def test_a_colour_said_beside_a_photo_is_kept_to(handmade_agent, red):
    done = last(handmade_agent, "like this but in blue", photos=(red,))
    assert {item.attributes["colour"] for item in shown(done)} == {"blue"}
    assert [(c.field, c.value) for c in done.constraints] == [("colour", "blue")]


def test_an_example_holds_for_the_refinements_after_it_and_no_longer(handmade_agent):
    last(handmade_agent, "a mug")
    last(handmade_agent, "like the first but steel")
    liked = handmade_agent.memory.recall("s", handmade_agent.catalogue, "me").liked
    assert len(liked) == 1
    green = shown(last(handmade_agent, "in green"))
    assert [(item.category, item.attributes["material"]) for item in green] == [("mug", "steel")]
    assert handmade_agent.memory.recall("s", handmade_agent.catalogue, "me").liked == liked
    last(handmade_agent, "less like the first one")
    kept = handmade_agent.memory.recall("s", handmade_agent.catalogue, "me")
    assert kept.liked == liked
    assert len(kept.disliked) == 1
    last(handmade_agent, "a lamp")
    after = handmade_agent.memory.recall("s", handmade_agent.catalogue, "me")
    assert (after.liked, after.disliked) == ((), ())
