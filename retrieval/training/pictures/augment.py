"""Augment pictures as if another person had taken them: random, batched changes.

Knows batches of pixels as tensors; knows no file and no caption. Every change is a batched tensor
operation that draws from the given random generator, so it is fast enough on two CPU cores and runs
are reproducible. Brightness and white balance change, but colours keep their names: a red product
stays red.
"""

import math
from dataclasses import dataclass

import torch
from torch import Generator, Tensor
from torch.nn import functional

_BLOCK = 8  # pixels per side of a JPEG block


@dataclass(frozen=True, slots=True)
class Strength:
    """The strength of the augmentations of a source's pictures."""

    turn: float  # maximum rotation in degrees, in both directions
    zoom: tuple[float, float]  # side of the crop relative to the picture's; above 1 adds a margin
    light: float  # maximum relative change of brightness, contrast and saturation
    balance: float  # maximum relative change of the white balance, per channel
    paper: float  # probability that a white background is replaced
    wear: float  # probability of each of blur, noise and JPEG compression
    desk: float = 0.0  # probability of a background (a desk) beyond the picture's edges
    tilt: float = 0.0  # maximum perspective tilt: how much nearer one side is, as a share
    cover: float = 0.0  # probability that a part of another picture covers a part
    mirror: float = 0.5  # probability


GENTLE = Strength(turn=8, zoom=(0.75, 1.1), light=0.15, balance=0.03, paper=0.2, wear=0.12)
PHONE = Strength(
    turn=25, zoom=(0.45, 1.25), light=0.35, balance=0.08, paper=0.5, wear=0.3, desk=0.5, tilt=0.1
)


def augment(pixels: Tensor, size: int, strength: Strength, dice: Generator) -> Tensor:
    """Return (n, 3, size, size) floats in 0..1 from (n, 3, h, w) bytes, each changed at random."""
    pictures = pixels.float().div_(255)
    if not len(pictures):
        return pictures.new_zeros(0, 3, size, size)
    if max(pictures.shape[-2:]) > 1.25 * size:
        near = [min(side, round(1.25 * size)) for side in pictures.shape[-2:]]
        pictures = functional.interpolate(pictures, near, mode="bilinear", antialias=True)
    pictures = _replace_paper(pictures, strength.paper, dice)
    pictures = _move(pictures, size, strength, dice)
    pictures = _cover(pictures, strength.cover, dice)
    pictures = _relight(pictures, strength, dice)
    return _wear(pictures, strength.wear, dice).clamp_(0, 1)


def _uniform(count: int, low: float, high: float, dice: Generator) -> Tensor:
    return _dice(count, dice=dice) * (high - low) + low


def _some(count: int, chance: float, dice: Generator) -> Tensor:
    return (_dice(count, dice=dice) < chance).nonzero()[:, 0]


def _dice(*shape: int, dice: Generator) -> Tensor:
    """Draw uniform random numbers from 0 to 1 on the generator's device."""
    return torch.rand(*shape, generator=dice, device=dice.device)


def _replace_paper(pictures: Tensor, chance: float, dice: Generator) -> Tensor:
    """Replace the background: pixels in a straight near-white line from an edge."""
    chosen = _some(len(pictures), chance, dice)
    if not len(chosen):
        return pictures
    white = (pictures[chosen].amin(1) > 0.92).float()
    reached = [
        white.cumprod(2),
        white.flip(2).cumprod(2).flip(2),
        white.cumprod(1),
        white.flip(1).cumprod(1).flip(1),
    ]
    paper = torch.stack(reached).amax(0)[:, None]
    paper = functional.avg_pool2d(paper, 3, 1, 1)
    scene = _scenes(pictures, len(chosen), dice)
    pictures[chosen] = pictures[chosen] * (1 - paper) + scene * paper
    return pictures


def _scenes(pictures: Tensor, count: int, dice: Generator) -> Tensor:
    """Make random backgrounds: soft gradients, coarse patches, or another picture blurred."""
    height, width = pictures.shape[-2:]
    knots = [(2, 2), (6, 6), (2, 12)][
        int(torch.randint(3, (1,), generator=dice, device=dice.device))
    ]
    base = _dice(count, 3, 1, 1, dice=dice)
    spread = _dice(count, 1, 1, 1, dice=dice) * 0.5
    patches = base + spread * (_dice(count, 3, *knots, dice=dice) - 0.5)
    scene = functional.interpolate(patches, (height, width), mode="bilinear", align_corners=True)
    other = pictures[torch.randint(len(pictures), (count,), generator=dice, device=dice.device)]
    other = functional.interpolate(
        functional.avg_pool2d(other, 4, 4, ceil_mode=True), (height, width)
    )
    use = (_dice(count, 1, 1, 1, dice=dice) < 0.3).float()
    return (other * use + scene * (1 - use)).clamp_(0, 1)


