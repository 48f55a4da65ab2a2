"""How electronics, stationery, toys, and things for sport, garden, pets and music are drawn.

Knows the sheet and its unit square; knows no catalogue. The widest part takes the product's own
cloth, so that the colour which a record names is the colour that is seen.
"""

import math
from collections.abc import Callable, Mapping

from demo.canvas import BRASS, INK, PAPER, STEEL, WOOD, Canvas, Colour, tone
from demo.geometry import along, arc, mirrored, smooth

_LEAF: Colour = (74, 132, 74)
_RUBBER: Colour = (52, 52, 56)


def _trim(c: Canvas) -> Colour:
    """Return the colour of trims: the second one, or a darker main one."""
    return c.second if c.second != c.main else tone(c.main, -0.28)


def _headphones(c: Canvas) -> None:
    wide, top = c.vary(27, 31), c.vary(26, 32)
    c.fill(c.line(arc((50, 52), (wide, 52 - top + 8), 180, 360), c.vary(5, 7)))
    c.mark(c.line(arc((50, 53), (wide - 2.6, 52 - top + 5), 195, 345), 1.6), _trim(c), 0.8)
    cup = c.vary(16, 20)
    for side in (1, -1):
        x = 50 + side * wide
        c.fill(c.line([(x, 46), (x, 58)], 3), STEEL, "metal")
        c.fill(c.oval(x - side * 5, 66, 6.5, cup - 1), INK, "ball")
        c.fill(c.oval(x + side * 1, 66, 8, cup), shade="ball")
        c.fill(c.oval(x + side * 2.6, 66, 3.6, cup * 0.56), _trim(c), "ball")


def _speaker(c: Canvas) -> None:
    if c.chance(0.5):
        half, top = c.vary(17, 21), c.vary(18, 30)
        body = c.fill(c.turned([(half, top), (half, 86)], tilt=0.18), shade="cylinder")
        c.fill(c.oval(50, top, half, half * 0.18), INK)
        c.mark(c.ring((50, top), (half * 0.6, half * 0.1), 0.6), _trim(c))
        rows, left, right = range(9), 50 - half, 50 + half
        low = 80.0
    else:
        wide, top = c.vary(32, 40), c.vary(34, 40)
        c.fill(c.line(arc((50, top + 2), (12, 11), 180, 360), 3), _trim(c))
        body = c.fill(c.box((50 - wide, top), (50 + wide, 78), 9))
        for side in (1, -1):
            c.fill(c.oval(50 + side * wide * 0.52, 56, 13, 13), tone(c.main, -0.5))
            c.fill(c.oval(50 + side * wide * 0.52, 56, 7, 7), _trim(c), "ball")
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
    c.fill(c.polygon([(36, top + 2), (41, top - 10), (59, top - 10), (64, top + 2)]), _trim(c))
    c.fill(c.box((20, top - 4), (31, top + 3), 1.5), STEEL, "metal")
    c.fill(c.oval(76, top - 2, 4.5, 2.6), STEEL, "metal")
    c.fill(c.box((10, top), (90, 78), 5), _trim(c))
    c.fill(c.box((10, top + 9), (90, 71)))
    for radius, paint in ((lens, STEEL), (lens - 2.5, INK), (lens - 6, (30, 34, 60))):
        c.fill(c.oval(50, top + 24, radius, radius), paint, "ball" if paint != STEEL else "metal")
    c.mark(c.oval(46, top + 19, 3, 2.2), (190, 200, 255), 0.75)
    c.fill(c.box((70, top + 2.5), (82, top + 7.5), 1), (236, 238, 226))


