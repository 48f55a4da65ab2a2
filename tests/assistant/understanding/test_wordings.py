"""Many wordings of negation, colour, spelling, amounts and ranges, and what each one means.

Expectations are what a user means, over the demo catalogue: "≤" and "≥" limit the price, "+" is a
value wished for and "-" one that is excluded.
"""

import re
from time import perf_counter

import pytest

from assistant.understanding.conversation import Conversation
from assistant.understanding.dialogue_state import Ask, DialogueState, merge
from assistant.understanding.read import read_by_code
from assistant.understanding.tokens.text import folded_words
from assistant.understanding.translate import translate
from tests.builders import DEMO_VALUES

MUGS = "+mug +travel mug"
BLUES = "+blue +navy blue +sky blue"
WOOLS = "-wool -merino wool -lambswool"
STRIPES = "-striped -pinstriped"
WORDINGS = {
    "She does not like pink": "-pink",
    "she doesn't like pink": "-pink",
    "he hates leather": "-leather",
    "my mother can't stand stripes": STRIPES,
    "I don't like wool": WOOLS,
    "I do not like wool": WOOLS,
    "I can't bear stripes": STRIPES,
    "they dislike pink": "-pink",
    "we don't want leather": "-leather",
    "I'm allergic to wool": WOOLS,
    "she isn't fond of stripes": STRIPES,
    "he's not a fan of leather": "-leather",
    "no leather wallets": "+wallet -leather",
    "sun glases": "+sunglasses",
    "shirts, please": "+shirt",
    "a scarf cheeper than 20 dolars": "+scarf ≤20",
    "a scarf, not wool": f"+scarf {WOOLS}",
    "a scarf without wool": f"+scarf {WOOLS}",
    "a scarf but no stripes": f"+scarf {STRIPES}",
    "scarfs except pink": "+scarf -pink",
    "a scarf that is not striped": f"+scarf {STRIPES}",
    "a scarf, anything but pink": "+scarf -pink",
    "a wallet, leather-free": "+wallet -leather",
    "a wallet free of leather": "+wallet -leather",
    "a wallet, never leather": "+wallet -leather",
    "no leather please": "-leather",
    "avoid leather": "-leather",
    "nothing in pink": "-pink",
    "no leather or wool": f"-leather {WOOLS}",
    "neither leather nor wool": f"-leather {WOOLS}",
    "she hates pink but loves red": "-pink +red",
    "not pink, red is fine": "-pink +red",
    "a scarf, red rather than pink": "+scarf +red -pink",
    "red instead of pink": "+red -pink",
    "a red mug": f"{MUGS} +red",
    "a mug in red": f"{MUGS} +red",
    "mugs, red": f"{MUGS} +red",
    "a red-coloured mug": f"{MUGS} +red",
    "something navy blue": "+navy blue",
    "something navy": "+navy blue",
    "something in sky blue": "+sky blue",
    "something blue": BLUES,
    "a blue scarf": f"+scarf {BLUES}",
    "a red or black wallet": "+wallet +red +black",
    "a wallet in black or red": "+wallet +black +red",
    "a gray scarf": "+scarf +grey",
    "a grey scarf": "+scarf +grey",
    "a forest green scarf": "+scarf +forest green",
    "a striped scarf": "+scarf +striped",
    "a wooly scarf": "+scarf +wool",
    "a woollen scarf": "+scarf +wool",
    "a scarf for my red coat": "+scarf",
    "a scraf": "+scarf",
    "a bagpack": "+backpack",
    "a notebok": "+notebook",
    "a blankett": "+blanket",
    "a neckalce": "+necklace",
    "leathr wallet": "+wallet +leather",
    "a cushon": "+cushion",
    "headfones": "+headphones",
    "sneekers": "+sneakers",
    "a candel": "+candle",
    "a yelow mug": f"{MUGS} +yellow",
    "a walet": "+wallet",
    "a mug under 20": f"{MUGS} ≤20",
    "a mug under $20": f"{MUGS} ≤20",
    "a mug under 20 dollars": f"{MUGS} ≤20",
    "a mug for less than twenty dollars": f"{MUGS} ≤20",
    "a mug up to 20": f"{MUGS} ≤20",
    "a mug, max 20": f"{MUGS} ≤20",
    "a mug, 20 dollars at most": f"{MUGS} ≤20",
    "a mug, no more than 20 bucks": f"{MUGS} ≤20",
    "a mug, 20 or less": f"{MUGS} ≤20",
    "a $20 mug": f"{MUGS} ≤20",
    "a mug, nothing over 20": f"{MUGS} ≤20",
    "a mug, budget 20": f"{MUGS} ≤20",
    "a mug, my budget is 20": f"{MUGS} ≤20",
    "I can spend 20 on a mug": f"{MUGS} ≤20",
    "a mug, at least 10": f"{MUGS} ≥10",
    "a mug over ten dollars": f"{MUGS} ≥10",
    "a mug from 10 dollars": f"{MUGS} ≥10",
    "a mug, 10 dollars or more": f"{MUGS} ≥10",
    "a coat under 1,000": "+coat ≤1000",
    "a coat under one hundred and fifty": "+coat ≤150",
    "a coat under 1.5k": "+coat ≤1500",
    "a mug for about 20": f"{MUGS} ≥15 ≤25",
    "a mug, 20ish": f"{MUGS} ≥15 ≤25",
    "a mug around twenty": f"{MUGS} ≥15 ≤25",
    "a mug for $5 to $10": f"{MUGS} ≥5 ≤10",
    "a mug between 5 and 10": f"{MUGS} ≥5 ≤10",
    "a mug between 10 and 5": f"{MUGS} ≥5 ≤10",
    "a mug from 5 to 10": f"{MUGS} ≥5 ≤10",
    "a mug for 5-10 dollars": f"{MUGS} ≥5 ≤10",
    "a mug between five and ten dollars": f"{MUGS} ≥5 ≤10",
    "a mug over 5 and under 10": f"{MUGS} ≥5 ≤10",
    "2 mugs": MUGS,
    "not so plain": "-plain",
    "a scarf, not very colourful, not too striped": f"+scarf {STRIPES}",
    "forget scarves, show me cushions": "-scarf +cushion",
    "your mugs, please": MUGS,
    "I'd like to give her slippers": "+slippers",
    "send her red mugs": f"{MUGS} +red",
    "her red coat needs a scarf": "+scarf",
    "he already owns a kettle and could use a desk lamp": "+desk lamp",
    "my cousin gave her a blanket, so I look for slippers": "+slippers",
    "she has bought slippers already, so perhaps a blanket": "+blanket",
    "my aunt bought him a lamp already, perhaps a clock": "+clock",
    "my wife has a backpack. We need a water bottle, not pink": "+water bottle -pink",
    "I own a leather wallet, show me a canvas one": "+canvas +wallet",
    "my son has red hair and needs a cap": "+cap",
    "she has always wanted a red scarf": "+scarf +red",
    "we have to buy a red scarf": "+scarf +red",
    "a red mug under 20, not striped": f"{MUGS} +red ≤20 {STRIPES}",
}


