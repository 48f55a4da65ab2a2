"""Finds items; has never heard of the language model or the screen."""
