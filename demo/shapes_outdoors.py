"""Draw things for sport, the garden and pets.

Knows the canvas and its coordinates; knows no catalogue.
"""

import math
from collections.abc import Callable, Mapping

from demo.canvas import BRASS, INK, PAPER, STEEL, WOOD, Canvas, Colour, tone
from demo.geometry import arc, smooth

_LEAF: Colour = (74, 132, 74)
_RUBBER: Colour = (52, 52, 56)


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
        c.blob([(29, 28), (38, 26), (46, 28.4), (38, 31)]), c.trim() if c.second != c.main else INK
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
        c.trim(),
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
        c.fill(c.box((50 + side * 36 - 2, 46), (50 + side * 36 + 2, 54), 1.6), c.trim(), "tube")


def _skateboard(c: Canvas) -> None:
    rise = c.vary(4, 8)
    for x in (28.0, 72.0):
        c.fill(c.polygon([(x - 5, 52), (x + 5, 52), (x + 2, 60), (x - 2, 60)]), STEEL, "metal")
        c.fill(c.oval(x, 62, 6, 6), c.trim() if c.second != c.main else PAPER, "ball")
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
    c.fill(c.polygon(rose), c.trim())
    c.fill(c.line(arc((x - half + 2, 62), (13, 17), 85, 275), 3.2), c.main)
    c.fill(c.line(arc((x, top), (half * 0.8, c.vary(15, 20)), 180, 360), 3), c.trim())
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
    c.fill(c.box((40, 45), (44, 55), 1), c.trim(), "tube")
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
            c.trim() if c.second != c.main else BRASS,
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
    c.fill(c.line([(x - 7, y), (x + 7, y)], 3.6), c.trim() if c.second != c.main else PAPER)
    for dx in (-8, 8):
        for dy in (-2, 2):
            c.fill(c.oval(x + dx, y + dy, 2.4, 2.4), c.trim() if c.second != c.main else PAPER)


def _pet_bed(c: Canvas) -> None:
    wide = c.vary(36, 40)
    c.fill(c.oval(50, 56, wide, 22))
    c.fill(c.oval(50, 53, wide - 9, 13), tone(c.main, -0.5))
    c.fill(c.oval(50, 55, wide - 10, 11.5), c.second if c.second != c.main else PAPER)
    front = [*arc((50, 56), (wide, 22), 0, 180), *arc((50, 58), (wide - 9, 10), 180, 0)]
    c.fill(c.polygon(front), shade="soft")
    for x in (50 - wide * 0.6, 50 + wide * 0.6):
        c.mark(c.line([(x, 66), (x * 1.02 - 1, 75)], 0.7), INK, 0.3)


OUTDOORS: Mapping[str, Callable[[Canvas], None]] = {
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
}
