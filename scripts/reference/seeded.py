"""The weights of test/support/seeded-weights.ts and the images of test/support/seeded-image.ts, for PyTorch.

They are identical bit for bit, because both sides start from the same integers and round to float32 once.
"""
from collections import OrderedDict

import numpy as np
import torch
import torchvision

MULTIPLIER, INCREMENT = 1664525, 1013904223


def sequence(seed: int, count: int) -> np.ndarray:
    """`count` numbers from Numerical Recipes' generator, 0 … 1, as float64.

    state[i + k] is an affine function of state[i], so a block of k states gives the next k at once.
    """
    states = np.empty(max(count, 1), dtype=np.uint32)
    states[0] = (seed * MULTIPLIER + INCREMENT) % 2**32
    a, c, done = MULTIPLIER, INCREMENT, 1
    while done < count:
        step = min(done, count - done)
        states[done:done + step] = states[:step] * np.uint32(a) + np.uint32(c)
        a, c, done = a * a % 2**32, (a * c + c) % 2**32, done + step
    return (states[:count] >> np.uint32(8)).astype(np.float64) / 2**24


def bounds(name: str, shape) -> tuple:
    if name.endswith("running_mean"):
        return -0.25, 0.25
    if name.endswith("running_var"):
        return 0.5, 1.5
    if "norm" in name and name.endswith("weight"):
        return 0.75, 1.25
    if "norm" in name:
        return -0.25, 0.25
    if name.startswith("classifier"):
        return -0.125, 0.125
    bound = float(np.float32(np.sqrt(6 / np.prod(shape[1:]))))
    return -bound, bound


def empty_densenet121(num_labels: int, in_channels: int) -> torch.nn.Module:
    model = torchvision.models.densenet121(weights=None)
    if in_channels != 3:
        model.features.conv0 = torch.nn.Conv2d(in_channels, 64, 7, stride=2, padding=3, bias=False)
    model.classifier = torch.nn.Linear(1024, num_labels)
    return model.eval()


def seeded_state_dict(seed: int, num_labels: int = 14, in_channels: int = 3) -> OrderedDict:
    shapes = [(k, tuple(v.shape)) for k, v in empty_densenet121(num_labels, in_channels).state_dict().items()]
    floating = [(k, s) for k, s in shapes if not k.endswith("num_batches_tracked")]
    numbers = sequence(seed, sum(int(np.prod(s)) for _, s in floating))
    weights, at = OrderedDict(), 0
    for name, shape in shapes:
        if name.endswith("num_batches_tracked"):
            weights[name] = torch.tensor(0)
            continue
        size = int(np.prod(shape))
        low, high = bounds(name, shape)
        values = low + (high - low) * numbers[at:at + size]
        weights[name] = torch.from_numpy(values.astype(np.float32).reshape(shape))
        at += size
    return weights


def seeded_densenet121(seed: int, num_labels: int = 14, in_channels: int = 3) -> torch.nn.Module:
    model = empty_densenet121(num_labels, in_channels)
    model.load_state_dict(seeded_state_dict(seed, num_labels, in_channels), strict=True)
    return model


def seeded_image(seed: int, channels: int, height: int, width: int) -> np.ndarray:
    """[channels, height, width] float32 in [-2, 2): ramps and a saddle, wrapped; exact in float32."""
    c, y, x = np.mgrid[0:channels, 0:height, 0:width]
    wrapped = (x * (3 + c) + y * 5 + ((x * y) // 16) * (1 + c) + 17 * seed) % 256
    return ((wrapped - 128) / 64).astype(np.float32)
