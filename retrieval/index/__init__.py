"""Builds a catalogue's index, updates it and opens it for searching.

Knows Chroma, BM25, files, locks and digests; knows no query and no conversation.

    parcel          a zip of a table with its pictures → a folder
    bm25            ◆ bm25s
    chroma          ◆ chromadb, httpx: in a folder or on a server
    sharded         several stores that are one
    placement       where the stores of an index are, and how many
    records         an item as stored in the index
    manifest        what an index was built with
    profile_file    what the columns are: inferred, corrected, kept
    generations     the finished state that is read, the one being built, and who reads which
    journal         what an unfinished run has encoded
    problem_report  what could not be used: in a file, and by kind
    encoding        changed rows → entries with their vectors
    ingest          what has changed of a catalogue → a store
    building        from which state a run starts, what it sums up
    index           build, update, open
    summary         a finished index from above: prices, a map, what could not be read
    newer           an open index, and the next one as soon as it is finished
"""

__all__ = [
    "bm25",
    "building",
    "chroma",
    "encoding",
    "generations",
    "index",
    "journal",
    "manifest",
    "summary",
    "newer",
    "parcel",
    "placement",
    "problem_report",
    "profile_file",
    "sharded",
]
