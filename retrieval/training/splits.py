"""Split records into training, validation and test by a hash of their id.

Knows ids only. This is the only place with the rule: the split depends only on the ids and the name
of the data set, so no later run can move a test record into training.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Split:
    """Positions in the sequence of ids that was split, each part in the sequence's order."""

    train: tuple[int, ...]
    validation: tuple[int, ...]  # for early stopping and tuning
    test: tuple[int, ...]  # held out: not used in training or tuning


def split(ids: Sequence[str], *, data_set: str, validation: int, test: int) -> Split:
    """Put the `test` ids with the smallest hashes in the test split, the next in validation."""
    order = sorted(range(len(ids)), key=lambda at: _hash(data_set, ids[at]))
    return Split(
        train=tuple(sorted(order[test + validation :])),
        validation=tuple(sorted(order[test : test + validation])),
        test=tuple(sorted(order[:test])),
    )


def _hash(data_set: str, id: str) -> str:
    return sha256(f"{data_set}:{id}".encode()).hexdigest()
