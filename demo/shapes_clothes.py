"""How clothes and shoes are drawn.

Knows the sheet and its unit square; knows no catalogue. The widest part takes the product's own
cloth, so that the colour which a record names is the colour that is seen.
"""

from collections.abc import Callable, Mapping

from PIL import Image

from demo.canvas import BRASS, INK, PAPER, Canvas, Colour, tone
from demo.geometry import Point, along, arc, mirrored, smooth


def _trim(c: Canvas) -> Colour:
    """Return the colour of trims: the second one, or a darker main one."""
    return c.second if c.second != c.main else tone(c.main, -0.22)


def _ribs(c: Canvas, mask: Image.Image, start: Point, end: Point, count: int) -> None:
    """Draw upright ribs of a knitted cuff between two points of its middle line."""
    for x, y in along(start, end, count):
        c.mark(c.line([(x, y - 5), (x, y + 5)], 0.5), INK, 0.22, inside=mask)


def _sleeves(c: Canvas, shoulder: float, cuff: Point, width: float, armpit: float) -> None:
    """Draw both sleeves from the shoulder to the cuff's outer corner."""
    for side in (1, -1):
        x, y = cuff
        outline = [
            (12.0, 20.0),
            (shoulder, 24),
            (x, y),
            (x - width, y + width * 0.35),
            (shoulder - 4, armpit),
        ]
        mask = c.fill(c.polygon([(50 + side * px, py) for px, py in outline]))
        ends = [(50 + side * px, py) for px, py in (outline[2], outline[3])]
        c.mark(c.line(ends, 1.6), _trim(c), 0.75, inside=mask)


def _torso(c: Canvas, neck: float, chest: float, hem: float, wide: float) -> Image.Image:
    """Draw the body of a top; its neckline is cut afterwards."""
    right = [
        (50 + neck, 16.0),
        (50 + chest - 2, 21),
        (50 + chest, 38),
        (50 + wide * 0.98, 60),
        (50 + wide, hem),
    ]
    return c.fill(c.polygon(mirrored(right)), None, "folds")


def _neckline(c: Canvas, neck: float, deep: float, band: float) -> None:
    """Draw the hole of a neckline, its back and its band."""
    c.mark(c.oval(50, 16, neck, deep), tone(c.main, -0.42))
    c.fill(c.line(arc((50, 16), (neck, deep), 0, 180), band), _trim(c))
    c.fill(c.line(arc((50, 16), (neck, 2.2), 180, 360), band * 0.9), tone(_trim(c), -0.2))


def _t_shirt(c: Canvas) -> None:
    c.lying = True
    hem, wide, neck = c.vary(80, 88), c.vary(23, 26), c.vary(8, 10)
    _sleeves(c, 27, (c.vary(38, 43), c.vary(40, 46)), 11, 42)
    body = _torso(c, neck, 25, hem, wide)
    if c.chance(0.35):
        c.fill(c.box((56, 34), (67, 46), 1.2), inside=body)
    c.mark(c.line([(20, hem - 2.5), (80, hem - 2.5)], 0.4), INK, 0.3, inside=body)
    _neckline(c, neck, c.vary(4.5, 7), 1.8)


def _shirt(c: Canvas) -> None:
    c.lying = True
    hem, wide = c.vary(82, 90), c.vary(22, 25)
    short = c.chance(0.3)
    cuff = (40.0, 42.0) if short else (c.vary(38, 42), c.vary(76, 84))
    _sleeves(c, 27, cuff, 10 if short else 8.5, 40)
    body = _torso(c, 8, 25, hem, wide)
    placket = c.box((47.6, 20), (52.4, hem))
    c.fill(placket, inside=body)
    for x, y in along((50, 27), (50, hem - 7), 6):
        c.fill(c.oval(x, y, 1, 1), PAPER if sum(c.main) < 560 else INK, "ball")
    if c.chance(0.6):
        c.fill(c.polygon([(56, 34), (67, 34), (67, 44), (61.5, 47), (56, 44)]), inside=body)
    c.mark(c.oval(50, 16.5, 8, 4), tone(c.main, -0.4))
    for side in (1, -1):
        wing = [(50 + side * 8, 13), (50 + side * 13, 19), (50 + side * 7, 26), (50, 20)]
        c.fill(c.polygon(wing))


