"""Benchmarks and training scripts: each compares alternatives and prints a table."""
