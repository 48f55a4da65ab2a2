"""Builds a catalogue's index, updates it and opens it for searching.

Knows Chroma, BM25, files, locks and digests; knows no query and no conversation.

    bm25            ◆ bm25s
    chroma          ◆ chromadb
    records         an item as stored in the index
    manifest        what an index was built with
    profile_file    what the columns are: inferred, corrected, kept
    ingest          rows → entries, in batches
    index           build, update, open
"""

__all__ = ["bm25", "chroma", "index", "ingest", "manifest", "profile_file"]
