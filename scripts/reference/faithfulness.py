"""Deletion and insertion curves, from SciPy's blur and PyTorch's interpolation.

Writes fixtures/faithfulness/cases.json: planes and their blurs; and images and maps with the order in which positions
are taken, and the curves of a made-up model, the sigmoid of a weighted sum.
"""

import json
from pathlib import Path

import numpy as np
import scipy
import torch
from scipy.ndimage import gaussian_filter

OUT = Path(__file__).resolve().parents[2] / "fixtures" / "faithfulness" / "cases.json"


def blurs():
    random = np.random.default_rng(4)
    for height, width, sigma in [(9, 7, 1.0), (24, 20, 0.9), (5, 12, 4.0), (1, 8, 2.0), (30, 30, 1.3393)]:
        plane = random.normal(size=(height, width))
        blurred = gaussian_filter(plane, sigma, mode="nearest", truncate=4)
        yield {
            "height": height,
            "width": width,
            "sigma": sigma,
            "plane": plane.ravel().tolist(),
            "blurred": blurred.ravel().tolist(),
        }


def order_of(heat, height, width):
    span = heat.max() - heat.min()
    scaled = (heat - heat.min()) / span if span > 0 else np.zeros_like(heat)
    tensor = torch.from_numpy(scaled)[None, None]
    large = torch.nn.functional.interpolate(tensor, size=(height, width), mode="bilinear", align_corners=False)
    values = large[0, 0].numpy().ravel()
    # Rounding may differ in the last digits, so the test accepts any order of positions that are this close.
    return np.argsort(-values, kind="stable"), values


def cases():
    random = np.random.default_rng(11)
    for name, channels, height, width, rows, columns, steps in [
        ("square, one channel", 1, 24, 24, 3, 3, 6),
        ("three channels, not square", 3, 20, 28, 5, 4, 7),
        ("more steps than fit evenly", 1, 9, 11, 2, 3, 16),
        ("a flat map", 1, 8, 8, 2, 2, 4),
    ]:
        image = random.normal(size=(channels, height, width)).astype(np.float32)
        heat = np.ones((rows, columns)) if name == "a flat map" else random.random((rows, columns))
        weights = random.normal(size=image.shape) / 10
        sigma = 10 / 224 * min(height, width)
        blurred = np.stack([gaussian_filter(c.astype(np.float64), sigma, mode="nearest", truncate=4) for c in image])
        order, values = order_of(heat, height, width)
        curves = {}
        for kind, start, end in [("deletion", image, blurred), ("insertion", blurred, image)]:
            probabilities = []
            for step in range(steps + 1):
                taken = order[: int(np.floor(step * height * width / steps + 0.5))]
                mask = np.zeros(height * width, bool)
                mask[taken] = True
                current = np.where(mask.reshape(height, width), end, start)
                probabilities.append(float(1 / (1 + np.exp(-(weights * current).sum()))))
            curves[kind] = {"probabilities": probabilities, "area": float(np.trapz(probabilities, dx=1 / steps))}
        yield {
            "name": name,
            "channels": channels,
            "height": height,
            "width": width,
            "steps": steps,
            "image": image.astype(float).ravel().tolist(),
            "map": {"rows": rows, "columns": columns, "values": heat.ravel().tolist()},
            "weights": weights.ravel().tolist(),
            "heat": values.tolist(),
            **curves,
        }


OUT.parent.mkdir(parents=True, exist_ok=True)
made_with = {"numpy": np.__version__, "scipy": scipy.__version__, "torch": torch.__version__}
OUT.write_text(json.dumps({"made_with": made_with, "blurs": list(blurs()), "cases": list(cases())}) + "\n")
