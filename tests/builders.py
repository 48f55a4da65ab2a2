"""What is built for tests: small catalogues, indexes, agents, pictures and wordings."""

import csv
import io
import json
import re
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from PIL import Image

from assistant.agent import Agent
from assistant.evaluation.conditions import read_condition
from assistant.evaluation.script import Expected, Script, ScriptLine
from assistant.events import Done
from assistant.memory.store import Memory
from assistant.turn.request import Request
from assistant.understanding.catalogue_values import Vocabulary
from demo import catalogue_path
from retrieval.catalogue.reader import ReadingOptions, read_catalogue
from retrieval.catalogue.rows import Row
from retrieval.embed import Encoders, embed_items
from retrieval.evaluation.products.features import Product
from retrieval.fusion.concatenation import describe, join
from retrieval.index.bm25 import BM25Index
from retrieval.index.chroma import ChromaStore
from retrieval.index.index import Index, index_catalogue
from retrieval.index.records import write_record
from retrieval.items import Catalogue, Constraint, Item, item_text
from retrieval.protocols import Entry
from retrieval.training.fusion.recipe import FusionRecipe
from tests.fakes import ColourPictureEncoder, Ears, HashedTextEncoder, MemoryStore

# ---- catalogues ---------------------------------------------------------------------------------

# A shop of nine items, small enough to know by heart.
ITEMS = (
    Item("s1", "Fjord Ribbed Scarf", "A thick merino scarf for cold walks.", "Scarves", 32.0, "USD",
         "Nordlys", {"colour": "navy blue", "material": "wool", "stock": "4"}),
    Item("s2", "Meadow Scarf", "Light and airy, not warm enough for winter.", "Scarves", 18.5, "USD",
         "Hazel & Finch", {"colour": "green", "material": "cotton", "stock": "0"}),
    Item("s3", "Alpine Scarf", "Brushed and very warm.", "Scarves", 75.0, "USD", "Nordlys",
         {"colour": "red", "material": "cashmere", "stock": "2"}),
    Item("m1", "Harbour Mug", "Stoneware, holds 350 ml, dishwasher safe.", "Mugs", 12.0, "USD", "Kiln Row",
         {"colour": "blue", "material": "ceramic", "pattern": "striped", "stock": "9"}),
    Item("m2", "Harbour Mug", "Stoneware, holds 350 ml, dishwasher safe.", "Mugs", 12.0, "USD", "Kiln Row",
         {"colour": "red", "material": "ceramic", "pattern": "striped", "stock": "9"}),
    Item("l1", "Lantern Table Lamp", "Warm light over a brass foot.", "Table lamps", 140.0, "USD", "Lumen",
         {"colour": "gold", "material": "brass", "stock": "1"}),
    Item("b1", "Ranger Boots", "Oiled uppers with a cotton lining.", "Boots", 120.0, "USD", "Trailmark",
         {"colour": "brown", "material": "leather", "stock": "3"}),
    Item("b2", "Ranger Boots", "The same last without leather.", "Boots", 110.0, "USD", "Trailmark",
         {"colour": "brown", "material": "vegan leather", "stock": "3"}),
    Item("n1", "Unpriced Notebook", "Stitched, lies flat.", "Notebooks", None, "", "Quire",
         {"colour": "grey", "stock": "5"}, transcripts=("Every page is waterproof.",)),
)  # fmt: skip
SHOP = Catalogue("shop", {item.id: item for item in ITEMS})

# The demo catalogue's real records, read once, without any index or model.
DEMO = Catalogue(
    "demo",
    {row.item.id: row.item for row in read_catalogue(catalogue_path()) if isinstance(row, Row)},
)
DEMO_VALUES = Vocabulary(DEMO)


def png(colour, size):
    """Return a picture of one colour as the bytes of a PNG file."""
    drawn = io.BytesIO()
    Image.new("RGB", size, colour).save(drawn, "PNG")
    return drawn.getvalue()


def _product(at):
    colour, kind = ("red", "green", "blue")[at % 3], ("Shirts", "Caps")[at % 2]
    image = png(colour, (6, 8))
    return Product(f"p{at}", f"Brand{at} {kind}", "Men", kind, colour, "Summer", "Casual", image)


