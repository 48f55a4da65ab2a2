"""Draw clothes for the upper body.

Knows the canvas and its coordinates; knows no catalogue.
"""

from collections.abc import Callable, Mapping

from PIL import Image

from demo.canvas import INK, PAPER, Canvas, tone
from demo.geometry import Point, along, arc, mirrored, smooth


def _ribs(c: Canvas, mask: Image.Image, start: Point, end: Point, count: int) -> None:
    """Draw the vertical ribs of a knitted cuff between two points of its middle line."""
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
        c.mark(c.line(ends, 1.6), c.trim(0.22), 0.75, inside=mask)


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
    c.fill(c.line(arc((50, 16), (neck, deep), 0, 180), band), c.trim(0.22))
    c.fill(c.line(arc((50, 16), (neck, 2.2), 180, 360), band * 0.9), tone(c.trim(0.22), -0.2))


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
    band = c.fill(
        c.box((50 - wide - 1, hem - 6), (50 + wide + 1, hem + 1)), c.trim(0.22), inside=body
    )
    _ribs(c, band, (50 - wide, hem - 3), (50 + wide, hem - 3), 26)
    if c.chance(0.35):
        roll = c.fill(c.box((50 - neck - 1, 7), (50 + neck + 1, 18), 3), c.trim(0.22), "cylinder")
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
    buttons = c.trim(0.22) if c.chance(0.5) else INK
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
    c.fill(c.line([(50, 18), (50, hem)], 1.8), c.trim(0.22), inside=body)
    for k in range(16):
        c.mark(c.line([(49.2, 22 + k * 4), (50.8, 22 + k * 4)], 0.7), PAPER, 0.7, inside=body)
    for side in (1, -1):
        c.fill(c.line([(50 + side * 10, 70), (50 + side * 19, 60)], 1.4), c.trim(0.22))
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
        c.fill(c.blob([(51, waist), (57, waist - 4), (57, waist + 4)]), c.trim(0.22))
        c.fill(c.blob([(49, waist), (43, waist - 4), (43, waist + 4)]), c.trim(0.22))


CLOTHES: Mapping[str, Callable[[Canvas], None]] = {
    "t-shirt": _t_shirt,
    "shirt": _shirt,
    "jumper": _jumper,
    "coat": _coat,
    "rain jacket": _rain_jacket,
    "dress": _dress,
}
