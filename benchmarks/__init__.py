"""Measurements: scripts that compare side by side and print tables."""
