"""Messages after items were shown: what refines, what asks about one, what is another search."""

from dataclasses import replace

import pytest

from assistant.turn.answers import fields_asked
from assistant.understanding.conversation import Conversation
from assistant.understanding.dialogue_state import DialogueState, merge
from assistant.understanding.read import read_by_code
from assistant.understanding.translate import translate
from tests.builders import DEMO, DEMO_VALUES


@pytest.mark.parametrize(
    ("before", "message", "limit"),
    [
        ("a scarf under 70 dollars", "a bit more is fine, up to 80 dollars", 80.0),
        ("a scarf", "cheaper, under 30 dollars", 30.0),
        ("a scarf under 70 dollars", "something cheaper, at most 25", 25.0),
    ],
)
def test_an_amount_that_is_named_goes_before_a_relative_wish(before, message, limit):
    kinds = frozenset(DEMO_VALUES.kinds)
    first = read_by_code(before, Conversation(), DEMO_VALUES)
    state = merge(DialogueState(), first.changes, kinds=kinds)
    shown = tuple(item for item in DEMO.items.values() if item.attributes["kind"] == "scarf")[:6]
    now = Conversation(state, shown=shown, phrase="scarf")
    then = merge(state, read_by_code(message, now, DEMO_VALUES).changes, kinds=kinds)
    assert [c.value for c in then.constraints if (c.field, c.op) == ("price", "<=")] == [limit]


def conversation(*messages):
    """Return what holds after some messages, with items on screen."""
    now, shown = Conversation(), tuple(DEMO.items.values())[:4]
    for message in messages:
        read = read_by_code(message, now, DEMO_VALUES)
        anew = read.intent == "search"
        kinds = frozenset(DEMO_VALUES.kinds)
        state = merge(now.state, read.changes, kinds=kinds, anew=anew)
        order = {"order": read.order, "descending": read.descending}
        now = replace(now, state=state, shown=shown, phrase=read.phrase or now.phrase, **order)
    return now


@pytest.mark.parametrize(
    ("message", "left"),
    [
        ("forget the 70", []),
        ("you can forget the 70 dollars again", []),
        ("skip the 70 limit", []),
        ("not over 70", [70.0]),
        ("forget the colour, keep the 70", [70.0]),
    ],
)
def test_a_limit_that_is_named_again_can_be_given_up(message, left):
    now = conversation("a red scarf under 70 dollars", message)
    assert [c.value for c in now.state.constraints if c.field == "price"] == left


def test_an_order_can_be_turned_round():
    asked = ["scarves", "cheapest first", "the other way round", "reverse that, and under 60"]
    now = conversation(*asked[:3])
    assert (now.order, now.descending) == ("price", True)
    now = conversation(*asked)
    assert (now.order, now.descending) == ("price", False)
    unsorted = conversation("scarves")
    read = read_by_code("the other way round", unsorted, DEMO_VALUES)
    assert not read.order
    assert not read.others


@pytest.mark.parametrize(
    ("language", "message", "fact"),
    [
        ("es", "¿es de lana la primera?", "material"),
        ("es", "¿cuánto cuesta la segunda?", "price"),
        ("fr", "la première est-elle en laine ?", "material"),
        ("fr", "combien coûte la deuxième ?", "price"),
        ("de", "aus welchem Material ist die zweite?", "material"),
        ("de", "was kostet die zweite?", "price"),
        ("zh", "第一个是羊毛的吗?", "material"),
        ("zh", "第二个多少钱?", "price"),
        ("en", "what color is the second one?", "colour"),
        ("es", "¿de qué color es la segunda?", "colour"),
        ("es", "¿cuánto mide la segunda?", "size"),
        ("es", "¿de qué marca es la primera?", "brand"),
        ("fr", "de quelle couleur est la troisième ?", "colour"),
        ("fr", "quelle est la taille de la première ?", "size"),
        ("de", "wie hoch ist die zweite?", "size"),
        ("de", "von welcher Marke ist die erste?", "brand"),
        ("zh", "第二个是什么颜色的?", "colour"),
        ("zh", "第一个多大?", "size"),
        ("zh", "第三个是哪个牌子的?", "brand"),
        ("zh", "第二个有货吗", "stock"),
    ],
)
def test_a_question_about_an_item_is_one_in_every_language(language, message, fact):
    english = translate(message, language, DEMO_VALUES.words, own="en").text
    shown = tuple(item for item in DEMO.items.values() if item.attributes["kind"] == "scarf")[:4]
    now = Conversation(shown=shown, phrase="scarf")
    reading = read_by_code(english, now, DEMO_VALUES)
    assert (reading.intent, len(reading.meant), reading.changes) == ("about", 1, ())
    assert fields_asked(english, shown, DEMO_VALUES) == (fact,)


