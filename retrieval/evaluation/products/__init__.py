"""Evaluates search and classification of products, for every fusion and every single channel.

Knows the fashion and grocery data and their splits; trains no shipped model.

    features        the fashion products and their vectors, computed once
    queries         generated queries for those products
    shelf           the searchable products, encoded queries, and the methods that rank them
    retrieval       all fusions on the same products
    learning        learns the weights of each fusion's channels
    learned         ◆ torch: a trained fusion's item vectors
    classification  type, colour, use and season, predicted from item vectors
    grocery         photos taken in shops, and the products they show
    missing         pictures, names or recordings removed
    promises        two requirements for items without a picture
    robustness      missing modalities and spoken items in one report
"""

__all__ = [
    "classification",
    "features",
    "grocery",
    "learned",
    "learning",
    "missing",
    "queries",
    "retrieval",
    "robustness",
    "shelf",
]
