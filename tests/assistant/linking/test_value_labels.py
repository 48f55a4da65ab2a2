"""Words that no field explains, and the values nearest to them in meaning."""

from dataclasses import replace
from functools import cache

import pytest

from assistant.linking.choose_labels import choose_labels
from assistant.linking.value_labels import Label, ProposedLink, ValueLabels
from assistant.turn.input import typed
from assistant.turn.reading import interpret, interpret_rest
from assistant.turn.request import Request
from assistant.turn.state import Shop
from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.conversation import Conversation
from assistant.understanding.dialogue_state import DialogueState, merge
from assistant.understanding.value_names import Link
from retrieval.errors import LanguageModelError
from tests.builders import shop_of
from tests.fakes import HashedTextEncoder, ScriptedModel


def proposed(words, *labels, likeness=(0.6, 0.5), rival=0.5):
    return ProposedLink(words, labels, likeness, rival)


def kitchen():
    return ValueLabels(Vocabulary(shop_of("kitchen_appliances.csv")).names, HashedTextEncoder())


WIFE = proposed("wife", Label("gender", "women"), Label("gender", "men"))


def test_labels_are_values_and_the_yes_of_fields_of_yes_and_no_but_no_names():
    labels = kitchen().labels
    assert Label("dishwasher safe") in labels
    assert all(label.field != "brand" for label in labels)


def test_fields_that_the_message_speaks_of_already_are_not_proposed():
    labels = kitchen()
    assert labels.propose(["dishwasher"])[0].labels[0] == Label("dishwasher safe")
    rest = labels.propose(["dishwasher"], {"dishwasher safe"})
    assert all(label.field != "dishwasher safe" for one in rest for label in one.labels)


@pytest.mark.parametrize(
    ("likeness", "rival", "likely"),
    [((0.65, 0.5), 0.5, True), ((0.65, 0.6), 0.6, False), ((0.58, 0.3), 0.3, True), ((0.5,), 0, False)],
)  # fmt: skip
def test_a_label_is_likely_where_it_is_near_and_has_no_near_rival(likeness, rival, likely):
    assert proposed("x", Label("a", "b"), likeness=likeness, rival=rival).likely is likely


def test_the_model_chooses_among_the_labels_or_none():
    model = ScriptedModel(meant={"wife": "gender: women"})
    assert choose_labels("its for my wife", [WIFE], model) == {
        ("wife",): Link("gender", ("women",))
    }
    assert choose_labels("my wife left me", [WIFE], ScriptedModel()) == {}


def test_what_the_model_chooses_against_the_nearest_is_no_must():
    model = ScriptedModel(meant={"wife": "gender: men"})
    assert choose_labels("its for my wife", [WIFE], model)["wife",].soft


def test_nothing_is_asked_of_the_model_where_nothing_is_near():
    assert choose_labels("hello", [], ScriptedModel(broken=True)) == {}
    with pytest.raises(LanguageModelError):
        choose_labels("its for my wife", [WIFE], ScriptedModel(broken=True))


# ---- the rules read the message again with the new names, so that polarity is theirs ------------


@pytest.fixture(scope="module")
def shops(agent):
    """Return a function that opens a shop with the real text encoder."""

    @cache
    def opened(name):
        catalogue = shop_of(name)
        return Shop(
            index=replace(agent.index, catalogue=catalogue), encoders=agent.encoders,
            model=None, vocabulary=Vocabulary(catalogue), links=True,
        )  # fmt: skip

    return opened


def understood(shop, message):
    """Return what a first message asks for, and what is said of how it was read."""
    found = interpret(typed(message, "", shop), Conversation(), shop)
    state = merge(DialogueState(), found.reading.changes, kinds=frozenset(shop.vocabulary.kinds))
    held = {(c.field, c.op, c.value) for c in state.constraints}
    return held, {(c.field, c.value) for c in state.preferences}, {one.key for one in found.notices}


@pytest.mark.models
def test_a_name_that_means_the_same_is_a_must_and_is_said(shops):
    kitchen = shops("kitchen_appliances.csv")
    held, _, said = understood(kitchen, "It has to go in the dishwasher, I'm not scrubbing that")
    assert ("dishwasher safe", "=", "yes") in held
    assert "wish.taken_for" in said


@pytest.mark.models
def test_a_name_that_only_comes_near_is_a_wish(shops):
    held, wished, _ = understood(shops("music_shop.tsv"), "lefty here!! electric guitars?")
    assert held == {("category", "=", "electric guitars")}
    assert wished == {("left-handed", "yes")}


@pytest.mark.models
@pytest.mark.parametrize(
    ("shop", "message", "field"),
    [
        ("toys_kids.csv", "no more stuffed animals!!! what else u got", "category"),
        ("music_shop.tsv", "a guitar, but nothing for lefties", "left-handed"),
    ],
)
def test_what_is_denied_under_another_name_is_never_asked_for(shops, shop, message, field):
    held, wished, _ = understood(shops(shop), message)
    asked = {*wished, *((name, value) for name, op, value in held if op in ("=", "in"))}
    assert not any(name == field and value != "no" for name, value in asked)


@pytest.mark.models
def test_the_real_model_tells_what_the_nearest_meaning_leaves_open(shops, agent):
    shop = shops("shoes_outdoor.csv")
    received = typed("its for my wife", "", shop)
    by_rules = interpret(received, Conversation(), shop)
    told = interpret_rest(by_rules, received, Conversation(), agent.model, shop)
    assert any(link.values == ("women",) for link in told.links.values())
    failed = interpret_rest(by_rules, received, Conversation(), ScriptedModel(broken=True), shop)
    assert (failed.reading, failed.failed) == (by_rules.reading, True)


@pytest.mark.models
@pytest.mark.parametrize(
    "message", ["do you sell laptops?", "have you got a piano?", "show me jeans"]
)
def test_a_thing_that_is_asked_for_is_not_taken_for_one_that_is_only_near(agent, message):
    *_, done = agent.reply(Request(message), message)
    assert "to mean" not in done.notice
    assert "listed as" in done.answer
