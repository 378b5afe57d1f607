"""Reference numbers for the terms of the logits: HiResCAM at norm5 before any ReLU, from autograd in float64.

    python3 scripts/reference/terms.py            # writes fixtures/terms/*.json

The terms of a label are Σ_k g_k · A_k at each position, with A the output of norm5 before the ReLU and g the gradient of the
label's logit. Each file also has the classifier's bias and the logits: for every label, terms and bias add up to the logit,
which this script checks to 1e-12.
"""
import json
from pathlib import Path

import numpy as np
import torch

from densenet import compact, gradients, hirescam
from seeded import seeded_densenet121, seeded_image

OUT = Path(__file__).resolve().parents[2] / "fixtures" / "terms"

CASES = [
    dict(name="rgb-14-labels-224", seed=1, labels=14, channels=3, height=224, width=224, images=[0, 5]),
    dict(name="grey-18-labels-224", seed=2, labels=18, channels=1, height=224, width=224, images=[3]),
    dict(name="rgb-5-labels-96-high-160-wide", seed=5, labels=5, channels=3, height=96, width=160, images=[8]),
]


def run(case):
    model = seeded_densenet121(case["seed"], case["labels"], case["channels"]).double()
    bias = model.classifier.bias.detach().numpy()
    results = []
    for seed in case["images"]:
        image = seeded_image(seed, case["channels"], case["height"], case["width"])
        logits, A, g = gradients(model, torch.from_numpy(image)[None].double())
        terms = np.stack([hirescam(A, gc) for gc in g])
        assert np.abs(terms.sum(axis=(1, 2)) + bias - logits).max() < 1e-12
        shape = list(A.shape[1:])
        results.append({"image": seed, "logits": compact(logits), "mapShape": shape, "terms": compact(terms)})
    keys = ("seed", "labels", "channels", "height", "width")
    OUT.mkdir(parents=True, exist_ok=True)
    value = {**{k: case[k] for k in keys}, "bias": compact(bias), "results": results}
    (OUT / f"{case['name']}.json").write_text(json.dumps(value) + "\n")


if __name__ == "__main__":
    for case in CASES:
        run(case)
