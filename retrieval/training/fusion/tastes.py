"""Interactions → what to learn of users, what to tune on and what to test on.

Knows interactions and places of items; knows no network. Of every user with three positives and
more the last one is for the test, the one before it for tuning, and the rest is learned from.
Where the file has no times, its order stands for them.
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
_TOLD = 2  # problems of the file


@dataclass(frozen=True, slots=True)
class Foretold:
    """What users chose, and what each of them chose next."""

    pasts: tuple[Tensor, ...]  # places in the catalogue
    nexts: Tensor  # (users,)


@dataclass(frozen=True, slots=True)
class Shares:
    """The parts of what users chose."""

    train: Tastes
    tuning: Foretold
    test: Foretold


def share_out(
    interactions: Interactions, places: Mapping[str, int], learned: Collection[int]
) -> Shares:
    """Part the interactions; `places` are items' places in the catalogue, `learned` the training's.

    Raises: TrainingError when too few users say enough, with how many it takes.
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
    """Say what is wrong with the file, which may be why too little is left; "" for nothing."""
    problems = [f"row {one.row}, {one.field}: {one.problem}" for one in interactions.problems]
    if not problems:
        return ""
    more = f"; and {len(problems) - _TOLD:,} more" if len(problems) > _TOLD else ""
    return f" ({'; '.join(problems[:_TOLD])}{more})"