def _move(pictures: Tensor, size: int, strength: Strength, dice: Generator) -> Tensor:
    """Rotate, zoom, stretch, shift, mirror and tilt; fill the outside (desk or border colours)."""
    count = len(pictures)
    angle = _uniform(count, -strength.turn, strength.turn, dice) * (math.pi / 180)
    zoom = _uniform(count, *strength.zoom, dice)
    stretch = _uniform(count, -0.12, 0.12, dice).exp()
    mirror = torch.where(_dice(count, dice=dice) < strength.mirror, -1.0, 1.0)
    across, down = zoom * stretch * mirror, zoom / stretch
    room = (1 - zoom).abs() + 0.04
    shift_x = _uniform(count, -1, 1, dice) * room
    shift_y = _uniform(count, -1, 1, dice) * room
    cosine, sine = angle.cos(), angle.sin()
    rows = [across * cosine, -down * sine, shift_x, across * sine, down * cosine, shift_y]
    turned = torch.stack(rows, 1).view(count, 2, 3)
    grid = functional.affine_grid(turned, [count, 3, size, size], align_corners=False)
    grid = _tilted(grid, strength.tilt, dice)
    moved = functional.grid_sample(pictures, grid, padding_mode="border", align_corners=False)
    return _lay_on_desk(moved, grid, strength.desk, dice)


def _tilted(grid: Tensor, reach: float, dice: Generator) -> Tensor:
    """Tilt in perspective; `grid` (n, h, w, 2) has the sampling position of each pixel."""
    if not reach:
        return grid
    lean = _uniform(2 * len(grid), -reach, reach, dice).view(-1, 1, 1, 2)
    return grid / (1 + (grid * lean).sum(-1, keepdim=True))


def _lay_on_desk(moved: Tensor, grid: Tensor, chance: float, dice: Generator) -> Tensor:
    """Put a random background where the grid samples beyond the picture's edges."""
    chosen = _some(len(moved), chance, dice)
    if not len(chosen):
        return moved
    beyond = (grid[chosen].abs().amax(-1) > 1).float()[:, None]
    beyond = functional.avg_pool2d(beyond, 3, 1, 1, count_include_pad=False)
    desk = _scenes(moved, len(chosen), dice)
    moved[chosen] = moved[chosen] * (1 - beyond) + desk * beyond
    return moved


def _cover(pictures: Tensor, chance: float, dice: Generator) -> Tensor:
    """Cover a rectangle of some pictures with that of another picture (after arXiv 1905.04899)."""
    chosen = _some(len(pictures), chance, dice)
    if not len(chosen):
        return pictures
    count, side = len(chosen), pictures.shape[-1]
    middle = _dice(count, 2, 1, dice=dice)
    reach = _dice(count, 2, 1, dice=dice) * 0.2 + 0.08
    at = (torch.arange(side, device=pictures.device) + 0.5) / side
    hidden = (at - middle).abs() < reach  # (count, 2, side)
    mask = (hidden[:, 0, :, None] & hidden[:, 1, None])[:, None]
    other = torch.randint(len(pictures), (count,), generator=dice, device=dice.device)
    pictures[chosen] = torch.where(mask, pictures[other], pictures[chosen])
    return pictures


def _relight(pictures: Tensor, strength: Strength, dice: Generator) -> Tensor:
    """Change brightness, contrast, saturation and white balance."""
    count, reach = len(pictures), strength.light

    def factor(share: float) -> Tensor:
        return _uniform(count, -share, share, dice).exp().view(-1, 1, 1, 1)

    mean = pictures.mean((1, 2, 3), keepdim=True)
    pictures = mean + (pictures - mean) * factor(reach)
    grey = pictures.mean(1, keepdim=True)
    pictures = grey + (pictures - grey) * factor(reach)
    balance = _uniform(3 * count, -strength.balance, strength.balance, dice).exp()
    return pictures * factor(reach) * balance.view(count, 3, 1, 1)


def _wear(pictures: Tensor, chance: float, dice: Generator) -> Tensor:
    """Blur some pictures, add noise to some, and compress some as JPEG does."""
    size = pictures.shape[-1]
    blurred = _some(len(pictures), chance, dice)
    if len(blurred):
        small = functional.interpolate(pictures[blurred], (int(size * 0.55),) * 2, mode="area")
        pictures[blurred] = functional.interpolate(small, (size, size), mode="bilinear")
    noisy = _some(len(pictures), chance, dice)
    if len(noisy):
        level = _uniform(len(noisy), 0.01, 0.05, dice).view(-1, 1, 1, 1)
        shape = (len(noisy), *pictures.shape[1:])
        pictures[noisy] += level * torch.randn(shape, generator=dice, device=dice.device)
    pressed = _some(len(pictures), chance, dice)
    if len(pressed) and size % _BLOCK == 0:
        pictures[pressed] = _press(pictures[pressed], _uniform(len(pressed), 0.04, 0.2, dice))
    return pictures


def _press(pictures: Tensor, loss: Tensor) -> Tensor:
    """Quantise the cosine transform of 8 x 8 blocks, coarser at high frequencies, as JPEG does."""
    count, channels, size, _ = pictures.shape
    blocks = size // _BLOCK
    split = pictures.reshape(count, channels, blocks, _BLOCK, blocks, _BLOCK).transpose(3, 4)
    basis, steps = (one.to(pictures.device) for one in _cosines())
    waves = basis @ split @ basis.T
    quantum = loss.view(-1, 1, 1, 1, 1, 1) * steps
    pressed = basis.T @ ((waves / quantum).round() * quantum) @ basis
    return pressed.transpose(3, 4).reshape(count, channels, size, size)


def _cosines() -> tuple[Tensor, Tensor]:
    """Return the 8 x 8 cosine basis, and quantisation steps that grow with frequency."""
    at = torch.arange(_BLOCK)
    basis = torch.cos((2 * at[None] + 1) * at[:, None] * math.pi / (2 * _BLOCK)) * 0.5
    basis[0] *= math.sqrt(0.5)
    return basis, 0.4 + (at[:, None] + at[None]) / 4