def _radio(c: Canvas) -> None:
    top = c.vary(38, 44)
    c.fill(c.line([(80, top + 2), (92, 10)], 1.2), STEEL, "metal")
    c.fill(c.line([(20, top), (20, top - 9), (74, top - 9), (74, top)], 3), _trim(c))
    c.fill(c.box((10, top), (90, 82), c.vary(4, 10)))
    grille = c.fill(c.box((15, top + 6), (54, 76), 3), _trim(c))
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
        c.fill(c.box((50 - wide, 50 - high), (50 - wide + 8, 50 + high), 2), _trim(c))
        if c.chance(0.6):
            c.fill(c.box((50 + wide - 9, 50 - high), (50 + wide - 6.6, 50 + high)), _trim(c))
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
    c.fill(c.line([(13, 50 - high + 5), (87, 50 - high + 5)], 1.6), _trim(c))
    for x, y in along((13, 50 - high + 5), (87, 50 - high + 5), 36):
        c.mark(c.line([(x, y - 0.7), (x, y + 0.7)], 0.5), PAPER, 0.6)
    c.fill(c.box((16, 50 - high + 3.6), (24, 50 - high + 6.6), 1), BRASS, "metal")
    c.fill(c.line([(16, 50 - high + 5), (11, 50 - high + 14)], 1.8), _trim(c))


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
            c.fill(c.blob([(50, 49), (50 + side * 9, 45), (50 + side * 9, 53)]), _trim(c))


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
        c.fill(c.polygon([(x, y), (x - 5, y - 3), (x - 5, y + 3)]), _trim(c))
        c.fill(c.polygon([(x, y), (x + 5, y - 3), (x + 5, y + 3)]), _trim(c))
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
    c.fill(c.box((8, 64), (92, 68), 1), _trim(c))
    c.fill(c.oval(88, 60, 3, 3.4), (252, 232, 150), "ball")
    for x in (27.0, 73.0):
        c.fill(c.oval(x, 76, 11, 11), _RUBBER, "ball")
        c.fill(c.oval(x, 76, 5.6, 5.6), _trim(c) if c.second != c.main else STEEL, "ball")


def _ball(c: Canvas) -> None:
    body = c.fill(c.oval(50, 50, 38, 38), shade="ball")
    style = c.dice.randrange(3)
    if style == 0:
        for k in range(-1, 2):
            c.mark(c.line(arc((50 + k * 46, 50), (32, 42), 0, 360), 1), _trim(c), 0.8, inside=body)
        c.mark(c.line([(10, 50), (90, 50)], 1), _trim(c), 0.8, inside=body)
    elif style == 1:
        for k in range(6):
            a = k * math.pi / 3 + c.vary(0, 0.1)
            wedge = [(50, 50), *arc((50, 50), (44, 44), math.degrees(a), math.degrees(a) + 30)]
            c.fill(c.polygon(wedge), _trim(c), "ball", inside=body)
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
                c.mark(c.polygon(spot), _trim(c), 0.9, inside=body)
    c.mark(c.oval(37, 34, 10, 8), (255, 255, 255), 0.35, inside=body, blur=3)


def _bicycle(c: Canvas) -> None:
    rear, front, radius = (24.0, 66.0), (76.0, 66.0), c.vary(18, 20)
    for x, y in (rear, front):
        c.fill(c.ring((x, y), (radius, radius), 2.2), _RUBBER)
        c.mark(c.ring((x, y), (radius - 2, radius - 2), 0.8), STEEL)
        for k in range(10):
            a = k * math.pi / 5
            c.mark(
                c.line([(x, y), (x + radius * math.cos(a), y + radius * math.sin(a))], 0.3),
                STEEL,
                0.8,
            )
    crank, seat, head = (46.0, 68.0), (38.0, 34.0), (67.0, 34.0)
    low_bar = c.chance(0.4)
    joint = (42.0, 50.0) if low_bar else (39.4, 40.0)
    for start, end in (
        (rear, crank),
        (rear, joint),
        (seat, crank),
        (crank, (68.5, 42.0)),
        (joint, (67.6, 38.0)),
    ):
        c.fill(c.line([start, end], 2.8))
    c.fill(c.line([head, (69.5, 46), front], 2.8))
    c.fill(c.line([head, (66, 27), *((74.0, 23.0), (78.0, 27.0))], 2), STEEL, "metal")
    c.fill(c.line([(72, 23.4), (79, 28)], 3), INK)
    c.fill(c.line([(37, 30), seat], 2), STEEL)
    c.fill(
        c.blob([(29, 28), (38, 26), (46, 28.4), (38, 31)]), _trim(c) if c.second != c.main else INK
    )
    c.fill(c.ring(crank, (5, 5), 1.5), STEEL, "metal")
    c.fill(c.line([crank, (51, 76)], 1.8), INK)
    if c.chance(0.45):
        c.fill(c.polygon([(74, 30), (92, 30), (89, 43), (77, 43)]), WOOD)


