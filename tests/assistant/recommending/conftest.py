"""A shop of handmade things that tells kinds, colours and materials apart, and an agent of it."""

import pytest
from PIL import Image

from assistant.agent import Agent
from assistant.memory.store import Memory
from assistant.understanding.catalogue_values import Vocabulary
from retrieval.items import Catalogue, Item
from tests.builders import ENCODERS, index_of

COLOURS = ("red", "green", "blue", "white", "black")
WORN = ("scarf", "mug", "lamp", "chair", "rug")
MATERIALS = ("wooden", "steel", "woven")


def _stock():
    """Return one item of each kind, colour and material, and a row of doubles."""
    for n, (kind, colour, material) in enumerate(
        (k, c, m) for k in WORN for c in COLOURS for m in MATERIALS
    ):
        facts = {"colour": colour, "material": material}
        words = f"made by hand in {('spring', 'summer', 'autumn', 'winter')[n % 4]}"
        title = f"{material} {colour} {kind}"
        yield Item(f"i{n}", title, words, kind, 5.0 + n, "USD", attributes=facts), colour
    for n in range(8):
        facts = {"colour": "blue", "material": "glass"}
        title = "glass blue vase plain"
        yield Item(f"d{n}", title, "a vase", "vase", 20.0, "USD", attributes=facts), "blue"
    for n, material in enumerate(("clay", "tin", "marble", "paper")):
        facts = {"colour": "blue", "material": material}
        words = ("round", "thrown by hand", "tall for tulips", "folds flat")[n]
        item = Item(material, f"{material} blue vase", words, "vase", 22.0, "USD", attributes=facts)
        yield item, "blue"


@pytest.fixture(scope="module")
def handmade_index():
    items, colours = zip(*_stock(), strict=True)
    pictures = [[Image.new("RGB", (4, 4), colour)] for colour in colours]
    return index_of(Catalogue("shop", {item.id: item for item in items}), pictures, ENCODERS)


@pytest.fixture
def handmade_agent(handmade_index, tmp_path):
    memory = Memory(f"sqlite:///{tmp_path / 'conversations.sqlite'}")
    yield Agent(
        index=handmade_index,
        encoders=ENCODERS,
        model=None,
        memory=memory,
        vocabulary=Vocabulary(handmade_index.catalogue),
        explained=1,
    )
    memory.close()


@pytest.fixture(scope="module")
def red(tmp_path_factory):
    path = tmp_path_factory.mktemp("photos") / "red.png"
    Image.new("RGB", (5, 5), "red").save(path)
    return path
