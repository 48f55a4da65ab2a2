"""Draw home textiles and decoration.

Knows the canvas and its coordinates; knows no catalogue.
"""

import math
from collections.abc import Callable, Mapping

from demo.canvas import INK, PAPER, WOOD, Canvas, tone
from demo.geometry import Point, arc, smooth


def _rug(c: Canvas) -> None:
    c.lying = True
    if c.chance(0.3):
        c.fill(c.oval(50, 50, 40, 40))
        c.mark(c.ring((50, 50), (36.5, 36.5), 1.4), c.trim(0.3), 0.9)
        return
    high = c.vary(24, 30)
    for x in (8.0, 92.0):
        for y in range(round(50 - high) + 1, round(50 + high), 2):
            c.mark(
                c.line([(x, y), (x + (4 if x > 50 else -4), y + c.vary(-0.6, 0.6))], 0.7),
                tone(c.main, 0.45),
            )
    body = c.fill(c.box((8, 50 - high), (92, 50 + high), 0.6))
    inset = c.vary(3, 6)
    corners = [(8 + inset, 50 - high + inset), (92 - inset, 50 - high + inset)]
    corners += [(x, 100 - y) for x, y in reversed(corners)]
    c.mark(c.line([*corners, corners[0]], c.vary(1, 2)), c.trim(0.3), 0.9, inside=body)
    if c.chance(0.35) and c.second != c.main:
        c.fill(
            c.polygon([(50, 50 - high * 0.6), (74, 50), (50, 50 + high * 0.6), (26, 50)]), c.second
        )
        c.fill(
            c.polygon([(50, 50 - high * 0.35), (64, 50), (50, 50 + high * 0.35), (36, 50)]), c.main
        )


def _cushion(c: Canvas) -> None:
    c.lying = True
    pinch, tip = c.vary(3, 6), c.vary(10, 13)
    corners: list[Point] = [
        (tip, tip),
        (50, tip + pinch),
        (100 - tip, tip),
        (100 - tip - pinch, 50),
    ]
    corners += [
        (100 - tip, 100 - tip),
        (50, 100 - tip - pinch),
        (tip, 100 - tip),
        (tip + pinch, 50),
    ]
    if c.chance(0.35):
        for x, y in (corners[0], corners[2], corners[4], corners[6]):
            c.fill(c.oval(x, y, 4, 4), c.trim(0.3), "ball")
    body = c.fill(c.polygon(smooth(corners)), shade="pillow")
    if c.chance(0.5):
        c.mark(
            c.line(smooth([*corners, corners[0]], closed=False), 1.4), c.trim(0.3), 0.6, inside=body
        )
    for x, y in ((26.0, 28.0), (74.0, 72.0)):
        crease = [(x, y), (x + (50 - x) * 0.3, y + (50 - y) * 0.4)]
        c.mark(c.line(crease, 1), INK, 0.2, inside=body, blur=0.8)


def _blanket(c: Canvas) -> None:
    wide, folds = c.vary(32, 38), c.dice.randint(3, 4)
    high = c.vary(10, 12)
    top = 84 - folds * high
    for x in range(round(50 - wide) + 3, round(50 + wide) - 8, 2):
        c.mark(c.line([(x, 84), (x + c.vary(-1, 1), 90)], 0.9), tone(c.main, 0.25))
    for row in reversed(range(folds)):
        y, inset = top + row * high, c.vary(0, 2.5)
        c.fill(
            c.box((50 - wide + inset, y), (50 + wide - inset, y + high + 1.5), 5.5), shade="tube"
        )
    lid = [
        (50 - wide + 5, top - 9),
        (50 + wide - 5, top - 9),
        (50 + wide - 1, top + 5),
        (50 - wide + 1, top + 5),
    ]
    c.fill(c.polygon(smooth(lid, steps=4)))


def _towel(c: Canvas) -> None:
    wide, low = c.vary(20, 25), c.vary(78, 88)
    c.fill(c.line([(14, 16), (86, 16)], 3), WOOD, "tube")
    back = c.fill(c.box((50 - wide + 3, 15), (50 + wide + 2, low - c.vary(8, 18))), None, "folds")
    c.mark(back, INK, 0.18)
    body = c.fill(c.box((50 - wide, 13.5), (50 + wide, low), 2), None, "folds")
    for k in (0.0, 3.4):
        c.fill(c.box((0, low - 12 + k), (100, low - 10 + k)), c.trim(0.3), inside=body)


def _petals(c: Canvas, x: float, y: float) -> None:
    for k in range(6):
        angle = k * math.pi / 3
        c.fill(
            c.oval(x + 3.2 * math.cos(angle), y + 3.2 * math.sin(angle), 2.8, 2.8), (246, 236, 224)
        )
    c.fill(c.oval(x, y, 2.1, 2.1), (240, 186, 60), "ball")


