"""retrieval/training/fusion."""