def _helmet(c: Canvas) -> None:
    top = c.vary(26, 32)
    c.fill(c.line([(28, 64), (42, 88), (58, 66)], 1.6), INK)
    shell = [
        (12, 62),
        (16, 44),
        (32, top),
        (54, top - 2),
        (76, top + 12),
        (88, 54),
        (89, 64),
        (68, 66),
        (46, 63),
        (28, 68),
    ]
    body = c.fill(c.blob(shell), shade="ball")
    for k in range(c.dice.randint(3, 4)):
        y = top + 8 + k * 8
        vent = [(30 + k * 2, y + 4), (46, y - 1), (64 + k * 3, y + 3), (46, y + 3.4)]
        c.mark(c.blob(vent), tone(c.main, -0.75), inside=body)
    c.fill(
        c.line(smooth([(12, 61), (30, 66), (48, 61), (68, 64), (89, 62)], closed=False), 3),
        _trim(c),
        inside=body,
    )


def _yoga_mat(c: Canvas) -> None:
    c.lying = True
    radius = c.vary(10, 13)
    c.fill(c.box((10, 50 - radius), (84, 50 + radius), 1), shade="tube")
    c.fill(c.oval(84, 50, radius * 0.5, radius), tone(c.main, 0.25))
    turns = [
        (
            84 + radius * 0.5 * (1 - k / 40) * math.cos(k * 0.5),
            50 + radius * (1 - k / 40) * math.sin(k * 0.5),
        )
        for k in range(38)
    ]
    c.mark(c.line(turns, 0.7), tone(c.main, -0.4))
    for x in (26.0, 64.0):
        c.fill(
            c.box((x, 49 - radius), (x + 4, 51 + radius), 1),
            c.second if c.second != c.main else INK,
            "tube",
        )


def _dumbbell(c: Canvas) -> None:
    c.lying = True
    high = c.vary(14, 18)
    c.fill(c.box((34, 46.5), (66, 53.5), 2), STEEL, "tube")
    for side in (1, -1):
        for near, far, tall in ((16, 27, high), (27, 34, high * 0.72)):
            ends = sorted((50 + side * near, 50 + side * far))
            c.fill(c.box((ends[0], 50 - tall), (ends[1], 50 + tall), 3.5), shade="tube")
        c.fill(c.box((50 + side * 36 - 2, 46), (50 + side * 36 + 2, 54), 1.6), _trim(c), "tube")


def _skateboard(c: Canvas) -> None:
    rise = c.vary(4, 8)
    for x in (28.0, 72.0):
        c.fill(c.polygon([(x - 5, 52), (x + 5, 52), (x + 2, 60), (x - 2, 60)]), STEEL, "metal")
        c.fill(c.oval(x, 62, 6, 6), _trim(c) if c.second != c.main else PAPER, "ball")
        c.fill(c.oval(x, 62, 2, 2), STEEL, "ball")
    deck = [(5, 48 - rise), (16, 48), (50, 49), (84, 48), (95, 48 - rise)]
    c.fill(c.line(smooth(deck, closed=False), 6.5), shade="tube")
    c.mark(c.line(smooth([(x, y - 2.6) for x, y in deck], closed=False), 1.4), INK, 0.85)


