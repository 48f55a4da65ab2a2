"""Draw bags, cases and purses.

Knows the canvas and its coordinates; knows no catalogue.
"""

import math
from collections.abc import Callable, Mapping

from demo.canvas import BRASS, INK, PAPER, STEEL, Canvas, tone
from demo.geometry import Point, along, arc, mirrored


def _stitches(c: Canvas, start: Point, end: Point) -> None:
    """Draw a dashed seam."""
    count = max(4, round(math.dist(start, end) / 1.6) // 2 * 2)
    points = along(start, end, count)
    for a, b in zip(points[::2], points[1::2], strict=True):
        c.mark(c.line([a, b], 0.5), tone(c.main, 0.55 if sum(c.main) < 420 else -0.45), 0.8)


def _backpack(c: Canvas) -> None:
    wide, top = c.vary(24, 28), c.vary(16, 20)
    for side in (1, -1):
        c.fill(
            c.line(
                arc((50 + side * (wide - 4), 56), (11, 28), -80, 80)
                if side > 0
                else arc((50 - wide + 4, 56), (11, 28), 100, 260),
                4,
            ),
            tone(c.main, -0.3),
        )
    c.fill(c.line(arc((50, top), (8, 8), 180, 360), 3), INK)
    c.fill(c.box((50 - wide, top), (50 + wide, 90), c.vary(10, 18)))
    flap = c.chance(0.45)
    if flap:
        c.fill(c.box((50 - wide - 1, top - 2), (50 + wide + 1, 48), 11))
        for x in (38.0, 62.0):
            c.fill(c.box((x - 2, 40), (x + 2, 62), 1), c.trim())
            c.fill(c.box((x - 2.8, 50), (x + 2.8, 55), 0.8), BRASS, "metal")
    else:
        c.mark(c.line(arc((50, 46), (wide - 5, 24), 190, 350), 0.9), INK, 0.6)
        c.fill(c.box((50 + wide - 10, 40), (50 + wide - 8.4, 46), 0.6), STEEL)
    pocket = c.vary(56, 62)
    c.fill(
        c.box((50 - wide + 6, pocket), (50 + wide - 6, 86), 5), c.trim() if c.chance(0.3) else None
    )
    c.mark(c.line([(50 - wide + 9, pocket + 5), (50 + wide - 9, pocket + 5)], 0.9), INK, 0.6)
    if not flap:
        c.fill(c.box((45, 34), (55, 39), 1), c.trim())


def _handbag(c: Canvas) -> None:
    top, low, wide = c.vary(40, 46), c.vary(80, 86), c.vary(30, 36)
    lean = c.vary(0.74, 0.98)
    rise = c.vary(16, 26)
    c.fill(c.line(arc((50, top + 4), (wide * 0.52, rise), 180, 360), 3.2), c.trim())
    right = [(50 + wide * lean, top), (50 + wide, low - 4), (50 + wide - 4, low)]
    c.fill(c.polygon(mirrored(right)))
    if c.chance(0.6):
        deep = c.vary(18, 26)
        flap = [
            (50 + wide * lean, top - 1),
            (50 + wide * lean - 2, top + deep * 0.6),
            (54, top + deep),
        ]
        c.fill(c.polygon(mirrored(flap)))
        c.fill(c.box((46.5, top + deep - 4), (53.5, top + deep + 3), 1.4), BRASS, "metal")
    else:
        c.mark(
            c.line([(50 - wide * lean + 2, top + 4), (50 + wide * lean - 2, top + 4)], 0.9),
            INK,
            0.5,
        )
        c.fill(c.line([(50 + wide * 0.3, top + 3), (50 + wide * 0.3, top + 15)], 2), c.trim())
    _stitches(c, (50 - wide + 5, low - 3), (50 + wide - 5, low - 3))
    for side in (1, -1):
        c.fill(c.ring((50 + side * wide * 0.52, top + 3), (2, 2.4), 1), BRASS, "metal")


def _tote_bag(c: Canvas) -> None:
    top, wide = c.vary(36, 42), c.vary(26, 30)
    rise = c.vary(24, 30)
    strap = c.trim() if c.chance(0.5) else c.main
    c.fill(c.line(arc((50, top + 2), (11, rise), 180, 360), 2.6), tone(strap, -0.25))
    right = [(50 + wide - 2, top), (50 + wide, 90), (50 + wide - 3, 92)]
    body = c.fill(c.polygon(mirrored(right)), None, "folds")
    c.mark(c.line([(20, top + 4), (80, top + 4)], 0.5), INK, 0.35, inside=body)
    handle = arc((50, top + 6), (13, rise), 180, 360)
    c.fill(c.line([(37, top + 12), *handle, (63, top + 12)], 3), strap)


def _wallet(c: Canvas) -> None:
    c.lying = True
    wide, high = c.vary(28, 36), c.vary(20, 26)
    for k, paint in enumerate(((90, 150, 190), (230, 190, 90), PAPER)):
        if c.chance(0.6):
            c.fill(c.box((30 + k * 6, 50 - high - 6 + k), (74, 60), 2), paint)
    c.fill(c.box((50 - wide, 50 - high), (50 + wide, 50 + high), 4))
    c.fill(c.box((50 - wide, 50 - high + 4), (50 + wide, 50 + high), 4))
    for y in (50 - high + 7, 50 + high - 3):
        _stitches(c, (50 - wide + 4, y), (50 + wide - 4, y))
    if c.chance(0.5):
        c.fill(c.box((50 + wide - 16, 46), (50 + wide + 2, 57), 4), c.trim())
        c.fill(c.oval(50 + wide - 10, 51.5, 2, 2), BRASS, "ball")


def _suitcase(c: Canvas) -> None:
    wide, top = c.vary(21, 27), c.vary(26, 32)
    for x in (42.0, 58.0):
        c.fill(c.line([(x, 8), (x, top + 2)], 1.8), STEEL, "metal")
    c.fill(c.line([(41, 8), (59, 8)], 3.6), INK)
    for x in (50 - wide + 6, 50 + wide - 6):
        c.fill(c.oval(x, 93, 3.4, 3.4), INK, "ball")
    body = c.fill(c.box((50 - wide, top), (50 + wide, 91), c.vary(4, 8)))
    ribs = c.dice.randint(4, 7)
    for x, _ in along((50 - wide + 5, 0), (50 + wide - 5, 0), ribs):
        c.mark(c.line([(x, top + 5), (x, 86)], 1.2), INK, 0.16, inside=body)
        c.mark(c.line([(x + 1, top + 5), (x + 1, 86)], 0.7), (255, 255, 255), 0.25, inside=body)
    for corner in ((50 - wide, top), (50 + wide, top), (50 - wide, 91.0), (50 + wide, 91.0)):
        c.fill(c.oval(*corner, 8, 8), c.trim(), inside=body)
    c.fill(c.box((44, top - 2), (56, top + 2), 1.5), INK)


BAGS: Mapping[str, Callable[[Canvas], None]] = {
    "backpack": _backpack,
    "handbag": _handbag,
    "tote bag": _tote_bag,
    "wallet": _wallet,
    "suitcase": _suitcase,
}
