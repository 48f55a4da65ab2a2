"""The usual materials of each kind of product, and whether it is sold with patterns.

Knows words only. Used to make random looks, and to check that the catalogue's looks are plausible.
"""

from collections.abc import Mapping

_MADE_OF: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("mug", "teapot", "bowl", "plate", "vase", "plant pot"): ("stoneware", "porcelain", "ceramic"),
    ("travel mug", "vacuum flask", "water bottle"): ("stainless steel", "aluminium"),
    ("saucepan", "kettle", "pet bowl", "frying pan"): ("enamelled steel", "stainless steel"),
    ("dumbbell", "watering can", "lantern", "bicycle", "desk lamp"): ("steel", "iron"),
    ("drinking glass",): ("glass",),
    ("storage jar",): ("ceramic", "enamelled steel"),
    ("kitchen knife", "trowel"): ("beech", "walnut"),
    ("chopping board", "chair", "stool", "table", "bookshelf"): ("oak", "walnut", "beech"),
    ("building blocks", "toy car", "picture frame", "skateboard"): ("beech", "maple", "pine"),
    ("guitar", "drum"): ("spruce", "maple"),
    ("table lamp", "floor lamp"): ("linen", "cotton"),
    ("armchair", "cushion", "pet bed"): ("velvet", "linen", "corduroy"),
    ("rug", "blanket", "scarf", "jumper", "beanie", "gloves"): ("wool", "cotton", "cashmere"),
    ("towel", "t-shirt", "shirt", "dress", "skirt", "shorts", "socks"): ("cotton", "linen"),
    ("coat", "trousers"): ("wool", "cotton", "tweed"),
    ("rain jacket", "umbrella", "kite", "suitcase"): ("polyester", "nylon"),
    ("candle",): ("wax",),
    ("basket", "sun hat"): ("straw", "jute"),
    ("cap", "tote bag", "pencil case", "backpack"): ("cotton", "canvas"),
    ("sneakers", "boots", "sandals"): ("leather", "canvas", "suede"),
    ("slippers",): ("felt", "sheepskin"),
    ("handbag", "wallet", "belt", "watch", "dog collar"): ("leather", "canvas"),
    ("necklace", "earrings"): ("glass", "resin"),
    ("notebook", "pen"): ("paper", "resin"),
    ("teddy bear",): ("plush", "mohair"),
    ("ball", "yoga mat"): ("rubber", "cork"),
}
_USUAL: Mapping[str, tuple[str, ...]] = {
    kind: materials for kinds, materials in _MADE_OF.items() for kind in kinds
}
_ALWAYS_PLAIN = frozenset(
    "drinking glass,kitchen knife,frying pan,headphones,camera,keyboard,sunglasses,watch,necklace,"
    "earrings,trowel,dumbbell,guitar,bookshelf,clock,boots,belt,pen,picture frame".split(",")
)


def usual_materials(kind: str) -> tuple[str, ...]:
    """Return the usual materials of a kind; ("",) if its material is usually not named."""
    return _USUAL.get(kind, ("",))


def suits_patterns(kind: str) -> bool:
    """Tell whether things of this kind are sold with patterns."""
    return kind not in _ALWAYS_PLAIN
