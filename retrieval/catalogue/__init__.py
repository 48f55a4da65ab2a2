"""Reads a shop's catalogue: file or folder → rows → items, or problems with their row number.

Knows file formats and cells; knows no model, no vector and no store.

    currencies        currency signs and their ISO codes
    prices            "12,50 €" → 12.5 EUR
    rows              one record of a file → an item, or its problems
    reader            CSV, JSON Lines, Parquet, a folder of pictures → items
    interaction_rows  the rows of a table of interactions
    interactions      who liked what, one interaction per user and item
"""

__all__ = ["currencies", "interactions", "reader", "rows"]
