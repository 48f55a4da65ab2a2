"""The six catalogues: each column that holds a number, and what shoppers call it.

Written by hand from the raw files. A unit that several columns of a catalogue share never stands
without the field's noun. Left out, because no plain wording says which side is meant: garden_tools'
“Footprint” and furniture's “mattress” (two sides), shoes' “width” (words).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tests.assistant.understanding.generated_limits.columns import UPPER, Column


@dataclass(frozen=True)
class Shop:
    """A raw catalogue, and how it is read."""

    path: str  # below tests/data
    delimiter: str
    id: str  # its column of ids
    kind: str  # its column of kinds
    kinds: Mapping[str, tuple[str, Sequence[str]]]  # plural → singular, cells ("" for none)
    columns: Sequence[Column]


LIGHT = {"<": ("lighter than {a}",), ">": ("heavier than {a}",), "<=": ("{a} or lighter",), ">=": ("{a} or heavier",)}  # fmt: skip
CHEAP = {"<": ("cheaper than {a}",), "<=": ("{a} or cheaper",)}
WEIGHT = Column(
    "weight", said=("kg", "g", "lb"), frames=("{}", "weighing {}", "that weigh(s) {}", "with a weight of {}"),
    compared=LIGHT,
)  # fmt: skip
PRICE = Column(
    "price", "money", frames=("{}", "for {}", "costing {}", "that cost(s) {}", "priced at {}", "with a price of {}"),
    named=("costing {}", "that cost(s) {}", "with a price of {}"), compared=CHEAP,
)  # fmt: skip
STARS = Column(
    "stars", "count", noun="{} stars", frames=("with {}", "{}", "rated {}", "with a rating of {}"),
    named=("rated {}", "with a rating of {}"),
)  # fmt: skip
REVIEWS = Column("reviews", "count", noun="{} reviews", frames=("with {}", "that (have) {}"))
STOCK = Column(
    "stock",
    "count",
    named=("with {} in stock", "{} in stock"),
    ops=("<", "<=", ">", ">=", "between"),
)
YEAR = Column("year", "year")

ELECTRONICS = Shop(
    "electronics.csv", ",", "sku", "department",
    {
        "laptops": ("laptop", ("Laptops",)), "tablets": ("tablet", ("Tablets",)),
        "monitors": ("monitor", ("Monitors",)), "headphones": ("", ("Headphones",)),
        "speakers": ("speaker", ("Speakers",)), "power banks": ("power bank", ("Power banks",)),
        "keyboards and mice": ("", ("Keyboards & mice",)),
    },
    (
        replace(PRICE, name="price_eur", said=("EUR",)),
        Column("ram", said=("GB",), frames=("with {} of ram", "with {} ram", "with {} of memory")),
        Column("storage", said=("GB", "TB"), frames=("with {} of storage", "with {} storage", "with a storage of {}")),
        Column("screen size", said=("in", "cm"), frames=("with a screen of {}", "with a screen size of {}", "{}")),
        WEIGHT,
        Column("battery life (hours)", unit="hour", said=("hour",),
               frames=("with {} of battery life", "with {} of battery", "with a battery life of {}", "with {}")),
        Column("capacity_mah", unit="mAh", said=("mAh",), frames=("{}", "with {}", "with a capacity of {}")),
        Column("refresh rate", said=("Hz",), frames=("{}", "with {}", "with a refresh rate of {}")),
        replace(YEAR, name="release year", frames=("released {}", "launched {}", "that came out {}", "{dated}")),
        replace(STARS, name="user rating"), replace(REVIEWS, name="reviews"), replace(STOCK, name="stock"),
    ),
)  # fmt: skip
_WINES = ("Red wine", "White wine", "Dessert wine", "Sparkling wine", "Rosé")
_BOOKS = ("Crime", "History", "Fiction", "Children's books", "Science", "Cookery")
BOOKS = Shop(
    "books_wine.tsv", "\t", "Artikel-Nr", "Section",
    {
        "red wines": ("red wine", ("Red wine",)), "white wines": ("white wine", ("White wine",)),
        "wines": ("wine", _WINES), "books": ("book", _BOOKS), "crime novels": ("", ("Crime",)),
        "history books": ("history book", ("History",)), "science books": ("science book", ("Science",)),
        "children's books": ("children's book", ("Children's books",)),
    },
    (
        replace(PRICE, name="Price", said=("USD",)),
        Column("Pages", "count", noun="{} pages", frames=("with {}", "of {}", "{}"),
               compared={"<": ("shorter than {a}",), ">": ("longer than {a}",)}),
        replace(YEAR, name="Published", frames=("published {}", "that came out {}")),
        Column("Alcohol (% vol)", said=("%",), frames=("with {} alcohol", "with an alcohol content of {}", "with {}"),
               compared={">": ("stronger than {a}",)}),
        replace(YEAR, name="Vintage", frames=("of a vintage {dated}", "vintage {behind}"),
                compared={"=": ("of the {a} vintage", "vintage {a}")}),
        Column("Bottle", said=("ml", "l", "cl"), frames=("in bottles of {}", "with a bottle size of {}", "{}")),
        replace(STARS, name="Stars (out of 5)"),
    ),
)  # fmt: skip
SHOES = Shop(
    "shoes_outdoor.csv", ",", "id", "type",
    {
        "hiking boots": ("", ("Hiking boots",)), "trail running shoes": ("", ("Trail running shoes",)),
        "ropes": ("rope", ("Ropes",)), "kids' shoes": ("", ("Kids' shoes",)), "sandals": ("", ("Sandals",)),
        "jackets": ("jacket", ("Jackets",)), "sleeping bags": ("sleeping bag", ("Sleeping bags",)),
        "tents": ("tent", ("Tents",)),
    },
    (
        replace(PRICE, name="price", said=("GBP",)),
        Column("sizes", "sizes", named=("in {}", "size {}", "in size {}"), ops=("=",)),
        Column("weight per shoe", said=("g", "kg"), compared=LIGHT,
               frames=("{}", "weighing {}", "weighing {} per shoe", "with a weight of {}")),
        Column("heel drop", said=("mm", "cm"), frames=("with a heel drop of {}", "with a drop of {}", "with {} drop")),
        Column("rope length", said=("m", "ft"), frames=("of {}", "with a length of {}", "{}"),
               compared={"<": ("shorter than {a}",), ">": ("longer than {a}",)}),
        Column("tent capacity", "count", noun="{} people", frames=("for {}", "that sleep(s) {}")),
        Column("packed size", "sides", said=("cm", "in"), frames=("with a packed size of {}",), ops=UPPER),
        Column("temperature rating", said=("°C",), frames=("with a temperature rating of {}", "rated {}")),
        Column("fill power", "count", noun="{} cuin", frames=("with {}", "with a fill power of {}"),
               named=("with a fill power of {}",)),
        replace(YEAR, name="added", frames=("added {}", "that (were) added {}")),
    ),
)  # fmt: skip
TOYS = Shop(
    "toys_kids.csv", ";", "id", "category",
    {
        "board games": ("board game", ("Board games",)), "puzzles": ("puzzle", ("Puzzles",)),
        "dolls": ("doll", ("Dolls",)), "vehicles": ("vehicle", ("Vehicles",)),
        "outdoor toys": ("outdoor toy", ("Outdoor",)), "learning toys": ("learning toy", ("Learning",)),
        "building toys": ("building toy", ("Building",)), "plush toys": ("plush toy", ("Plush",)),
    },
    (
        replace(PRICE, name="price", said=("EUR",)),
        Column("age", "held", unit="year", said=("year", "month"), frames=("for a child of {}", "for a child aged {}"),
               named=("for age {}", "for a {}-year-old", "for a {} year old", "for kids aged {}", "for a child of {}"),
               ops=("=",)),
        Column("pieces", "count", noun="{} pieces", frames=("with {}", "of {}", "{}")),
        Column("dimensions", "sides", said=("cm", "in"),
               frames=("whose longest side is {}", "with a longest side of {}"), ops=UPPER),
        Column("height_cm", unit="cm", said=("cm", "m", "in"),
               frames=("with a height of {}", "that (are) {before} tall", "{before} high")),
        Column("safety age minimum (months)", unit="month", said=("month", "year"),
               frames=("with a minimum safety age of {}", "with a safety age of {}")),
        Column("delivery days", unit="day", said=("day", "week"), frames=("with a delivery time of {}", "delivered in {}"),
               compared={"<=": ("delivered within {a}", "with delivery within {a}")}),
    ),
)  # fmt: skip
GARDEN = Shop(
    "shoppers/c/garden_tools.csv", ",", "Item No.", "Department",
    {
        "plants": ("plant", ("Plants",)), "hedge trimmers": ("hedge trimmer", ("Hedge Trimmers",)),
        "leaf blowers": ("leaf blower", ("Leaf Blowers",)), "hand tools": ("hand tool", ("Hand Tools",)),
        "lawn mowers": ("lawn mower", ("Lawn Mowers",)), "pressure washers": ("pressure washer", ("Pressure Washers",)),
        "pots and planters": ("", ("Pots & Planters",)), "hoses and reels": ("", ("Hoses & Reels",)),
    },
    (
        replace(PRICE, name="Price", said=("USD",)),
        Column("Cut Width", said=("cm", "in"), frames=("with a cut width of {}", "with a cutting width of {}")),
        Column("Power", said=("W", "V", "kW"), frames=("with {}", "with a power of {}", "{}")),
        Column("Noise (dB)", unit="dB", said=("dB",), frames=("{}", "with a noise level of {}", "with {}"),
               compared={"<": ("quieter than {a}",), ">": ("louder than {a}",)}),
        Column("Capacity", said=("l", "gal"), frames=("that hold(s) {}", "with a capacity of {}", "holding {}")),
        Column("Hose Length", said=("m", "ft"), frames=("with a hose length of {}", "with {} of hose")),
        Column("Min Temp (°C)", unit="°C", said=("°C",), frames=("with a minimum temperature of {}", "with a min temp of {}")),
        Column("USDA Zone", "held", named=("for zone {}", "for USDA zone {}", "hardy in zone {}"), ops=("=",)),
        Column("Grows To (cm)", unit="cm", said=("cm", "m", "ft"), frames=("that grow(s) to {}", "growing to {}")),
        Column("Pot Diam. (in)", unit="in", said=("in", "cm"), frames=("with a pot diameter of {}",)),
        replace(WEIGHT, name="Weight"),
        Column("Guarantee", said=("year", "month"), frames=("with a guarantee of {}", "with {} of guarantee")),
        Column("Pressure", said=("bar",), frames=("{}", "with {}", "with a pressure of {}")),
        replace(STARS, name="Stars"), replace(REVIEWS, name="No. of Reviews"), replace(STOCK, name="Qty in Stock"),
        replace(YEAR, name="Listed", frames=("listed {}",)),
    ),
)  # fmt: skip


def _side(name: str, noun: str, *adjectives: str) -> Column:
    frames = (f"with a {noun} of {{}}", *(f"that (are) {{before}} {one}" for one in adjectives))
    return Column(
        name, unit="cm", said=("cm", "m", "in"), frames=(*frames, f"{{before}} {adjectives[0]}")
    )


FURNITURE = Shop(
    "shoppers/c/furniture_home.csv", ";", "ref", "type",
    {
        **{f"{one}s": (one, (one,)) for one in (
            "desk", "rug", "wardrobe", "mirror", "office chair", "dining table", "bar stool", "coffee table",
            "armchair", "footstool", "desk lamp", "floor lamp", "table lamp", "pendant light", "bedside table",
            "dining chair", "tv stand",
        )},
        "bookcases": ("bookcase", ("bookcase",)), "mattresses": ("mattress", ("mattress",)),
        "benches": ("bench", ("bench",)), "chests of drawers": ("chest of drawers", ("chest of drawers",)),
    },
    (
        replace(PRICE, name="price", said=("GBP",)),
        _side("width_cm", "width", "wide"), _side("depth_cm", "depth", "deep"),
        _side("height_cm", "height", "tall", "high"),
        Column("max load", said=("kg", "lb"), frames=("with a max load of {}", "with a load capacity of {}")),
        Column("seats", "count", noun="{} seats", frames=("with {}",)),
        Column("brightness", said=("lm",), frames=("{}", "with {}", "with a brightness of {}")),
        Column("light colour", said=("K",), frames=("with a light colour of {}", "with {}")),
        Column("drawers", "count", noun="{} drawers", frames=("with {}", "that (have) {}")),
        Column("pile mm", unit="mm", said=("mm", "cm"), frames=("with a pile of {}", "with {} pile")),
        Column("lead time", said=("week", "day"), frames=("with a lead time of {}",), ops=UPPER,
               compared={"<=": ("delivered within {a}", "with a lead time within {a}")}),
        replace(WEIGHT, name="weight kg", unit="kg", frames=("weighing {}", "that weigh(s) {}", "with a weight of {}")),
        replace(YEAR, name="introduced", frames=("introduced {}", "that (were) introduced {}", "{dated}")),
        replace(STARS, name="stars"),
        Column("ratings", "count", noun="{} ratings", frames=("with {}",)), replace(STOCK, name="in stock"),
    ),
)  # fmt: skip
SHOPS = (ELECTRONICS, BOOKS, SHOES, TOYS, GARDEN, FURNITURE)
