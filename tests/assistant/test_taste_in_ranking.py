"""Likes order what is found, a little and never more; and "because you liked" is only said if true."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from assistant.commands.json_output import turn_json
from assistant.memory.profile import Opinion, latest_likes
from assistant.memory.store import Memory
from assistant.recommending.counterfactuals import counterfactuals
from assistant.recommending.evidence import Counterfactual, liked_because, what_would_change
from assistant.recommending.facts import Fact
from assistant.recommending.shortlist import Shortlist
from retrieval.constraints import satisfies_all
from retrieval.embed import MediaEmbedder, embed_query
from retrieval.items import Constraint, Item, Query
from retrieval.search import TASTE, nearest_likes, rank, search
from tests.builders import ITEMS, build, ids, last

THINGS = tuple(
    Item(f"{material}-{kind}", f"{material.title()} {kind.title()}", f"A {material} {kind}.", kind, 10.0, "USD")
    for material, kind in product(("wool", "cotton", "steel", "oak"), ("scarf", "lamp", "mug"))
)  # fmt: skip


@pytest.fixture
def store(tmp_path):
    agent = build(tmp_path, items=THINGS)
    yield agent
    agent.memory.close()


def like(agent, *liked, user="me", feeling="like"):
    for id_ in liked:
        agent.memory.feel(user, agent.catalogue.name, agent.catalogue.items[id_], feeling, "card")


# ---- in the search


def test_a_taste_adds_a_bounded_part_to_the_score(store):
    plain = Query("a mug")
    felt = replace(plain, taste=("wool-scarf", "wool-lamp"))
    before = {one.item.id: one for one in search(plain, store.index, store.encoders, limit=20)}
    after = search(felt, store.index, store.encoders, limit=20)
    for one in after:
        assert one.score == pytest.approx(sum(one.contributions.values()))
        assert abs(one.contributions["taste"]) <= TASTE
        others = {k: v for k, v in one.contributions.items() if k != "taste"}
        assert others == pytest.approx(dict(before[one.item.id].contributions))
        assert "taste" not in before[one.item.id].contributions
    tastes = {one.item.id: one.contributions["taste"] for one in after}
    assert max(tastes, key=tastes.get).startswith("wool")
    assert after[0].item.id == "wool-mug"


def test_a_taste_never_overrides_a_constraint(store):
    limits = (Constraint("category", "in", ("mug",)),)
    query = Query("something", constraints=limits, taste=("wool-scarf", "oak-lamp"))
    found = search(query, store.index, store.encoders, limit=20)
    assert len(found) == 4
    assert all(satisfies_all(one.item, limits) for one in found)


def test_where_nothing_is_asked_the_taste_alone_orders(store):
    vectors = embed_query(Query(), MediaEmbedder(store.encoders))
    found = rank(Query(taste=("oak-lamp",)), vectors, store.index, limit=5)
    assert found[0].item.id == "oak-lamp"
    assert {one.item.id for one in found[1:3]} <= {"oak-scarf", "oak-mug", "wool-lamp", "cotton-lamp", "steel-lamp"}  # fmt: skip
    assert all(set(one.contributions) == {"taste"} for one in found)
    unknown = rank(Query(taste=("gone",)), vectors, store.index, limit=3)
    assert [one.item.id for one in unknown] == [item.id for item in THINGS[:3]]


def test_each_item_listens_to_the_like_that_is_most_like_it(store):
    items = [store.catalogue.items[id_] for id_ in ("oak-mug", "wool-lamp")]
    told = nearest_likes(items, ("oak-lamp", "wool-scarf"), store.index)
    assert told["oak-mug"] == "oak-lamp"
    assert (
        nearest_likes(items, (), store.index) == nearest_likes(items, ("gone",), store.index) == {}
    )


# ---- what would change


def test_because_you_liked_is_said_only_where_the_item_would_stand_lower(store):
    query = Query("a mug", taste=("wool-scarf", "oak-lamp"))
    vectors = embed_query(query, MediaEmbedder(store.encoders))
    ranked = tuple(rank(query, vectors, store.index, limit=40))
    found = Shortlist(ranked, query, vectors=vectors, ranked=ranked)
    told = counterfactuals(found, store.index)
    said = 0
    for place, one in enumerate(ranked, start=1):
        for reason in liked_because(told[one.item.id]):
            (like,) = (i for i in query.taste if store.catalogue.items[i].title == reason)
            fewer = replace(query, taste=tuple(i for i in query.taste if i != like))
            without = [c.item.id for c in rank(fewer, vectors, store.index, limit=40)]
            assert without.index(one.item.id) + 1 > place
            assert like != one.item.id
            said += 1
    assert said


def test_the_words_for_a_like_that_counted():
    scarf = ITEMS[0]
    moved = Counterfactual("like", 4, 2, liked=scarf)
    liked = Fact("liked", "likes", {"title": "Fjord Ribbed Scarf"})
    assert what_would_change([moved]) == (liked,)
    assert what_would_change([replace(moved, rank=None)]) == what_would_change([moved])
    assert what_would_change([replace(moved, rank=2)]) == ()
    assert what_would_change([replace(moved, rank=1)]) == ()


# ---- in the conversation


def test_what_would_i_like_goes_by_the_likes_and_brings_new_things(store):
    like(store, "wool-scarf", "wool-lamp")
    done = last(store, "what would I like?")
    assert ids(done)[0].startswith("wool") or ids(done)[0].endswith(("scarf", "lamp"))
    assert not {"wool-scarf", "wool-lamp"} & set(ids(done))
    assert done.answer.startswith("Chosen by what you liked: Wool Lamp, Wool Scarf.")
    reasons = [one for several in done.reasons.values() for one in several]
    assert any(one.startswith("because you liked Wool") for one in reasons)
    for candidate in done.candidates:
        assert candidate.score == pytest.approx(sum(candidate.contributions.values()))
    told = {part["part"] for item in turn_json(done)["items"] for part in item["without"]}
    assert told == {"like"}
    assert all("liked" in part for item in turn_json(done)["items"] for part in item["without"])


def test_the_answer_says_because_of_which_like_and_only_where_it_counted(store):
    like(store, "wool-scarf", "oak-lamp")
    done = last(replace(store, explained=2), "what would I like?")
    for candidate in done.candidates[:2]:
        (claim,) = (one for one in done.claims if one.items == (candidate.item.id,))
        liked = liked_because(done.without[candidate.item.id])
        assert ("It ranks higher because you liked" in claim.sentence) == bool(liked)
        assert all(title in claim.sentence for title in liked)


def test_without_likes_different_things_are_shown_and_it_is_said(store):
    done = last(store, "surprise me")
    assert len({one.item.category for one in done.candidates}) == 3
    assert done.answer.startswith("I do not know your taste yet.")
    assert not any("taste" in one.contributions for one in done.candidates)


def test_limits_hold_where_the_rest_is_left_open(tmp_path):
    agent = build(tmp_path)
    like(agent, "s1")
    done = last(agent, "recommend me something under 20 dollars")
    assert [c.value for c in done.constraints] == [20.0]
    assert ids(done)
    assert all(satisfies_all(one.item, done.constraints) for one in done.candidates)
    agent.memory.close()


def test_what_is_not_liked_is_not_recommended(store):
    like(store, "wool-scarf")
    like(store, "wool-mug", feeling="dislike")
    assert "wool-mug" not in ids(last(store, "what would you recommend?"))


def test_a_taste_is_its_users_alone_and_off_when_remembering_is(store, tmp_path):
    like(store, "oak-lamp", user="you")
    assert not any("taste" in c.contributions for c in last(store, "a mug").candidates)
    like(store, "oak-lamp")
    assert all("taste" in c.contributions for c in last(store, "a scarf").candidates)
    store.memory.switch("me", on=False)
    done = last(store, "a wool mug", session="t")
    assert not any("taste" in c.contributions for c in done.candidates)
    off = replace(store, memory=Memory(f"sqlite:///{tmp_path / 'other.sqlite'}", remembers=False))
    assert last(off, "surprise me").answer.startswith("Remembering is switched off")
    off.memory.close()


def test_the_last_twenty_likes_order(store):
    told = [
        Opinion(f"i{n}", "", "like", "card", datetime(2026, 1, 1, tzinfo=UTC)) for n in range(30)
    ]
    catalogue = replace(store.catalogue, items={f"i{n}": THINGS[0] for n in range(29)})
    assert latest_likes(told, catalogue) == tuple(f"i{n}" for n in range(28, 8, -1))


# ---- with the real models, over the demo


@pytest.fixture
def real(request, tmp_path):
    memory = Memory(f"sqlite:///{tmp_path / 'taste.sqlite'}")
    yield replace(request.getfixturevalue("agent"), memory=memory, model=None)
    memory.close()


@pytest.mark.models
def test_real_likes_bring_things_of_their_kind(real):
    mugs = [i.id for i in real.catalogue.items.values() if "mug" in i.title.lower()]
    like(real, *mugs[:2])
    done = last(real, "what would I like?")
    assert done.candidates
    assert not set(mugs[:2]) & set(ids(done))
    kind = real.catalogue.items[mugs[0]].category
    assert real.catalogue.items[ids(done)[0]].category == kind
    assert any(
        one.startswith("because you liked") for several in done.reasons.values() for one in several
    )


@pytest.mark.models
@pytest.mark.parametrize("asked", ["a warm scarf under 40 dollars", "something for my desk"])
def test_real_scores_still_add_up_and_limits_hold(real, asked):
    like(real, *list(real.catalogue.items)[:3])
    done = last(real, asked)
    assert done.candidates
    for one in done.candidates:
        assert one.score == pytest.approx(sum(one.contributions.values()))
        assert satisfies_all(one.item, done.constraints)
        assert abs(one.contributions["taste"]) <= TASTE


@pytest.mark.models
def test_a_german_user_is_told_in_german(real):
    like(real, next(iter(real.catalogue.items)))
    done = last(real, "Was würdest du mir empfehlen?")
    assert done.language == "de"
    assert done.answer.startswith("Ausgewählt nach dem, was dir gefallen hat")
    assert any(one.startswith("weil dir") for several in done.reasons.values() for one in several)
