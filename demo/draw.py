"""Draw a product picture from a look (a description of it); the same look gives the same picture.

Knows looks, the studio (background, shadow, framing) and the table of kinds; the `shapes_*`
modules draw each kind. Seeds change proportions, details, angle, side and background, but not
colour or kind: two looks that differ only in colour show the same thing in two colours.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from demo.canvas import Canvas, Colour, tone
from demo.materials import suits_patterns, usual_materials
from demo.patterns import PALETTE, PATTERNS, cloth, texture
from demo.shapes_accessories import ACCESSORIES
from demo.shapes_bags import BAGS
from demo.shapes_clothes import CLOTHES
from demo.shapes_decor import DECOR
from demo.shapes_desk import DESK
from demo.shapes_drinkware import DRINKWARE
from demo.shapes_furniture import FURNITURE
from demo.shapes_jewellery import JEWELLERY
from demo.shapes_kitchen import KITCHEN
from demo.shapes_legwear import LEGWEAR
from demo.shapes_lighting import LIGHTING
from demo.shapes_outdoors import OUTDOORS
from demo.shapes_play import PLAY

_SUPERSAMPLING = 3
_DRAW: Mapping[str, Callable[[Canvas], None]] = {
    **DRINKWARE,
    **KITCHEN,
    **LIGHTING,
    **FURNITURE,
    **DECOR,
    **CLOTHES,
    **LEGWEAR,
    **BAGS,
    **ACCESSORIES,
    **JEWELLERY,
    **DESK,
    **PLAY,
    **OUTDOORS,
}
DRAWN_KINDS: tuple[str, ...] = tuple(_DRAW)
_PLURALS = ("building blocks", "headphones", "sunglasses", "trousers", "shorts")
_PAIRS = ("gloves", "socks", "sneakers", "boots", "sandals", "slippers", "earrings")


@dataclass(frozen=True, slots=True)
class Look:
    """The appearance of a product."""

    kind: str  # one of KINDS
    colour: str  # one of COLOURS
    second_colour: str = ""  # of the pattern, or of lids, soles and trims
    pattern: str = "plain"  # "plain" or one of PATTERNS
    material: str = ""  # "lambswool", "stainless steel" …: a slight grain
    seed: int = 0
    view: int = 0  # 0 is the front; others: rotated, nearer, another background


def draw_look(look: Look, *, size: int = 384) -> Image.Image:
    """Draw a look as a square RGB picture of `size` pixels."""
    pixels = size * _SUPERSAMPLING
    dice = random.Random(f"{look.kind} {look.seed}")
    main = PALETTE[look.colour]
    second = PALETTE[look.second_colour] if look.second_colour else main
    sheet = cloth(main, second, look.pattern, pixels, random.Random(look.seed))
    grain = texture(look.material, pixels, random.Random(look.material))
    canvas = Canvas(sheet, grain, (main, second), dice)
    _DRAW[look.kind](canvas)
    if look.view:
        canvas.dice = random.Random(f"{look.kind} {look.seed} {look.view}")
    product = _frame(canvas, near=bool(look.view))
    scene = _studio(product, main, standing=not canvas.lying, dice=canvas.dice)
    return scene.reduce(_SUPERSAMPLING)


def _frame(canvas: Canvas, *, near: bool) -> Image.Image:
    """Rotate, mirror and centre the product, so that it fills most of the picture."""
    picture, dice = canvas.picture, canvas.dice
    box = picture.getbbox() or (0, 0, *picture.size)
    product = picture.crop(box)
    if dice.random() < 0.5:
        product = product.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    angle = dice.uniform(-11, 11) if canvas.lying else dice.uniform(-1.5, 1.5)
    product = product.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    slender = 1 - min(product.size) / max(product.size)  # long thin things may be larger
    room = picture.width * (dice.uniform(0.7, 0.82) + 0.08 * slender + 0.12 * near * (1 - slender))
    factor = room / max(product.size)
    target = (round(product.width * factor), round(product.height * factor))
    product = product.resize(target, Image.Resampling.BICUBIC)
    framed = Image.new("RGBA", picture.size)
    shift = picture.width * dice.uniform(-0.02, 0.02)
    left, top = ((picture.width - side) // 2 for side in product.size)
    framed.paste(product, (left + round(shift), top))
    return framed


def _studio(
    product: Image.Image, main: Colour, *, standing: bool, dice: random.Random
) -> Image.Image:
    """Put the product in front of a soft light background, with its shadow."""
    scene = _background(main, dice).resize(product.size, Image.Resampling.BICUBIC)
    unit = product.width / 100
    alpha = product.getchannel("A")
    small = alpha.reduce(4)
    soft = small.filter(ImageFilter.BoxBlur(unit * 0.9)).filter(ImageFilter.BoxBlur(unit * 0.5))
    shadow = ImageChops.offset(soft.resize(alpha.size), round(unit * 1.6), round(unit * 2.2))
    scene.paste((52, 46, 66), mask=shadow.point(lambda value: round(value * 0.30)))
    if standing and (box := alpha.getbbox()):
        floor = Image.new("L", small.size)
        sole = alpha.crop((0, round(box[3] - unit * 7), alpha.width, box[3])).getbbox() or box
        left, right, foot = sole[0] / 4, sole[2] / 4, box[3] / 4
        ImageDraw.Draw(floor).ellipse(
            (left + unit * 0.6, foot - unit * 0.9, right + unit * 0.4, foot + unit * 0.5), fill=150
        )
        floor = floor.filter(ImageFilter.BoxBlur(unit * 0.5)).resize(alpha.size)
        scene.paste((44, 38, 56), mask=floor)
    scene.paste(product, mask=alpha)
    return scene


def _background(main: Colour, dice: random.Random) -> Image.Image:
    """Return a tiny picture of wall and floor in a light tint, darker for a light product."""
    tint = dice.choice(
        [(238, 236, 232), (232, 237, 241), (240, 234, 228), (233, 238, 233), (238, 234, 240)]
    )
    if sum(main) > 600:
        tint = tone(tint, -0.16)
    wall = Image.new("RGB", (8, 8))
    rows = [tone(tint, 0.5), tone(tint, 0.55), tone(tint, 0.5), tone(tint, 0.35)]
    rows += [tone(tint, 0.15), tone(tint, 0.0), tone(tint, -0.05), tone(tint, -0.08)]
    wall.putdata([tone(row, -0.008 * abs(x - 3.5)) for row in rows for x in range(8)])
    return wall


def random_look(dice: random.Random) -> Look:
    """Return a random plausible look with a new seed; for training pictures."""
    kind = dice.choice(DRAWN_KINDS)
    colour, second = dice.sample(sorted(PALETTE), 2)
    patterned = suits_patterns(kind) and dice.random() < 0.5
    return Look(
        kind=kind,
        colour=colour,
        second_colour=second if patterned or dice.random() < 0.6 else "",
        pattern=dice.choice(sorted(PATTERNS)) if patterned else "plain",
        material=dice.choice(usual_materials(kind)),
        seed=dice.randrange(10**6, 10**9),  # the catalogue's own seeds are smaller
    )


def caption(look: Look) -> str:
    """Return a look's caption: "a navy blue and white striped wool scarf"."""
    both = f"{look.colour} and {look.second_colour}"
    colours = both if look.second_colour and look.pattern != "plain" else look.colour
    pattern = "" if look.pattern == "plain" else look.pattern
    words = " ".join(part for part in (colours, pattern, look.material, look.kind) if part)
    if look.kind in _PAIRS:
        return f"a pair of {words}"
    if look.kind in _PLURALS:
        return words
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"
