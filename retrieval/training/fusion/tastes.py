"""Split interactions into training, validation and test data.

Knows interactions and items' positions; knows no network. Of every user with at least three
positives, the last is in the test split, the one before it in validation, and the rest in training.
If the file has no times, its order is used instead.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from retrieval.catalogue.interactions import Interactions
from retrieval.errors import TrainingError
from retrieval.training.fusion.objective import Tastes

LEAST_TRAINED_USERS = 20  # with three positives each
_ENOUGH = 3
_TOLD = 2  # problems of the file quoted in a message


@dataclass(frozen=True, slots=True)
class Foretold:
    """Users' past choices, and the next choice of each."""

    pasts: tuple[Tensor, ...]  # positions in the catalogue
    nexts: Tensor  # (users,) positions in the catalogue


@dataclass(frozen=True, slots=True)
class Shares:
    """The training, validation and test data of users' choices."""

    train: Tastes
    tuning: Foretold
    test: Foretold


def share_out(
    interactions: Interactions, places: Mapping[str, int], learned: Collection[int]
) -> Shares:
    """Split the interactions; `places` are items' catalogue positions, `learned` the training ones.

    Raises: TrainingError when too few users have enough positives; the message says how many.
    """
    chosen: dict[str, list[tuple[float, int]]] = {}
    for one in interactions.positives:
        when = -math.inf if one.time is None else one.time
        chosen.setdefault(one.user, []).append((when, places[one.item]))
    histories = [
        [place for _, place in sorted(several, key=lambda pair: pair[0])]
        for several in chosen.values()
        if len(several) >= _ENOUGH
    ]
    train = [[place for place in one[:-2] if place in learned] for one in histories]
    usable = [torch.tensor(one) for one in train if len(one) >= 2]
    if len(histories) < LEAST_TRAINED_USERS or not usable:
        raise TrainingError(
            f"{len(histories)} of {len(chosen)} users like {_ENOUGH} items or more: learning from "
            f"interactions needs at least {LEAST_TRAINED_USERS}, and some who like 4"
            f"{_wrong(interactions)}"
        )
    return Shares(
        Tastes(usable),
        Foretold(tuple(torch.tensor(one[:-2]) for one in histories),
                 torch.tensor([one[-2] for one in histories])),
        Foretold(tuple(torch.tensor(one[:-1]) for one in histories),
                 torch.tensor([one[-1] for one in histories])),
    )  # fmt: skip


def _wrong(interactions: Interactions) -> str:
    """Return the file's problems, a possible reason for too little data; "" if there are none."""
    problems = [f"row {one.row}, {one.field}: {one.said}" for one in interactions.problems]
    if not problems:
        return ""
    more = f"; and {len(problems) - _TOLD:,} more" if len(problems) > _TOLD else ""
    return f" ({'; '.join(problems[:_TOLD])}{more})"
