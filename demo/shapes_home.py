"""How lamps, furniture, home textiles and decoration are drawn.

Knows the sheet and its unit square; knows no catalogue. The widest part takes the product's own
cloth, so that the colour which a record names is the colour that is seen.
"""

import math
from collections.abc import Callable, Mapping

from demo.canvas import BRASS, INK, PAPER, WOOD, Canvas, tone
from demo.geometry import Point, along, arc, smooth


def _trim(c: Canvas) -> tuple[int, int, int]:
    """Return the colour of trims: the second one, or a darker main one."""
    return c.second if c.second != c.main else tone(c.main, -0.3)


def _shade(c: Canvas, top: float, low: float, narrow: float, wide: float) -> None:
    """Draw a lampshade that glows a little from inside."""
    body = c.fill(c.turned([(narrow, top), (wide, low)], tilt=0.1), shade="cylinder")
    c.mark(
        c.oval(50, low, wide * 0.7, (low - top) * 0.6), (255, 244, 200), 0.35, inside=body, blur=5
    )
    c.fill(c.oval(50, top, narrow, narrow * 0.1), tone(c.main, 0.35))
    c.mark(c.line(arc((50, low), (wide, wide * 0.1), 0, 180), 0.8), _trim(c), 0.8)


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


def _rug(c: Canvas) -> None:
    c.lying = True
    if c.chance(0.3):
        c.fill(c.oval(50, 50, 40, 40))
        c.mark(c.ring((50, 50), (36.5, 36.5), 1.4), _trim(c), 0.9)
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
    c.mark(c.line([*corners, corners[0]], c.vary(1, 2)), _trim(c), 0.9, inside=body)
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
            c.fill(c.oval(x, y, 4, 4), _trim(c), "ball")
    body = c.fill(c.polygon(smooth(corners)), shade="pillow")
    if c.chance(0.5):
        c.mark(
            c.line(smooth([*corners, corners[0]], closed=False), 1.4), _trim(c), 0.6, inside=body
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
        c.fill(c.box((0, low - 12 + k), (100, low - 10 + k)), _trim(c), inside=body)


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
    c.fill(c.oval(50, 50, 2, 2), _trim(c), "ball")


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
        c.fill(c.ring((x, top + 3), (5, 7), 2.2), _trim(c))
    c.fill(c.oval(50, top, half, half * 0.2), tone(c.main, -0.4))
    body = c.fill(c.turned([(half, top), (half * 1.04, 64), (half * 0.82, 86)]), shade="cylinder")
    for row in range(12):
        y = top + 2 + row * 4.2
        for k in range(17):
            x = 50 - half * 1.05 + (k + row % 2 / 2) * half / 8
            c.mark(c.line([(x, y), (x + 2.2, y + 0.8)], 0.9), INK, 0.22, inside=body)
    c.fill(c.line(arc((50, top), (half, half * 0.2), 0, 180), 2.2), _trim(c))


HOME: Mapping[str, Callable[[Canvas], None]] = {
    "table lamp": _table_lamp,
    "floor lamp": _floor_lamp,
    "desk lamp": _desk_lamp,
    "lantern": _lantern,
    "chair": _chair,
    "stool": _stool,
    "table": _table,
    "armchair": _armchair,
    "bookshelf": _bookshelf,
    "rug": _rug,
    "cushion": _cushion,
    "blanket": _blanket,
    "towel": _towel,
    "vase": _vase,
    "candle": _candle,
    "clock": _clock,
    "picture frame": _picture_frame,
    "basket": _basket,
}