def _plant_pot(c: Canvas) -> None:
    half, top = c.vary(20, 26), c.vary(48, 56)
    style = c.dice.randrange(3)
    count = (7, 9, 6)[style]
    for k in range(count):
        a = math.radians(198 + k * 144 / (count - 1))
        reach = c.vary(24, 36) if style != 1 else c.vary(14, 20)
        x, y = 50 + reach * math.cos(a) * 0.9, top + reach * math.sin(a) * 1.15
        lean = (5.5, 4.5, 3)[style]
        nx, ny = -math.sin(a) * lean, math.cos(a) * lean
        leaf = [
            (50, top),
            ((50 + x) / 2 + nx, (top + y) / 2 + ny),
            (x, y),
            ((50 + x) / 2 - nx, (top + y) / 2 - ny),
        ]
        c.fill(c.blob(leaf), tone(_LEAF, c.vary(-0.25, 0.2)))
    c.fill(c.oval(50, top, half, half * 0.16), (70, 50, 40))
    c.fill(c.turned([(half * 0.92, top + 4), (half * c.vary(0.62, 0.9), 90)]), shade="cylinder")
    c.fill(c.turned([(half, top), (half, top + c.vary(6, 9))]), shade="cylinder")
    c.fill(c.oval(50, top, half, half * 0.15), tone(c.main, 0.1))
    c.fill(c.oval(50, top + 0.3, half - 2, half * 0.15 - 0.9), (74, 54, 42))
    stems = c.blob([(44, top - 1), (50, top - 9), (56, top - 1), (50, top + 1)])
    c.fill(stems, tone(_LEAF, -0.15))


def _watering_can(c: Canvas) -> None:
    half, top = c.vary(18, 22), c.vary(42, 48)
    x = 42.0
    c.fill(c.line([(x + half - 2, 76), (x + half + 24, top - 4)], 4.6), c.main, "tube")
    rose = [
        (x + half + 20, top - 9),
        (x + half + 29, top - 3),
        (x + half + 32, top - 13),
        (x + half + 27, top - 17),
    ]
    c.fill(c.polygon(rose), _trim(c))
    c.fill(c.line(arc((x - half + 2, 62), (13, 17), 85, 275), 3.2), c.main)
    c.fill(c.line(arc((x, top), (half * 0.8, c.vary(15, 20)), 180, 360), 3), _trim(c))
    c.fill(c.oval(x, top, half, half * 0.18), tone(c.main, -0.4))
    body = c.fill(c.turned([(half, top), (half * 1.12, 86)], x=x), shade="cylinder")
    for y in (top + 8, 80):
        c.mark(c.line(arc((x, y), (half * 1.12, 4), 0, 180), 0.8), INK, 0.28, inside=body)


def _trowel(c: Canvas) -> None:
    c.lying = True
    wide = c.vary(9, 12)
    blade = [
        (58, 50 - wide * 0.7),
        (66, 50 - wide),
        (84, 50 - wide * 0.8),
        (98, 50),
        (84, 50 + wide * 0.8),
        (66, 50 + wide),
        (58, 50 + wide * 0.7),
    ]
    mask = c.fill(c.blob(blade), STEEL)
    c.mark(c.line([(60, 50), (92, 50)], 1.4), INK, 0.3, inside=mask, blur=0.5)
    c.fill(c.line([(42, 50), (60, 50)], 2.6), STEEL, "tube")
    c.fill(c.box((6, 50 - 4.6), (44, 50 + 4.6), 4.4), shade="tube")
    c.fill(c.box((40, 45), (44, 55), 1), _trim(c), "tube")
    c.mark(c.oval(10.5, 50, 1.4, 1.4), INK)


def _dog_collar(c: Canvas) -> None:
    c.lying = True
    wide, high = c.vary(34, 38), c.vary(22, 26)
    width = c.vary(8, 11)
    c.fill(c.line(arc((50, 46), (wide, high), 180, 360), width), tone(c.main, -0.3))
    c.fill(c.line(arc((50, 46), (wide, high), -4, 184), width))
    c.fill(c.ring((50, 46 + high + width / 2 + 2), (3.4, 3.4), 1.2), STEEL, "metal")
    if c.chance(0.7):
        c.fill(
            c.oval(50, 46 + high + width / 2 + 11, 7, 7),
            _trim(c) if c.second != c.main else BRASS,
            "metal",
        )
    x, y = 50 + wide * 0.72, 46 + high * 0.7
    c.fill(c.ring((x, y), (6, 6.6), 2), STEEL, "metal")
    c.fill(c.line([(x - 5, y + 3), (x + 4, y - 3)], 1.4), STEEL, "metal")


