"""Hot regions of maps, from PyTorch's interpolation and scikit-image's regions.

Writes fixtures/contours/cases.json: maps, levels, and the connected regions where a map is at or above the level's share
of its maximum, on a grid that is fine enough to count pixels. Holes are filled. Everything is in shares of the map's sides.
"""

import json
from pathlib import Path

import numpy as np
import torch
from scipy.ndimage import binary_fill_holes
from skimage.measure import label, regionprops

SIZE = 1792
OUT = Path(__file__).parents[2] / "fixtures" / "contours" / "cases.json"


def enlarge(heat):
    tensor = torch.from_numpy(heat)[None, None]
    return torch.nn.functional.interpolate(tensor, size=(SIZE, SIZE), mode="bilinear", align_corners=False)[0, 0].numpy()


def regions_of(heat, level):
    numbered = label(enlarge(heat) >= level * heat.max(), connectivity=1)
    found = []
    for region in regionprops(numbered):
        top, left, bottom, right = region.bbox
        filled = binary_fill_holes(region.image)
        rows, columns = np.nonzero(filled)
        found.append(
            {
                "box": [left / SIZE, top / SIZE, (right - left) / SIZE, (bottom - top) / SIZE],
                "area": filled.sum() / SIZE**2,
                "centre": [(left + columns.mean() + 0.5) / SIZE, (top + rows.mean() + 0.5) / SIZE],
            }
        )
    return sorted(found, key=lambda region: -region["area"])


def case(heat, level):
    regions = regions_of(heat, level)
    # Neither a speck nor a bridge that is about to break.
    assert all(region["area"] > 1e-3 for region in regions)
    assert len(regions_of(heat, level * 0.99)) == len(regions) == len(regions_of(heat, level * 1.01))
    return {
        "height": heat.shape[0],
        "width": heat.shape[1],
        "values": [float(f"{value:.6g}") for value in heat.ravel()],
        "level": level,
        "regions": regions,
    }


def main():
    random = np.random.default_rng(16)
    ring = np.ones((5, 5))
    ring[2, 2] = 0
    ring[:, 0] = ring[:, 4] = ring[0] = ring[4] = 0.1
    cases = [case(ring, 0.5)]
    while len(cases) < 12:
        height, width = [(7, 7), (14, 14), (3, 9), (28, 28)][len(cases) % 4]
        noise = torch.from_numpy(random.random((1, 1, 4, 4)) ** 3)
        heat = torch.nn.functional.interpolate(noise, size=(height, width), mode="bilinear")[0, 0].numpy()
        heat = np.round(heat * random.uniform(0.5, 9), 5)
        level = [0.3, 0.5, 180 / 255, 0.9][random.integers(4)]
        try:
            cases.append(case(heat, level))
        except AssertionError:
            continue
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps({"cases": cases}) + "\n")


if __name__ == "__main__":
    main()
