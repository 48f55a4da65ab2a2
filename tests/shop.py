"""A shop of nine items, small enough to know by heart."""

from retrieval.items import Catalogue, Item

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
