"""A canvas for drawing one product: parts with light, shade and texture.

Knows Pillow and a coordinate system of 100 by 100 units (y grows downwards); knows no product.
Light comes from the upper left. A part is a mask that is filled and then shaded: by a broad
gradient for its form (flat, cylinder, ball …) and by a bevel along its edges, made from the blurred
mask, so that parts of the same colour can be distinguished.
"""

import random
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from demo.geometry import Point, arc, smooth
from demo.light import form

Colour = tuple[int, int, int]

STEEL: Colour = (188, 193, 199)
BRASS: Colour = (206, 168, 92)
INK: Colour = (44, 44, 50)
WOOD: Colour = (178, 130, 84)
PAPER: Colour = (250, 247, 238)

_UMBRA: Colour = (24, 20, 38)  # a dark violet shadow looks more natural than black
_DARKER = [max(0, min(255, round((128 - v) * 1.5))) for v in range(256)]
_LIGHTER = [max(0, min(255, round((v - 128) * 1.7))) for v in range(256)]
_CREASE = [128 - round((255 - v) * 0.24) for v in range(256)]  # a blurred mask → shade at edges


def tone(colour: Colour, amount: float) -> Colour:
    """Lighten a colour towards white (amount > 0) or darken it towards black (amount < 0)."""
    goal, part = (255, amount) if amount > 0 else (0, -amount)
    red, green, blue = (round(value + (goal - value) * part) for value in colour)
    return red, green, blue


class Canvas:
    """The drawing of one product: its colours, its random generator, and the picture so far."""

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
        self.picture = Image.new("RGBA", cloth.size, (*self.main, 0))  # soft edges blend with main
        self.lying = False  # True: seen from above, may be rotated more, shadow on all sides
        self.origin: Point = (0.0, 0.0)  # added to every point, to draw one thing in two places

    def vary(self, low: float, high: float) -> float:
        """Return a random number in a range, the same for the same seed."""
        return self.dice.uniform(low, high)

    def chance(self, share: float) -> bool:
        """Return True with probability `share`."""
        return self.dice.random() < share

    def trim(self, dark: float = 0.28) -> Colour:
        """Return the colour of trims: the second colour, or a darker main one if both are equal."""
        return self.second if self.second != self.main else tone(self.main, -dark)

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
        """Draw a part in a colour or in the product's own cloth; return its mask."""
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
        """Draw a flat, unshaded mark: a seam, a highlight, a printed line."""
        if blur:
            mask = mask.filter(ImageFilter.BoxBlur(blur * self.scale))
        if inside is not None:
            mask = ImageChops.multiply(mask, inside)
        if alpha != 1.0:
            mask = mask.point(lambda value: round(value * alpha))
        covered = self.picture.getchannel("A")
        self.picture.paste(paint, mask=mask)
        self.picture.putalpha(ImageChops.lighter(covered, mask))

    def glint(self, points: Sequence[Point], width: float, body: Image.Image) -> None:
        """Draw a soft highlight along a glossy body."""
        self.mark(self.curve(points, width), (255, 255, 255), 0.55, inside=body, blur=0.6)

    def _light(
        self, piece: Image.Image, bounds: tuple[int, int, int, int], shade: str
    ) -> Image.Image:
        """Return a part's shading: its form's gradient, a bevel, and dark creases at its edges."""
        inner = (bounds[2] - bounds[0], bounds[3] - bounds[1])
        pad = (piece.width - inner[0]) // 2
        light = Image.new("L", piece.size, 128)
        light.paste(form(shade).resize(inner, Image.Resampling.BILINEAR), (pad, pad))
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
