"""Draw mugs, bottles, teapots and other drinkware.

Knows the canvas and its coordinates; knows no catalogue.
"""

from collections.abc import Callable, Mapping

from demo.canvas import INK, STEEL, WOOD, Canvas, Colour, tone
from demo.geometry import arc, smooth


def _mouth(
    c: Canvas, y: float, half: float, inner: Colour | None = None, tilt: float = 0.16
) -> None:
    """Draw the open mouth of a round vessel."""
    c.fill(c.oval(50, y, half, half * tilt + 0.4), tone(c.main, 0.12))
    well = c.oval(50, y + 0.3, half - 1.4, half * tilt - 0.6)
    c.fill(well, inner or tone(c.main, -0.3))
    c.mark(c.oval(50, y + half * tilt, half, half * tilt), INK, 0.18, inside=well, blur=1.5)


def _mug(c: Canvas) -> None:
    half, top, taper = c.vary(19, 25), c.vary(24, 33), c.vary(0.74, 1.04)
    middle, reach = (top + 80) / 2 - c.vary(0, 4), c.vary(9, 13)
    radii = (reach, c.vary(12, 17))
    bow = arc((50 + half * (1 + taper) / 2 - 1, middle), radii, -88, 88)
    c.fill(c.line(bow, c.vary(4.5, 7)), c.main)
    bulge = half * c.vary(0.96, 1.06)
    body = c.fill(c.turned([(half, top), (bulge, middle), (half * taper, 78)]), shade="cylinder")
    c.glint([(50 - half * 0.62, top + 9), (50 - half * 0.64, 66)], 2.4, body)
    glazed = c.chance(0.5)
    _mouth(c, top, half, c.second if glazed and c.second != c.main else tone(c.main, 0.55))


def _travel_mug(c: Canvas) -> None:
    half, top = c.vary(13, 16), c.vary(22, 28)
    if c.chance(0.4):
        c.fill(c.line(arc((50 + half - 1, 52), (11, 15), -88, 88), 4), INK)
    foot = half * c.vary(0.68, 0.84)
    body = c.fill(
        c.turned([(half, top), (half * 0.97, 48), (foot, 88)], tilt=0.1), shade="cylinder"
    )
    grip = c.vary(38, 48)
    band = c.box((20, grip), (80, grip + c.vary(8, 22)))
    c.fill(band, c.second if c.second != c.main else INK, "cylinder", inside=body)
    c.fill(c.box((20, 84), (80, 96)), STEEL, "metal", inside=body)
    c.fill(
        c.turned([(half - 2, top - 7), (half + 1, top - 3), (half + 1, top + 2)], tilt=0.1),
        INK,
        "cylinder",
    )
    c.fill(c.oval(50, top - 7, half - 2, 2.2), (70, 70, 76))
    c.mark(c.oval(50 + half * 0.45, top - 7, 2.6, 0.7), (10, 10, 12))
    c.glint([(50 - half * 0.6, top + 8), (50 - foot * 0.62, 80)], 1.6, body)


def _vacuum_flask(c: Canvas) -> None:
    half, cup = c.vary(11, 15), c.vary(26, 34)
    if c.chance(0.55):
        handle = [
            (50 + half - 1, cup + 12),
            (50 + half + 9, cup + 15),
            (50 + half + 9, 66),
            (50 + half - 1, 70),
        ]
        c.fill(c.line(handle, 4.5), INK)
    shoulder = [(half * 0.76, cup), (half * 0.8, cup + 3), (half, cup + 9), (half, 90)]
    body = c.fill(c.turned(shoulder, tilt=0.12), shade="cylinder")
    c.fill(c.box((20, 85), (80, 88)), STEEL, "metal", inside=body)
    c.fill(c.turned([(half * 0.78, cup - 2), (half * 0.78, cup + 2)], tilt=0.1), STEEL, "metal")
    lid = [(half * 0.66, 9), (half * 0.8, 12), (half * 0.84, cup)]
    c.fill(c.turned(lid, tilt=0.1), c.second if c.second != c.main else STEEL, "metal")
    c.fill(c.oval(50, 9, half * 0.66, 1.7), tone(STEEL, 0.3))
    c.glint([(50 - half * 0.55, cup + 12), (50 - half * 0.55, 82)], 1.7, body)


