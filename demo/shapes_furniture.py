"""Draw furniture.

Knows the canvas and its coordinates; knows no catalogue.
"""

from collections.abc import Callable, Mapping

from demo.canvas import BRASS, WOOD, Canvas, tone
from demo.geometry import along


def _chair(c: Canvas) -> None:
    back, seat = c.vary(10, 18), c.vary(54, 58)
    legs = c.main if not c.chance(0.4) else WOOD
    for x, foot in ((38.0, 84.0), (72.0, 84.0)):
        c.fill(c.line([(x, seat), (x + 2 if x > 50 else x, foot)], 2.8), tone(legs, -0.2))
    for x in (36.0, 71.0):
        c.fill(c.line([(x, back), (x - 1, seat)], 3.2))
    style = c.dice.randrange(3)
    if style == 0:
        c.fill(c.box((33, back), (74, back + c.vary(20, 27)), c.vary(2, 9)))
    elif style == 1:
        for k in range(3):
            c.fill(c.box((36, back + 2 + k * 11), (71, back + 7 + k * 11), 2))
    else:
        c.fill(c.box((34, back), (73, back + 6), 2.5))
        for x, y in along((43, back + 5), (64, back + 5), 4):
            c.fill(c.line([(x, y), (x, seat)], 1.8))
    for x in (27.0, 66.0):
        c.fill(c.line([(x + 1, seat + 5), (x - 1 if x < 50 else x + 2, 93)], 3.2), legs)
    c.fill(c.polygon([(35, seat - 4), (74, seat - 4), (70, seat + 7), (23, seat + 7)]))
    c.fill(c.box((22.5, seat + 6), (70.5, seat + 10), 1.5), tone(c.main, -0.12))


def _stool(c: Canvas) -> None:
    seat, half = c.vary(28, 42), c.vary(19, 23)
    legs = c.second if c.second != c.main else WOOD
    rung = (seat + 94) / 2 + 8
    for x, spread, foot in ((-8.0, -4.0, 86.0), (8.0, 4.0, 86.0)):
        c.fill(c.line([(50 + x, seat), (50 + x + spread, foot)], 2.8), tone(legs, -0.22))
    c.fill(c.line([(50 - half * 0.85, rung), (50 + half * 0.85, rung)], 1.8), tone(legs, -0.1))
    for side in (-1, 1):
        c.fill(c.line([(50 + side * half * 0.7, seat + 2), (50 + side * half, 93)], 3.4), legs)
    thick = c.vary(3, 9)
    c.fill(c.turned([(half, seat), (half, seat + thick)], tilt=0.22), shade="cylinder")
    c.fill(c.oval(50, seat, half, half * 0.22))


def _table(c: Canvas) -> None:
    top = c.vary(40, 46)
    round_top = c.chance(0.4)
    legs = c.second if c.second != c.main else c.main
    for x, foot in ((28.0, 76.0), (76.0, 76.0)):
        c.fill(c.line([(x, top), (x, foot)], 3), tone(legs, -0.25))
    for x in (16.0, 84.0) if not round_top else (34.0, 66.0):
        c.fill(c.line([(x, top + 6), (x + (x - 50) * c.vary(-0.02, 0.1), 90)], 4), legs)
    if round_top:
        c.fill(c.turned([(42, top), (42, top + 4)], tilt=0.25), shade="cylinder")
        c.fill(c.oval(50, top, 42, 10.5))
        return
    c.fill(c.polygon([(24, top - 7), (80, top - 7), (92, top + 7), (8, top + 7)]))
    c.fill(c.box((8, top + 7), (92, top + 11.5), 0.8), tone(c.main, -0.1))
    if c.chance(0.5):
        c.fill(c.box((36, top + 11.5), (64, top + 20)), tone(c.main, -0.18))
        c.fill(c.oval(50, top + 16, 1.8, 1.3), BRASS, "ball")


def _armchair(c: Canvas) -> None:
    back, wide = c.vary(14, 24), c.vary(32, 36)
    for x in (50 - wide + 6, 50 + wide - 6):
        c.fill(c.line([(x, 80), (x + (x - 50) * 0.06, 92)], 3.4), WOOD)
    c.fill(c.box((50 - wide + 5, back), (50 + wide - 5, 74), c.vary(7, 16)))
    if c.chance(0.5):
        for x, y in ((40, back + 14), (60, back + 14), (50, back + 22)):
            c.fill(c.oval(x, y, 1.3, 1.3), tone(c.main, -0.25), "ball")
    c.fill(c.box((50 - wide + 3, 56), (50 + wide - 3, 69), 5))
    c.fill(c.box((50 - wide + 2, 68), (50 + wide - 2, 83), 3))
    for x in (50 - wide - 3, 50 + wide - 9):
        c.fill(c.box((x, c.origin[1] + 44), (x + 12, 84), 5.5))


def _bookshelf(c: Canvas) -> None:
    half, rows = c.vary(20, 27), c.dice.randint(3, 5)
    c.fill(c.box((50 - half, 8), (50 + half, 92), 1))
    high = 80 / rows
    spines = (
        (178, 60, 52),
        (60, 92, 128),
        (222, 190, 120),
        (84, 120, 88),
        (120, 90, 120),
        (70, 70, 76),
    )
    for row in range(rows):
        top = 10 + row * high + (2 if row else 1)
        low = 10 + (row + 1) * high - 1
        c.fill(c.box((50 - half + 3, top), (50 + half - 3, low)), tone(c.main, -0.45))
        x = 50 - half + 4 + (0 if row % 2 else half * 0.7)
        for _ in range(c.dice.randint(2, 5)):
            wide, tall = c.vary(2.2, 4.2), c.vary(0.55, 0.85) * (low - top)
            c.fill(c.box((x, low - tall), (x + wide, low)), c.dice.choice(spines))
            x += wide + 0.2


FURNITURE: Mapping[str, Callable[[Canvas], None]] = {
    "chair": _chair,
    "stool": _stool,
    "table": _table,
    "armchair": _armchair,
    "bookshelf": _bookshelf,
}
