"""Draw toys and musical instruments.

Knows the canvas and its coordinates; knows no catalogue.
"""

import math
from collections.abc import Callable, Mapping

from demo.canvas import BRASS, INK, PAPER, STEEL, WOOD, Canvas, Colour, tone
from demo.geometry import arc, mirrored, smooth

_RUBBER: Colour = (52, 52, 56)


def _teddy_bear(c: Canvas) -> None:
    muzzle = tone(c.main, 0.45) if c.second == c.main else c.second
    head = c.vary(17, 20)
    for side in (1, -1):
        c.fill(c.oval(50 + side * head * 0.78, 17, 7, 7), shade="ball")
        c.fill(c.oval(50 + side * head * 0.78, 17.6, 3.8, 3.8), muzzle, "ball")
        c.fill(
            c.line([(50 + side * 15, 52), (50 + side * c.vary(25, 29), c.vary(62, 68))], 12),
            shade="soft",
        )
    c.fill(c.oval(50, 66, c.vary(19, 22), 22), shade="ball")
    c.fill(c.oval(50, 68, 11, 13), muzzle, "ball")
    for side in (1, -1):
        c.fill(c.oval(50 + side * 18, 84, 10, 9), shade="ball")
        c.fill(c.oval(50 + side * 19, 85, 5.5, 5), muzzle, "ball")
    c.fill(c.oval(50, 31, head, head * 0.9), shade="ball")
    c.fill(c.oval(50, 37, 8, 6.5), muzzle, "ball")
    c.mark(c.oval(50, 34, 3, 2), INK)
    c.mark(c.line(arc((50, 36.5), (3, 3), 20, 160), 0.7), INK)
    for x in (43.0, 57.0):
        c.mark(c.oval(x, 28, 1.9, 1.9), INK)
        c.mark(c.oval(x - 0.6, 27.4, 0.6, 0.6), PAPER)
    if c.chance(0.5):
        for side in (1, -1):
            c.fill(c.blob([(50, 49), (50 + side * 9, 45), (50 + side * 9, 53)]), c.trim())


def _building_blocks(c: Canvas) -> None:
    paints = [
        None,
        c.second if c.second != c.main else (236, 186, 60),
        None,
        (206, 170, 120),
        None,
        c.second,
    ]
    side = c.vary(19, 21)
    columns = (
        (30.0, 88.0),
        (52.0, 88.0),
        (74.0, 88.0),
        (41.0, 88 - side - 1),
        (63.0, 88 - side - 1),
    )
    for (x, y), paint in zip(columns, paints, strict=False):
        c.fill(c.box((x - side / 2, y - side), (x + side / 2, y), 2), paint)
        c.mark(c.ring((x, y - side / 2), (side * 0.3, side * 0.3), 1), PAPER, 0.65)
    roof = 88 - 2 * side - 2
    if c.chance(0.5):
        c.fill(c.polygon([(52, roof - 17), (65, roof), (39, roof)]))
    else:
        c.fill(
            c.polygon([(40, roof), *arc((52, roof), (12, 14), 180, 360), (64, roof)]), shade="ball"
        )


def _kite(c: Canvas) -> None:
    c.lying = True
    wide, low = c.vary(22, 28), c.vary(62, 70)
    tail = smooth([(50, low), (56, 76), (46, 86), (55, 96)], closed=False)
    c.fill(c.line(tail, 0.8), INK)
    for x, y in tail[6::8]:
        c.fill(c.polygon([(x, y), (x - 5, y - 3), (x - 5, y + 3)]), c.trim())
        c.fill(c.polygon([(x, y), (x + 5, y - 3), (x + 5, y + 3)]), c.trim())
    body = c.fill(c.polygon([(50, 6), (50 + wide, 32), (50, low), (50 - wide, 32)]))
    if c.second != c.main and c.chance(0.6):
        c.fill(c.polygon([(50, 6), (50 + wide, 32), (50, 32)]), c.second)
        c.fill(c.polygon([(50, low), (50 - wide, 32), (50, 32)]), c.second)
    for ends in ([(50.0, 6.0), (50.0, low)], [(50 - wide, 32.0), (50 + wide, 32.0)]):
        c.mark(c.line(ends, 1), WOOD, inside=body)


