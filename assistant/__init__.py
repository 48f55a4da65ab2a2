"""Talks with the user; reaches items only through the public names of `retrieval`."""
