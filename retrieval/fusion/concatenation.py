"""Fuse by concatenation: one stored vector per item, one inner product per query.

Knows arithmetic only. An item is stored as

    [ text | picture | speech | sound | has text, has picture, has speech, has sound ]

where each block is a unit vector, or zeros where the item lacks the modality, and each flag is 1
or 0. The query vector is built ("aimed") so that its inner product with a stored vector is

    score = Σ over the modalities the item has of  weight · (cosine − mean) / spread

`mean` and `spread` are those of the query's cosines over the whole catalogue in that modality,
known exactly from its mean vector μ and covariance Σ: q·μ and √(qᵀΣq). So the weights are part of
the query; modalities are comparable although their cosines have different distributions; an item
that lacks a modality counts as average in it; and the contributions add up to the score by
construction.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.items import MODALITIES, Modality
from retrieval.protocols import Vector

Parts = Mapping[Modality, Vector]  # unit vectors of the modalities that are present
Dimensions = Mapping[Modality, int]

LEAST_SPREAD = 0.02  # of cosines; where all items are equal, noise must not decide
BORROWED = 10  # pseudo-items: weight of the prior that is added to speech and to sound


@dataclass(frozen=True, slots=True)
class Population:
    """The mean and covariance of one modality's unit vectors over a catalogue."""

    mean: Vector  # (dimension,)
    covariance: Vector  # (dimension, dimension)


Populations = Mapping[Modality, Population]


def join(parts: Parts, dimensions: Dimensions) -> Vector:
    """Return the vector to store for an item, (sum of dimensions + one flag per modality,)."""
    blocks = [parts.get(name, np.zeros(dimensions[name])) for name in MODALITIES]
    flags = [float(name in parts) for name in MODALITIES]
    return np.concatenate([*blocks, flags], dtype=np.float32)


def describe(batches: Iterable[Vector], dimensions: Dimensions) -> dict[Modality, Population]:
    """Return the populations of all stored vectors, given in batches (n, width)."""
    counts: dict[Modality, float] = dict.fromkeys(MODALITIES, 0.0)
    sums = {name: np.zeros(dimensions[name]) for name in MODALITIES}
    squares = {name: np.zeros((dimensions[name], dimensions[name])) for name in MODALITIES}
    for stored in batches:
        for name, (block, flag) in places(dimensions).items():
            there = stored[stored[:, flag] > 0, block].astype(np.float64)
            counts[name] += len(there)
            sums[name] += there.sum(axis=0)
            squares[name] += there.T @ there
    _lend_to_speech(counts, sums, squares)
    _lend_to_sound(counts, squares)
    return {name: _population(counts[name], sums[name], squares[name]) for name in MODALITIES}


def aim(
    parts: Parts,
    weights: Mapping[str, float],
    populations: Populations,
    dimensions: Dimensions,
) -> Vector:
    """Return the query vector whose inner product with a stored vector is the item's score."""
    aimed = np.zeros(_width(dimensions), dtype=np.float32)
    for name, (block, flag) in places(dimensions).items():
        if name in parts and weights.get(name):
            scaled = parts[name] * (weights[name] / spread(parts[name], populations[name]))
            aimed[block] = scaled
            aimed[flag] = -(scaled @ populations[name].mean)
    return aimed


def spread(vector: Vector, population: Population) -> float:
    """Return the standard deviation of a vector's cosines over a population."""
    variance = float(vector @ population.covariance @ vector)
    return float(np.sqrt(max(variance, 0.0) + LEAST_SPREAD**2))


def contributions(aimed: Vector, stored: Vector, dimensions: Dimensions) -> dict[Modality, Vector]:
    """Return what each modality adds to the scores of stored vectors (n, width)."""
    return {
        name: stored[:, block] @ aimed[block] + stored[:, flag] * aimed[flag]
        for name, (block, flag) in places(dimensions).items()
    }


def taken_apart(stored: Vector, dimensions: Dimensions) -> Parts:
    """Split a stored vector into its modalities' vectors; the inverse of `join`."""
    return {
        name: stored[block]
        for name, (block, flag) in places(dimensions).items()
        if stored[flag] > 0
    }


def places(dimensions: Dimensions) -> dict[Modality, tuple[slice, int]]:
    """Return where each modality's block and flag lie in a stored vector."""
    ends = np.cumsum([dimensions[name] for name in MODALITIES]).tolist()
    return {
        name: (slice(end - dimensions[name], end), ends[-1] + place)
        for place, (name, end) in enumerate(zip(MODALITIES, ends, strict=True))
    }


def _width(dimensions: Dimensions) -> int:
    return sum(dimensions[name] for name in MODALITIES) + len(MODALITIES)


def _lend_to_speech(
    counts: dict[Modality, float],
    sums: dict[Modality, NDArray[np.float64]],
    squares: dict[Modality, NDArray[np.float64]],
) -> None:
    """Add the texts' statistics to speech as a prior: a single transcript would be its own mean.

    Both are vectors of the same encoder.
    """
    share = BORROWED / max(counts["text"], BORROWED)
    for totals in (sums, squares):
        totals["speech"] += share * totals["text"]
    counts["speech"] += share * counts["text"]


def _lend_to_sound(
    counts: dict[Modality, float], squares: dict[Modality, NDArray[np.float64]]
) -> None:
    """Add a uniform distribution over directions to sound as a prior: its encoder is centred."""
    dimension = len(squares["sound"])
    squares["sound"] += BORROWED * np.eye(dimension) / dimension
    counts["sound"] += BORROWED


def _population(
    count: float, total: NDArray[np.float64], squares: NDArray[np.float64]
) -> Population:
    mean = total / max(count, 1)
    covariance = squares / max(count, 1) - np.outer(mean, mean)
    return Population(mean.astype(np.float32), covariance.astype(np.float32))
