"""Measures every way to search on the same data."""
