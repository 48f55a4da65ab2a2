"""retrieval/training/pictures."""
