"""How well products are found and classed, by every fusion and by every channel alone.

Knows the fashion and grocery data and their splits; trains nothing that is shipped.

    features        the fashion products and their vectors, made once
    queries         what people might ask of those products
    shelf           products and queries, and what ranks them
    retrieval       every fusion on the same products
    learning        how much each channel counts, learned
    learned         ◆ torch: a trained fusion's item vectors
    classification  type, colour, use and season, read off items' vectors
    grocery         photos taken in shops, and the products they show
    missing         pictures, names or recordings taken away
    promises        what is promised of items without a picture
    robustness      both kinds of loss, one report
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
