#!/usr/bin/env python3
"""Numbers quantised to int8 and uint8 and back, by PyTorch.

Writes fixtures/quantise/cases.json. Scales are powers of two, so that dividing by one and multiplying by its inverse agree;
numbers are `numbers` of test/support/run-graph.ts in eighths, so that many lie halfway between two codes. The gradient of
the scale is autograd's, of (codes - zero point) * scale in float64, weighted with the numbers of seed 99.
"""

import json
import pathlib

import numpy as np
import torch

OUT = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "quantise"
DTYPES = {"int8": torch.qint8, "uint8": torch.quint8}

# shape, axis of the scales or None, dtype, scales, zero points
CASES = [
    ([2, 50], None, "int8", [0.25], [0]),
    ([2, 50], None, "uint8", [0.5], [7]),
    ([40], None, "int8", [2.0], [-5]),
    ([3, 2, 4, 4], None, "uint8", [0.125], [128]),
    ([2, 3, 4, 5], 1, "int8", [0.25, 1.0, 0.0625], [0, 3, -100]),
    ([4, 3, 3, 3], 0, "int8", [0.5, 0.25, 0.125, 4.0], [0, 0, 0, 0]),
    ([2, 3, 2], 2, "uint8", [0.5, 8.0], [255, 1]),
]


def numbers(shape, seed, low, high):
    """The generator of test/support/run-graph.ts."""
    state, values = (seed + 1) * 2654435761 % 2**32, []
    for _ in range(int(np.prod(shape))):
        state = (state * 1664525 + 1013904223) % 2**32
        values.append(low + ((high - low) * (state >> 8)) / 2**24)
    return np.array(values, np.float64).astype(np.float32).astype(np.float64).reshape(shape)


def case(seed, shape, axis, dtype, scales, zero_points):
    x = torch.from_numpy(np.round(numbers(shape, seed, -40, 40) * 8) / 8).float()
    if axis is None:
        quantised = torch.quantize_per_tensor(x, scales[0], zero_points[0], DTYPES[dtype])
    else:
        quantised = torch.quantize_per_channel(
            x, torch.tensor(scales, dtype=torch.double), torch.tensor(zero_points), axis, DTYPES[dtype]
        )
    codes = quantised.int_repr()
    along = [len(scales) if i == axis else 1 for i in range(len(shape))]
    scale = torch.tensor(scales, dtype=torch.double, requires_grad=True)
    y = (codes.double() - torch.tensor(zero_points).reshape(along)) * scale.reshape(along)
    (gradient,) = torch.autograd.grad(y, scale, torch.from_numpy(numbers(shape, 99, -2, 2)))
    return {
        "shape": shape,
        "axis": axis,
        "dtype": dtype,
        "scales": scales,
        "zeroPoints": zero_points,
        "x": x.reshape(-1).tolist(),
        "codes": codes.reshape(-1).tolist(),
        "dequantised": quantised.dequantize().reshape(-1).tolist(),
        "scaleGradient": gradient.tolist(),
    }


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    rows = [case(seed, *row) for seed, row in enumerate(CASES)]
    OUT.joinpath("cases.json").write_text(json.dumps(rows) + "\n")