def _jumper(c: Canvas) -> None:
    c.lying = True
    hem, wide, neck = c.vary(78, 86), c.vary(24, 27), c.vary(8, 10)
    _sleeves(c, 28, (c.vary(39, 44), c.vary(76, 83)), 11, 44)
    body = _torso(c, neck, 26, hem, wide)
    band = c.fill(c.box((50 - wide - 1, hem - 6), (50 + wide + 1, hem + 1)), _trim(c), inside=body)
    _ribs(c, band, (50 - wide, hem - 3), (50 + wide, hem - 3), 26)
    if c.chance(0.35):
        roll = c.fill(c.box((50 - neck - 1, 7), (50 + neck + 1, 18), 3), _trim(c), "cylinder")
        _ribs(c, roll, (50 - neck, 12), (50 + neck, 12), 12)
    else:
        _neckline(c, neck, c.vary(4, 6), 3)
    if c.chance(0.4):
        for x in (43.0, 57.0):
            plait = [(x + (2 if k % 2 else -2), 26 + k * 4) for k in range(13)]
            c.mark(c.line(smooth(plait, closed=False), 1.1), INK, 0.2, inside=body)


def _coat(c: Canvas) -> None:
    c.lying = True
    hem, wide = c.vary(90, 96), c.vary(25, 30)
    _sleeves(c, 28, (c.vary(39, 43), c.vary(72, 78)), 11, 42)
    body = _torso(c, 9, 26, hem, wide)
    double = c.chance(0.4)
    front = 46 if double else 49.6
    c.mark(c.line([(front, 34), (front, hem)], 0.7), INK, 0.5, inside=body)
    buttons = _trim(c) if c.chance(0.5) else INK
    for x in (front + 3.5, front + 11) if double else (front + 3,):
        for px, py in along((x, 40), (x, 68), 4):
            c.fill(c.oval(px, py, 1.5, 1.5), buttons, "ball")
    for side in (1, -1):
        c.fill(c.box((50 + side * 16 - 6, 64), (50 + side * 16 + 6, 67.5), 1), inside=body)
        lapel = [
            (50 + side * 10, 13),
            (50 + side * 17, 27),
            (50 + side * 12, 30),
            (front + 1, 41),
            (50, 24),
        ]
        c.fill(c.polygon(lapel))
    c.mark(c.polygon([(43, 14), (57, 14), (50, 25)]), tone(c.main, -0.45))
    if c.chance(0.3):
        c.fill(c.box((20, 54), (80, 58), 1), tone(c.main, -0.15), inside=body)


def _rain_jacket(c: Canvas) -> None:
    c.lying = True
    hem, wide = c.vary(80, 88), c.vary(26, 29)
    c.fill(c.blob([(50, 4), (61, 9), (63, 19), (50, 24), (37, 19), (39, 9)]), shade="ball")
    c.fill(c.oval(50, 15, 7.5, 6.5), tone(c.main, -0.45))
    _sleeves(c, 29, (c.vary(40, 44), c.vary(74, 80)), 12, 44)
    body = _torso(c, 9, 27, hem, wide)
    c.fill(c.line([(50, 18), (50, hem)], 1.8), _trim(c), inside=body)
    for k in range(16):
        c.mark(c.line([(49.2, 22 + k * 4), (50.8, 22 + k * 4)], 0.7), PAPER, 0.7, inside=body)
    for side in (1, -1):
        c.fill(c.line([(50 + side * 10, 70), (50 + side * 19, 60)], 1.4), _trim(c))
        c.mark(c.line([(50 + side * 4, 21), (50 + side * 4.5, 34)], 0.7), PAPER)
    c.mark(c.line([(22, 38), (78, 38)], 0.5), INK, 0.35, inside=body)


