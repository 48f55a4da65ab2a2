"""retrieval/evaluation/speech."""
