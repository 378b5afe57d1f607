"""Localisation cases, from PyTorch's interpolation and scikit-image's regions.

Writes fixtures/localisation/cases.json: maps, where they point, boxes around their hot regions, and the overlap of
these with known boxes, measured by counting the pixels of masks.
"""

import json
from pathlib import Path

import numpy as np
import torch
from skimage.measure import label, regionprops

SIZE = 224
OUT = Path(__file__).parents[2] / "fixtures" / "localisation" / "cases.json"


def enlarge(heat):
    tensor = torch.from_numpy(heat)[None, None]
    return torch.nn.functional.interpolate(tensor, size=(SIZE, SIZE), mode="bilinear", align_corners=False)[0, 0].numpy()


def normalise(heat):
    span = heat.max() - heat.min()
    return (heat - heat.min()) / span if span > 0 else np.zeros_like(heat)


def mask_of(boxes):
    mask = np.zeros((SIZE, SIZE), bool)
    for x, y, width, height in boxes:
        mask[y : y + height, x : x + width] = True
    return mask


def boxes_around(heat, level):
    regions = regionprops(label(enlarge(normalise(heat)) >= level, connectivity=2))
    boxes = []
    for region in regions:
        top, left, bottom, right = region.bbox
        boxes.append([left, top, right - left, bottom - top])
    return boxes


def case(name, heat, level, known):
    detected = boxes_around(heat, level)
    ours, theirs = mask_of(detected), mask_of(known)
    both, either = (ours & theirs).sum(), (ours | theirs).sum()
    rows, columns = np.unravel_index(np.argmax(heat), heat.shape)
    peak = [(columns + 0.5) * SIZE / heat.shape[1], (rows + 0.5) * SIZE / heat.shape[0]]
    return {
        "name": name,
        "height": heat.shape[0],
        "width": heat.shape[1],
        "values": heat.ravel().tolist(),
        "level": level,
        "known": known,
        "peak": None if heat.max() == heat.min() else peak,
        "detected": detected,
        "iou": float(both / either) if either else 0.0,
        "iobb": float(both / ours.sum()) if ours.sum() else 0.0,
    }


def random_boxes(rng, count):
    boxes = []
    for _ in range(count):
        x, y = rng.integers(0, SIZE - 20, 2)
        width, height = rng.integers(8, 90, 2)
        boxes.append([int(x), int(y), int(min(width, SIZE - x)), int(min(height, SIZE - y))])
    return boxes


def main():
    rng = np.random.default_rng(14)
    cases = []
    for i in range(24):
        height, width = [(7, 7), (7, 7), (14, 14), (5, 9)][i % 4]
        heat = np.maximum(rng.normal(size=(height, width)), 0)
        level = [0.25, 0.5, 0.7, 0.9][(i // 4) % 4]
        cases.append(case(f"random {i}", heat, level, random_boxes(rng, 1 + i % 3)))
    hot = np.zeros((7, 7))
    hot[2, 5] = 3
    cases.append(case("one cell", hot, 0.5, [[160, 60, 40, 40]]))
    corners = np.zeros((7, 7))
    corners[0, 0] = corners[6, 6] = 1
    cases.append(case("two corners, equally hot", corners, 0.5, [[0, 0, 10, 10]]))
    diagonal = np.eye(7)
    cases.append(case("a diagonal hangs together", diagonal, 0.5, [[0, 0, 224, 224]]))
    cases.append(case("flat", np.full((7, 7), 2.0), 0.5, [[10, 10, 30, 30]]))
    cases.append(case("zero", np.zeros((7, 7)), 0.5, [[10, 10, 30, 30]]))
    cases.append(case("known boxes that overlap", hot, 0.3, [[150, 60, 40, 40], [160, 70, 40, 40]]))
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(cases, separators=(",", ":")) + "\n")


main()
