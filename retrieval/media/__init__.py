"""retrieval/media."""
