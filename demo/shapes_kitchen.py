"""Draw kitchenware and tableware.

Knows the canvas and its coordinates; knows no catalogue.
"""

from collections.abc import Callable, Mapping

from demo.canvas import INK, PAPER, STEEL, WOOD, Canvas, tone
from demo.geometry import along, arc, smooth


def _bowl(c: Canvas) -> None:
    half, top = c.vary(30, 36), c.vary(38, 46)
    depth = c.vary(26, 34)
    c.fill(
        c.turned([(half * 0.42, top + depth - 2), (half * 0.4, top + depth + 3)]),
        tone(c.main, -0.15),
        "cylinder",
    )
    profile = [(half, top), (half * 0.95, top + depth * 0.4), (half * 0.45, top + depth)]
    body = c.fill(c.turned(profile, tilt=0.2), shade="cylinder")
    c.glint([(50 - half * 0.7, top + 9), (50 - half * 0.5, top + depth * 0.62)], 2.2, body)
    inner = c.second if c.second != c.main else tone(c.main, 0.4)
    c.fill(c.oval(50, top, half, half * 0.27), tone(c.main, 0.1))
    well = c.fill(c.oval(50, top + 0.5, half - 1.8, half * 0.27 - 1.3), inner)
    c.mark(c.oval(50, top + 6, half * 0.7, half * 0.2), (255, 255, 255), 0.35, inside=well, blur=3)
    c.mark(c.oval(50, top - 6, half, half * 0.2), INK, 0.3, inside=well, blur=2)


def _plate(c: Canvas) -> None:
    c.lying = True
    well = c.vary(22, 27)
    c.fill(c.oval(50, 50, 38, 38))
    c.mark(
        c.ring((50, 50), (37, 37), 1.2),
        c.second if c.second != c.main else tone(c.main, -0.25),
        0.9,
    )
    if c.chance(0.5):
        c.fill(c.oval(50, 50, well, well), tone(c.main, 0.1))
    for k, alpha in ((0.6, 0.28), (-0.6, 0.5)):
        c.mark(
            c.ring((50 - k, 50 - k), (well, well), 1.1),
            (255, 255, 255) if k < 0 else INK,
            alpha,
            blur=0.3,
        )
    c.mark(c.line(arc((50, 50), (32, 32), 200, 250), 2.4), (255, 255, 255), 0.5, blur=0.8)


def _frying_pan(c: Canvas) -> None:
    c.lying = True
    radius = c.vary(26, 30)
    grip = c.second if c.second != c.main else INK
    c.fill(c.line([(38 + radius - 4, 50), (38 + radius + 9, 50)], 5), STEEL, "tube")
    end = c.vary(96, 106)
    c.fill(c.line([(38 + radius + 9, 50), (end, 50)], c.vary(5.5, 7.5)), grip, "tube")
    c.mark(c.oval(end - 1, 50, 1.3, 1.3), (235, 235, 235))
    c.fill(c.oval(38, 50, radius, radius))
    c.fill(c.oval(38, 50, radius - 2.2, radius - 2.2), tone(c.main, -0.28))
    floor = c.fill(c.oval(38, 50, radius - 5.5, radius - 5.5), tone(c.main, -0.14))
    for k in range(1, 5):
        c.mark(c.ring((38, 50), (k * radius / 6, k * radius / 6), 0.4), INK, 0.22)
    c.mark(c.oval(30, 40, radius * 0.55, radius * 0.4), (255, 255, 255), 0.22, inside=floor, blur=4)


def _saucepan(c: Canvas) -> None:
    half, top, low = c.vary(22, 27), c.vary(38, 46), c.vary(72, 80)
    x = 42.0
    grip = c.second if c.second != c.main else INK
    c.fill(c.line([(x + half - 2, top + 7), (x + half + 30, top + c.vary(0, 5))], 5), grip, "tube")
    body = c.fill(
        c.turned([(half, top), (half, low - 4), (half - 3, low)], x=x, tilt=0.12), shade="metal"
    )
    c.mark(c.line([(x - half, top + 4), (x + half, top + 4)], 0.5), INK, 0.3, inside=body)
    c.fill(c.oval(x, top, half + 1, 4.4), STEEL)
    dome = [(x - half + 1, top), *arc((x, top), (half - 1, c.vary(7, 11)), 180, 360)]
    c.fill(c.polygon(dome), STEEL, "metal")
    c.fill(c.oval(x, top - 12, 4.4, 2.6), grip, "ball")


