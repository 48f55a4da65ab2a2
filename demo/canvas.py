"""A sheet on which one product is drawn: parts with light, shade and texture.

Knows Pillow and a unit square of 100 by 100 (y grows downwards); knows no product.
Light comes from the upper left. A part is a mask that is filled and then lit: by a broad gradient
for its form (flat, cylinder, ball …) and by a bevel along its edges, made from the blurred mask,
so that parts of one colour still stand apart.
"""

import math
import random
from collections.abc import Callable, Sequence
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from demo.geometry import Point, arc, smooth

Colour = tuple[int, int, int]

STEEL: Colour = (188, 193, 199)
BRASS: Colour = (206, 168, 92)
INK: Colour = (44, 44, 50)
WOOD: Colour = (178, 130, 84)
PAPER: Colour = (250, 247, 238)

_UMBRA: Colour = (24, 20, 38)  # a dark violet shade looks less dead than black
_DARKER = [max(0, min(255, round((128 - v) * 1.5))) for v in range(256)]
_LIGHTER = [max(0, min(255, round((v - 128) * 1.7))) for v in range(256)]
_CREASE = [128 - round((255 - v) * 0.24) for v in range(256)]  # a blurred mask → shade at edges


def _lambert(x: float, y: float) -> float:
    """Return the light on a round form at (x, y) of its front, each from -1 to 1."""
    z = math.sqrt(max(0.0, 1.0 - min(1.0, x * x + y * y)))
    return 0.62 * (0.78 * z - 0.42 * x - 0.45 * y) - 0.36


def _gleam(distance: float, width: float) -> float:
    return math.exp(-((distance / width) ** 2))


_FORMS: dict[str, Callable[[float, float], float]] = {  # light from -1 to 1 at (u, v), each 0 to 1
    "flat": lambda u, v: 0.0,
    "soft": lambda u, v: 0.16 * (0.5 - v) + 0.10 * (0.5 - u),
    "cylinder": lambda u, v: _lambert(2 * u - 1, 0.0) + 0.26 * _gleam(u - 0.27, 0.07),
    "tube": lambda u, v: _lambert(0.0, 2 * v - 1) + 0.26 * _gleam(v - 0.25, 0.08),
    "ball": lambda u, v: (
        _lambert(2 * u - 1, 2 * v - 1) + 0.5 * _gleam(math.hypot(u - 0.3, v - 0.26), 0.09)
    ),
    "pillow": lambda u, v: 0.8 * _lambert(2 * u - 1, 2 * v - 1) + 0.06,
    "metal": lambda u, v: (
        _lambert(2 * u - 1, 0.0) + 0.16 * math.sin(u * 15) + 0.4 * _gleam(u - 0.3, 0.05)
    ),
    "folds": lambda u, v: 0.13 * math.sin(u * 23 + v * 1.6) * (0.35 + 0.65 * v) + 0.1 * (0.5 - u),
}


