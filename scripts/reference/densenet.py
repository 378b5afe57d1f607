"""Reference numbers for DenseNet121 and its heatmaps: torchvision's network in float64, autograd, NumPy's SVD.

    python3 scripts/reference/densenet.py            # writes fixtures/densenet/*.json

Made with torch 1.13, torchvision 0.14, NumPy 1.24. The weights are those of seeded.py. The network runs in
float64, so that the numbers are correct to far more digits than any float32 engine can differ by.
Heatmaps follow pytorch-grad-cam's definitions line by line, with A the output of norm5 before the ReLU.
"""
import hashlib
import json
from pathlib import Path

import numpy as np
import torch

from seeded import empty_densenet121, seeded_densenet121, seeded_image, seeded_state_dict

OUT = Path(__file__).resolve().parents[2] / "fixtures" / "densenet"

CASES = [
    dict(name="rgb-14-labels-224", seed=1, labels=14, channels=3, height=224, width=224, images=[0, 5], maps=True),
    dict(name="grey-18-labels-224", seed=2, labels=18, channels=1, height=224, width=224, images=[3], maps=True),
    dict(name="rgb-3-labels-64", seed=3, labels=3, channels=3, height=64, width=64, images=[1, 2, 4], maps=True),
    dict(name="rgb-2-labels-100-odd-halves", seed=4, labels=2, channels=3, height=100, width=100, images=[7], maps=True),
    dict(name="rgb-5-labels-96-high-160-wide", seed=5, labels=5, channels=3, height=96, width=160, images=[8], maps=True),
    dict(name="rgb-4-labels-320", seed=6, labels=4, channels=3, height=320, width=320, images=[9], maps=True),
]


def gradients_at(model, x, layers):
    """The logits, and for each layer its output A, [K, H, W], with g = ∂logit/∂A for each label, [labels, K, H, W]."""
    kept = {}

    def keep(layer):
        def hook(_module, _inputs, output):
            kept[layer] = output
            return output.clone()  # torchvision's ReLU works in place, but A itself must not change

        return hook

    handles = [getattr(model.features, layer).register_forward_hook(keep(layer)) for layer in layers]
    logits = model(x)
    for handle in handles:
        handle.remove()
    outputs = [kept[layer] for layer in layers]
    found = [torch.autograd.grad(logit, outputs, retain_graph=True) for logit in logits[0]]
    g = [np.stack([row[i][0].numpy() for row in found]) for i in range(len(layers))]
    A = [output[0].detach().numpy() for output in outputs]
    return logits[0].detach().numpy(), dict(zip(layers, zip(A, g)))


def gradients(model, x, layer="norm5"):
    """A, the output of a layer, and g = ∂logit/∂A for each label: [K, H, W] and [labels, K, H, W]; one image."""
    logits, at = gradients_at(model, x, [layer])
    return (logits, *at[layer])


def gradcam(A, g):
    weights = g.mean(axis=(1, 2))
    return (weights[:, None, None] * A).sum(axis=0)


def gradcam_plus_plus(A, g):
    g2, g3 = g**2, g**2 * g
    sum_activations = A.sum(axis=(1, 2))
    aij = g2 / (2 * g2 + sum_activations[:, None, None] * g3 + 0.000001)
    aij = np.where(g != 0, aij, 0)
    weights = (np.maximum(g, 0) * aij).sum(axis=(1, 2))
    return (weights[:, None, None] * A).sum(axis=0)


def hirescam(A, g):
    return (g * A).sum(axis=0)


def layercam(A, g):
    return (np.maximum(g, 0) * A).sum(axis=0)


def eigencam(A):
    """get_2d_projection; the sign, which an SVD leaves open, is chosen by the sum of the positive features."""
    X = A.reshape(A.shape[0], -1).transpose()
    X = X - X.mean(axis=0)
    _, _, VT = np.linalg.svd(X, full_matrices=False)
    projection = X @ VT[0, :]
    strength = np.maximum(A, 0).sum(axis=0).ravel()
    if np.dot(projection, strength - strength.mean()) < 0:
        projection = -projection
    return projection.reshape(A.shape[1:])


PER_LABEL = {"gradcam": gradcam, "gradcam++": gradcam_plus_plus, "hirescam": hirescam, "layercam": layercam}


def maps_of(A, g):
    """The maps of every method, after the ReLU, not normalised: [labels, H, W]; EigenCAM has one map for all labels."""
    maps = {name: np.stack([method(A, gc) for gc in g]) for name, method in PER_LABEL.items()}
    maps["eigencam"] = eigencam(A)[None]
    return {name: np.maximum(values, 0) for name, values in maps.items()}


def compact(values, digits=8):
    return [float(f"{v:.{digits}g}") for v in np.asarray(values).ravel()]


def run(case):
    model = seeded_densenet121(case["seed"], case["labels"], case["channels"]).double()
    results = []
    for seed in case["images"]:
        image = seeded_image(seed, case["channels"], case["height"], case["width"])
        logits, A, g = gradients(model, torch.from_numpy(image)[None].double())
        maps = {name: compact(values) for name, values in maps_of(A, g).items()}
        print(case["name"], seed, "smallest |A|", np.abs(A).min())
        results.append({"image": seed, "logits": compact(logits), "mapShape": list(A.shape[1:]), "maps": maps})
    keys = ("seed", "labels", "channels", "height", "width")
    write(case["name"], {**{k: case[k] for k in keys}, "results": results})


def write(name, value):
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / f"{name}.json").write_text(json.dumps(value, separators=(",", ":")) + "\n")


def state_dict_names():
    tensors = empty_densenet121(14, 3).state_dict()
    write("state-dict", {name: [str(t.dtype)[6:], list(t.shape)] for name, t in tensors.items()})


def seeded_hashes():
    rows = []
    for seed, labels, channels in [(0, 14, 3), (1, 14, 3), (4294967295, 18, 1)]:
        digest = hashlib.sha256()
        for tensor in seeded_state_dict(seed, labels, channels).values():
            digest.update(tensor.numpy().tobytes())
        rows.append({"seed": seed, "labels": labels, "channels": channels, "sha256": digest.hexdigest()})
    write("seeded-weights", rows)


if __name__ == "__main__":
    state_dict_names()
    seeded_hashes()
    for case in CASES:
        run(case)
