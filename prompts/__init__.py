"""Wording for the language model, one file a prompt; no code."""
