"""A code that was misheard by a letter is mended; what only resembles one is not."""

import pytest

from retrieval.codes.heard import misheard_codes, with_codes
from retrieval.items import Catalogue, Item

ITEMS = (
    Item("EL-1406", "JBL Charge"),
    Item("A20310", "Spätburgunder"),
    Item("T-401", "Harvest Valley"),
    Item("h1", "Sony WH-1000XM5"),
    Item("z1", "Zebra ZB-20"),
    Item("b-777", "Boat"),
    Item("d-777", "Dinghy"),
)
CODES = Catalogue("c", {item.id: item for item in ITEMS}).codes


@pytest.mark.parametrize(  # the first five as whisper-base has heard them
    ("heard", "mended"),
    [
        ("Do you have the WHO 1000XM5?", "Do you have the WH1000XM5?"),
        ("a WHO-H1000XM5", "a WH1000XM5"),
        ("Show me article number 2 0 3 1 0", "Show me article number A20310"),
        ("I want the BB20.", "I want the ZB20."),
        ("is D401 in stock.", "is T401 in stock."),
        ("EM-1406 and DB20", "EL1406 and ZB20"),
    ],
)
def test_a_letter_misheard_is_mended(heard, mended):
    assert with_codes(heard, misheard_codes(heard, CODES)) == mended


@pytest.mark.parametrize(
    "heard",
    [
        "EL14-06, please.",  # it is right
        "EL4006",  # another number
        "WH-1000XM4",
        "MP20",  # M and Z do not sound alike, and the code is short
        "P777",  # as near to one code as to another
        "under 1406 dollars, in size M 42, with 20 pockets and a USB 20 plug",
    ],
)
def test_what_is_another_code_stays(heard):
    assert misheard_codes(heard, CODES) == []
