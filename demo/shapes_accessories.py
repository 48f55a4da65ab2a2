"""Draw scarves, hats, gloves, umbrellas and belts.

Knows the canvas and its coordinates; knows no catalogue.
"""

import math
from collections.abc import Callable, Mapping

from demo.canvas import BRASS, INK, STEEL, Canvas, tone
from demo.geometry import Point, along, arc, mirrored, smooth


def _scarf(c: Canvas) -> None:
    c.lying = True
    width, long, short = c.vary(13, 17), c.vary(84, 92), c.vary(66, 80)
    for x, low, lean in ((57.0, short, 4.0), (42.0, long, -3.0)):
        edge = [
            (x - width / 2, 30),
            (x + width / 2, 30),
            (x + width / 2 + lean, low),
            (x - width / 2 + lean, low),
        ]
        for k in range(9):
            px = x - width / 2 + lean + 0.8 + k * (width - 1.6) / 8
            c.mark(c.line([(px, low), (px + c.vary(-0.8, 0.8), low + 5)], 0.9), c.trim())
        tail = c.fill(c.polygon(edge), None, "folds")
        if c.second != c.main and c.chance(0.5):
            c.fill(c.box((x - 20, low - 9), (x + 20, low - 5)), c.second, inside=tail)
    c.fill(c.oval(50, 22, 23, 13))
    c.fill(c.oval(50, 17.5, 15.5, 6.5), tone(c.main, -0.5))
    wrap = [(27, 20), (34, 30), (50, 35), (66, 30), (73, 20)]
    c.fill(c.curve(wrap, c.vary(10, 13)), None, "tube")
    knot = [(44, 30), (60, 26), (62, 42), (48, 46)]
    c.fill(c.blob(knot), None, "ball")


def _beanie(c: Canvas) -> None:
    high, brim = c.vary(18, 26), c.vary(11, 15)
    if c.chance(0.5):
        c.fill(c.oval(50, high - 2, 8, 8), c.trim(), "ball")
        for k in range(26):
            a = k * 0.2417
            end = (50 + 9.4 * math.cos(a), high - 2 + 9.4 * math.sin(a))
            c.mark(
                c.line([(50 + 6 * math.cos(a), high - 2 + 6 * math.sin(a)), end], 1), c.trim(), 0.9
            )
    right = smooth([(50, high), (68, high + 8), (78, high + 30), (79, 72)], closed=False)
    c.fill(c.polygon(mirrored(right)), shade="ball")
    fold = c.fill(
        c.box((18, 70 - brim / 2), (82, 70 + brim), 5),
        c.trim() if c.chance(0.4) else None,
        "cylinder",
    )
    for x, y in along((20, 70), (80, 70), 24):
        c.mark(c.line([(x, y - 8), (x, y + 16)], 0.7), INK, 0.24, inside=fold)


def _cap(c: Canvas) -> None:
    dome = [(24, 62), *arc((46, 62), (23, c.vary(27, 33)), 180, 360), (69, 62)]
    visor = [(60, 60), (74, 57), (92, 62), (97, 69), (84, 69), (62, 67), (44, 66)]
    c.fill(c.polygon(smooth(visor, steps=6)), c.trim() if c.chance(0.5) else tone(c.main, -0.08))
    body = c.fill(c.polygon(dome), shade="ball")
    for x in (34.0, 46.0, 58.0):
        seam = smooth(
            [(46, 30), (46 + (x - 46) * 1.4, 44), (46 + (x - 46) * 1.5, 64)], closed=False
        )
        c.mark(c.line(seam, 0.5), INK, 0.35, inside=body)
    c.fill(c.oval(46, 62 - 31, 2.4, 1.6), c.trim(), "ball")
    c.fill(c.box((22, 60), (70, 65), 2), tone(c.main, -0.12))