PRODUCTS = tuple(_product(at) for at in range(36))  # only the picture shows the colour


# Colours as a picture shows them, by their names.
PAINTS = {"red": (210, 40, 40), "blue": (40, 60, 200), "green": (40, 150, 70), "yellow": (240, 210, 50)}  # fmt: skip


# ---- indexes ------------------------------------------------------------------------------------

ENCODERS = Encoders(HashedTextEncoder(512), ColourPictureEncoder())
SHELF_COLOURS = ("red", "green", "blue", "white", "black")
SHELF_KINDS = ("cup", "scarf", "lamp", "chair")


def index_of(catalogue, pictures, encoders, store=None):
    """Return an index of a catalogue in a store, each item with its own pictures."""
    items, dimensions = list(catalogue.items.values()), encoders.dimensions
    vectors = np.stack([join(one, dimensions) for one in embed_items(items, pictures, encoders)])
    store = MemoryStore() if store is None else store
    records = zip(items, vectors, strict=True)
    store.upsert([Entry(item.id, vector, write_record(item)) for item, vector in records])
    return Index(
        catalogue=catalogue,
        dimensions=dimensions,
        populations=describe([vectors], dimensions),
        store=store,
        lexical=BM25Index([item_text(item) for item in items]),
    )


def shelf(count, store):
    """Return an index of items in turn of kind and colour; every third has no picture."""
    items, pictures = [], []
    for n in range(count):
        colour, kind = SHELF_COLOURS[n % 5], SHELF_KINDS[n % 4]
        attributes = {"colour": colour} if n % 7 else {}
        items.append(
            Item(f"i{n}", f"{kind} model{n}", category=kind, price=float(n), attributes=attributes)
        )
        pictures.append([] if n % 3 == 0 else [Image.new("RGB", (4, 4), colour)])
    return index_of(
        Catalogue("shelf", {item.id: item for item in items}), pictures, ENCODERS, store
    )


def small_index(folder, rows, open_store=ChromaStore):
    """Index rows in a real store, with encoders of real logic and no weights."""
    source = folder.parent / f"{folder.name}.csv"
    folder.mkdir(parents=True)
    with source.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    encoders = Encoders(HashedTextEncoder(), ColourPictureEncoder(), None)
    return index_catalogue(source, folder, encoders, open_store)


def counts(report):
    """Return what indexing has done, as (added, updated, unchanged, removed)."""
    return (report.added, report.updated, report.unchanged, report.removed)


def cups(number):
    """Return so many rows of a catalogue: id, title, pictures, recordings."""
    return [(str(n), f"Cup number {n}", "", "") for n in range(number)]


# ---- an agent -----------------------------------------------------------------------------------


def build(tmp_path, model=None, items=ITEMS, heard=None, memory=None):
    """Return an agent over a few items, with fakes that hear what is given."""
    encoders = Encoders(HashedTextEncoder(256), ColourPictureEncoder(), Ears(heard))
    catalogue = Catalogue("shop", {item.id: item for item in items})
    return Agent(
        index=index_of(catalogue, [[] for _ in items], encoders),
        encoders=encoders,
        model=model,
        memory=memory or Memory(f"sqlite:///{tmp_path / 'conversations.sqlite'}"),
        vocabulary=Vocabulary(catalogue),
        explained=1,
    )


def last(agent, words="", session="s", **rest):
    """Let an agent answer a message, and return how its turn ended."""
    *_, done = agent.reply(Request(words, **rest), session)
    assert isinstance(done, Done)
    return done


def ids(done):
    """Return the ids of the items that a turn has shown."""
    return [candidate.item.id for candidate in done.candidates]


# ---- training a fusion --------------------------------------------------------------------------

SMALL_ENCODERS = Encoders(HashedTextEncoder(48), ColourPictureEncoder())
BUILT_BY = {"text": "hashed words, 48", "picture": "mean colour, 4"}
SHORT = FusionRecipe(steps=40, batch=64, validate_every=10, rate=3e-3)


