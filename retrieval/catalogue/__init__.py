"""Reads a shop's catalogue: file or folder → rows → items, or problems with their row number.

Knows file formats and cells; knows no model, no vector and no store.

    currencies        currency signs and their ISO codes
    prices            "12,50 €" → 12.5 EUR
    headers           a column's header → its name and its unit
    rows              one record of a file → an item, or its problems
    profile           what a catalogue's columns are: role, type, unit
    reader            CSV, JSON Lines, Parquet, a folder of pictures → items
    interaction_rows  the rows of a table of interactions
    interactions      who liked what, one interaction per user and item
"""

__all__ = ["currencies", "interactions", "profile", "reader", "rows"]