def _water_bottle(c: Canvas) -> None:
    half, neck = c.vary(12, 16), c.vary(6, 9)
    shoulder = c.vary(28, 36)
    waist = half * c.vary(0.86, 1.0)
    profile = [(neck, 22), (neck, 25), (half, shoulder), (waist, 58), (half * 0.97, 90)]
    body = c.fill(c.turned(profile, tilt=0.12), shade="cylinder")
    cap = c.second if c.second != c.main else INK
    if c.chance(0.6):
        c.fill(c.ring((50, 11), (6, 5.5), 2.6), cap)
    c.fill(c.turned([(neck + 1.6, 13), (neck + 2, 23)], tilt=0.1), cap, "cylinder")
    for k in range(4):
        c.mark(
            c.line([(50 - neck + k * neck * 0.66, 14), (50 - neck + k * neck * 0.66, 23)], 0.4),
            INK,
            0.35,
        )
    c.glint(
        [(50 - half * 0.6, shoulder + 6), (50 - waist * 0.62, 58), (50 - half * 0.6, 84)],
        1.8,
        body,
    )


def _teapot(c: Canvas) -> None:
    wide, high = c.vary(23, 28), c.vary(19, 24)
    y = 58
    spout = smooth(
        [(50 + wide - 5, y + 9), (50 + wide + 9, y - 3), (50 + wide + 14, y - 18)], closed=False
    )
    c.fill(c.line(spout, 7.5), c.main)
    c.fill(c.oval(50 + wide + 14, y - 20, 4.4, 2), tone(c.main, -0.35))
    if c.chance(0.3):
        c.fill(c.line(arc((50, y - high + 2), (wide - 3, 20), 180, 360), 3.2), WOOD)
    else:
        c.fill(c.line(arc((50 - wide + 2, y - 2), (13, 15), 80, 280), 4.6), c.main)
    c.fill(c.turned([(wide * 0.55, y + high - 4), (wide * 0.58, y + high + 2)]), c.main)
    body = c.fill(c.oval(50, y, wide, high), shade="ball")
    c.fill(c.oval(50, y - high + 3, wide * 0.48, 3.6), tone(c.main, -0.12))
    c.fill(c.oval(50, y - high + 1, wide * 0.44, 4.2), c.main, "ball")
    knob = c.second if c.second != c.main else tone(c.main, -0.2)
    c.fill(c.oval(50, y - high - 4.4, 3.4, 3.2), knob, "ball")
    c.glint(arc((50, y), (wide * 0.72, high * 0.72), 190, 250), 2.4, body)


def _drinking_glass(c: Canvas) -> None:
    half, top = c.vary(15, 20), c.vary(22, 34)
    foot = half * c.vary(0.68, 0.98)
    c.fill(c.oval(50, top, half, half * 0.17), tone(c.main, 0.2), alpha=0.45)
    body = c.fill(c.turned([(half, top), (foot, 82)]), None, "cylinder", alpha=0.62)
    c.fill(c.turned([(foot, 78), (foot, 82)]), c.main, "cylinder", alpha=0.55)
    c.mark(c.ring((50, top), (half, half * 0.17), 0.8), (255, 255, 255), 0.9)
    for k, width in ((-0.66, 2.6), (0.72, 1.2)):
        c.glint([(50 + half * k, top + 6), (50 + foot * k, 76)], width, body)


DRINKWARE: Mapping[str, Callable[[Canvas], None]] = {
    "mug": _mug,
    "travel mug": _travel_mug,
    "vacuum flask": _vacuum_flask,
    "water bottle": _water_bottle,
    "teapot": _teapot,
    "drinking glass": _drinking_glass,
}
