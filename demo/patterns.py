"""Draw a product's surface: its printed or woven pattern, and its material's texture.

Knows colours, patterns and materials; knows no shape. A pattern is a coloured picture; a texture is
a grey one, 128 where it changes nothing. The same random generator state gives the same result.
"""

import math
import random
from collections.abc import Callable

from PIL import Image, ImageDraw

from demo.canvas import Colour

Pen = ImageDraw.ImageDraw
Painter = Callable[[Pen, float, Colour, Colour, random.Random], None]
Grain = Callable[[Pen, float, random.Random], None]

PALETTE: dict[str, Colour] = {
    "white": (246, 246, 244),
    "cream": (241, 230, 204),
    "beige": (214, 190, 154),
    "tan": (190, 138, 84),
    "brown": (110, 68, 42),
    "black": (34, 34, 38),
    "charcoal": (72, 74, 80),
    "grey": (146, 149, 154),
    "silver": (196, 200, 206),
    "gold": (212, 168, 62),
    "copper": (190, 104, 66),
    "red": (204, 36, 40),
    "burgundy": (112, 22, 44),
    "coral": (246, 116, 92),
    "orange": (240, 126, 28),
    "mustard": (214, 160, 34),
    "yellow": (250, 212, 48),
    "olive": (112, 114, 50),
    "green": (46, 150, 74),
    "forest green": (24, 80, 52),
    "mint": (160, 220, 190),
    "teal": (20, 122, 126),
    "turquoise": (54, 192, 196),
    "sky blue": (132, 192, 234),
    "blue": (36, 92, 200),
    "navy blue": (26, 38, 84),
    "lavender": (184, 168, 222),
    "purple": (114, 50, 146),
    "pink": (246, 160, 188),
}


def _striped(pen: Pen, side: float, main: Colour, second: Colour, dice: random.Random) -> None:
    gap = side * dice.uniform(0.055, 0.085)
    width = gap * dice.uniform(0.36, 0.5)
    for i in range(round(side / gap) + 1):
        pen.rectangle((0, i * gap, side, i * gap + width), fill=second)


def _pinstriped(pen: Pen, side: float, main: Colour, second: Colour, dice: random.Random) -> None:
    gap = side * dice.uniform(0.04, 0.06)
    for i in range(round(side / gap) + 1):
        pen.rectangle((i * gap, 0, i * gap + gap * 0.2, side), fill=second)


def _dotted(pen: Pen, side: float, main: Colour, second: Colour, dice: random.Random) -> None:
    gap = side * dice.uniform(0.07, 0.1)
    radius = gap * dice.uniform(0.22, 0.3)
    for row in range(round(2 * side / gap) + 1):
        for column in range(round(side / gap) + 1):
            x, y = (column + row % 2 / 2) * gap, row * gap / 2
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=second)


def _checked(pen: Pen, side: float, main: Colour, second: Colour, dice: random.Random) -> None:
    gap = side * dice.uniform(0.08, 0.13)
    mixed = _mix(main, second)
    for i in range(round(side / gap) + 1):
        pen.rectangle((0, i * gap, side, (i + 0.5) * gap), fill=mixed)
    for i in range(round(side / gap) + 1):
        pen.rectangle((i * gap, 0, (i + 0.5) * gap, side), fill=mixed)
        for j in range(round(side / gap) + 1):
            pen.rectangle((i * gap, j * gap, (i + 0.5) * gap, (j + 0.5) * gap), fill=second)


def _dot(pen: Pen, x: float, y: float, radius: float, paint: Colour) -> None:
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=paint)


