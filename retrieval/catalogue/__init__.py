"""What a shop hands over: a file or a folder → rows → items, or problems with their place.

Knows file formats and cells; knows no model, no vector and no store.

    currencies        signs and the codes they stand for
    prices            "12,50 €" → 12.5 EUR
    rows              one record of a file → an item, or its problems
    reader            CSV, JSON Lines, Parquet, a folder of pictures → items
    interaction_rows  the rows of a table of interactions
    interactions      who liked what, one interaction a user and item
"""

__all__ = ["currencies", "interactions", "reader", "rows"]
