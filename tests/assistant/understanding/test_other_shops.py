"""Wordings that stand for their kind, over shops whose columns nothing here was built beside."""

from functools import cache

import pytest

from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.conversation import Conversation
from assistant.understanding.dialogue_state import DialogueState, merge
from assistant.understanding.read import read_by_code
from tests.builders import shop_of


@cache
def vocabulary(name):
    return Vocabulary(shop_of(name))


def held(message, name):
    """Return the limits that a first message leaves, and its values."""
    words = vocabulary(name)
    read = read_by_code(message, Conversation(), words)
    state = merge(DialogueState(), read.changes, kinds=frozenset(words.kinds))
    return {(c.field, c.op, c.value) for c in state.constraints}


@pytest.mark.parametrize(
    ("shop", "message", "limits"),
    [
        # a word that compares, of any field and in any unit
        ("camping_gear.csv", "lantern brighter than 300 lumens", {("lumens", ">=", 300.0)}),
        ("camping_gear.csv", "lantern dimmer than 300 lumens", {("lumens", "<=", 300.0)}),
        # a field in degrees is colder or warmer under any name; minus in words
        ("camping_gear.csv", "sleeping bag for minus 10 or colder", {("comfort temp", "<=", -10.0)}),
        # people have many names
        ("camping_gear.csv", "a two man tent", {("sleeps", "=", 2.0)}),
        ("camping_gear.csv", "tents for 2 ppl", {("sleeps", "=", 2.0)}),
        ("games.csv", "party game for 8 of us tonight", {("players", "=", 8.0)}),
        # so much each is a price, whatever else the thing is called
        ("cellar.csv", "rum, below 20 a bottle", {("price", "<=", 20.0)}),
        # what no item could have is no limit
        ("computing.tsv", "a 5G phone from 2024", {("release date", "=", 2024.0)}),
        ("computing.tsv", "a 4K screen, 27 inches up", {("screen size in", ">=", 27.0)}),
        # a half of a unit, and of nothing else
        ("cellar.csv", "half litre beers", {("bottle", "=", 50.0)}),
        ("cellar.csv", "half price beers", set()),
        # what tells of which of two kinds it is one names nothing else
        ("cellar.csv", "a sweet wine, red or white", {("sweetness", "=", "sweet")}),
        # what stands under a field's own name is no possession
        ("cellar.csv", "which reds go with beef?", {("goes with", "=", "beef")}),
        ("cellar.csv", "a red wine to go with my grey sofa", set()),
        # the small words of a name are no name, prose is no rating, and a limit is no estimate
        ("cellar.csv", "rum, score of at least 90", {("score", ">=", 90.0)}),
        ("cellar.csv", "a bottle of rum under 20", {("price", "<=", 20.0)}),
        ("bikes.csv", "a city bike of no more than about 14 kg", {("weight", "<=", 14.0)}),
        # of several sizes it is that of the kind that is asked for
        ("clothing.csv", "trainers size 44", {("shoe size range", "=", 44.0)}),
        ("clothing.csv", "t-shirts size XL", {("sizes", "=", "xl")}),
        # a length that only one of the fields can be
        ("bikes.csv", "children's bikes for a girl of 1.18 m", {("rider height", "=", 118.0)}),
        # values that are names among sizes that are numbers
        ("music_shop.tsv", "a tenor ukulele", {("size", "=", "tenor")}),
    ],
)  # fmt: skip
def test_a_limit_lands_on_its_field(shop, message, limits):
    kinds = set(vocabulary(shop).kinds)
    assert {one for one in held(message, shop) if one[0] not in kinds} == limits


@pytest.mark.parametrize(
    ("shop", "message", "kind"),
    [
        ("kitchen_appliances.csv", "my kettle has given up", "kettles"),
        ("music_shop.tsv", "do you stock drums whose kick is small?", "drums"),
        ("baumarkt.csv", "eine Leiter", "leitern"),
        ("baumarkt.csv", "welcher Bohrhammer?", "bohrhämmer"),
        ("baumarkt.csv", "Stichsäge gesucht", "stichsägen"),
    ],
)
def test_a_kind_is_found_as_people_speak_of_it(shop, message, kind):
    assert ("category", "=", kind) in held(message, shop)


def test_what_goes_with_a_thing_that_one_has_is_not_that_thing():
    assert not held("something to go with my kettle", "kitchen_appliances.csv")


def test_a_word_beside_tells_which_of_several_kinds():
    asked = held("guitars, acoustic or electric", "music_shop.tsv")
    assert asked == {("category", "in", ("electric guitars", "acoustic guitars"))}


def test_a_thing_is_for_whom_it_is_for():
    assert ("animal", "=", "hamster") in held("a cage for my hamster", "pet_supplies.csv")


def test_notes_are_no_values_to_be_asked_for():
    assert "tasting note" not in vocabulary("cellar.csv").facets


@pytest.mark.parametrize("message", ["sorry, I meant France or Spain", "I mean France or Spain"])
def test_a_correction_asks_for_what_was_meant(message):
    assert held(message, "cellar.csv") == {("country", "in", ("france", "spain"))}


def test_makers_are_asked_for_by_any_of_their_names():
    for message in ("which makers?", "what brands are there?"):
        words = vocabulary("furniture_home.csv")
        assert read_by_code(message, Conversation(), words).intent == "overview", message


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ("stroller but leave steel out of it", "materials"),
        ("strollers, take the steel ones away", "materials"),
        ("stroller in any colour bar black", "colour"),
    ],
)
def test_what_is_put_out_is_denied(message, field):
    [denied] = [one for one in held(message, "baby.csv") if one[0] == field]
    assert denied[1] == "not in"


@pytest.mark.parametrize(
    ("message", "limit"),
    [
        ("a steel stroller for days out", ("materials", "=", "steel")),
        ("keep me posted on red strollers", ("colour", "=", "red")),
    ],
)
def test_a_particle_elsewhere_denies_nothing(message, limit):
    assert limit in held(message, "baby.csv")


def test_what_somebody_has_is_no_wish_under_its_fields_name_either():
    limits = held("we have had enough of things made in China, which bouncers remain?", "baby.csv")
    assert ("made in", "=", "china") not in limits
