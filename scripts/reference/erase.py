#!/usr/bin/env python3
"""Reference fills of erased parts: Laplace's equation solved directly by SciPy's sparse LU, in float64.

    python3 scripts/reference/erase.py            # writes fixtures/image/erase.json

Each unknown pixel is the mean of its four neighbours; neighbours beyond the border of the picture are left out of the mean.
Pictures and masks come from formulas that the tests compute as well.
"""

import json
import pathlib

import numpy as np
from scipy.sparse import lil_matrix
from scipy.sparse.linalg import spsolve

from image import write_cases
from patterns import pattern

# name, seed, width, height, shape of the mask
CASES = [
    ("disc", 401, 61, 47, "disc"),
    ("disc over the left border", 402, 64, 64, "border"),
    ("ring around a kept disc", 403, 80, 72, "ring"),
    ("thin stroke", 404, 90, 33, "stroke"),
    ("lattice of single pixels", 405, 40, 41, "lattice"),
    ("two parts", 406, 75, 50, "two"),
    ("all but one pixel", 407, 33, 29, "all-but-one"),
    ("a corner", 408, 48, 52, "corner"),
]


def mask_of(shape, width, height):
    y, x = np.mgrid[0:height, 0:width]
    squared = lambda cx, cy: (x - cx) ** 2 + (y - cy) ** 2
    cx, cy = width // 2, height // 2
    return {
        "disc": squared(cx, cy) < 18**2,
        "border": squared(0, cy) < 20**2,
        "ring": (squared(cx, cy) < 30**2) & (squared(cx, cy) > 8**2),
        "stroke": abs(3 * y - x) < 4,
        "lattice": (x % 2 == 1) & (y % 3 == 1),
        "two": (squared(18, 20) < 12**2) | (squared(55, 28) < 15**2),
        "all-but-one": (x != 5) | (y != 7),
        "corner": (x < 20) & (y < 25),
    }[shape]


def fill(picture, mask):
    height, width = picture.shape
    index = -np.ones(mask.shape, int)
    index[mask] = np.arange(mask.sum())
    matrix, right = lil_matrix((mask.sum(), mask.sum())), np.zeros(mask.sum())
    for y, x in np.argwhere(mask):
        k = index[y, x]
        for row, column in [(y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)]:
            if not (0 <= row < height and 0 <= column < width):
                continue
            matrix[k, k] += 1
            if mask[row, column]:
                matrix[k, index[row, column]] -= 1
            else:
                right[k] += picture[row, column]
    out = picture.copy()
    out[mask] = spsolve(matrix.tocsr(), right)
    return out


def cases():
    for name, seed, width, height, shape in CASES:
        # Smooth from left to right and noisy, so that both low and high frequencies stand at the edge of the part.
        noise = pattern("noise", seed, width * height).reshape(height, width).astype(np.float64)
        x = np.arange(width)[None]
        picture = np.floor(x * 160 / width + noise * 64 / 256)
        mask = mask_of(shape, width, height)
        filled = fill(picture, mask)
        rows = [[int(y), int(x)] for y, x in np.argwhere(mask)]
        kept = rows[:: max(1, len(rows) // 60)]
        yield {
            "name": name,
            "seed": seed,
            "width": width,
            "height": height,
            "shape": shape,
            "erased": int(mask.sum()),
            "values": [[y, x, round(float(filled[y, x]), 4)] for y, x in kept],
        }


if __name__ == "__main__":
    write_cases("erase.json", list(cases()))
