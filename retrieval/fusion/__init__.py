"""Joins modalities: unit vectors → one score whose parts add up.

Pure arithmetic, one method a file with its paper; knows no item, no store and no encoder.

    concatenation           one stored vector, weights on the query's side
    protocol                what is asked of every fusion
    imputation              what an item lacks, foretold from what it has
    weighted_concatenation  standardised cosines, weighted by the query: the default
    sum                     cosines added up
    unit_concatenation      the plain joined vector's cosine
    reciprocal_rank         separate searches, fused by rank
    comb                    separate searches, fused by score
    registry                every fusion by name
    weights                 how much each channel counts, learned
    network                 ◆ torch: one network for items and for queries
    transformer             ◆ torch: the trained network as a fusion, its score shared out
    slerp                   a photo and words, composed
    rocchio                 more like this, less like that
    mmr                     no near duplicates on one screen
"""

__all__ = [
    "concatenation",
    "mmr",
    "network",
    "protocol",
    "reciprocal_rank",
    "registry",
    "rocchio",
    "slerp",
    "transformer",
    "weights",
]
