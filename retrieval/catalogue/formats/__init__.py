"""What a file or a database holds → rows of named cells, or problems with their place.

Knows containers and encodings; knows not what a column means.

    table         rows under their columns' names, and problems
    encoding      in which encoding a text file is written
    markup        HTML → text, and the data blocks inside a page
    csv_table     CSV and TSV; a broken quote costs its own row only
    json_table    JSON Lines, and a list of objects
    json_ld       Product and ProductGroup of schema.org → rows
    xml_feed      a Merchant feed as RSS or Atom
    workbook      one sheet of an Excel workbook
    parquet       Apache Parquet
    database      a table or a query, by its SQLAlchemy URL
    opening       a source → its rows, by what it is
"""

__all__ = ["csv_table", "encoding", "markup", "opening", "parquet", "table"]