def _mix(one: Colour, other: Colour) -> Colour:
    red, green, blue = ((a + b) // 2 for a, b in zip(one, other, strict=True))
    return red, green, blue


def _turned(x: float, y: float, reach: float, angle: float) -> tuple[float, float]:
    return x + math.cos(angle) * reach, y + math.sin(angle) * reach


def _floral(pen: Pen, side: float, main: Colour, second: Colour, dice: random.Random) -> None:
    gap = side * dice.uniform(0.11, 0.14)
    leaf = (110, 170, 110) if sum(main) < 330 else (54, 116, 62)
    heart = (120, 70, 40) if second[1] > 170 and second[2] < 90 else (246, 200, 64)
    for row in range(round(side / gap) + 1):
        for column in range(round(side / gap) + 1):
            x = (column + row % 2 / 2 + dice.uniform(-0.12, 0.12)) * gap
            y = (row + dice.uniform(-0.12, 0.12)) * gap
            turn, size = dice.uniform(0, 6.3), gap * dice.uniform(0.13, 0.18)
            for angle in (0.6, 2.9):
                _dot(pen, *_turned(x, y, size * 2.1, turn + angle), size * 0.7, leaf)
            for petal in range(5):
                _dot(pen, *_turned(x, y, size, turn + petal * 1.2566), size * 0.82, second)
            _dot(pen, x, y, size * 0.55, heart)


def _zigzag(pen: Pen, side: float, main: Colour, second: Colour, dice: random.Random) -> None:
    gap, tooth = side * dice.uniform(0.08, 0.11), side * dice.uniform(0.045, 0.06)
    for i in range(-1, round(side / gap) + 2):
        teeth = range(round(side / tooth) + 2)
        path = [(k * tooth, (i + 0.55 * (k % 2)) * gap) for k in teeth]
        pen.line(path, fill=second, width=max(1, round(gap * 0.32)), joint="curve")


def _starry(pen: Pen, side: float, main: Colour, second: Colour, dice: random.Random) -> None:
    gap = side * dice.uniform(0.1, 0.13)
    for row in range(round(side / gap) + 1):
        for column in range(round(side / gap) + 1):
            x, y = (column + row % 2 / 2) * gap, row * gap
            turn, size = dice.uniform(0, 6.3), gap * dice.uniform(0.24, 0.34)
            reach = (size, size * 0.42)
            pen.polygon(
                [_turned(x, y, reach[k % 2], turn + k * 0.6283) for k in range(10)], fill=second
            )


def _speckled(pen: Pen, side: float, main: Colour, second: Colour, dice: random.Random) -> None:
    for _ in range(900):
        x, y, size = dice.uniform(0, side), dice.uniform(0, side), side * dice.uniform(0.002, 0.006)
        _dot(pen, x, y, size, second)


def _two_tone(pen: Pen, side: float, main: Colour, second: Colour, dice: random.Random) -> None:
    pen.rectangle((0, side * dice.uniform(0.55, 0.62), side, side), fill=second)


PATTERNS: dict[str, Painter] = {
    "striped": _striped,
    "pinstriped": _pinstriped,
    "dotted": _dotted,
    "checked": _checked,
    "floral": _floral,
    "zigzag": _zigzag,
    "starry": _starry,
    "speckled": _speckled,
    "two-tone": _two_tone,
}


def cloth(
    main: Colour, second: Colour, pattern: str, pixels: int, dice: random.Random
) -> Image.Image:
    """Return the patterned picture from which a product's parts are cut."""
    sheet = Image.new("RGB", (pixels, pixels), main)
    if pattern != "plain":
        PATTERNS[pattern](ImageDraw.Draw(sheet), pixels, main, second, dice)
    return sheet


def _knit(pen: Pen, side: float, dice: random.Random) -> None:
    gap = side * dice.uniform(0.016, 0.024)
    for i in range(round(side / gap) + 1):
        pen.line((i * gap, 0, i * gap, side), fill=104, width=max(1, round(gap * 0.34)))
        for j in range(round(side / gap) + 1):
            pen.line((i * gap, j * gap, (i + 0.5) * gap, (j + 0.6) * gap), fill=138)


def _weave(pen: Pen, side: float, dice: random.Random) -> None:
    gap = max(2.0, side * 0.009)
    for i in range(round(side / gap) + 1):
        pen.line((0, i * gap, side, i * gap), fill=114)
        pen.line((i * gap, 0, i * gap, side), fill=141)


def _wood(pen: Pen, side: float, dice: random.Random) -> None:
    y = 0.0
    while y < side:
        y += side * dice.uniform(0.008, 0.028)
        bend, phase = side * dice.uniform(0.001, 0.006), dice.uniform(0, 6)
        path = [(x * side / 16, y + bend * math.sin(x * 0.5 + phase)) for x in range(17)]
        width = max(1, round(side * dice.uniform(0.001, 0.004)))
        pen.line(path, fill=dice.choice((106, 112, 118, 140)), width=width)


def _brushed(pen: Pen, side: float, dice: random.Random) -> None:
    for y in range(0, round(side), max(1, round(side / 192))):
        pen.line((0, y, side, y), fill=dice.randint(122, 134))


def _pebbled(pen: Pen, side: float, dice: random.Random) -> None:
    for _ in range(1100):
        x, y = dice.uniform(0, side), dice.uniform(0, side)
        r = side * 0.006
        pen.ellipse((x - r, y - r, x + r, y + r), fill=dice.choice((117, 122, 134)))


def _fluffy(pen: Pen, side: float, dice: random.Random) -> None:
    for _ in range(1500):
        x, y, reach = dice.uniform(0, side), dice.uniform(0, side), side * 0.014
        end = _turned(x, y, reach, dice.uniform(0.8, 2.4))
        pen.line((x, y, *end), fill=dice.choice((112, 118, 140, 146)))


_GRAINS: tuple[tuple[tuple[str, ...], Grain], ...] = (
    (("fleece", "plush", "sheepskin", "mohair", "velvet", "faux fur", "terry"), _fluffy),
    (("wool", "cashmere", "alpaca", "knit", "merino", "acrylic"), _knit),
    (
        ("canvas", "linen", "jute", "cotton", "denim", "hemp", "tweed", "felt", "rattan", "straw"),
        _weave,
    ),
    (("leather", "suede", "cork", "rubber"), _pebbled),
    (("oak", "walnut", "beech", "bamboo", "wood", "pine", "acacia", "spruce", "maple"), _wood),
    (("steel", "aluminium", "iron", "brass", "copper", "titanium"), _brushed),
)


def texture(material: str, pixels: int, dice: random.Random) -> Image.Image | None:
    """Return a material's texture as grey values, 128 is neutral; None for a smooth material."""
    for names, grain in _GRAINS:
        if any(name in material for name in names):
            sheet = Image.new("L", (pixels, pixels), 128)
            grain(ImageDraw.Draw(sheet), pixels, dice)
            return sheet
    return None
