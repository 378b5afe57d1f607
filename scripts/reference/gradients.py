#!/usr/bin/env python3
"""Gradients, losses and training steps as PyTorch computes them, in float64.

Writes fixtures/gradients/: conv.json, batch-norm.json, max-pool.json, average-pool.json, loss.json, adam.json and
dense-block.json. Inputs are not stored: `numbers` is the generator of test/support/run-graph.ts, and each output is
weighted with the numbers of seed 99, as in test/support/gradients.ts.
"""

import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

OUT = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "gradients"
COTANGENT = 99


def numbers(shape, seed, low=-2.0, high=2.0):
    """Numbers in [low, high), rounded to float32 once."""
    state, values = (seed + 1) * 2654435761 % 2**32, []
    for _ in range(int(np.prod(shape))):
        state = (state * 1664525 + 1013904223) % 2**32
        values.append(low + ((high - low) * (state >> 8)) / 2**24)
    array = np.array(values, np.float64).astype(np.float32).astype(np.float64)
    return torch.from_numpy(array.reshape(shape)).requires_grad_()


def listed(tensor):
    """Rounded to 9 digits, more than float32 holds."""
    return [float(f"{value:.9g}") for value in tensor.detach().reshape(-1).tolist()]


def followed(y, inputs):
    """The output and the gradients of Σ r · y."""
    gradients = torch.autograd.grad(y, inputs, numbers(y.shape, COTANGENT).detach())
    return {"output": listed(y), "gradients": [listed(g) for g in gradients]}


def conv():
    variants = [
        ([2, 5, 6, 7], [4, 5, 1, 1], 1, 0),
        ([2, 2, 5, 6], [4, 2, 1, 1], 2, 0),
        ([2, 4, 6, 5], [2, 4, 3, 3], 1, 1),
        ([1, 3, 6, 5], [3, 3, 3, 3], 1, 1),
        ([2, 2, 6, 5], [3, 2, 3, 3], 1, 1),
        ([2, 2, 13, 10], [1, 2, 3, 3], 1, 1),
        ([2, 1, 13, 10], [2, 1, 3, 3], 1, 1),
        ([1, 2, 15, 12], [3, 2, 7, 7], 2, 3),
        ([1, 2, 8, 10], [2, 2, 3, 3], 3, 0),
        ([2, 2, 7, 6], [2, 2, 5, 5], 1, 1),
    ]
    for x, w, stride, padding in variants:
        inputs = [numbers(x, 1), numbers(w, 2)]
        y = F.conv2d(*inputs, stride=stride, padding=padding)
        yield {"x": x, "w": w, "stride": stride, "padding": padding, **followed(y, inputs)}


def batch_norm():
    for shape in ([2, 3, 4, 5], [4, 2, 3, 3], [1, 3, 4, 4]):
        c = [shape[1]]
        x, weight, bias, mean = numbers(shape, 1), numbers(c, 2), numbers(c, 3), numbers(c, 4)
        variance = numbers(c, 5, 0.01, 2.0)
        for training in (False, True):
            running = (mean.detach().clone(), variance.detach().clone())
            y = F.batch_norm(x, *running, weight, bias, training, 0.1, 1e-5)
            yield {"shape": shape, "training": training, **followed(y, [x, weight, bias])}


def max_pool():
    for shape, kernel, stride, padding in (
        ([1, 2, 8, 8], 3, 2, 1),
        ([1, 2, 7, 5], 2, 2, 0),
        ([1, 1, 6, 6], 3, 1, 1),
        ([1, 1, 8, 10], 2, 3, 0),
    ):
        # Integers from a small range, so that many windows have several largest values.
        for low in (-2.0, -9.0):
            x = numbers(shape, 7, low, low + 4).detach().floor().requires_grad_()
            y = F.max_pool2d(x, kernel, stride, padding)
            window = {"kernel": kernel, "stride": stride, "padding": padding}
            yield {"shape": shape, "low": low, **window, **followed(y, [x])}


def average_pool():
    for shape, kernel, stride in (([2, 2, 6, 4], 2, 2), ([1, 2, 7, 5], 2, 2), ([1, 1, 6, 7], 3, 1), ([1, 1, 9, 8], 2, 3)):
        x = numbers(shape, 5)
        yield {"shape": shape, "kernel": kernel, "stride": stride, **followed(F.avg_pool2d(x, kernel, stride), [x])}


def loss():
    """Targets are 1 where their numbers are positive, known where theirs are below 1; logits reach ±span."""
    for n, labels, span, weighed in ((4, 3, 2, False), (4, 3, 2, True), (5, 14, 8, True), (3, 4, 100, True), (1, 1, 2, False)):
        logits = numbers([n, labels], 1, -span, span)
        targets = (numbers([n, labels], 2) > 0).double()
        known = (numbers([n, labels], 3) < 1).double()
        positives = numbers([labels], 4, 0.5, 6.0).detach() if weighed else None
        total = F.binary_cross_entropy_with_logits(logits, targets, known, pos_weight=positives, reduction="sum")
        mean = total / known.sum()
        (gradient,) = torch.autograd.grad(mean, logits)
        row = {"n": n, "labels": labels, "span": span, "weighed": weighed}
        yield {**row, "known": int(known.sum()), "loss": float(mean), "gradient": listed(gradient)}


def adam():
    """20 steps; the gradient of step t, from 1, consists of the numbers of seed 100 + t, scaled by 10^(t mod 3 − 1)."""
    for decay, clip in ((0.0, None), (0.1, None), (0.0, 1.0), (1e-2, 30.0)):
        weights = numbers([17], 1).detach().requires_grad_()
        optimiser = torch.optim.Adam([weights], lr=1e-2, weight_decay=decay)
        norms, after = [], []
        for t in range(1, 21):
            weights.grad = numbers([17], 100 + t).detach() * 10.0 ** (t % 3 - 1)
            if clip is not None:
                norms.append(float(torch.nn.utils.clip_grad_norm_([weights], clip)))
            optimiser.step()
            if t in (1, 2, 20):
                after.append({"t": t, "weights": listed(weights)})
        yield {"decay": decay, "clip": clip, "norms": norms, "after": after}


def dense_block():
    """Two dense layers, norm–relu–conv 1×1–norm–relu–conv 3×3, each on all previous features; statistics of the batch."""
    x, seed = numbers([2, 4, 5, 6], 1), 10
    parameters, features = [], [x]
    for _ in range(2):
        joined = torch.cat(features, 1)
        c = joined.shape[1]
        shapes = [[c], [c], [6, c, 1, 1], [6], [6], [3, 6, 3, 3]]
        layer = [numbers(shape, seed + i, -1.0, 1.0) for i, shape in enumerate(shapes)]
        seed += len(shapes)
        h = F.relu(F.batch_norm(joined, None, None, layer[0], layer[1], True))
        h = F.conv2d(h, layer[2])
        h = F.relu(F.batch_norm(h, None, None, layer[3], layer[4], True))
        features.append(F.conv2d(h, layer[5], padding=1))
        parameters += layer
    yield {"shapes": [list(p.shape) for p in parameters], **followed(torch.cat(features, 1), [x, *parameters])}


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    for case in (conv, batch_norm, max_pool, average_pool, loss, adam, dense_block):
        rows = ",\n".join(json.dumps(row, separators=(",", ":")) for row in case())
        (OUT / f"{case.__name__.replace('_', '-')}.json").write_text(f"[\n{rows}\n]\n")
