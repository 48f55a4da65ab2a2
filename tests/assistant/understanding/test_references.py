"""Which shown item is meant: wordings decided beforehand, on the demo's real records."""

import pytest

from assistant.understanding.conversation import Conversation
from assistant.understanding.read import read_by_code
from tests.builders import DEMO, DEMO_VALUES

LAMPS = (
    "table-lamp-01",
    "desk-lamp-01",
    "table-lamp-03",
    "lantern-02",
    "desk-lamp-03",
    "floor-lamp-01",
)
SCARVES = ("scarf-05", "scarf-03", "scarf-10", "scarf-01", "scarf-09")
MUGS = ("mug-01", "mug-02", "mug-07", "mug-05")


@pytest.mark.parametrize(
    ("shown", "message", "meant"),
    [
        (LAMPS, "the second one", ["desk-lamp-01"]),
        (LAMPS, "the second", ["desk-lamp-01"]),
        (LAMPS, "second one please", ["desk-lamp-01"]),
        (LAMPS, "number two", ["desk-lamp-01"]),
        (LAMPS, "no. 2", ["desk-lamp-01"]),
        (LAMPS, "#2", ["desk-lamp-01"]),
        (LAMPS, "the 2nd one, but cheaper", ["desk-lamp-01"]),
        (LAMPS, "what about the third?", ["table-lamp-03"]),
        (LAMPS, "the last one", ["floor-lamp-01"]),
        (LAMPS, "tell me about the last lamp", ["floor-lamp-01"]),
        (LAMPS, "the second to last one", ["desk-lamp-03"]),
        (LAMPS, "the second last", ["desk-lamp-03"]),
        (LAMPS, "the penultimate one", ["desk-lamp-03"]),
        (LAMPS, "compare the first and the third", ["table-lamp-01", "table-lamp-03"]),
        (LAMPS, "compare first and third", ["table-lamp-01", "table-lamp-03"]),
        (LAMPS, "first vs second", ["table-lamp-01", "desk-lamp-01"]),
        (LAMPS, "first or second, which is lighter?", ["table-lamp-01", "desk-lamp-01"]),
        (LAMPS, "compare the first two", ["table-lamp-01", "desk-lamp-01"]),
        (LAMPS, "compare 1 and 3", ["table-lamp-01", "table-lamp-03"]),
        (LAMPS, "compare 1, 2 and 3", ["table-lamp-01", "desk-lamp-01", "table-lamp-03"]),
        (LAMPS, "compare number 2 with number 5", ["desk-lamp-01", "desk-lamp-03"]),
        (LAMPS, "compare them", []),
        (LAMPS, "the teal one", ["desk-lamp-01"]),
        (LAMPS, "the copper one in blue", ["desk-lamp-03"]),
        (LAMPS, "that lantern", ["lantern-02"]),
        (LAMPS, "is the lantern heavy?", ["lantern-02"]),
        (LAMPS, "the floor lamp", ["floor-lamp-01"]),
        (LAMPS, "the checked one", ["table-lamp-03"]),
        (LAMPS, "the brass one", ["desk-lamp-03"]),
        (LAMPS, "the white lamp", ["floor-lamp-01"]),
        (LAMPS, "the gingham one", ["table-lamp-03"]),
        (LAMPS, "tell me more about the Anglepoint", ["desk-lamp-01"]),
        (LAMPS, "is the Draughtsman's Lamp in stock?", ["desk-lamp-03"]),
        (LAMPS, "something like the Heron Floor Lamp but cheaper", ["floor-lamp-01"]),
        (LAMPS, "the cheapest one", []),
        (LAMPS, "the most expensive one", []),
        (LAMPS, "why the cheapest?", ["lantern-02"]),
        (LAMPS, "something cheaper than the second one", ["desk-lamp-01"]),
        (LAMPS, "cheaper than the teal one", ["desk-lamp-01"]),
        (LAMPS, "like the first but wooden", ["table-lamp-01"]),
        (LAMPS, "like the first one, but not brown", ["table-lamp-01"]),
        (LAMPS, "more like 2", ["desk-lamp-01"]),
        (LAMPS, "more like the second", ["desk-lamp-01"]),
        (LAMPS, "more like number 4", ["lantern-02"]),
        (LAMPS, "the one for 54 dollars", ["table-lamp-03"]),
        (LAMPS, "the $72 one", ["desk-lamp-01"]),
        (LAMPS, "the seventh one", []),
        (LAMPS, "the ninth", []),
        (LAMPS, "the navy blue one", ["lantern-02"]),
        (LAMPS, "the navy one", ["lantern-02"]),
        (LAMPS, "the sky blue one", ["table-lamp-03"]),
        (LAMPS, "the latter", []),
        (LAMPS[:1], "is it dimmable?", ["table-lamp-01"]),
        (LAMPS[:1], "does it come with a bulb?", ["table-lamp-01"]),
        (LAMPS[:1], "why this?", ["table-lamp-01"]),
        (LAMPS, "a warm lamp for the first time", []),
        (LAMPS, "a lamp for the second floor", []),
        (LAMPS, "show me mugs", []),
        (LAMPS, "under 60 dollars", []),
        (LAMPS, "the middle one", []),
        (SCARVES, "the red one", ["scarf-03"]),
        (SCARVES, "the blue one", []),
        (SCARVES, "the striped one", ["scarf-10"]),
        (SCARVES, "the tartan", ["scarf-03"]),
        (SCARVES, "the green one but in grey", ["scarf-01"]),
        (SCARVES, "the gray one", ["scarf-05"]),
        (SCARVES, "the wool one", ["scarf-03"]),
        (SCARVES, "the woolen one", ["scarf-03"]),
        (SCARVES, "the floral one", ["scarf-09"]),
        (SCARVES, "that pink scarf", ["scarf-09"]),
        (SCARVES, "why the cashmere one?", ["scarf-05"]),
        (SCARVES, "the cheapest of these", ["scarf-10"]),
        (SCARVES, "the breton scraf", ["scarf-10"]),
        (SCARVES, "the first three", ["scarf-05", "scarf-03", "scarf-10"]),
        (SCARVES, "compare the red one and the green one", ["scarf-03", "scarf-01"]),
        (SCARVES, "compare the Cloud Scarf with the Meadow Scarf", ["scarf-05", "scarf-09"]),
        (SCARVES, "difference between the last two", ["scarf-01", "scarf-09"]),
        (MUGS, "the blue one", ["mug-01"]),
        (MUGS, "the blue mug", ["mug-01"]),
        (MUGS, "the red mug, but bigger", ["mug-02"]),
        (MUGS, "the starry one", ["mug-07"]),
        (MUGS, "the speckled one", ["mug-05"]),
        (MUGS, "why the fourth?", ["mug-05"]),
        (MUGS, "why not the second one?", ["mug-02"]),
        (MUGS, "can the red one go in the dishwasher?", ["mug-02"]),
        (MUGS, "I prefer the third one", ["mug-07"]),
        (MUGS, "I'll take the red one", ["mug-02"]),
        (MUGS, "how much is the second?", ["mug-02"]),
        (MUGS, "how much does the red one cost?", ["mug-02"]),
        (MUGS, "first one", ["mug-01"]),
        (MUGS, "1", []),
        (MUGS, "what about 3?", ["mug-07"]),
        (MUGS, "not the red one", []),
        (MUGS, "option 3", ["mug-07"]),
        (MUGS, "item 3 in red", ["mug-07"]),
        (MUGS, "the top one", ["mug-01"]),
        (MUGS, "the bottom one", ["mug-05"]),
        (MUGS, "les deux", []),
    ],
)
def test_the_item_that_is_meant(shown, message, meant):
    now = Conversation(shown=tuple(DEMO.items[id_] for id_ in shown), phrase="x")
    assert [item.id for item in read_by_code(message, now, DEMO_VALUES).meant] == meant


