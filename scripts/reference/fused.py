"""Heatmaps that fuse the maps of several layers: torchvision's network in float64, autograd, PyTorch's interpolation.

    python3 scripts/reference/fused.py               # writes fixtures/fused/*.json

The network, the gradients and the map of each layer are those of densenet.py. What is fused is each layer's map over
its maximum, brought to the size of the result by torch.nn.functional.interpolate; a map without a positive value is 0
everywhere. The product takes Grad-CAM at norm5 and LayerCAM at every other layer; the maximum takes LayerCAM at every
layer, scaled by tanh(2 · M / max M) (equation 8 of LayerCAM). A fused map has four times the cells of its finest layer
along each axis.
"""
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from densenet import PER_LABEL, compact, gradients_at
from seeded import seeded_densenet121, seeded_image

OUT = Path(__file__).resolve().parents[2] / "fixtures" / "fused"

CELLS = 4
SETS = [["norm5", "denseblock3", "denseblock2"], ["denseblock4", "denseblock3"], ["norm5", "transition2"]]

# The Grad-CAM map of one label is 0 everywhere.
CASE = dict(name="grey-3-labels-100-high-72-wide", seed=20, labels=3, channels=1, height=100, width=72, image=6)

# Each label's method and layers, for maps of one common size.
BY_LABEL = [("product", SETS[0]), ("maximum", SETS[1]), ("layercam", ["transition2"])]


def layer_map(method, A, g):
    """One label's map of one layer, [H, W], ReLU applied."""
    return torch.from_numpy(np.maximum(PER_LABEL[method](A, g), 0))


def over_maximum(values):
    return values / values.max() if values.max() > 0 else torch.zeros_like(values)


def resized(values, size):
    return F.interpolate(values[None, None], size=size, mode="bilinear", align_corners=False)[0, 0]


def product(at, label, size):
    """`at`: each layer's A and g, as gradients_at gives them."""
    factors = [
        layer_map("gradcam" if layer == "norm5" else "layercam", A, g[label]) for layer, (A, g) in at.items()
    ]
    return torch.stack([resized(over_maximum(m), size) for m in factors]).prod(dim=0)


def maximum(at, label, size):
    maps = [layer_map("layercam", A, g[label]) for A, g in at.values()]
    return torch.stack([resized(torch.tanh(2 * over_maximum(m)), size) for m in maps]).amax(dim=0)


FUSED = {"product": product, "maximum": maximum}


def fused_size(at):
    return tuple(CELLS * max(A.shape[axis] for A, _ in at.values()) for axis in (1, 2))


def fused_maps(method, at, labels):
    """The maps of some labels, [labels, height, width]."""
    return np.stack([FUSED[method](at, label, fused_size(at)).numpy() for label in labels])


def common_maps(at):
    """Each label's map by BY_LABEL, at the size of the finest."""
    chosen = [(method, {layer: at[layer] for layer in layers}) for method, layers in BY_LABEL]
    size = max(fused_size(some) for method, some in chosen if method in FUSED)
    maps = []
    for label, (method, some) in enumerate(chosen):
        if method in FUSED:
            maps.append(FUSED[method](some, label, size))
        else:
            ((A, g),) = some.values()
            maps.append(resized(layer_map(method, A, g[label]), size))
    return size, np.stack([m.numpy() for m in maps])


def run(case):
    model = seeded_densenet121(case["seed"], case["labels"], case["channels"]).double()
    image = torch.from_numpy(seeded_image(case["image"], case["channels"], case["height"], case["width"]))
    _, at = gradients_at(model, image[None].double(), list(dict.fromkeys(layer for layers in SETS for layer in layers)))
    sets = []
    for layers in SETS:
        some = {layer: at[layer] for layer in layers}
        maps = {method: compact(fused_maps(method, some, range(case["labels"])), 6) for method in FUSED}
        sets.append({"layers": layers, "mapShape": fused_size(some), "maps": maps})
    size, common = common_maps(at)
    recipes = [{"method": method, "layers": layers} for method, layers in BY_LABEL]
    by_label = {"recipes": recipes, "mapShape": size, "maps": compact(common, 6)}
    keys = ("seed", "labels", "channels", "height", "width", "image")
    OUT.mkdir(parents=True, exist_ok=True)
    result = {**{k: case[k] for k in keys}, "sets": sets, "byLabel": by_label}
    (OUT / f"{case['name']}.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    run(CASE)