def toy_stock(count=260, *, picture=True, seed=0, **rest):
    """Make a shop where only the picture knows the colour."""
    from retrieval.training.fusion.train import FusionData  # which imports torch

    colours, kinds = ("red", "green", "blue"), ("mug", "lamp", "scarf", "clock", "chair")
    encoders, dice = SMALL_ENCODERS, np.random.default_rng(seed)
    items, stored = [], []
    for at in range(count):
        colour, kind = colours[at % 3], kinds[at % 5]
        title = f"{kind} {dice.choice(['alder', 'birch', 'cedar'])} number{at} edition{at % 17}"
        items.append(Item(f"i{at}", title, category=kind, attributes={"colour": colour}))
        look = encoders.picture.encode_words([colour])[0] + dice.normal(size=4) * 0.05
        parts = {"text": encoders.text.encode([title])[0]}
        if picture:
            parts["picture"] = (look / np.linalg.norm(look)).astype(np.float32)
        stored.append(join(parts, encoders.dimensions))
    return FusionData("toys", items, np.stack(stored), encoders, BUILT_BY, **rest)


def write_curves(curves, path):
    """Stand for the drawing of curves: write their points down."""
    path.write_text(repr({name: list(points) for name, points in curves.items()}))


# ---- scripted conversations ---------------------------------------------------------------------

BUDGET = Constraint("price", "<=", 40.0, "under 40")
SCARF = Constraint("category", "=", "scarves", "scarf")


def conditions(*texts):
    """Read conditions as a script states them."""
    return tuple(read_condition(text) for text in texts)


def scarf_script(name="a scarf", words="a scarf under 40"):
    """Return a conversation of one turn that states a budget."""
    return Script(name, "a scarf", (ScriptLine(Expected(every=conditions("price <= 40")), words),))


# ---- prompts and hostile texts ------------------------------------------------------------------

PROMPTS = sorted(one.name[:-4] for one in files("prompts").iterdir() if one.name.endswith(".txt"))
ATTACK = "<img src=x onerror='window.hit=1'><script>window.hit=2</script>"
FORMATTED = "**bold** [link](javascript:window.hit=3) $$x^2$$ ${window.hit=4} {{value}} `code`"


def windows(text, size=6):
    """Return every run of `size` words."""
    said = re.findall(r"\w+", text.casefold())
    return {" ".join(said[at : at + size]) for at in range(len(said) - size + 1)}


def system_of(name):
    """Return the instructions of a prompt, without its place for a request."""
    return files("prompts").joinpath(f"{name}.txt").read_text("utf-8").partition("--- user")[0]


SECRET = set().union(*(windows(system_of(name)) for name in PROMPTS))  # what no answer may hold


TRADE_FILES = Path(__file__).parent / "data"
# Four shops of different trades, and the columns that each calls otherwise than any shop we know.
TRADES = {
    "electronics.csv": {},
    "books_wine.tsv": {"brand": "Author/Producer"},
    "toys_kids.csv": {},
    "shoes_outdoor.csv": {},
}


@cache
def trade(name):
    """Return a shop's catalogue, read from its file."""
    options = ReadingOptions(mapping=TRADES[name])
    found = (one for one in read_catalogue(TRADE_FILES / name, options) if isinstance(one, Row))
    return Catalogue(name, {one.item.id: one.item for one in found})


SHOPPERS = ("a", "b", "c")  # folders of messages by writers who saw only a catalogue


def shoppers_lines(folder, name):
    """Yield the messages of one writer's file."""
    text = (TRADE_FILES / "shoppers" / folder / name).read_text("utf-8")
    yield from map(json.loads, text.splitlines())


@cache
def shop_of(name):
    """Return a catalogue that shoppers wrote to, read as `magpie index` reads it."""
    places = (TRADE_FILES, *(TRADE_FILES / "shoppers" / folder for folder in "cdeghij"))
    path = next(place / name for place in places if (place / name).is_file())
    found = (one for one in read_catalogue(path) if isinstance(one, Row))
    return Catalogue(name, {one.item.id: one.item for one in found})
