"""Scripted conversations, what a shopper expects of each turn, and how often that comes true."""
