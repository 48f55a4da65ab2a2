"""Draw watches, jewellery and sunglasses.

Knows the canvas and its coordinates; knows no catalogue.
"""

import math
from collections.abc import Callable, Mapping

from demo.canvas import BRASS, INK, PAPER, STEEL, Canvas, tone
from demo.geometry import arc, mirrored, smooth


def _watch(c: Canvas) -> None:
    c.lying = True
    strap, square = c.vary(9, 11), c.chance(0.35)
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


JEWELLERY: Mapping[str, Callable[[Canvas], None]] = {
    "watch": _watch,
    "necklace": _necklace,
    "earrings": _earrings,
    "sunglasses": _sunglasses,
}
