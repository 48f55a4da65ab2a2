"""retrieval/catalogue."""