@lru_cache(maxsize=16)
def _form(name: str) -> Image.Image:
    """Return a form's light over the unit square, 128 where it neither lights nor shades."""
    side, light = 48, _FORMS[name]
    values = [light((i % side) / (side - 1), (i // side) / (side - 1)) for i in range(side * side)]
    form = Image.new("L", (side, side))
    form.putdata([max(0, min(255, round(128 + 127 * value))) for value in values])
    return form


def tone(colour: Colour, amount: float) -> Colour:
    """Lighten a colour towards white (amount > 0) or darken it towards black (amount < 0)."""
    goal, part = (255, amount) if amount > 0 else (0, -amount)
    red, green, blue = (round(value + (goal - value) * part) for value in colour)
    return red, green, blue


class Canvas:
    """One product in the making: its colours, its dice, and the picture so far."""

    def __init__(
        self,
        cloth: Image.Image,
        texture: Image.Image | None,
        colours: tuple[Colour, Colour],
        dice: random.Random,
    ) -> None:
        self.cloth, self.texture, self.dice = cloth, texture, dice
        self.main, self.second = colours
        self.scale = cloth.width / 100
        self.picture = Image.new("RGBA", cloth.size, (*self.main, 0))  # soft edges fade into main
        self.lying = False  # seen from above: may be turned further, throws its shadow all round
        self.origin: Point = (0.0, 0.0)  # added to every point, to draw one thing in two places

    def vary(self, low: float, high: float) -> float:
        """Return a number between two, the same for the same seed."""
        return self.dice.uniform(low, high)

    def chance(self, share: float) -> bool:
        """Return true for that share of the seeds."""
        return self.dice.random() < share

    # Masks: where a part is.

    def polygon(self, points: Sequence[Point]) -> Image.Image:
        """Mask the inside of straight edges."""
        mask, pen = self._sheet()
        pen.polygon(self._pixels(points), fill=255)
        return mask

    def blob(self, points: Sequence[Point]) -> Image.Image:
        """Mask the inside of a smooth closed curve."""
        return self.polygon(smooth(points))

    def oval(self, x: float, y: float, rx: float, ry: float) -> Image.Image:
        """Mask an ellipse around a point."""
        mask, pen = self._sheet()
        pen.ellipse(self._corners((x - rx, y - ry), (x + rx, y + ry)), fill=255)
        return mask

    def box(self, start: Point, end: Point, radius: float = 0.0) -> Image.Image:
        """Mask a rectangle with rounded corners."""
        mask, pen = self._sheet()
        pen.rounded_rectangle(self._corners(start, end), radius * self.scale, fill=255)
        return mask

    def line(self, points: Sequence[Point], width: float) -> Image.Image:
        """Mask a stroke with round ends."""
        mask, pen = self._sheet()
        path, thick = self._pixels(points), max(1, round(width * self.scale))
        pen.line(path, fill=255, width=thick, joint="curve")
        half = thick / 2
        for x, y in (path[0], path[-1]) if thick > 2 else ():
            pen.ellipse((x - half, y - half, x + half, y + half), fill=255)
        return mask

    def curve(self, points: Sequence[Point], width: float) -> Image.Image:
        """Mask a smooth open stroke."""
        return self.line(smooth(points, closed=False), width)

    def ring(self, centre: Point, radii: Point, width: float) -> Image.Image:
        """Mask an elliptic ring."""
        return self.line(arc(centre, radii, 0, 360), width)

    def turned(
        self, profile: Sequence[Point], *, x: float = 50.0, tilt: float = 0.16
    ) -> Image.Image:
        """Mask a turned vessel from its (half width, y) profile, seen a little from above."""
        side = smooth(profile, closed=False) if len(profile) > 2 else list(profile)
        right = [(x + half, y) for half, y in side]
        left = [(x - half, y) for half, y in reversed(side)]
        foot = arc((x, side[-1][1]), (side[-1][0], side[-1][0] * tilt), 0, 180)
        return self.polygon([*right, *foot, *left])

    # Paint: what it looks like.

    def fill(
        self,
        mask: Image.Image,
        paint: Colour | None = None,
        shade: str = "soft",
        *,
        inside: Image.Image | None = None,
        alpha: float = 1.0,
    ) -> Image.Image:
        """Lay a part on the picture, in a colour or in the product's own cloth; return its mask."""
        if inside is not None:
            mask = ImageChops.multiply(mask, inside)
        bounds = mask.getbbox()
        if bounds is None:
            return mask
        pad = 2 + round(self.scale * 2.4)
        box = (bounds[0] - pad, bounds[1] - pad, bounds[2] + pad, bounds[3] + pad)
        piece = mask.crop(box).filter(ImageFilter.BoxBlur(0.7))  # soft edges
        part = self.cloth.crop(box) if paint is None else Image.new("RGB", piece.size, paint)
        light = self._light(piece, bounds, shade)
        if paint is None and self.texture is not None:
            light = ImageChops.add(light, self.texture.crop(box), 1, -128)
        part.paste(_UMBRA, mask=light.point(_DARKER))
        part.paste((255, 255, 255), mask=light.point(_LIGHTER))
        if alpha == 1.0:
            self.picture.paste(part, box, piece)
        else:
            part.putalpha(piece.point(lambda value: round(value * alpha)))
            layer = Image.new("RGBA", self.picture.size)
            layer.paste(part, box)
            self.picture.alpha_composite(layer)
        return mask

    def mark(
        self,
        mask: Image.Image,
        paint: Colour,
        alpha: float = 1.0,
        *,
        inside: Image.Image | None = None,
        blur: float = 0.0,
    ) -> None:
        """Lay a flat, unlit mark on the picture: a seam, a glint, a printed line."""
        if blur:
            mask = mask.filter(ImageFilter.BoxBlur(blur * self.scale))
        if inside is not None:
            mask = ImageChops.multiply(mask, inside)
        if alpha != 1.0:
            mask = mask.point(lambda value: round(value * alpha))
        covered = self.picture.getchannel("A")
        self.picture.paste(paint, mask=mask)
        self.picture.putalpha(ImageChops.lighter(covered, mask))

    def _light(
        self, piece: Image.Image, bounds: tuple[int, int, int, int], shade: str
    ) -> Image.Image:
        """Return a part's light: its form's gradient, a bevel, and creases where it ends."""
        inner = (bounds[2] - bounds[0], bounds[3] - bounds[1])
        pad = (piece.width - inner[0]) // 2
        light = Image.new("L", piece.size, 128)
        light.paste(_form(shade).resize(inner, Image.Resampling.BILINEAR), (pad, pad))
        blurred = piece.filter(ImageFilter.BoxBlur(self.scale * 0.9))
        step = max(1, round(self.scale * 0.5))
        lit, unlit = (ImageChops.offset(blurred, d, d) for d in (-step, step))
        light = ImageChops.add(light, ImageChops.subtract(lit, unlit, 5.0, 128), 1, -128)
        return ImageChops.add(light, blurred.point(_CREASE), 1, -128)

    def _sheet(self) -> tuple[Image.Image, ImageDraw.ImageDraw]:
        mask = Image.new("L", self.picture.size)
        return mask, ImageDraw.Draw(mask)

    def _pixels(self, points: Sequence[Point]) -> list[tuple[float, float]]:
        dx, dy = self.origin
        return [((x + dx) * self.scale, (y + dy) * self.scale) for x, y in points]

    def _corners(self, start: Point, end: Point) -> tuple[float, float, float, float]:
        (left, top), (right, bottom) = self._pixels([start, end])
        return left, top, right, bottom