@pytest.mark.parametrize(
    ("language", "message", "intent", "fact"),
    [
        ("en", "I like the second one. What is it made of?", "about", ""),
        ("en", "how tall is the first?", "about", ""),
        ("de", "Der zweite gefällt mir. Woraus ist er?", "about", "material"),
        ("es", "Gracias, muy amable.", "smalltalk", ""),
        ("fr", "Merci, c'est très gentil !", "smalltalk", ""),
    ],
)
def test_what_follows_an_opinion_is_read_too(language, message, intent, fact):
    english = translate(message, language, DEMO_VALUES.words, own="en").text
    shown = tuple(item for item in DEMO.items.values() if item.attributes["kind"] == "scarf")[:4]
    reading = read_by_code(english, Conversation(shown=shown, phrase="scarf"), DEMO_VALUES)
    assert reading.intent == intent
    assert not fact or fields_asked(english, shown, DEMO_VALUES) == (fact,)


SHOWN = tuple(item for item in DEMO.items.values() if item.attributes["kind"] == "scarf")[:6]


def talked(message):
    """Return what a message means after a search for scarves, and what the state then holds."""
    kinds = frozenset(DEMO_VALUES.kinds)
    first = read_by_code("a scarf under 80 dollars", Conversation(), DEMO_VALUES)
    state = merge(DialogueState(), first.changes, kinds=kinds)
    seen = frozenset(item.id for item in SHOWN)
    now = Conversation(state, shown=SHOWN, phrase=first.phrase, seen=seen)
    reading = read_by_code(message, now, DEMO_VALUES)
    held = merge(state, reading.changes, kinds=kinds, anew=reading.intent == "search").constraints
    return reading, {(c.field, c.op): c.value for c in held}


@pytest.mark.parametrize(
    ("message", "adds"),
    [
        ("something warmer", "warmer"),
        ("something more casual", "casual"),
        ("less colourful please", "less colourful"),
        ("is there a smaller one?", "smaller"),
        ("a bit darker, please", "darker"),
        ("do you have anything more elegant?", "elegant"),
        ("slightly longer ones", "longer"),
        ("something different", ""),
        ("not these", ""),
        ("more", ""),
        ("something similar", ""),
        ("show me similar ones", ""),
        ("more of the same", ""),
    ],
)
def test_what_is_to_be_otherwise_refines_and_brings_others(message, adds):
    """Quote: "something more casual" returned the same five items."""
    reading, held = talked(message)
    assert (reading.intent, reading.others) == ("refine", True)
    assert reading.phrase == f"a scarf {adds}".strip()
    assert held == {("kind", "="): "scarf", ("price", "<="): 80.0}


@pytest.mark.parametrize(
    ("message", "phrase"),
    [("without fringe", "a scarf"), ("with pockets", "a scarf pocket"),
     ("for my sister", "a scarf sister"), ("and for winter", "a scarf winter")],
)  # fmt: skip
def test_a_message_without_a_thing_of_its_own_keeps_the_thing(message, phrase):
    reading, held = talked(message)
    assert (reading.intent, reading.phrase, reading.others) == ("refine", phrase, False)
    assert held[("kind", "=")] == "scarf"


@pytest.mark.parametrize(
    ("message", "limit"),
    [
        ("too expensive", 37.99),
        ("that's too pricey for me", 37.99),
        ("I can't afford that", 37.99),
        ("the second is nice but too expensive", 33.99),
        ("my budget is now 120", 120.0),
    ],
)
def test_what_costs_too_much_makes_it_cheaper(message, limit):
    reading, held = talked(message)
    assert reading.intent in ("refine", "more like")
    assert (held[("kind", "=")], held[("price", "<=")]) == ("scarf", limit)


@pytest.mark.parametrize(
    ("message", "place"),
    [("the tartan one", 3), ("that one", 1), ("ok the first one then", 1), ("the second last", 5)],
)
def test_who_only_points_at_an_item_asks_about_it(message, place):
    reading, held = talked(message)
    assert (reading.intent, reading.meant) == ("about", (SHOWN[place - 1],))
    assert held[("kind", "=")] == "scarf"


@pytest.mark.parametrize(
    "message", ["how much?", "are they warm?", "and its size?", "do they itch?"]
)
def test_a_question_without_a_name_is_about_what_stands_first(message):
    assert (talked(message)[0].intent, talked(message)[0].meant) == ("about", SHOWN[:1])


def test_like_by_number_and_a_late_undo():
    assert talked("like 1 and 3")[0].meant == (SHOWN[0], SHOWN[2])
    assert talked("like 1 and 3")[0].intent == "more like"
    assert talked("actually no, go back")[1] == {}


@pytest.mark.parametrize("message", ["a printer", "I need something for a wedding", "a big tent"])
def test_another_thing_is_another_search(message):
    assert talked(message)[0].intent == "search"


def test_the_words_that_point_at_an_item_ask_for_no_fact():
    lamps = tuple(i for i in DEMO.items.values() if i.attributes["kind"] == "desk lamp")
    asked = fields_asked("how tall is the copper one?", lamps, DEMO_VALUES)
    assert asked == ("size",)


def test_with_a_photo_this_is_the_photo():
    shown = tuple(item for item in DEMO.items.values() if item.attributes["kind"] == "rug")
    now = Conversation(shown=shown, phrase="rug")
    reading = read_by_code("more like this", now, DEMO_VALUES, photo=True)
    assert (reading.intent, reading.meant, reading.phrase) == ("search", (), "")
    assert read_by_code("more like this", now, DEMO_VALUES).meant == shown[:1]
