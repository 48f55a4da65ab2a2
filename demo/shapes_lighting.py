"""Draw lamps, lanterns and candles.

Knows the canvas and its coordinates; knows no catalogue.
"""

from collections.abc import Callable, Mapping

from demo.canvas import BRASS, INK, PAPER, WOOD, Canvas, tone
from demo.geometry import arc, smooth


def _shade(c: Canvas, top: float, low: float, narrow: float, wide: float) -> None:
    """Draw a lampshade with a slight glow from inside."""
    body = c.fill(c.turned([(narrow, top), (wide, low)], tilt=0.1), shade="cylinder")
    c.mark(
        c.oval(50, low, wide * 0.7, (low - top) * 0.6), (255, 244, 200), 0.35, inside=body, blur=5
    )
    c.fill(c.oval(50, top, narrow, narrow * 0.1), tone(c.main, 0.35))
    c.mark(c.line(arc((50, low), (wide, wide * 0.1), 0, 180), 0.8), c.trim(0.3), 0.8)


def _table_lamp(c: Canvas) -> None:
    top, low = c.vary(12, 18), c.vary(44, 52)
    narrow, wide = c.vary(11, 18), c.vary(24, 29)
    base = c.second if c.second != c.main else WOOD
    if c.chance(0.5):
        c.fill(c.turned([(1.6, low - 3), (1.6, 84)]), BRASS, "metal")
        c.fill(c.turned([(14, 84), (15, 87)], tilt=0.2), base, "cylinder")
        c.fill(c.oval(50, 84, 14, 3), tone(base, 0.15))
    else:
        c.fill(c.turned([(1.6, low - 3), (1.6, 62)]), BRASS, "metal")
        belly = c.vary(10, 16)
        profile = [(3, low + 8), (belly * 0.5, low + 12), (belly, low + 24), (belly * 0.55, 88)]
        c.fill(c.turned(profile), base, "cylinder")
    _shade(c, top, low, narrow, wide)


def _floor_lamp(c: Canvas) -> None:
    low = c.vary(28, 34)
    if c.chance(0.45):
        for foot in (30.0, 50.0, 70.0):
            c.fill(c.line([(50, low + 4), (foot, 92 if foot != 50 else 88)], 2), WOOD, "cylinder")
    else:
        c.fill(c.turned([(1, low), (1, 90)]), BRASS, "metal")
        c.fill(c.turned([(12, 90), (12.5, 92)], tilt=0.14), INK, "cylinder")
    _shade(c, c.vary(4, 8), low, c.vary(8, 13), c.vary(16, 19))


def _desk_lamp(c: Canvas) -> None:
    elbow = (c.vary(28, 38), c.vary(44, 52))
    head = (c.vary(60, 66), c.vary(22, 28))
    c.fill(c.turned([(15, 86), (16, 89)], x=44, tilt=0.2), c.main, "cylinder")
    c.fill(c.oval(44, 86, 15, 3.2), tone(c.main, 0.12))
    for start, end in (((44.0, 85.0), elbow), (elbow, head)):
        c.fill(c.line([start, end], 2.6), BRASS, "metal")
    c.fill(c.oval(*elbow, 2.8, 2.8), INK, "ball")
    x, y = head
    c.mark(c.oval(x + 11, y + 15, 11, 5), (255, 240, 190))
    bell = [
        (x - 5, y - 4),
        (x + 3, y - 9),
        (x + 22, y + 8),
        (x + 19, y + 16),
        (x + 4, y + 21),
        (x - 3, y + 9),
    ]
    c.fill(c.polygon(smooth(bell, steps=5)), shade="ball")


def _lantern(c: Canvas) -> None:
    wide, top = c.vary(15, 19), c.vary(34, 40)
    c.fill(c.line(arc((50, top - 12), (9, 12), 180, 360), 1.6), INK)
    c.fill(
        c.polygon(
            [
                (50 - wide * 0.4, top - 13),
                (50 + wide * 0.4, top - 13),
                (50 + wide, top),
                (50 - wide, top),
            ]
        )
    )
    pane = c.fill(c.box((50 - wide + 1, top), (50 + wide - 1, 84)), (250, 238, 208), alpha=0.6)
    c.fill(c.turned([(5, 62), (5, 84)], tilt=0.2), PAPER, "cylinder")
    c.mark(c.oval(50, 56, 7, 10), (255, 196, 80), 0.8, inside=pane, blur=3)
    c.mark(c.blob([(50, 50), (52, 57), (50, 61), (48, 57)]), (255, 248, 214))
    for x in (50 - wide, 50.0 if c.chance(0.5) else 50 - wide, 50 + wide - 2.4):
        c.fill(c.box((x, top), (x + 2.4, 86)))
    c.fill(c.box((50 - wide - 1.5, 84), (50 + wide + 1.5, 90), 1.5))


def _candle(c: Canvas) -> None:
    half, top = c.vary(11, 20), c.vary(34, 50)
    c.mark(c.oval(50, top - 11, 9, 12), (255, 214, 120), 0.35, blur=4)
    c.fill(c.line([(50, top), (50, top - 6)], 0.9), INK)
    c.mark(c.blob([(50, top - 19), (53, top - 9), (50, top - 4.5), (47, top - 9)]), (255, 176, 52))
    c.mark(
        c.blob([(50, top - 13), (51.6, top - 8), (50, top - 5.5), (48.4, top - 8)]), (255, 244, 200)
    )
    if c.chance(0.4):
        c.fill(c.turned([(half + 9, 82), (half + 7, 86)], tilt=0.2), BRASS, "metal")
        c.fill(c.oval(50, 82, half + 9, (half + 9) * 0.2), tone(BRASS, 0.2))
    c.fill(c.turned([(half, top), (half, 82)], tilt=0.2), shade="cylinder")
    c.fill(c.oval(50, top, half, half * 0.2), tone(c.main, 0.2))
    c.fill(c.oval(50, top + 0.4, half * 0.8, half * 0.14), tone(c.main, -0.06))


LIGHTING: Mapping[str, Callable[[Canvas], None]] = {
    "table lamp": _table_lamp,
    "floor lamp": _floor_lamp,
    "desk lamp": _desk_lamp,
    "lantern": _lantern,
    "candle": _candle,
}
