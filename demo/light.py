"""The shading of simple forms, lit from the upper left.

Knows arithmetic and grey pictures; knows no colour and no product.
"""

import math
from collections.abc import Callable
from functools import lru_cache

from PIL import Image


def _lambert(x: float, y: float) -> float:
    """Return the brightness of a round form's front at (x, y), each from -1 to 1."""
    z = math.sqrt(max(0.0, 1.0 - min(1.0, x * x + y * y)))
    return 0.62 * (0.78 * z - 0.42 * x - 0.45 * y) - 0.36


def _gleam(distance: float, width: float) -> float:
    return math.exp(-((distance / width) ** 2))


_FORMS: dict[str, Callable[[float, float], float]] = {  # light from -1 to 1 at (u, v), each 0 to 1
    "flat": lambda u, v: 0.0,
    "soft": lambda u, v: 0.16 * (0.5 - v) + 0.10 * (0.5 - u),
    "cylinder": lambda u, v: _lambert(2 * u - 1, 0.0) + 0.26 * _gleam(u - 0.27, 0.07),
    "tube": lambda u, v: _lambert(0.0, 2 * v - 1) + 0.26 * _gleam(v - 0.25, 0.08),
    "ball": lambda u, v: (
        _lambert(2 * u - 1, 2 * v - 1) + 0.5 * _gleam(math.hypot(u - 0.3, v - 0.26), 0.09)
    ),
    "pillow": lambda u, v: 0.8 * _lambert(2 * u - 1, 2 * v - 1) + 0.06,
    "metal": lambda u, v: (
        _lambert(2 * u - 1, 0.0) + 0.16 * math.sin(u * 15) + 0.4 * _gleam(u - 0.3, 0.05)
    ),
    "folds": lambda u, v: 0.13 * math.sin(u * 23 + v * 1.6) * (0.35 + 0.65 * v) + 0.1 * (0.5 - u),
}


@lru_cache(maxsize=16)
def form(name: str) -> Image.Image:
    """Return a form's shading over the unit square, 128 where it is neutral."""
    side, light = 48, _FORMS[name]
    values = [light((i % side) / (side - 1), (i // side) / (side - 1)) for i in range(side * side)]
    form = Image.new("L", (side, side))
    form.putdata([max(0, min(255, round(128 + 127 * value))) for value in values])
    return form
