"""How much newer items are worth: it halves after some days.

Knows dates and arithmetic; knows no item.
"""

from datetime import datetime

_DAY = 86_400.0  # seconds


def freshness(at: datetime, newest: datetime, half_life: float) -> float:
    """Return what is left of the worth of something as old as this, 1 for the newest."""
    age = max(0.0, (newest - at).total_seconds() / _DAY)
    return float(0.5 ** (age / half_life))


def days_between(one: datetime, other: datetime) -> float:
    """Return how many days lie between two times, whichever is first."""
    return abs((one - other).total_seconds()) / _DAY