def meant(message):
    """Return what the state holds after a message, as signed values."""
    reading = read_by_code(message, Conversation(), DEMO_VALUES)
    state = merge(DialogueState(), reading.changes, kinds=frozenset(DEMO_VALUES.kinds))
    found = set()
    for one in state.constraints:
        if one.op in ("<=", ">="):
            found.add(f"{'≤' if one.op == '<=' else '≥'}{one.value:g}")
        else:
            values = one.value if isinstance(one.value, tuple) else (one.value,)
            found |= {f"{'+' if one.op in ('=', 'in') else '-'}{value}" for value in values}
    return found


@pytest.mark.parametrize(("message", "expected"), WORDINGS.items())
def test_a_wording_sets_exactly_what_is_meant(message, expected):
    assert meant(message) == set(re.split(r" (?=[-+≤≥])", expected))


@pytest.mark.parametrize(
    ("message", "thing"),
    [
        ("show me jeans", "jeans"),
        ("a snack under 10 dollars", "snack"),
        ("have you got a piano?", "piano"),
        ("do you sell laptops?", "laptops"),
        ("I need a tent for two", "tent"),
        ("a pair of jeans", "jeans"),
        ("blue jeans for my brother", "jeans"),
        ("a striped cotton sofa", "sofa"),
    ],
)
def test_a_thing_that_nothing_is_listed_as_is_missing(message, thing):
    reading = read_by_code(message, Conversation(), DEMO_VALUES)
    assert (reading.missing, reading.missing_kind) == (thing, True)


@pytest.mark.parametrize(
    "message",
    [
        "do you carry white vases?", "gloves", "a table lamp", "something for a wedding",
        "a lamp to read in bed", "a gift for my sister", "I want to give her slippers", "a place to sleep for my dog",
        "something to keep my coffee hot on the way to work", "looking for a wallet out of leather",
    ],
)  # fmt: skip
def test_what_is_listed_or_is_no_thing_is_not_missing(message):
    assert read_by_code(message, Conversation(), DEMO_VALUES).missing == ""


@pytest.mark.parametrize(
    ("many", "one"),
    [("vases", "vase"), ("gloves", "glove"), ("scarves", "scarf"), ("knives", "knife"),
     ("dresses", "dress"), ("glasses", "glass"), ("boxes", "box"), ("watches", "watch"),
     ("purses", "purse"), ("shelves", "shelf"), ("sleeves", "sleeve"), ("berries", "berry")],
)  # fmt: skip
def test_plural_and_singular_are_one_word(many, one):
    assert folded_words(many) == folded_words(one)


@pytest.mark.parametrize("said", ["a ", "no ", "not in a ", "a red scarf under 40, not wool. "])
def test_ten_times_the_message_takes_about_ten_times_as_long(said):
    """Quadratic reading took 77 s for 20,000 characters."""
    long = said * (20_000 // len(said))
    since = perf_counter()
    assert read_by_code(long, Conversation(), DEMO_VALUES).phrase.count("scarf") < 2_000
    assert perf_counter() - since < 20  # 2 s on a quiet machine


def test_the_cheapest_in_spanish_is_an_order():
    english = translate("¿Cuál es la vela más barata?", "es", DEMO_VALUES.words, own="en").text
    assert read_by_code(english, Conversation(), DEMO_VALUES).order == "price"


@pytest.mark.parametrize("message", ["a globe", "fine. A globe?", "tent?", "a sofa under $1000"])
def test_what_is_not_carried_is_noticed_and_not_taken_for_something_else(message):
    reading = read_by_code(message, Conversation(), DEMO_VALUES)
    assert reading.missing_kind
    assert reading.missing in message
    limits = [change for change in reading.changes if isinstance(change, Ask)]
    assert all(change.constraint.field == "price" for change in limits)
