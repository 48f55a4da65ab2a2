"""A question about one form of what is shown is answered for that form."""

import pytest

from assistant.turn.answers import fields_asked
from assistant.understanding.acts.variants_asked import as_named, asked_of_form, options_named
from assistant.understanding.catalogue_values import Vocabulary
from assistant.understanding.conversation import Conversation
from assistant.understanding.read import read_by_code
from retrieval.items import Catalogue, Item, Variant

SHOE = Item(
    "P1",
    "Trail Shoe",
    price=89.0,
    currency="USD",
    attributes={"size": "42, 43", "color": "blue, red", "stock": "4"},
    variants=(
        Variant("P1-42", {"size": "42", "color": "blue"}, 89.0, 4.0),
        Variant("P1-43", {"size": "43", "color": "red"}, 95.0, 0.0),
    ),
)
JACKET = Item(
    "J",
    "Rain Jacket",
    price=89.0,
    attributes={"size": "S, M", "stock": "5"},
    variants=(Variant("J-S", {"size": "S"}, 89.0, 3.0), Variant("J-M", {"size": "M"}, 95.0, 2.0)),
)
VALUES = Vocabulary(Catalogue("shop", {"P1": SHOE, "J": JACKET}))


@pytest.mark.parametrize(
    ("item", "message", "field", "said"),
    [
        (SHOE, "is 43 in stock?", "stock", "0"),
        (SHOE, "is 42 in stock?", "stock", "4"),
        (SHOE, "is size 43 in stock?", "stock", "0"),
        (SHOE, "is the red one in stock?", "stock", "0"),
        (JACKET, "is M in stock?", "stock", "2"),
        (JACKET, "is it in stock in S?", "stock", "3"),
        (JACKET, "do you have M in stock?", "stock", "2"),
    ],
)
def test_stock_is_that_of_the_form_that_is_named(item, message, field, said):
    now = Conversation(shown=(item,), phrase="x")
    reading = read_by_code(message, now, VALUES)
    assert (reading.intent, reading.meant, reading.changes) == ("about", (item,), ())
    form = as_named(item, options_named(message, item))
    assert field in (*fields_asked(message, (item,), VALUES), *asked_of_form(message))
    assert form.attributes[field] == said


@pytest.mark.parametrize(("message", "price"), [("how much is it in 43?", 95.0), ("what does the blue one cost?", 89.0)])  # fmt: skip
def test_a_price_is_that_of_the_form(message, price):
    reading = read_by_code(message, Conversation(shown=(SHOE,), phrase="x"), VALUES)
    assert (reading.intent, reading.changes) == ("about", ())
    assert as_named(SHOE, options_named(message, SHOE)).price == price


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("shoes in 43", (SHOE,)),  # a wish
        ("is 43 in stock?", ()),  # nothing is shown
        ("at least 3 in stock", (SHOE,)),  # a count
        ("is it in stock?", (SHOE,)),  # of all
        ("i am in doubt: is it in stock?", (JACKET,)),  # no M is written
    ],
)
def test_what_names_no_form_is_read_as_before(message, shown):
    now = Conversation(shown=shown, phrase="x")
    reading = read_by_code(message, now, VALUES)
    forms = [options_named(message, item) for item in reading.meant]
    assert reading.intent != "about" or not any(forms)


def test_a_form_that_is_not_sold_leaves_the_item_as_it_is():
    reading = read_by_code("is 45 in stock?", Conversation(shown=(SHOE,), phrase="x"), VALUES)
    assert (reading.intent, reading.changes) == ("about", ())
    assert as_named(SHOE, options_named("is 45 in stock?", SHOE)) is SHOE
