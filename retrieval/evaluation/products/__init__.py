"""retrieval/evaluation/products."""
