"""Recommend from a graph: who is linked with those that a user knows.

Knows links between ids and arithmetic; knows no content, no item and no store. Three measures of
how near a candidate is to the known ones: how many neighbours they share, the same with rare
neighbours counting more (Adamic and Adar, "Friends and Neighbors on the Web", Social Networks
2003, doi 10.1016/S0378-8733(03)00009-1; both compared in Liben-Nowell and Kleinberg, "The
Link-Prediction Problem for Social Networks", 2007, doi 10.1002/asi.20591), and EASE on the matrix
of links (`ease.py`), which learns from all other people which links go together.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from retrieval.protocols import Vector
from retrieval.recommendation.ease import item_weights

PENALTY = 10.0  # of EASE; not tuned
EASE_WEIGHT = 0.5  # beside Adamic-Adar; on the simulated friendships it gains nothing
_MOST = 4_000  # linked items, up to which EASE is computed: it inverts a matrix of that size


def unit_spread(scores: Vector) -> Vector:
    """Return scores with mean 0 and deviation 1; zeros where all are equal."""
    return np.asarray((scores - scores.mean()) / max(float(scores.std()), 1e-6), dtype=np.float32)


@dataclass(frozen=True)
class LinkGraph:
    """Links that hold both ways."""

    links: Mapping[str, Sequence[str]]  # id → the ids linked with it

    def known_to(self, candidate: str, known: Collection[str]) -> tuple[str, ...]:
        """Return which of the known ones are linked with a candidate."""
        return tuple(one for one in self.links.get(candidate, ()) if one in known)

    def adamic_adar(self, candidates: Sequence[str], known: Collection[str]) -> Vector:
        """Return for each candidate its shared neighbours, rare ones counting more, (n,)."""
        worth = {one: 1 / math.log(max(2, len(self.links.get(one, ())))) for one in known}
        found = [sum(worth[one] for one in self.known_to(id_, known)) for id_ in candidates]
        return np.asarray(found, dtype=np.float32)

    def ease(self, candidates: Sequence[str], known: Collection[str]) -> Vector:
        """Return how strongly the known ones predict each candidate by EASE, (n,)."""
        places, weights = self._weights
        rows = [places[one] for one in known if one in places]
        total = weights[rows].sum(axis=0) if rows else np.zeros(len(places), dtype=np.float32)
        found = [float(total[places[id_]]) if id_ in places else 0.0 for id_ in candidates]
        return np.asarray(found, dtype=np.float32)

    def ties(self, candidates: Sequence[str], known: Collection[str]) -> Vector:
        """Return how near candidates are to the known ones: both measures, standardised, (n,)."""
        shared, learned = self.adamic_adar(candidates, known), self.ease(candidates, known)
        return unit_spread(unit_spread(shared) + EASE_WEIGHT * unit_spread(learned))

    @cached_property
    def _weights(self) -> tuple[Mapping[str, int], Vector]:
        """The place of each linked id, and EASE's weights between them; {} for too many."""
        ids = sorted(self.links)
        if not 0 < len(ids) <= _MOST:
            return {}, np.zeros((0, 0), dtype=np.float32)
        places = {id_: place for place, id_ in enumerate(ids)}
        table = np.zeros((len(ids), len(ids)), dtype=np.float32)
        for one, others in self.links.items():
            table[places[one], [places[other] for other in others if other in places]] = 1.0
        return places, item_weights(table, PENALTY)
