"""Outlines: points in the plane, and curves through them.

Knows arithmetic only; y grows downwards and angles run clockwise from east, in degrees.
"""

import math
from collections.abc import Sequence

Point = tuple[float, float]


def smooth(points: Sequence[Point], *, closed: bool = True, steps: int = 9) -> list[Point]:
    """Return points on a Catmull-Rom curve through the given points."""
    count = len(points)
    curve: list[Point] = []
    for i in range(count if closed else count - 1):
        near = range(i - 1, i + 3)
        p = [points[j % count] if closed else points[min(max(j, 0), count - 1)] for j in near]
        curve += [_between(p, step / steps) for step in range(steps)]
    return curve if closed else [*curve, points[-1]]


def _between(p: Sequence[Point], t: float) -> Point:
    """Return the curve's point at t, 0 to 1, between the second and the third of four points."""
    weights = (
        (-t + 2 * t * t - t**3) / 2,
        (2 - 5 * t * t + 3 * t**3) / 2,
        (t + 4 * t * t - 3 * t**3) / 2,
        (t**3 - t * t) / 2,
    )
    x = sum(w * q[0] for w, q in zip(weights, p, strict=True))
    y = sum(w * q[1] for w, q in zip(weights, p, strict=True))
    return x, y


def arc(centre: Point, radii: Point, start: float, end: float) -> list[Point]:
    """Return points along an ellipse from one angle to another."""
    angles = [math.radians(start + (end - start) * i / 28) for i in range(29)]
    return [
        (centre[0] + radii[0] * math.cos(a), centre[1] + radii[1] * math.sin(a)) for a in angles
    ]


def mirrored(right: Sequence[Point], *, axis: float = 50.0) -> list[Point]:
    """Return a symmetric outline from its right half, given from top to bottom."""
    return [*right, *((2 * axis - x, y) for x, y in reversed(right))]


def along(start: Point, end: Point, count: int) -> list[Point]:
    """Return evenly spaced points from one to another, both included."""
    steps = [i / (count - 1) for i in range(count)]
    return [(start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t) for t in steps]
