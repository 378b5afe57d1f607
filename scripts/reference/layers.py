"""Heatmaps at every layer of DenseNet121 that supports them: torchvision's network in float64, autograd, NumPy's SVD.

    python3 scripts/reference/layers.py              # writes fixtures/layers/*.json

The network, the gradients and the methods are those of densenet.py; A is the output of `features.<layer>`.
"""
import json
from pathlib import Path

import torch

from densenet import compact, gradients, maps_of
from seeded import seeded_densenet121, seeded_image

OUT = Path(__file__).resolve().parents[2] / "fixtures" / "layers"

LAYERS = [
    "norm5", "denseblock4", "transition3", "denseblock3", "transition2", "denseblock2", "transition1", "denseblock1",
]

CASES = [
    dict(name="rgb-14-labels-64", seed=7, labels=14, channels=3, height=64, width=64, image=1),
    dict(name="grey-3-labels-100-high-72-wide", seed=8, labels=3, channels=1, height=100, width=72, image=6),
]


def run(case):
    model = seeded_densenet121(case["seed"], case["labels"], case["channels"]).double()
    image = seeded_image(case["image"], case["channels"], case["height"], case["width"])
    layers = {}
    for layer in LAYERS:
        logits, A, g = gradients(model, torch.from_numpy(image)[None].double(), layer)
        maps = {name: compact(values) for name, values in maps_of(A, g).items()}
        layers[layer] = {"mapShape": list(A.shape[1:]), "maps": maps}
    keys = ("seed", "labels", "channels", "height", "width")
    result = {**{k: case[k] for k in keys}, "image": case["image"], "logits": compact(logits), "layers": layers}
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / f"{case['name']}.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    for case in CASES:
        run(case)
