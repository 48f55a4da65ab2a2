"""Choose a screen whose topics come in the shares that the user's own likes have.

Knows arithmetic only. Steck, "Calibrated Recommendations", RecSys 2018, doi
10.1145/3240323.3240372: greedily add what raises most

    (1 − weight) · sum of the scores − weight · KL(shares of the likes ‖ shares of the screen)
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

_SMOOTH = 0.01  # of the target, mixed into the screen's shares, so that the divergence is finite


def topic_shares(topics: Iterable[Sequence[str]]) -> dict[str, float]:
    """Return each topic's share; an item of several topics counts for each in equal parts."""
    counted: defaultdict[str, float] = defaultdict(float)
    for several in topics:
        for one in several:
            counted[one] += 1 / len(several)
    total = sum(counted.values())
    return {topic: count / total for topic, count in counted.items()} if total else {}


def divergence(wanted: Mapping[str, float], shown: Mapping[str, float]) -> float:
    """Return Kullback and Leibler's divergence of what is shown from what is wanted, in nats."""
    mixed = {one: (1 - _SMOOTH) * shown.get(one, 0.0) + _SMOOTH * p for one, p in wanted.items()}
    return sum(p * math.log(p / mixed[one]) for one, p in wanted.items() if p > 0)


def calibrated(
    scores: Sequence[float],
    topics: Sequence[Sequence[str]],
    wanted: Mapping[str, float],
    *,
    limit: int,
    weight: float,
) -> list[int]:
    """Return the positions of `limit` choices, in the order in which they were chosen."""
    low, span = min(scores, default=0.0), max(scores, default=0.0) - min(scores, default=0.0)
    fit = [(score - low) / span if span else 0.0 for score in scores]
    chosen: list[int] = []

    def gain(place: int) -> float:
        screen = topic_shares([topics[one] for one in (*chosen, place)])
        return (1 - weight) * fit[place] - weight * divergence(wanted, screen)

    while len(chosen) < min(limit, len(fit)):
        left = [place for place in range(len(fit)) if place not in chosen]
        chosen.append(max(left, key=gain))
    return chosen