def test_a_price_that_points_at_an_item_is_no_limit():
    now = Conversation(shown=tuple(DEMO.items[id_] for id_ in LAMPS), phrase="lamp")
    reading = read_by_code("tell me about the one for 54 dollars", now, DEMO_VALUES)
    assert reading.intent == "about"
    assert not reading.changes
    assert read_by_code("the second one under 60 dollars", now, DEMO_VALUES).changes


@pytest.mark.parametrize(
    ("message", "intent", "meant"),
    [
        ("why not the second one?", "why not", ["desk-lamp-01"]),
        ("why isn't the Cloud Scarf shown?", "why not", ["scarf-05"]),
        ("why is Cloud Scarf, burgundy not there?", "why not", ["scarf-06"]),
        ("what's wrong with the teal one?", "why not", ["desk-lamp-01"]),
        ("why the second one?", "why", ["desk-lamp-01"]),
        ("why not in red?", "refine", []),
    ],
)
def test_why_not_is_asked_of_what_is_shown_and_of_what_is_not(message, intent, meant):
    now = Conversation(shown=tuple(DEMO.items[id_] for id_ in LAMPS), phrase="lamp")
    reading = read_by_code(message, now, DEMO_VALUES)
    assert (reading.intent, [item.id for item in reading.meant]) == (intent, meant)


@pytest.mark.parametrize(
    ("message", "intent", "meant"),
    [
        ("is the last one made of wood?", "about", ["floor-lamp-01"]),
        ("does the first one come in blue?", "about", ["table-lamp-01"]),
        ("is that lantern dimmable?", "about", ["lantern-02"]),
        ("isn't the second one made of steel?", "about", ["desk-lamp-01"]),
        ("do you have the first one in blue?", "more like", ["table-lamp-01"]),
        ("the first one, but in blue", "more like", ["table-lamp-01"]),
        ("can I see the second one in red?", "more like", ["desk-lamp-01"]),
    ],
)
def test_a_value_in_a_question_about_an_item_is_no_wish(message, intent, meant):
    now = Conversation(shown=tuple(DEMO.items[id_] for id_ in LAMPS), phrase="lamp")
    reading = read_by_code(message, now, DEMO_VALUES)
    assert (reading.intent, [item.id for item in reading.meant]) == (intent, meant)
    assert bool(reading.changes) == (intent == "more like")