def _sun_hat(c: Canvas) -> None:
    rise, wide = c.vary(26, 32), c.vary(40, 44)
    c.fill(c.blob([(50 - wide, 64), (30, 56), (70, 56), (50 + wide, 64), (72, 74), (28, 74)]))
    crown = [(29, 64), (31, 64 - rise), (50, 58 - rise), (69, 64 - rise), (71, 64)]
    body = c.fill(
        c.polygon([*smooth(crown, closed=False), *arc((50, 64), (21, 5), 0, 180)]), shade="cylinder"
    )
    band = [(20, 57), (50, 63), (80, 57), (80, 66), (50, 73), (20, 66)]
    c.fill(
        c.polygon(smooth(band)), c.second if c.second != c.main else INK, "cylinder", inside=body
    )
    if c.chance(0.5):
        for k in (1, -1):
            c.fill(
                c.blob([(66, 64), (74, 64 + k * 6), (77, 66)]),
                c.second if c.second != c.main else INK,
            )


def _hand(c: Canvas) -> None:
    mitten = c.dice.random() < 0.35
    c.fill(c.line([(40, 58), (27, 46)], 9.5), shade="cylinder")
    if mitten:
        c.fill(c.box((36, 14), (66, 66), 14))
    else:
        for x, top in ((41.0, 24.0), (48.5, 16.0), (56.0, 18.0), (62.5, 28.0)):
            c.fill(c.line([(x, top), (x, 56)], 7.4))
    c.fill(c.box((36.5, 44), (66.5, 76), 6))
    cuff = c.fill(c.box((37, 72), (66, 90), 2.5), c.trim(), "cylinder")
    for x, y in along((39, 80), (64, 80), 10):
        c.mark(c.line([(x, y - 8), (x, y + 10)], 0.6), INK, 0.25, inside=cuff)


def _gloves(c: Canvas) -> None:
    c.lying = True
    shift = (c.vary(20, 26), c.vary(-8, -3))
    state = c.dice.getstate()
    for c.origin in (shift, (-8.0, 0.0)):
        c.dice.setstate(state)
        _hand(c)


def _umbrella(c: Canvas) -> None:
    rise = c.vary(28, 36)
    c.fill(c.line([(50, 12), (50, 84)], 1.8), STEEL, "metal")
    hook = [(50, 74), (50, 86), *arc((56, 86), (6, 7), 180, 0)[::1]]
    c.fill(c.line(hook, 3.4), (150, 100, 60))
    dome = [*arc((50, 52), (42, rise), 180, 360)]
    scallops: list[Point] = []
    for k in (3, 2, 1, 0):
        scallops += arc((18.5 + k * 21, 52), (10.5, 4.5), 360, 180)
    body = c.fill(c.polygon([*dome, *scallops]), shade="ball")
    for x in (29.0, 50.0, 71.0):
        rib = smooth(
            [(50, 52 - rise), (50 + (x - 50) * 0.75, 52 - rise * 0.72), (x, 52)], closed=False
        )
        c.mark(c.line(rib, 0.6), INK, 0.35, inside=body)
    if c.second != c.main and c.chance(0.4):
        c.fill(c.line(scallops, 2), c.second, inside=body)
    c.fill(c.line([(50, 52 - rise), (50, 47 - rise)], 1.6), STEEL)


def _belt(c: Canvas) -> None:
    c.lying = True
    width = c.vary(8, 11)
    for k in (2, 1, 0):
        radii = (36 - k * 6.5, 21 - k * 4.5)
        c.fill(c.line(arc((50, 44), radii, 180, 360), width), tone(c.main, -0.35))
    for k in (2, 1):
        radii = (36 - k * 6.5, 21 - k * 4.5)
        c.fill(c.line(arc((50, 46), radii, 0, 180), width), tone(c.main, -0.18))
    front = smooth([(14, 46), (24, 60), (50, 68), (74, 64), (98, 54)], closed=False)
    c.fill(c.line(front, width + 2))
    for x, y in front[-18:-3:4]:
        c.mark(c.oval(x, y, 1, 1), INK)
    c.fill(c.box((33, 66 - width * 0.9), (49, 66 + width * 0.75), 2), BRASS, "metal")
    c.fill(c.box((36, 66 - width * 0.6), (46, 66 + width * 0.45), 1), tone(c.main, -0.1))
    c.fill(c.line([(34, 66), (48, 66)], 1.6), BRASS, "tube")


ACCESSORIES: Mapping[str, Callable[[Canvas], None]] = {
    "scarf": _scarf,
    "beanie": _beanie,
    "cap": _cap,
    "sun hat": _sun_hat,
    "gloves": _gloves,
    "umbrella": _umbrella,
    "belt": _belt,
}
