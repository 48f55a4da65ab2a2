"""Draw electronics and stationery.

Knows the canvas and its coordinates; knows no catalogue.
"""

from collections.abc import Callable, Mapping

from demo.canvas import BRASS, INK, PAPER, STEEL, Canvas, tone
from demo.geometry import along, arc


def _headphones(c: Canvas) -> None:
    wide, top = c.vary(27, 31), c.vary(26, 32)
    c.fill(c.line(arc((50, 52), (wide, 52 - top + 8), 180, 360), c.vary(5, 7)))
    c.mark(c.line(arc((50, 53), (wide - 2.6, 52 - top + 5), 195, 345), 1.6), c.trim(), 0.8)
    cup = c.vary(16, 20)
    for side in (1, -1):
        x = 50 + side * wide
        c.fill(c.line([(x, 46), (x, 58)], 3), STEEL, "metal")
        c.fill(c.oval(x - side * 5, 66, 6.5, cup - 1), INK, "ball")
        c.fill(c.oval(x + side * 1, 66, 8, cup), shade="ball")
        c.fill(c.oval(x + side * 2.6, 66, 3.6, cup * 0.56), c.trim(), "ball")


def _speaker(c: Canvas) -> None:
    if c.chance(0.5):
        half, top = c.vary(17, 21), c.vary(18, 30)
        body = c.fill(c.turned([(half, top), (half, 86)], tilt=0.18), shade="cylinder")
        c.fill(c.oval(50, top, half, half * 0.18), INK)
        c.mark(c.ring((50, top), (half * 0.6, half * 0.1), 0.6), c.trim())
        rows, left, right = range(9), 50 - half, 50 + half
        low = 80.0
    else:
        wide, top = c.vary(32, 40), c.vary(34, 40)
        c.fill(c.line(arc((50, top + 2), (12, 11), 180, 360), 3), c.trim())
        body = c.fill(c.box((50 - wide, top), (50 + wide, 78), 9))
        for side in (1, -1):
            c.fill(c.oval(50 + side * wide * 0.52, 56, 13, 13), tone(c.main, -0.5))
            c.fill(c.oval(50 + side * wide * 0.52, 56, 7, 7), c.trim(), "ball")
        c.fill(c.oval(50, 48, 2.6, 2.6), STEEL, "ball")
        return
    for row in rows:
        y = top + 12 + row * (low - top - 14) / 8
        for x, _ in along((left + 3, 0), (right - 3, 0), 11):
            c.mark(c.oval(x, y, 0.9, 0.9), INK, 0.5, inside=body)


def _keyboard(c: Canvas) -> None:
    c.lying = True
    high = c.vary(17, 21)
    c.fill(c.box((6, 50 - high), (94, 50 + high), c.vary(2, 5)))
    keys = c.second if c.second != c.main else tone(c.main, 0.35 if sum(c.main) < 500 else -0.2)
    rows = c.dice.randint(4, 5)
    step = (2 * high - 6) / rows
    for row in range(rows):
        y = 50 - high + 3 + row * step
        x = 9.0
        while x < 90:
            wide = 30.0 if row == rows - 1 and 28 < x < 34 else (8.4 if x < 10 and row > 1 else 5.0)
            wide = min(wide, 91 - x)
            if wide > 2:
                paint = (224, 96, 70) if row == 0 and x < 10 else keys
                c.fill(c.box((x, y), (x + wide, y + step - 1), 1.1), paint)
            x += wide + 0.9


def _camera(c: Canvas) -> None:
    top, lens = c.vary(32, 36), c.vary(16, 19)
    c.fill(c.polygon([(36, top + 2), (41, top - 10), (59, top - 10), (64, top + 2)]), c.trim())
    c.fill(c.box((20, top - 4), (31, top + 3), 1.5), STEEL, "metal")
    c.fill(c.oval(76, top - 2, 4.5, 2.6), STEEL, "metal")
    c.fill(c.box((10, top), (90, 78), 5), c.trim())
    c.fill(c.box((10, top + 9), (90, 71)))
    for radius, paint in ((lens, STEEL), (lens - 2.5, INK), (lens - 6, (30, 34, 60))):
        c.fill(c.oval(50, top + 24, radius, radius), paint, "ball" if paint != STEEL else "metal")
    c.mark(c.oval(46, top + 19, 3, 2.2), (190, 200, 255), 0.75)
    c.fill(c.box((70, top + 2.5), (82, top + 7.5), 1), (236, 238, 226))