def _vase(c: Canvas) -> None:
    belly, neck = c.vary(15, 22), c.vary(6, 10)
    top, wide_at = c.vary(34, 42), c.vary(58, 72)
    if c.chance(0.6):
        for x, y in ((40.0, 13.0), (51.0, 7.0), (61.0, 15.0)):
            c.fill(c.curve([(50, top), (x * 0.6 + 20, (y + top) / 2), (x, y)], 1), (84, 128, 78))
            _petals(c, x, y)
    c.fill(c.oval(50, top, neck * 1.15, 1.8), tone(c.main, -0.4))
    profile = [(neck * 1.15, top), (neck, top + 7), (belly, wide_at), (belly * 0.5, 90)]
    body = c.fill(c.turned(profile), shade="cylinder")
    glint = [
        (50 - belly * 0.55, wide_at - 9),
        (50 - belly * 0.62, wide_at),
        (50 - belly * 0.5, wide_at + 8),
    ]
    c.mark(c.curve(glint, 2), (255, 255, 255), 0.5, inside=body, blur=0.6)


def _clock(c: Canvas) -> None:
    rim, square = c.vary(3, 6), c.chance(0.25)
    if square:
        c.fill(c.box((14, 14), (86, 86), 8))
        c.fill(c.box((14 + rim, 14 + rim), (86 - rim, 86 - rim), 5), PAPER)
    else:
        c.fill(c.oval(50, 50, 37, 37))
        c.fill(c.oval(50, 50, 37 - rim, 37 - rim), PAPER)
    for k in range(12):
        inner, width = (24, 1.6) if k % 3 == 0 else (27, 0.8)
        a = math.radians(k * 30)
        ends = [(50 + r * math.cos(a), 50 + r * math.sin(a)) for r in (inner, 30)]
        c.mark(c.line(ends, width), INK)
    hour = c.vary(0, 12)
    for turn, reach, width in ((hour / 12, 16, 2.2), (hour % 1, 25, 1.3)):
        a = turn * 2 * math.pi - math.pi / 2
        c.fill(c.line([(50, 50), (50 + reach * math.cos(a), 50 + reach * math.sin(a))], width), INK)
    c.fill(c.oval(50, 50, 2, 2), c.trim(0.3), "ball")


def _picture_frame(c: Canvas) -> None:
    wide, high, rim = c.vary(26, 38), c.vary(30, 38), c.vary(4, 8)
    c.fill(c.box((50 - wide, 50 - high), (50 + wide, 50 + high), 0.8))
    c.fill(c.box((50 - wide + rim, 50 - high + rim), (50 + wide - rim, 50 + high - rim)), PAPER)
    margin = rim + c.vary(4, 7)
    inner = c.box(
        (50 - wide + margin, 50 - high + margin), (50 + wide - margin, 50 + high - margin)
    )
    c.fill(inner, (176, 206, 222))
    c.mark(c.oval(50 + wide * 0.25, 50 - high * 0.25, 5, 5), (252, 226, 150), inside=inner)
    hills = ((c.vary(56, 64), (120, 156, 128)), (c.vary(66, 74), (72, 112, 96)))
    for y, paint in hills:
        c.mark(c.oval(50 + c.vary(-22, 22), y + 26, 44, 28), paint, inside=inner)
    c.mark(
        c.polygon([(50 - wide, 50), (50, 50 - high), (50 + 8, 50 - high), (50 - wide, 62)]),
        PAPER,
        0.2,
        inside=inner,
    )


def _basket(c: Canvas) -> None:
    half, top = c.vary(24, 30), c.vary(40, 48)
    for x in (50 - half, 50 + half):
        c.fill(c.ring((x, top + 3), (5, 7), 2.2), c.trim(0.3))
    c.fill(c.oval(50, top, half, half * 0.2), tone(c.main, -0.4))
    body = c.fill(c.turned([(half, top), (half * 1.04, 64), (half * 0.82, 86)]), shade="cylinder")
    for row in range(12):
        y = top + 2 + row * 4.2
        for k in range(17):
            x = 50 - half * 1.05 + (k + row % 2 / 2) * half / 8
            c.mark(c.line([(x, y), (x + 2.2, y + 0.8)], 0.9), INK, 0.22, inside=body)
    c.fill(c.line(arc((50, top), (half, half * 0.2), 0, 180), 2.2), c.trim(0.3))


DECOR: Mapping[str, Callable[[Canvas], None]] = {
    "rug": _rug,
    "cushion": _cushion,
    "blanket": _blanket,
    "towel": _towel,
    "vase": _vase,
    "clock": _clock,
    "picture frame": _picture_frame,
    "basket": _basket,
}
