"""What catalogues are for: one data file a domain, and what a domain asks of the records.

Knows columns and items; knows no store, no model and no sentence. An owner's own domain is a file
beside the catalogue: recipes.domain.toml for recipes.csv.

    reading    the data files → Domain; which domain a catalogue's columns suggest
    wording    what people say in a domain → words that every catalogue understands
    periods    "last week" → the days that are meant
    consent    who may be found, and what of them: applied before anything is stored
    admission  the rows of a source as far as they may be used
    links      who is linked with whom: a table beside the catalogue
"""

__all__ = ["admission", "consent", "links", "periods", "reading", "wording"]