def _radio(c: Canvas) -> None:
    top = c.vary(38, 44)
    c.fill(c.line([(80, top + 2), (92, 10)], 1.2), STEEL, "metal")
    c.fill(c.line([(20, top), (20, top - 9), (74, top - 9), (74, top)], 3), c.trim())
    c.fill(c.box((10, top), (90, 82), c.vary(4, 10)))
    grille = c.fill(c.box((15, top + 6), (54, 76), 3), c.trim())
    for k in range(9):
        c.mark(
            c.line([(16, top + 9 + k * 3), (53, top + 9 + k * 3)], 0.8), INK, 0.45, inside=grille
        )
    c.fill(c.box((60, top + 6), (85, top + 17), 1.5), (246, 234, 200))
    c.mark(c.line([(74, top + 7), (74, top + 16)], 0.7), (204, 50, 40))
    for x in (66.0, 79.0):
        c.fill(c.oval(x, 70, 5, 5), STEEL, "metal")


def _notebook(c: Canvas) -> None:
    c.lying = True
    wide, high = c.vary(25, 29), c.vary(33, 38)
    c.fill(c.box((50 - wide + 2, 50 - high + 2), (50 + wide + 2, 50 + high + 2), 2), PAPER)
    c.fill(c.box((50 - wide, 50 - high), (50 + wide, 50 + high), 2.5))
    if c.chance(0.4):
        for _, y in along((0, 50 - high + 5), (0, 50 + high - 5), 13):
            c.fill(c.ring((50 - wide, y), (3, 1.5), 0.9), STEEL, "metal")
    else:
        c.fill(c.box((50 - wide, 50 - high), (50 - wide + 8, 50 + high), 2), c.trim())
        if c.chance(0.6):
            c.fill(c.box((50 + wide - 9, 50 - high), (50 + wide - 6.6, 50 + high)), c.trim())
    if c.chance(0.5):
        c.fill(c.box((44, 34), (64, 46), 1.2), PAPER)
        c.mark(c.line([(47, 40), (61, 40)], 0.6), INK, 0.6)


def _pen(c: Canvas) -> None:
    c.lying = True
    thick, cap_end = c.vary(6, 8.5), c.vary(50, 58)
    c.fill(
        c.polygon([(84, 50 - thick * 0.34), (93, 49.2), (93, 50.8), (84, 50 + thick * 0.34)]),
        BRASS,
        "tube",
    )
    c.fill(
        c.polygon(
            [
                (70, 50 - thick / 2),
                (85, 50 - thick * 0.34),
                (85, 50 + thick * 0.34),
                (70, 50 + thick / 2),
            ]
        ),
        INK,
        "tube",
    )
    c.fill(c.box((8, 50 - thick / 2), (72, 50 + thick / 2), 2.4), shade="tube")
    c.fill(c.box((cap_end, 49 - thick / 2), (cap_end + 2.4, 51 + thick / 2), 0.6), BRASS, "tube")
    c.fill(c.box((70, 49.6 - thick / 2), (72, 50.4 + thick / 2), 0.4), BRASS, "tube")
    c.fill(c.line([(12, 49 - thick / 2), (cap_end - 14, 49 - thick / 2)], 1.8), BRASS, "tube")


def _pencil_case(c: Canvas) -> None:
    c.lying = True
    high = c.vary(14, 18)
    for k, paint in enumerate(((236, 178, 50), (198, 60, 54), (64, 110, 170))):
        if c.chance(0.7):
            foot = 53 + k * 8
            c.fill(c.line([(foot, 50), (foot + 7, 50 - high - 9)], 3.2), paint, "cylinder")
    c.fill(c.box((8, 50 - high), (92, 50 + high), c.vary(6, 13)))
    c.fill(c.line([(13, 50 - high + 5), (87, 50 - high + 5)], 1.6), c.trim())
    for x, y in along((13, 50 - high + 5), (87, 50 - high + 5), 36):
        c.mark(c.line([(x, y - 0.7), (x, y + 0.7)], 0.5), PAPER, 0.6)
    c.fill(c.box((16, 50 - high + 3.6), (24, 50 - high + 6.6), 1), BRASS, "metal")
    c.fill(c.line([(16, 50 - high + 5), (11, 50 - high + 14)], 1.8), c.trim())


DESK: Mapping[str, Callable[[Canvas], None]] = {
    "headphones": _headphones,
    "speaker": _speaker,
    "keyboard": _keyboard,
    "camera": _camera,
    "radio": _radio,
    "notebook": _notebook,
    "pen": _pen,
    "pencil case": _pencil_case,
}
