"""Fuses modalities: unit vectors → one score that is the sum of its contributions.

Pure arithmetic, one method per file with its paper; knows no item, no store and no encoder.

    concatenation           one stored vector per item, weights in the query vector
    protocol                the interface of every fusion
    imputation              a missing modality, predicted from the others
    weighted_concatenation  standardised cosines, weighted by the query: the default
    sum                     sum of cosines
    unit_concatenation      cosine of the concatenated unit vectors
    reciprocal_rank         separate searches, fused by rank
    comb                    separate searches, fused by score
    registry                every fusion by name
    weights                 learned weights of the channels
    network                 ◆ torch: one network for items and for queries
    transformer             ◆ torch: the trained network as a fusion, with Shapley contributions
    slerp                   a photo and words, combined into one vector
    rocchio                 relevance feedback: liked and disliked items
    calibration             a screen with the topics of what was liked
    mmr                     diversity: no near duplicates in one result
"""

__all__ = [
    "calibration",
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
