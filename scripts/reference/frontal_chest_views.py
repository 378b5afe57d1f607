"""Random changes to pictures for the fit of `frontal-chest`: what may happen to a frontal X-ray without its being another."""
import torch
import torch.nn.functional as F

from frontal_chest_net import SIDE


def uniform(rng, low, high, *shape):
    return low + (high - low) * torch.rand(*shape, generator=rng)


def chance(rng, probability, count):
    return (torch.rand(count, generator=rng) < probability).float().view(-1, 1, 1, 1)


def moved(x, rng, turn, zoom, shift):
    """Turn by up to `turn` degrees, zoom, shift, stretch and bend. Outside: black, or the edge's own grey."""
    n, size = len(x), x.shape[-1]
    angle = torch.deg2rad(uniform(rng, -turn, turn, n))
    # A grid's scale above 1 shows the picture smaller.
    scale = torch.exp(uniform(rng, -zoom[0], zoom[1], n))
    aspect = torch.exp(uniform(rng, -0.13, 0.13, n))
    cos, sin = torch.cos(angle) * scale, torch.sin(angle) * scale
    theta = torch.stack(
        [
            torch.stack([cos * aspect, -sin * aspect, uniform(rng, -shift, shift, n)], 1),
            torch.stack([sin / aspect, cos / aspect, uniform(rng, -shift, shift, n)], 1),
        ],
        1,
    )
    grid = F.affine_grid(theta, x.shape, align_corners=False)
    bend = F.interpolate(torch.randn(n, 2, 4, 4, generator=rng) * 0.04, size=(size, size), mode="bicubic", align_corners=True)
    grid = grid + bend.permute(0, 2, 3, 1)
    black = F.grid_sample(x, grid, padding_mode="zeros", align_corners=False)
    edge = F.grid_sample(x, grid, padding_mode="border", align_corners=False)
    which = chance(rng, 0.5, n)
    return which * black + (1 - which) * edge


def shaded(x, rng):
    """Shadows and opacities: up to two soft spots, and a slope of brightness."""
    n, size = len(x), x.shape[-1]
    line = torch.linspace(-1, 1, size)
    yy, xx = line.view(1, 1, -1, 1), line.view(1, 1, 1, -1)

    def column(low, high):
        return uniform(rng, low, high, n).view(-1, 1, 1, 1)

    for strength in (0.5, 0.3):
        spot = torch.exp(-(((xx - column(-0.7, 0.7)) / column(0.1, 0.4)) ** 2 + ((yy - column(-0.7, 0.7)) / column(0.1, 0.5)) ** 2))
        x = x + chance(rng, 0.35, n) * spot * column(-strength * 0.6, strength)
    return (x + chance(rng, 0.4, n) * (column(-0.2, 0.2) * xx + column(-0.2, 0.2) * yy)).clamp(0, 1)


def equalised(x):
    """Each picture with a flat histogram."""
    flat = x.flatten(1)
    ranks = flat.argsort(1).argsort(1).float() / (flat.shape[1] - 1)
    return ranks.view_as(x)


def exposed(x, rng, strength=1.0):
    """Gamma, a narrower or wider window, equalisation, noise, and blur."""
    n = len(x)

    def column(low, high):
        return uniform(rng, low, high, n).view(-1, 1, 1, 1)

    which = chance(rng, 0.15 * strength, n)
    x = which * equalised(x) + (1 - which) * x
    x = x.clamp(1e-4, 1) ** torch.exp(column(-0.8, 0.8) * strength)
    width, middle = torch.exp(column(-0.5, 0.5) * strength), 0.5 + column(-0.15, 0.15) * strength
    x = ((x - middle) / width + 0.5).clamp(0, 1)
    blurred = F.avg_pool2d(F.pad(x, (2, 2, 2, 2), mode="replicate"), 5, 1)
    which = chance(rng, 0.2, n)
    x = which * blurred + (1 - which) * x
    return (x + chance(rng, 0.4, n) * column(0, 0.12) * torch.randn(x.shape, generator=rng)).clamp(0, 1)


def framed(x, rng):
    """Bars of collimation or paper at the sides, and bright or dark markers, as letters and electrodes are."""
    n, size = len(x), x.shape[-1]
    line = torch.arange(size).float()
    yy, xx = line.view(1, 1, -1, 1), line.view(1, 1, 1, -1)

    def column(low, high):
        return uniform(rng, low, high, n).view(-1, 1, 1, 1)

    for along, far in ((xx, False), (xx, True), (yy, False), (yy, True)):
        width = column(0, 0.14) * size
        inside = (along > size - width) if far else (along < width)
        bar = inside.float() * chance(rng, 0.15, n)
        shade = (column(0, 1) > 0.7).float() * column(0.5, 1)
        x = x * (1 - bar) + shade * bar
    for _ in range(3):
        left, top, wide, high = (column(0, 1) * size, column(0, 1) * size, column(0.02, 0.1) * size, column(0.02, 0.1) * size)
        mark = ((xx >= left) & (xx < left + wide) & (yy >= top) & (yy < top + high)).float() * chance(rng, 0.3, n)
        shade = (column(0, 1) > 0.3).float()
        x = x * (1 - mark) + shade * mark
    return x


def chest_views(x, rng):
    """Random views of chests as thumbnails. x: N × 1 × size × size from 0 to 1, upright. Returns N × SIDE × SIDE, 0 to 255."""
    x = moved(x, rng, turn=14, zoom=(0.25, 0.35), shift=0.14)
    return thumbnails(framed(exposed(shaded(x, rng), rng), rng))


def other_views(x, rng):
    """Random views of anything else."""
    x = moved(x, rng, turn=20, zoom=(0.4, 0.15), shift=0.15)
    return thumbnails(framed(exposed(x, rng, 0.7), rng))


def mild_views(x, rng):
    """Views such as other hospitals make: for measuring, weaker than those of the fit."""
    x = moved(x, rng, turn=8, zoom=(0.15, 0.15), shift=0.08)
    return thumbnails(framed(exposed(x, rng, 0.5), rng))


def chest_parts(x, rng):
    """Small parts of chests, 25 to 40 % of the side: X-rays that are no frontal chest."""
    n = len(x)
    scale = uniform(rng, 0.22, 0.38, n)
    zero = torch.zeros(n)
    theta = torch.stack(
        [torch.stack([scale, zero, uniform(rng, -0.6, 0.6, n)], 1), torch.stack([zero, scale, uniform(rng, -0.6, 0.6, n)], 1)], 1
    )
    x = F.grid_sample(x, F.affine_grid(theta, x.shape, align_corners=False), padding_mode="border", align_corners=False)
    return thumbnails(exposed(x, rng, 0.5))


def thumbnails(x):
    """N × 1 × size × size from 0 to 1 → N × SIDE × SIDE from 0 to 255, by area."""
    return F.adaptive_avg_pool2d(x, SIDE)[:, 0] * 255
