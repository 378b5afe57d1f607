"""Regions of maps beside known boxes, from PyTorch's interpolation and SciPy's components.

Writes fixtures/localisation/regions.json: pairs of maps and boxes, for each pair how many regions there are at
a level, how many match boxes at IoU 0.1 to 0.5, and the same at the levels of the free-response curve at IoU 0.3; and
of all pairs the precision, the recall and the curve. Everything is in shares of the image's sides.

Regions are found by counting pixels of a fine grid, so boxes are exact to a pixel. Maps whose counts would change if levels
or overlaps were a little different are drawn again.
"""

import json
from pathlib import Path

import numpy as np
import torch
from scipy.ndimage import find_objects, label

SIZE = 1792
LEVELS = [level / 20 for level in range(19, 0, -1)]
THRESHOLDS = [0.1, 0.2, 0.3, 0.4, 0.5]
CURVE = 0.3
# How much a level or an IoU may change without any count changing.
LEVEL_MARGIN = 0.002
IOU_MARGIN = 0.015
OUT = Path(__file__).parents[2] / "fixtures" / "localisation" / "regions.json"


def resized(heat, height, width):
    tensor = torch.from_numpy(heat)[None, None]
    return torch.nn.functional.interpolate(tensor, size=(height, width), mode="bilinear", align_corners=False)[0, 0].numpy()


def regions_at(fine, level, seen):
    """Boxes [left, top, right, bottom] of the map's regions, in shares of the image, cut off at its edges."""
    if fine.max() == fine.min():
        return []
    numbered, _ = label(fine >= level * fine.max())
    x, y, width, height = seen
    boxes = []
    for rows, columns in find_objects(numbered):
        sides = [
            x + columns.start / SIZE * width,
            y + rows.start / SIZE * height,
            x + columns.stop / SIZE * width,
            y + rows.stop / SIZE * height,
        ]
        left, top, right, bottom = np.clip(sides, 0, 1)
        if right > left and bottom > top:
            boxes.append((left, top, right, bottom))
    return boxes


def iou(one, other):
    corners = np.stack([one, other])
    sides = np.minimum(*corners[:, 2:]) - np.maximum(*corners[:, :2])
    both = np.prod(np.maximum(sides, 0))
    areas = np.prod(corners[:, 2:] - corners[:, :2], axis=1)
    return both / (areas.sum() - both)


def matched(regions, known):
    """IoUs of pairs: again and again the best of the regions and boxes that are left."""
    overlaps = np.array([[iou(region, box) for box in known] for region in regions]).reshape(len(regions), len(known))
    found = []
    while overlaps.size and overlaps.max() > 0:
        best = overlaps.max()
        row, column = np.unravel_index(overlaps.argmax(), overlaps.shape)
        overlaps = np.delete(np.delete(overlaps, row, axis=0), column, axis=1)
        found.append(best)
    return found


class Unsure(Exception):
    pass


def tally(fine, level, seen, known, thresholds):
    """The number of regions, and of matches at each threshold."""
    regions = regions_at(fine, level, seen)
    for near in (level * (1 - LEVEL_MARGIN), level * (1 + LEVEL_MARGIN)):
        if near < 1 and len(regions_at(fine, near, seen)) != len(regions):
            raise Unsure
    for region in regions:
        if min(region[2] - region[0], region[3] - region[1]) < 0.01:
            raise Unsure
        overlaps = [iou(region, box) for box in known]
        if any(abs(overlap - threshold) < IOU_MARGIN for overlap in overlaps for threshold in thresholds):
            raise Unsure
    overlaps = matched(regions, known)
    return [len(regions), *(int(np.sum(np.array(overlaps) >= threshold)) for threshold in thresholds)]


def pair_of(random, size, level, seen):
    noise = random.random((4, 4)) ** 3
    heat = np.round(resized(noise, *size) * random.uniform(0.5, 9), 5)
    fine = resized(heat, SIZE, SIZE)
    known = []
    # Some boxes around regions, some anywhere.
    for _ in range(random.integers(1, 4)):
        regions = regions_at(fine, random.choice([0.3, 0.5, 0.7]), seen)
        left, top, right, bottom = regions[random.integers(len(regions))]
        if random.random() < 0.3:
            left, top = random.uniform(0, 0.7, 2)
            right, bottom = left + random.uniform(0.05, 0.3), top + random.uniform(0.05, 0.3)
        moved = np.array([left, top, right, bottom]) + random.normal(0, 0.02, 4)
        left, top, right, bottom = np.round(np.clip(moved, 0, 1), 4)
        if right - left < 0.03 or bottom - top < 0.03:
            raise Unsure
        known.append([left, top, right, bottom])
    at_level = tally(fine, level, seen, known, THRESHOLDS)
    curve = [tally(fine, other, seen, known, [CURVE]) for other in LEVELS]
    return {
        "height": size[0],
        "width": size[1],
        "values": heat.ravel().tolist(),
        "region": dict(zip(["x", "y", "width", "height"], seen)),
        "known": [
            {"x": x, "y": y, "width": round(right - x, 4), "height": round(bottom - y, 4)} for x, y, right, bottom in known
        ],
        "regions": at_level[0],
        "matched": at_level[1:],
        "curve": curve,
    }


def shares(pairs):
    """Precision and recall at each threshold, and the points of the curve: false regions per map, and sensitivity."""
    boxes = sum(len(pair["known"]) for pair in pairs)
    regions = sum(pair["regions"] for pair in pairs)
    found = np.sum([pair["matched"] for pair in pairs], axis=0)
    curve = np.sum([pair["curve"] for pair in pairs], axis=0)
    return {
        "precision": (found / regions).tolist(),
        "recall": (found / boxes).tolist(),
        "curve": [[(all_regions - good) / len(pairs), good / boxes] for all_regions, good in curve.tolist()],
    }


def finding(random, level, count):
    sizes = [(7, 7), (14, 14), (28, 28), (5, 9)]
    # The whole image; its middle; and more than it, as of an image that was padded.
    places = [(0, 0, 1, 1), (0.125, 0.0625, 0.75, 0.875), (0, -0.125, 1, 1.25)]
    pairs = []
    while len(pairs) < count:
        size, seen = sizes[len(pairs) % 4], places[(len(pairs) // 2) % 3]
        try:
            pairs.append(pair_of(random, size, level, seen))
        except Unsure:
            continue
    return {"level": level, "pairs": pairs, **shares(pairs)}


def main():
    random = np.random.default_rng(16)
    findings = [finding(random, 180 / 255, 12), finding(random, 0.45, 8)]
    pairs = [pair for one in findings for pair in one["pairs"]]
    OUT.write_text(json.dumps({"levels": LEVELS, "findings": findings, "overall": shares(pairs)}, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
