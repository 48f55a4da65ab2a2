"""Where cues are silent, likelihoods decide; where these are not sure either, nothing filters."""

import pytest

from assistant.stance.said import ACTS, MEANINGS, MessageTold
from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.conversation import Conversation
from assistant.understanding.dialogue_state import DialogueState, Drop, merge
from assistant.understanding.read import read_by_code
from assistant.understanding.tokens.cues import read_sentence
from assistant.understanding.tokens.naming import Named, Naming
from assistant.understanding.tokens.scopes import with_stances
from assistant.understanding.tokens.weighed import likely_side, weighed
from retrieval.items import Catalogue, Constraint, Item


def meant(**likelihoods):
    return dict.fromkeys(MEANINGS, 0.0) | likelihoods


def reader(acts=(), **likelihoods):
    """Tell the same of everything."""
    return lambda message, stretches: MessageTold(
        tuple(meant(**likelihoods) for _ in stretches), dict.fromkeys(ACTS, 0.0) | dict(acts)
    )


@pytest.mark.parametrize(
    ("cues", "told", "stance"),
    [
        ("wanted", {"not": 0.97}, "denied"),
        ("wanted", {"not": 0.6}, "unclear"),
        ("wanted", {"want": 0.6, "not": 0.3}, "wanted"),
        ("unclear", {"want": 0.8}, "wanted"),
        ("unclear", {"not": 0.8}, "denied"),
        ("unclear", {"want": 0.5, "not": 0.4}, "unclear"),
        ("denied", {"want": 0.99}, "denied"),
        ("owned", {"not": 0.97}, "denied"),
        ("unclear", {"free": 0.8}, "released"),
    ],
)
def test_which_stance_both_tell(cues, told, stance):
    named = Named(0, 1, "colour", stance=cues)
    assert weigh("green gives me the ick", named, **told).stance == stance
    kind = Named(0, 1, "category", kind=True, stance=cues)
    assert weigh("green gives me the ick", kind, **told).stance == cues


def weigh(message, named, **told):
    naming = Naming(read_sentence(message), [named], frozenset(), ())
    return weighed(naming, [named], reader(**told))[0]


def test_without_a_reader_the_cues_decide_alone():
    named = [Named(0, 1, "colour")]
    assert [one.stance for one in with_stances(read_sentence("green"), named, ())] == ["wanted"]


def test_nobody_refuses_where_cues_and_names_explain_every_word():
    named = Named(3, 4, "colour")
    assert weigh("this but in yellow", named, **{"not": 0.99}).stance == "wanted"


def test_what_would_be_nice_is_no_must():
    told = weigh("green", Named(0, 1, "colour"), soft=0.9)
    assert (told.stance, told.soft) == ("wanted", True)


@pytest.mark.parametrize(
    ("told", "side"),
    [({"max": 0.9}, "most"), ({"min": 0.8}, "least"), ({"near": 0.9}, "about"), ({}, None)],
)
def test_the_side_of_an_amount(told, side):
    assert likely_side(meant(**told)) == side


SHOP = Catalogue(
    "shop",
    {
        id_: Item(id_, title, category="lamps", attributes={"colour": colour})
        for id_, title, colour in (("1", "Lamp A", "black"), ("2", "Lamp B", "white"))
    },
)


def read(message, *standing, **told):
    state = Conversation(state=DialogueState(standing))
    return read_by_code(message, state, Vocabulary(SHOP, reader=reader(**told))).changes


def test_what_is_allowed_again_is_excluded_no_more():
    no_black = Constraint("colour", "not in", ("black",), "no black")
    changes = read("fine, black's ok again", no_black, free=0.9)
    held = merge(DialogueState((no_black,)), changes, kinds=frozenset({"category"}))
    assert held.constraints == ()


def test_what_matters_no_more_is_wished_for_no_more():
    black = Constraint("colour", "=", "black", "black")
    assert read("black is not that important", black, free=0.9) == (Drop("colour"),)


@pytest.mark.parametrize(
    ("told", "changes"), [({"free": 0.99}, (Drop("colour"),)), ({"want": 0.99}, ()), ({}, ())]
)
def test_a_field_that_is_let_go_limits_no_more(told, changes):
    black = Constraint("colour", "=", "black", "black")
    assert read("my landlord came round on the colour", black, **told) == changes


@pytest.mark.parametrize(
    ("message", "acts", "intent"),
    [
        ("first one or the second one, what costs less", {"compare": 0.95}, "compare"),
        ("#1 - black or white?", {"ask": 0.95}, "about"),
        ("#1 - black or white?", {"ask": 0.5}, "more like"),
    ],
)
def test_what_is_asked_of_shown_items_other_messages_tell(message, acts, intent):
    items = tuple(SHOP.items.values())
    told = read_by_code(
        message, Conversation(shown=items), Vocabulary(SHOP, reader=reader(acts=acts))
    )
    assert told.intent == intent


def test_a_general_name_changes_no_kind_that_is_one_of_it():
    lamps = [
        Item(str(n), f"No {n}", category=kind) for n, kind in enumerate(("desk lamp", "wall lamp"))
    ]
    shop = Vocabulary(Catalogue("lamps", {one.id: one for one in lamps}))
    desk = Constraint("category", "=", "desk lamp", "desk lamps")
    now = Conversation(state=DialogueState((desk,)), shown=tuple(lamps[:1]))
    assert read_by_code("lamps in red", now, shop).changes == ()
    wanted = read_by_code("a wall lamp, I like lamps", Conversation(), shop).changes
    assert [change.constraint.value for change in wanted] == ["wall lamp"]


@pytest.mark.parametrize(
    ("told", "op"), [({"max": 0.6, "min": 0.3}, "<="), ({"min": 0.9}, ">="), ({}, ">=")]
)
def test_whether_a_denial_afar_turns_a_limit_round_other_messages_tell(told, op):
    lamps = {id_: Item(id_, f"Lamp {id_}", category="lamps", price=90.0) for id_ in ("1", "2")}
    shop = Vocabulary(Catalogue("shop", lamps), reader=reader(**told))
    message = "lamps, I should not wish to part with more than 100 dollars"
    changes = read_by_code(message, Conversation(), shop).changes
    assert [c.constraint.op for c in changes if c.constraint.field == "price"] == [op]


@pytest.mark.parametrize(("sure", "intent"), [(0.95, "compare"), (0.5, "refine")])
def test_a_comparison_that_points_at_nothing_is_of_what_is_shown(sure, intent):
    now = Conversation(shown=tuple(SHOP.items.values()), phrase="lamps")
    shop = Vocabulary(SHOP, reader=reader(acts={"compare": sure}))
    assert read_by_code("they look the same to me", now, shop).intent == intent
