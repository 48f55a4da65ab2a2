"""What a shop hands over: a file, a database or a folder → rows → items, or problems.

Knows what columns mean and how cells are written; knows no model, no vector and no store.

    prices            "12,50 €" → 12.5 EUR
    headers           a column's header → its name and its unit
    cells             one cell → text, files, facts
    vocabulary        what exports call their columns: columns.toml
    likely_columns    which column is meant where no name is known
    columns           which column of a table fills which field
    drafts            what the shop does not sell
    offer             price, sale and stock of a row
    rows              one row of a table → a line, or its problems
    grouping          which rows are one product
    products          the lines of one product → an item with its variants
    remote_files      the files on the web that lines name, and what became of them
    remote_media      fetches them, some products ahead of who reads
    acp               the feed of the Agentic Commerce Protocol, read and written
    reader            a source → items, and how it was read
    profile           what a catalogue's columns are: role, type, unit
    interaction_rows  the rows of a table of interactions
    interactions      who liked what, one interaction a user and item
"""

__all__ = [
    "acp",
    "cells",
    "columns",
    "headers",
    "interactions",
    "profile",
    "reader",
    "remote_files",
    "remote_media",
    "rows",
    "vocabulary",
]
