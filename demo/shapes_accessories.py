"""How bags, scarves, hats, jewellery and other things that people carry are drawn.

Knows the sheet and its unit square; knows no catalogue. The widest part takes the product's own
cloth, so that the colour which a record names is the colour that is seen.
"""

import math
from collections.abc import Callable, Mapping

from demo.canvas import BRASS, INK, PAPER, STEEL, Canvas, Colour, tone
from demo.geometry import Point, along, arc, mirrored, smooth


def _trim(c: Canvas) -> Colour:
    """Return the colour of trims: the second one, or a darker main one."""
    return c.second if c.second != c.main else tone(c.main, -0.28)


def _stitches(c: Canvas, start: Point, end: Point) -> None:
    """Sew a dashed seam."""
    count = max(4, round(math.dist(start, end) / 1.6) // 2 * 2)
    points = along(start, end, count)
    for a, b in zip(points[::2], points[1::2], strict=True):
        c.mark(c.line([a, b], 0.5), tone(c.main, 0.55 if sum(c.main) < 420 else -0.45), 0.8)


def _backpack(c: Canvas) -> None:
    wide, top = c.vary(24, 28), c.vary(16, 20)
    for side in (1, -1):
        c.fill(
            c.line(
                arc((50 + side * (wide - 4), 56), (11, 28), -80, 80)
                if side > 0
                else arc((50 - wide + 4, 56), (11, 28), 100, 260),
                4,
            ),
            tone(c.main, -0.3),
        )
    c.fill(c.line(arc((50, top), (8, 8), 180, 360), 3), INK)
    c.fill(c.box((50 - wide, top), (50 + wide, 90), c.vary(10, 18)))
    flap = c.chance(0.45)
    if flap:
        c.fill(c.box((50 - wide - 1, top - 2), (50 + wide + 1, 48), 11))
        for x in (38.0, 62.0):
            c.fill(c.box((x - 2, 40), (x + 2, 62), 1), _trim(c))
            c.fill(c.box((x - 2.8, 50), (x + 2.8, 55), 0.8), BRASS, "metal")
    else:
        c.mark(c.line(arc((50, 46), (wide - 5, 24), 190, 350), 0.9), INK, 0.6)
        c.fill(c.box((50 + wide - 10, 40), (50 + wide - 8.4, 46), 0.6), STEEL)
    pocket = c.vary(56, 62)
    c.fill(
        c.box((50 - wide + 6, pocket), (50 + wide - 6, 86), 5), _trim(c) if c.chance(0.3) else None
    )
    c.mark(c.line([(50 - wide + 9, pocket + 5), (50 + wide - 9, pocket + 5)], 0.9), INK, 0.6)
    if not flap:
        c.fill(c.box((45, 34), (55, 39), 1), _trim(c))


def _handbag(c: Canvas) -> None:
    top, low, wide = c.vary(40, 46), c.vary(80, 86), c.vary(30, 36)
    lean = c.vary(0.74, 0.98)
    rise = c.vary(16, 26)
    c.fill(c.line(arc((50, top + 4), (wide * 0.52, rise), 180, 360), 3.2), _trim(c))
    right = [(50 + wide * lean, top), (50 + wide, low - 4), (50 + wide - 4, low)]
    c.fill(c.polygon(mirrored(right)))
    if c.chance(0.6):
        deep = c.vary(18, 26)
        flap = [
            (50 + wide * lean, top - 1),
            (50 + wide * lean - 2, top + deep * 0.6),
            (54, top + deep),
        ]
        c.fill(c.polygon(mirrored(flap)))
        c.fill(c.box((46.5, top + deep - 4), (53.5, top + deep + 3), 1.4), BRASS, "metal")
    else:
        c.mark(
            c.line([(50 - wide * lean + 2, top + 4), (50 + wide * lean - 2, top + 4)], 0.9),
            INK,
            0.5,
        )
        c.fill(c.line([(50 + wide * 0.3, top + 3), (50 + wide * 0.3, top + 15)], 2), _trim(c))
    _stitches(c, (50 - wide + 5, low - 3), (50 + wide - 5, low - 3))
    for side in (1, -1):
        c.fill(c.ring((50 + side * wide * 0.52, top + 3), (2, 2.4), 1), BRASS, "metal")


def _tote_bag(c: Canvas) -> None:
    top, wide = c.vary(36, 42), c.vary(26, 30)
    rise = c.vary(24, 30)
    strap = _trim(c) if c.chance(0.5) else c.main
    c.fill(c.line(arc((50, top + 2), (11, rise), 180, 360), 2.6), tone(strap, -0.25))
    right = [(50 + wide - 2, top), (50 + wide, 90), (50 + wide - 3, 92)]
    body = c.fill(c.polygon(mirrored(right)), None, "folds")
    c.mark(c.line([(20, top + 4), (80, top + 4)], 0.5), INK, 0.35, inside=body)
    handle = arc((50, top + 6), (13, rise), 180, 360)
    c.fill(c.line([(37, top + 12), *handle, (63, top + 12)], 3), strap)


def _wallet(c: Canvas) -> None:
    c.lying = True
    wide, high = c.vary(28, 36), c.vary(20, 26)
    for k, paint in enumerate(((90, 150, 190), (230, 190, 90), PAPER)):
        if c.chance(0.6):
            c.fill(c.box((30 + k * 6, 50 - high - 6 + k), (74, 60), 2), paint)
    c.fill(c.box((50 - wide, 50 - high), (50 + wide, 50 + high), 4))
    c.fill(c.box((50 - wide, 50 - high + 4), (50 + wide, 50 + high), 4))
    for y in (50 - high + 7, 50 + high - 3):
        _stitches(c, (50 - wide + 4, y), (50 + wide - 4, y))
    if c.chance(0.5):
        c.fill(c.box((50 + wide - 16, 46), (50 + wide + 2, 57), 4), _trim(c))
        c.fill(c.oval(50 + wide - 10, 51.5, 2, 2), BRASS, "ball")


def _suitcase(c: Canvas) -> None:
    wide, top = c.vary(21, 27), c.vary(26, 32)
    for x in (42.0, 58.0):
        c.fill(c.line([(x, 8), (x, top + 2)], 1.8), STEEL, "metal")
    c.fill(c.line([(41, 8), (59, 8)], 3.6), INK)
    for x in (50 - wide + 6, 50 + wide - 6):
        c.fill(c.oval(x, 93, 3.4, 3.4), INK, "ball")
    body = c.fill(c.box((50 - wide, top), (50 + wide, 91), c.vary(4, 8)))
    ribs = c.dice.randint(4, 7)
    for x, _ in along((50 - wide + 5, 0), (50 + wide - 5, 0), ribs):
        c.mark(c.line([(x, top + 5), (x, 86)], 1.2), INK, 0.16, inside=body)
        c.mark(c.line([(x + 1, top + 5), (x + 1, 86)], 0.7), (255, 255, 255), 0.25, inside=body)
    for corner in ((50 - wide, top), (50 + wide, top), (50 - wide, 91.0), (50 + wide, 91.0)):
        c.fill(c.oval(*corner, 8, 8), _trim(c), inside=body)
    c.fill(c.box((44, top - 2), (56, top + 2), 1.5), INK)


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
            c.mark(c.line([(px, low), (px + c.vary(-0.8, 0.8), low + 5)], 0.9), _trim(c))
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
        c.fill(c.oval(50, high - 2, 8, 8), _trim(c), "ball")
        for k in range(26):
            a = k * 0.2417
            end = (50 + 9.4 * math.cos(a), high - 2 + 9.4 * math.sin(a))
            c.mark(
                c.line([(50 + 6 * math.cos(a), high - 2 + 6 * math.sin(a)), end], 1), _trim(c), 0.9
            )
    right = smooth([(50, high), (68, high + 8), (78, high + 30), (79, 72)], closed=False)
    c.fill(c.polygon(mirrored(right)), shade="ball")
    fold = c.fill(
        c.box((18, 70 - brim / 2), (82, 70 + brim), 5),
        _trim(c) if c.chance(0.4) else None,
        "cylinder",
    )
    for x, y in along((20, 70), (80, 70), 24):
        c.mark(c.line([(x, y - 8), (x, y + 16)], 0.7), INK, 0.24, inside=fold)


def _cap(c: Canvas) -> None:
    dome = [(24, 62), *arc((46, 62), (23, c.vary(27, 33)), 180, 360), (69, 62)]
    visor = [(60, 60), (74, 57), (92, 62), (97, 69), (84, 69), (62, 67), (44, 66)]
    c.fill(c.polygon(smooth(visor, steps=6)), _trim(c) if c.chance(0.5) else tone(c.main, -0.08))
    body = c.fill(c.polygon(dome), shade="ball")
    for x in (34.0, 46.0, 58.0):
        seam = smooth(
            [(46, 30), (46 + (x - 46) * 1.4, 44), (46 + (x - 46) * 1.5, 64)], closed=False
        )
        c.mark(c.line(seam, 0.5), INK, 0.35, inside=body)
    c.fill(c.oval(46, 62 - 31, 2.4, 1.6), _trim(c), "ball")
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
    cuff = c.fill(c.box((37, 72), (66, 90), 2.5), _trim(c), "cylinder")
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


def _watch(c: Canvas) -> None:
    c.lying = True
    strap, square = c.vary(7, 9), c.chance(0.35)
    c.fill(c.polygon(mirrored([(50 + strap, 34), (50 + strap * 0.8, 6), (50 + strap * 0.5, 3)])))
    c.fill(c.polygon(mirrored([(50 + strap, 66), (50 + strap * 0.8, 97), (50 + strap * 0.5, 100)])))
    for k in range(4):
        c.mark(c.oval(50, 80 + k * 4.4, 0.8, 0.8), INK)
    case = c.second if c.second != c.main else STEEL
    c.fill(c.box((66, 48), (71, 52), 1), case, "metal")
    dial = PAPER if c.chance(0.6) else INK
    if square:
        c.fill(c.box((33, 33), (67, 67), 6), case, "metal")
        c.fill(c.box((36.5, 36.5), (63.5, 63.5), 4), dial)
    else:
        c.fill(c.oval(50, 50, 19, 19), case, "metal")
        c.fill(c.oval(50, 50, 15.5, 15.5), dial)
    ink = INK if dial == PAPER else PAPER
    for k in range(12):
        a = k * math.pi / 6
        c.mark(c.line([(50 + r * math.cos(a), 50 + r * math.sin(a)) for r in (11, 13)], 0.9), ink)
    hour = c.vary(0, 12)
    for turn, reach, width in ((hour / 12, 7, 1.4), (hour % 1, 10.5, 0.9)):
        a = turn * 2 * math.pi - math.pi / 2
        c.mark(c.line([(50, 50), (50 + reach * math.cos(a), 50 + reach * math.sin(a))], width), ink)


def _necklace(c: Canvas) -> None:
    c.lying = True
    metal = c.second if c.second != c.main else BRASS
    deep, wide = c.vary(52, 62), c.vary(25, 31)
    beads = c.chance(0.45)
    chain = smooth(
        [
            (50 - wide, 10),
            (50 - wide * 0.82, 44),
            (50, 10 + deep),
            (50 + wide * 0.82, 44),
            (50 + wide, 10),
        ],
        closed=False,
    )
    loop = [*chain, *arc((50, 12), (wide, 9), 360, 180)]
    if beads:
        for x, y in chain[::2]:
            c.fill(c.oval(x, y, 2.9, 2.9), None, "ball")
        c.fill(c.line(arc((50, 12), (wide, 9), 180, 360), 0.8), metal)
        return
    c.fill(c.line(loop, 1.2), metal)
    y = 10 + deep
    c.fill(c.ring((50, y + 2), (2, 2.6), 0.9), metal)
    drop = c.vary(8, 11)
    shape = c.dice.randrange(3)
    if shape == 0:
        c.fill(
            c.blob(
                [
                    (50, y + 3),
                    (50 + drop * 0.8, y + 6 + drop),
                    (50, y + 6 + drop * 1.7),
                    (50 - drop * 0.8, y + 6 + drop),
                ]
            ),
            None,
            "ball",
        )
    elif shape == 1:
        c.fill(c.oval(50, y + 5 + drop, drop, drop), metal, "metal")
        c.fill(c.oval(50, y + 5 + drop, drop - 2, drop - 2), None, "ball")
    else:
        c.fill(
            c.polygon(
                [
                    (50, y + 4),
                    (50 + drop * 0.7, y + 4 + drop),
                    (50, y + 4 + drop * 2),
                    (50 - drop * 0.7, y + 4 + drop),
                ]
            ),
            None,
            "ball",
        )


def _earrings(c: Canvas) -> None:
    c.lying = True
    metal = c.second if c.second != c.main else BRASS
    style, size = c.dice.randrange(3), c.vary(10, 13)
    for x in (32.0, 68.0):
        c.fill(c.line([*arc((x, 18), (4, 6), 180, 360), (x + 4, 28)], 1.1), metal)
        if style == 0:
            c.fill(c.ring((x + 4, 30 + size), (size, size * 1.1), 3.6), None, "ball")
        elif style == 1:
            drop = [(x + 4, 27), (x + 4 + size * 0.8, 46), (x + 4, 60), (x + 4 - size * 0.8, 46)]
            c.fill(c.blob(drop), None, "ball")
        else:
            for k in range(3):
                c.fill(c.oval(x + 4, 34 + k * 13, 5.5 + k * 0.8, 5.5 + k * 0.8), None, "ball")


def _sunglasses(c: Canvas) -> None:
    wide, high = c.vary(17, 20), c.vary(13, 18)
    lens = (58, 52, 50) if c.second == c.main else tone(c.second, -0.45)
    round_lens = c.chance(0.4)
    for side in (1, -1):
        temple = [
            (50 + side * (wide * 2 + 4), 44),
            (50 + side * (wide * 2 + 8), 40),
            (50 + side * (wide * 2 + 2), 28),
        ]
        c.fill(c.line(temple, 2.8), tone(c.main, -0.15))
        x = 50 + side * (wide + 4)
        if round_lens:
            c.fill(c.oval(x, 50, wide, wide * 0.95))
            glass = c.fill(c.oval(x, 50, wide - 3, wide * 0.95 - 3), lens)
        else:
            outline = [
                (x - wide, 50 - high * 0.7),
                (x + wide, 50 - high * 0.8),
                (x + wide * 0.9, 50 + high * 0.6),
                (x, 50 + high),
                (x - wide * 0.9, 50 + high * 0.6),
            ]
            c.fill(c.polygon(smooth(outline, steps=5)))
            inner = [(x + (px - x) * 0.84, 50 + (py - 50) * 0.8) for px, py in outline]
            glass = c.fill(c.polygon(smooth(inner, steps=5)), lens)
        c.mark(
            c.polygon([(x - wide, 40), (x - 2, 34), (x - 8, 70), (x - wide - 6, 70)]),
            (255, 255, 255),
            0.28,
            inside=glass,
        )
    c.fill(c.line(arc((50, 49), (5, 4), 190, 350), 3.4))


ACCESSORIES: Mapping[str, Callable[[Canvas], None]] = {
    "backpack": _backpack,
    "handbag": _handbag,
    "tote bag": _tote_bag,
    "wallet": _wallet,
    "suitcase": _suitcase,
    "scarf": _scarf,
    "beanie": _beanie,
    "cap": _cap,
    "sun hat": _sun_hat,
    "gloves": _gloves,
    "umbrella": _umbrella,
    "belt": _belt,
    "watch": _watch,
    "necklace": _necklace,
    "earrings": _earrings,
    "sunglasses": _sunglasses,
}