def _toy_car(c: Canvas) -> None:
    roof = c.vary(36, 42)
    cabin = [(28, 58), (34, roof), (64, roof), (76, 58)]
    c.fill(c.polygon(smooth(cabin, closed=False, steps=3)))
    for x in (37.0, 52.0):
        c.fill(
            c.polygon([(x, 56), (x + 2, roof + 5), (x + 12, roof + 5), (x + 14, 56)]),
            (190, 216, 232),
        )
    c.fill(c.box((8, 54), (92, 76), 8))
    c.fill(c.box((8, 64), (92, 68), 1), c.trim())
    c.fill(c.oval(88, 60, 3, 3.4), (252, 232, 150), "ball")
    for x in (27.0, 73.0):
        c.fill(c.oval(x, 76, 11, 11), _RUBBER, "ball")
        c.fill(c.oval(x, 76, 5.6, 5.6), c.trim() if c.second != c.main else STEEL, "ball")


def _ball(c: Canvas) -> None:
    body = c.fill(c.oval(50, 50, 38, 38), shade="ball")
    style = c.dice.randrange(3)
    if style == 0:
        for k in range(-1, 2):
            c.mark(c.line(arc((50 + k * 46, 50), (32, 42), 0, 360), 1), c.trim(), 0.8, inside=body)
        c.mark(c.line([(10, 50), (90, 50)], 1), c.trim(), 0.8, inside=body)
    elif style == 1:
        for k in range(6):
            a = k * math.pi / 3 + c.vary(0, 0.1)
            wedge = [(50, 50), *arc((50, 50), (44, 44), math.degrees(a), math.degrees(a) + 30)]
            c.fill(c.polygon(wedge), c.trim(), "ball", inside=body)
        c.fill(c.oval(50, 50, 6, 6), PAPER, "ball")
    else:
        for k in range(5):
            a = k * 1.2566 - 1.57
            for reach, size in ((31, 11.0), (0, 9.0)):
                x, y = 50 + reach * math.cos(a), 50 + reach * math.sin(a)
                spot = [
                    (x + size * math.cos(a + j * 1.2566), y + size * math.sin(a + j * 1.2566))
                    for j in range(5)
                ]
                c.mark(c.polygon(spot), c.trim(), 0.9, inside=body)
    c.mark(c.oval(37, 34, 10, 8), (255, 255, 255), 0.35, inside=body, blur=3)


def _guitar(c: Canvas) -> None:
    c.lying = True
    lower, upper = c.vary(20, 23), c.vary(14, 17)
    c.fill(c.box((47, 8), (53, 52), 0.6), (92, 62, 42))
    c.fill(c.polygon([(46, 8), (44.6, -6), (55.4, -6), (54, 8)]), (70, 46, 34))
    for side in (1, -1):
        for y in (-3.4, 0.6, 4.6):
            c.fill(c.oval(50 + side * 6.4, y, 1.5, 1.2), STEEL, "ball")
    shoulder = arc((50, 60), (upper, 11), -90, 25)
    hip = arc((50, 81), (lower, 17), -38, 90)
    c.fill(c.polygon(smooth(mirrored([*shoulder[::4], *hip[::4]]), steps=5)))
    c.fill(c.oval(50, 67, 7, 7), (40, 28, 24))
    c.mark(c.ring((50, 67), (8, 8), 1), c.trim())
    c.fill(c.box((41, 83), (59, 86.5), 1), (70, 46, 34))
    for k in range(6):
        x = 48 + k * 0.8
        c.mark(c.line([(x, -2), (50 + (x - 50) * 1.5, 85)], 0.25), PAPER, 0.9)
    for k in range(9):
        c.mark(c.line([(47, 12 + k * 4), (53, 12 + k * 4)], 0.5), STEEL, 0.8)


def _drum(c: Canvas) -> None:
    half, top, low = c.vary(28, 34), c.vary(34, 42), c.vary(72, 82)
    body = c.fill(c.turned([(half, top), (half, low)], tilt=0.2), shade="cylinder")
    path = [(50 - half + k * half / 4, top + 9 if k % 2 else low + 4) for k in range(9)]
    c.mark(c.line(path, 0.9), PAPER, 0.9, inside=body)
    for y in (top + 2, low - 1):
        c.fill(
            c.line(arc((50, y), (half, half * 0.2), 0, 180), 4),
            c.trim() if c.second != c.main else BRASS,
        )
    c.fill(c.oval(50, top, half, half * 0.2), c.trim() if c.second != c.main else BRASS)
    c.fill(c.oval(50, top, half - 2, half * 0.2 - 1.4), PAPER)
    for x, lean in ((38.0, 34.0), (54.0, 40.0)):
        c.fill(c.line([(x, top), (x + lean, top - 22)], 1.8), WOOD)
        c.fill(c.oval(x, top, 2.6, 1.9), WOOD, "ball")


PLAY: Mapping[str, Callable[[Canvas], None]] = {
    "teddy bear": _teddy_bear,
    "building blocks": _building_blocks,
    "kite": _kite,
    "toy car": _toy_car,
    "ball": _ball,
    "guitar": _guitar,
    "drum": _drum,
}