def _kettle(c: Canvas) -> None:
    wide, top = c.vary(24, 28), c.vary(40, 46)
    c.fill(c.line([(68, 60), (84, 52), (90, c.vary(40, 46))], 6.5), c.main, "tube")
    grip = c.second if c.second != c.main else WOOD
    c.fill(c.line(arc((50, top), (wide * 0.72, c.vary(20, 26)), 180, 360), 1.8), STEEL)
    c.fill(c.line(arc((50, top), (wide * 0.72, 23), 235, 305), 5), grip, "tube")
    profile = [(wide * 0.4, top), (wide * 0.86, top + 10), (wide, top + 26), (wide * 0.92, 84)]
    body = c.fill(c.turned(profile, tilt=0.12), shade="cylinder")
    c.fill(c.oval(50, top, wide * 0.42, 3), c.main)
    c.fill(c.oval(50, top - 4, 3.6, 3.2), grip, "ball")
    c.glint([(50 - wide * 0.5, top + 12), (50 - wide * 0.66, 76)], 2.4, body)


def _kitchen_knife(c: Canvas) -> None:
    c.lying = True
    deep, bolster = c.vary(8, 15), c.vary(40, 46)
    spine = [(bolster, 44), (80, 44), (104, 46 + deep * 0.2)]
    edge = smooth(
        [(104, 46 + deep * 0.2), (88, 44 + deep * 0.85), (bolster, 44 + deep)], closed=False
    )
    blade = c.fill(c.polygon([*spine, *edge]), STEEL)
    shine = [(bolster, 44 + deep * 0.55), (86, 44 + deep * 0.55), (103, 46 + deep * 0.2)]
    c.mark(c.polygon([*shine, *edge]), (255, 255, 255), 0.45, inside=blade)
    butt = c.vary(2, 8)
    grip = [(bolster + 1, 43.4), (24, 42.6), (butt, 43), (butt, 52), (20, 51), (bolster + 1, 52.5)]
    c.fill(c.polygon(smooth(grip, steps=5)))
    c.fill(c.box((bolster - 1, 43), (bolster + 3, 53), 1), STEEL, "metal")
    for x in (14, 23, 32):
        c.fill(c.oval(x, 47, 1.2, 1.2), STEEL, "ball")


def _chopping_board(c: Canvas) -> None:
    c.lying = True
    wide, high = c.vary(24, 31), c.vary(27, 34)
    paddle = c.chance(0.5)
    if paddle:
        c.fill(c.box((44, 8), (56, 55 - high + 6), 5))
    board = c.fill(c.box((50 - wide, 55 - high), (50 + wide, 55 + high), c.vary(2, 9)))
    hole = (50.0, 15.0) if paddle else (50.0, 55 - high + 6)
    c.mark(c.oval(*hole, 2.6, 2.6), (232, 232, 230))
    c.mark(c.ring(hole, (2.6, 2.6), 0.6), INK, 0.3)
    groove = c.box((50 - wide + 5, 55 - high + 10), (50 + wide - 5, 55 + high - 5), 3)
    inner = c.box((50 - wide + 6.2, 55 - high + 11.2), (50 + wide - 6.2, 55 + high - 6.2), 2.5)
    if c.chance(0.7):
        c.mark(groove, INK, 0.2, inside=board)
        c.fill(inner)


def _storage_jar(c: Canvas) -> None:
    """Draw a storage jar with a clip lid or a cork lid."""
    half, top = c.vary(19, 24), c.vary(28, 36)
    profile = [(half * 0.86, top), (half, top + 7), (half, 76), (half * 0.94, 82)]
    body = c.fill(c.turned(profile, tilt=0.14), shade="cylinder")
    lid = c.second if c.second != c.main else WOOD
    c.fill(c.turned([(half * 0.82, top - 9), (half * 0.86, top + 1)], tilt=0.14), lid, "cylinder")
    c.fill(c.oval(50, top - 9, half * 0.82, half * 0.13), tone(lid, 0.18))
    if c.chance(0.6):
        c.fill(c.oval(50, top - 12, 4, 3.6), lid, "ball")
    label = c.vary(52, 58)
    c.fill(c.box((50 - half * 0.5, label - 6), (50 + half * 0.5, label + 6), 1.5), PAPER)
    for k, (x, y) in enumerate(
        along((50 - half * 0.36, label - 2), (50 - half * 0.36, label + 3), 2)
    ):
        c.mark(c.line([(x, y), (x + half * (0.7 - 0.25 * k), y)], 0.8), INK, 0.5)
    c.glint([(50 - half * 0.72, top + 11), (50 - half * 0.72, 74)], 2, body)


KITCHEN: Mapping[str, Callable[[Canvas], None]] = {
    "bowl": _bowl,
    "plate": _plate,
    "frying pan": _frying_pan,
    "saucepan": _saucepan,
    "kettle": _kettle,
    "kitchen knife": _kitchen_knife,
    "chopping board": _chopping_board,
    "storage jar": _storage_jar,
}