def _dress(c: Canvas) -> None:
    c.lying = True
    hem, wide, waist = c.vary(88, 95), c.vary(27, 35), c.vary(42, 47)
    if c.chance(0.5):
        _sleeves(c, 17.5, (c.vary(24, 27), c.vary(32, 37)), 8, 34)
    top = [(57.0, 13.0), (63, 14), (66, 30), (64, waist)]
    if c.chance(0.4):
        top = [(57.0, 9.0), (60, 9), (65, 24), (64, waist)]
    skirt = smooth([(64, waist), (50 + wide * 0.72, 66), (50 + wide, hem)], closed=False)
    hemline = [(50 + wide * k, hem + 1.6 * (i % 2)) for i, k in enumerate((0.8, 0.5, 0.2, 0))]
    body = c.fill(c.polygon(mirrored([*top, *skirt, *hemline])), None, "folds")
    c.mark(c.oval(50, top[0][1], 6.4, c.vary(6, 10)), tone(c.main, -0.42), inside=body)
    belt = c.box((35, waist - 1.6), (65, waist + 1.6), 1)
    c.fill(belt, tone(c.main, -0.35), "cylinder")
    if c.chance(0.35):
        c.fill(c.blob([(51, waist), (57, waist - 4), (57, waist + 4)]), _trim(c))
        c.fill(c.blob([(49, waist), (43, waist - 4), (43, waist + 4)]), _trim(c))


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
    c.fill(c.box((33.5, 17), (66.5, 23), 1), _trim(c), "cylinder")
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
        c.fill(c.line([(20, hem - 1), (80, hem - 1)], 2.6), _trim(c), inside=body)


def _twice(c: Canvas, one: Callable[[Canvas], None], shift: Point) -> None:
    """Draw a pair: one behind, one in front, the same dice for both."""
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
    c.fill(c.oval(toe + 4, 82, 13, 11), _trim(c), inside=body)
    c.fill(c.oval(32, 80, 10, 10), _trim(c), inside=body)
    cuff = c.fill(c.box((33, top - 1), (51, top + 8), 1.5), _trim(c), "cylinder")
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
    c.fill(c.oval(92, 72, 17, 13), PAPER if c.chance(0.4) else _trim(c), inside=body)
    c.fill(c.box((4, 54), (20, 76), 6), _trim(c), inside=body)
    if c.chance(0.6):
        swoosh = [(28, 68), (40, 58), (52, 64), (62, 60)] if c.chance(0.5) else [(36, 50), (46, 71)]
        c.fill(c.curve(swoosh, 3.4), _trim(c), inside=body)
    tongue = [(34, collar + 7), (36, collar - 5), (46, collar - 1), (62, 57), (50, 58)]
    c.fill(c.polygon(smooth(tongue, steps=4)), tone(c.main, 0.15))
    for k in range(4):
        x, y = 40 + k * 6.2, collar + 6 + k * (50 - collar) / 3.2
        c.fill(c.line([(x - 2, y + 4), (x + 4, y - 1)], 1.8), PAPER if sum(c.main) < 660 else INK)
    c.mark(c.line([(10, 70 + thick * 0.45), (92, 70 + thick * 0.45)], 0.7), _trim(c), 0.7)


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
    c.mark(c.line([(10, 82), (92, 82)], 1), _trim(c), 0.8, inside=body)
    c.fill(c.box((12.5, top - 2), (46, top + 4), 2), _trim(c))
    if c.chance(0.5):
        c.mark(c.line([(35, top + 4), (37, 52), (48, 62)], 0.7), INK, 0.4, inside=body)
        for k in range(5):
            y = top + 9 + k * (52 - top) / 5
            c.fill(c.line([(34 + k * 0.8, y), (45 + k, y - 2)], 1.7), _trim(c), inside=body)
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


CLOTHES: Mapping[str, Callable[[Canvas], None]] = {
    "t-shirt": _t_shirt,
    "shirt": _shirt,
    "jumper": _jumper,
    "coat": _coat,
    "rain jacket": _rain_jacket,
    "dress": _dress,
    "skirt": _skirt,
    "trousers": _trousers,
    "shorts": _shorts,
    "socks": _socks,
    "sneakers": _sneakers,
    "boots": _boots,
    "sandals": _sandals,
    "slippers": _slippers,
}
