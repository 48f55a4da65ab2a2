"""Turns several modalities into one vector; one method a file."""
