"""Every fusion by name.

Knows names only; each fusion is in its own file. docs/fusion.md has the measurements behind the
default.
"""

from collections.abc import Mapping
from functools import partial

from retrieval.errors import SettingsError
from retrieval.fusion.comb import CombMnz, CombSum
from retrieval.fusion.protocol import Family
from retrieval.fusion.reciprocal_rank import ReciprocalRank
from retrieval.fusion.sum import Sum
from retrieval.fusion.unit_concatenation import UnitConcatenation
from retrieval.fusion.weighted_concatenation import WeightedConcatenation

DEFAULT_FUSION = "weighted-concatenation"
FAMILIES: Mapping[str, Family] = {
    "concatenation": UnitConcatenation,
    "weighted-concatenation": WeightedConcatenation,
    "sum": Sum,
    "weighted-sum": partial(Sum, name="weighted-sum"),
    "reciprocal-rank": ReciprocalRank,
    "weighted-reciprocal-rank": partial(ReciprocalRank, name="weighted-reciprocal-rank"),
    "combsum": CombSum,
    "combmnz": CombMnz,
}
PLAIN = frozenset({"concatenation", "sum", "reciprocal-rank"})  # all channels weigh the same


def family(name: str) -> Family:
    """Return the fusion with this name; raise SettingsError when there is none."""
    if name not in FAMILIES:
        known = ", ".join(FAMILIES)
        raise SettingsError(
            f"there is no fusion {name!r}: choose one of {known}, or a folder made by "
            "`magpie train fusion`"
        )
    return FAMILIES[name]
