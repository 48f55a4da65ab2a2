"""The index of a catalogue: built, kept up to date, opened again.

Knows Chroma, BM25, files, locks and digests; knows no query and no conversation.

    bm25            ◆ bm25s
    chroma          ◆ chromadb
    records         an item as the index keeps it
    manifest        what an index was built with
    ingest          rows → entries, a batch at a time
    index           build, update, open
"""

__all__ = ["bm25", "chroma", "index", "ingest", "manifest"]
