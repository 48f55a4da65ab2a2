"""Decide which records are trained on, tuned on and tested on, by a hash of their id.

Knows ids only. The rule is written here once: a record's place depends on nothing but its id and
the name of its data set, so that no later run can move a tested record into training.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Split:
    """Positions in the sequence of ids that was split, each in that sequence's order."""

    train: tuple[int, ...]
    validation: tuple[int, ...]  # for early stopping and choices
    test: tuple[int, ...]  # never trained on, never tuned on


def split(ids: Sequence[str], *, data_set: str, validation: int, test: int) -> Split:
    """Give the `test` ids of smallest hash to the test, the next `validation` ones to tuning."""
    order = sorted(range(len(ids)), key=lambda at: _hash(data_set, ids[at]))
    return Split(
        train=tuple(sorted(order[test + validation :])),
        validation=tuple(sorted(order[test : test + validation])),
        test=tuple(sorted(order[:test])),
    )


def _hash(data_set: str, id: str) -> str:
    return sha256(f"{data_set}:{id}".encode()).hexdigest()
