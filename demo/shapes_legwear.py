"""Draw skirts, trousers, socks and shoes.

Knows the canvas and its coordinates; knows no catalogue.
"""

from collections.abc import Callable, Mapping

from PIL import Image

from demo.canvas import BRASS, INK, PAPER, Canvas, Colour, tone
from demo.geometry import Point, along, arc, mirrored, smooth


def _ribs(c: Canvas, mask: Image.Image, start: Point, end: Point, count: int) -> None:
    """Draw the vertical ribs of a knitted cuff between two points of its middle line."""
    for x, y in along(start, end, count):
        c.mark(c.line([(x, y - 5), (x, y + 5)], 0.5), INK, 0.22, inside=mask)


def _skirt(c: Canvas) -> None:
    c.lying = True
    wide, hem = c.vary(28, 38), c.vary(76, 86)
    side = smooth([(66, 20), (50 + wide * 0.8, 46), (50 + wide, hem)], closed=False)
    lower = arc((50, hem), (wide, 5), 0, 90)
    body = c.fill(c.polygon(mirrored([*side, *lower])), None, "folds")
    if c.chance(0.5):
        for k in range(-4, 5):
            c.mark(
                c.line([(50 + k * 3.4, 24), (50 + k * wide / 4.5, hem + 4)], 0.6),
                INK,
                0.28,
                inside=body,
            )
    c.fill(c.box((33.5, 17), (66.5, 23), 1), c.trim(0.22), "cylinder")
    c.fill(c.oval(50, 20, 1.5, 1.5), BRASS, "ball")


def _legs(c: Canvas, hem: float, wide: float, crotch: float) -> Image.Image:
    """Draw a pair of legs with a waistband."""
    cuff = c.vary(11, 15) if hem > 70 else c.vary(18, 20)
    right = [
        (66.0, 12.0),
        (68, 26),
        (50 + wide, hem),
        (50 + wide - cuff, hem + 1),
        (50.6, crotch),
    ]
    body = c.fill(c.polygon(mirrored(right)), None, "folds")
    c.fill(c.box((33.5, 9), (66.5, 15), 1), shade="cylinder")
    c.mark(c.line([(50, 15), (50, crotch - 4)], 0.6), INK, 0.4)
    for side in (1, -1):
        c.mark(
            c.line(arc((50 + side * 16, 15), (7, 8), 90, 180 if side > 0 else 0), 0.6),
            INK,
            0.4,
            inside=body,
        )
        c.mark(c.line([(50 + side * 9, 9), (50 + side * 9, 15.5)], 1.4), tone(c.main, -0.25))
    c.fill(c.oval(50, 12, 1.4, 1.4), BRASS, "ball")
    return body


def _trousers(c: Canvas) -> None:
    c.lying = True
    body = _legs(c, c.vary(90, 95), c.vary(17, 24), c.vary(36, 41))
    if c.chance(0.5):
        for side in (1, -1):
            c.mark(
                c.line([(50 + side * 10, 20), (50 + side * 13, 94)], 0.5), INK, 0.22, inside=body
            )


def _shorts(c: Canvas) -> None:
    c.lying = True
    hem = c.vary(52, 62)
    body = _legs(c, hem, c.vary(21, 24), c.vary(32, 35))
    if c.chance(0.5):
        c.fill(c.line([(20, hem - 1), (80, hem - 1)], 2.6), c.trim(0.22), inside=body)


def _twice(c: Canvas, one: Callable[[Canvas], None], shift: Point) -> None:
    """Draw a pair: one behind, one in front, with the same random numbers for both."""
    state = c.dice.getstate()
    c.origin = shift
    one(c)
    c.dice.setstate(state)
    c.origin = (0.0, 0.0)
    one(c)


def _sock(c: Canvas) -> None:
    top, toe = c.vary(12, 34), c.vary(72, 80)
    leg = [
        (34.0, top),
        (50, top),
        (50.5, 58),
        (64, 66),
        (toe, 74),
        (toe + 2, 83),
        (62, 88),
        (42, 84),
        (33, 72),
        (34, 50),
    ]
    body = c.fill(c.polygon([leg[0], *smooth(leg[1:], closed=False)]), shade="cylinder")
    c.fill(c.oval(toe + 4, 82, 13, 11), c.trim(0.22), inside=body)
    c.fill(c.oval(32, 80, 10, 10), c.trim(0.22), inside=body)
    cuff = c.fill(c.box((33, top - 1), (51, top + 8), 1.5), c.trim(0.22), "cylinder")
    _ribs(c, cuff, (34, top + 4), (50, top + 4), 10)


def _socks(c: Canvas) -> None:
    c.lying = True
    _twice(c, _sock, (c.vary(15, 20), c.vary(-9, -4)))


def _sole(c: Canvas, y: float, thick: float, paint: Colour) -> Image.Image:
    return c.fill(c.box((9, y), (93, y + thick), thick / 2), paint)