def _pet_bowl(c: Canvas) -> None:
    half, top = c.vary(28, 32), c.vary(46, 52)
    food = c.chance(0.5)
    c.fill(c.turned([(half, top), (half * 1.18, 74)], tilt=0.2), shade="cylinder")
    c.fill(c.oval(50, top, half, half * 0.24), STEEL)
    c.fill(c.oval(50, top + 0.6, half - 2.6, half * 0.24 - 1.6), (150, 156, 162))
    for _ in range(34 if food else 0):
        a, reach = c.vary(0, 6.28), c.vary(0, 1) ** 0.5
        spot = (50 + reach * (half - 7) * math.cos(a), top + reach * half * 0.14 * math.sin(a))
        c.fill(c.oval(*spot, 2.4, 1.9), (134, 86, 50), "ball")
    x, y = 50.0, (top + 82) / 2 + 3
    c.fill(c.line([(x - 7, y), (x + 7, y)], 3.6), _trim(c) if c.second != c.main else PAPER)
    for dx in (-8, 8):
        for dy in (-2, 2):
            c.fill(c.oval(x + dx, y + dy, 2.4, 2.4), _trim(c) if c.second != c.main else PAPER)


def _pet_bed(c: Canvas) -> None:
    wide = c.vary(36, 40)
    c.fill(c.oval(50, 56, wide, 22))
    c.fill(c.oval(50, 53, wide - 9, 13), tone(c.main, -0.5))
    c.fill(c.oval(50, 55, wide - 10, 11.5), c.second if c.second != c.main else PAPER)
    front = [*arc((50, 56), (wide, 22), 0, 180), *arc((50, 58), (wide - 9, 10), 180, 0)]
    c.fill(c.polygon(front), shade="soft")
    for x in (50 - wide * 0.6, 50 + wide * 0.6):
        c.mark(c.line([(x, 66), (x * 1.02 - 1, 75)], 0.7), INK, 0.3)


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
    c.mark(c.ring((50, 67), (8, 8), 1), _trim(c))
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
            _trim(c) if c.second != c.main else BRASS,
        )
    c.fill(c.oval(50, top, half, half * 0.2), _trim(c) if c.second != c.main else BRASS)
    c.fill(c.oval(50, top, half - 2, half * 0.2 - 1.4), PAPER)
    for x, lean in ((38.0, 34.0), (54.0, 40.0)):
        c.fill(c.line([(x, top), (x + lean, top - 22)], 1.8), WOOD)
        c.fill(c.oval(x, top, 2.6, 1.9), WOOD, "ball")


LEISURE: Mapping[str, Callable[[Canvas], None]] = {
    "headphones": _headphones,
    "speaker": _speaker,
    "keyboard": _keyboard,
    "camera": _camera,
    "radio": _radio,
    "notebook": _notebook,
    "pen": _pen,
    "pencil case": _pencil_case,
    "teddy bear": _teddy_bear,
    "building blocks": _building_blocks,
    "kite": _kite,
    "toy car": _toy_car,
    "ball": _ball,
    "bicycle": _bicycle,
    "helmet": _helmet,
    "yoga mat": _yoga_mat,
    "dumbbell": _dumbbell,
    "skateboard": _skateboard,
    "plant pot": _plant_pot,
    "watering can": _watering_can,
    "trowel": _trowel,
    "dog collar": _dog_collar,
    "pet bowl": _pet_bowl,
    "pet bed": _pet_bed,
    "guitar": _guitar,
    "drum": _drum,
}
