"""retrieval/evaluation/ratings."""