def _sneaker(c: Canvas) -> None:
    collar, thick = c.vary(34, 46), c.vary(7, 11)
    _sole(c, 70, thick, PAPER if sum(c.main) < 660 else c.second)
    upper = [
        (12, 72),
        (11, 52),
        (14, collar),
        (22, collar - 2),
        (33, collar + 7),
        (44, collar + 4),
        (60, 56),
        (80, 61),
        (90, 68),
        (90, 73),
    ]
    body = c.fill(c.polygon([*smooth(upper, closed=False)]))
    c.fill(c.oval(92, 72, 17, 13), PAPER if c.chance(0.4) else c.trim(0.22), inside=body)
    c.fill(c.box((4, 54), (20, 76), 6), c.trim(0.22), inside=body)
    if c.chance(0.6):
        swoosh = [(28, 68), (40, 58), (52, 64), (62, 60)] if c.chance(0.5) else [(36, 50), (46, 71)]
        c.fill(c.curve(swoosh, 3.4), c.trim(0.22), inside=body)
    tongue = [(34, collar + 7), (36, collar - 5), (46, collar - 1), (62, 57), (50, 58)]
    c.fill(c.polygon(smooth(tongue, steps=4)), tone(c.main, 0.15))
    for k in range(4):
        x, y = 40 + k * 6.2, collar + 6 + k * (50 - collar) / 3.2
        c.fill(c.line([(x - 2, y + 4), (x + 4, y - 1)], 1.8), PAPER if sum(c.main) < 660 else INK)
    c.mark(c.line([(10, 70 + thick * 0.45), (92, 70 + thick * 0.45)], 0.7), c.trim(0.22), 0.7)


def _sneakers(c: Canvas) -> None:
    _twice(c, _sneaker, (c.vary(7, 11), c.vary(-15, -10)))


def _boot(c: Canvas) -> None:
    top, heel = c.vary(10, 34), c.vary(5, 9)
    c.fill(c.polygon([(13, 82), (37, 82), (35, 84 + heel), (14, 84 + heel)]), INK)
    front = [(30, 84), (46, 86), (56, 84 + heel * 0.8), (86, 84 + heel), (90, 80), (60, 80)]
    c.fill(c.polygon(front), INK)
    ankle = [(44, top), (44.5, 46), (50, 56), (66, 62), (83, 68), (90, 76), (90, 83)]
    back = [(13, 83), (13, 70), (15.5, 56), (14.5, top)]
    body = c.fill(c.polygon([*smooth(ankle, closed=False), *smooth(back, closed=False)]))
    c.mark(c.line([(10, 82), (92, 82)], 1), c.trim(0.22), 0.8, inside=body)
    c.fill(c.box((12.5, top - 2), (46, top + 4), 2), c.trim(0.22))
    if c.chance(0.5):
        c.mark(c.line([(35, top + 4), (37, 52), (48, 62)], 0.7), INK, 0.4, inside=body)
        for k in range(5):
            y = top + 9 + k * (52 - top) / 5
            c.fill(c.line([(34 + k * 0.8, y), (45 + k, y - 2)], 1.7), c.trim(0.22), inside=body)
    else:
        gore = [(22, top + 4), (36, top + 4), (32, 58), (26, 58)]
        c.fill(c.polygon(gore), tone(c.main, -0.4), inside=body)
    c.mark(c.line(arc((92, 84), (22, 18), 180, 270), 0.7), INK, 0.45, inside=body)


def _boots(c: Canvas) -> None:
    _twice(c, _boot, (c.vary(11, 16), c.vary(-11, -7)))


def _sandals(c: Canvas) -> None:
    c.lying = True
    sole = c.second if c.second != c.main else (176, 134, 92)
    wide, bands = c.vary(0.92, 1.08), c.dice.randint(2, 3)
    width, slant = c.vary(9, 12) - bands, c.vary(-4, 4)
    for side, middle in ((1, 70.0), (-1, 30.0)):
        foot = [(-2, 8), (9, 14), (14, 30), (11, 50), (12, 72), (8, 88), (0, 93), (-9, 87)]
        foot += [(-11, 70), (-9, 50), (-12, 30), (-9, 13)]
        outline = [(middle - side * x * wide, y) for x, y in foot]
        c.fill(c.blob(outline), tone(sole, -0.25))
        bed = [(middle + (x - middle) * 0.84, 50 + (y - 50) * 0.93) for x, y in outline]
        c.fill(c.blob(bed), sole)
        for y in (24.0, 40.0, 56.0)[:bands]:
            ends = [
                (middle - 15 * wide, y + 3 + slant),
                (middle, y - 4),
                (middle + 15 * wide, y + 3 - slant),
            ]
            c.fill(c.curve(ends, width), shade="tube")
        if c.chance(0.7):
            strap = [(middle - 12 * wide, 80), (middle, 68), (middle + 12 * wide, 80)]
            c.fill(c.curve(strap, 5), shade="tube")
            c.fill(c.ring((middle + side * 8 * wide, 73), (2.8, 2.8), 1.2), BRASS, "metal")


def _slipper(c: Canvas) -> None:
    _sole(c, 72, 6, tone(c.main, -0.45))
    c.fill(c.oval(30, 66, 20, 9), tone(c.main, 0.55))
    upper = [(36, 74), (40, 52), (56, 47), (78, 54), (91, 68), (90, 75)]
    c.fill(c.polygon(smooth(upper, closed=False)), shade="soft")
    c.fill(c.curve([(40, 50), (36, 62), (35, 74)], c.vary(6, 9)), tone(c.second, 0.5))


def _slippers(c: Canvas) -> None:
    _twice(c, _slipper, (c.vary(8, 12), c.vary(-17, -12)))


LEGWEAR: Mapping[str, Callable[[Canvas], None]] = {
    "skirt": _skirt,
    "trousers": _trousers,
    "shorts": _shorts,
    "socks": _socks,
    "sneakers": _sneakers,
    "boots": _boots,
    "sandals": _sandals,
    "slippers": _slippers,
}
