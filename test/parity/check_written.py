"""What Python makes of the files that medical-x wrote; prints JSON.

    python3 check_written.py MAIN WRITTEN_PTH WRITTEN_SAFETENSORS WRITTEN_ONNX
"""
import json
import struct
import sys

import numpy as np
import onnx
import torch
import torchvision
from onnx import numpy_helper


def bits(tensor):
    return str(tensor.dtype), tuple(tensor.shape), tensor.numpy().tobytes()


def differing(state, expected):
    names = dict.fromkeys([*state, *expected])
    return [n for n in names if n not in state or n not in expected or bits(state[n]) != bits(expected[n])]


def check_pth(path, expected):
    state = torch.load(path, weights_only=True)
    model = torchvision.models.densenet121(weights=None)
    model.classifier = torch.nn.Linear(1024, 14)
    model.load_state_dict(state, strict=True)
    return {
        "type": type(state).__name__,
        "sameOrder": list(state) == list(expected),
        "differing": differing(state, expected),
        "differingInModule": differing(model.state_dict(), expected),
    }


def check_safetensors(path, expected):
    """By the specification alone: u64 length, JSON header, elements without a hole."""
    data = open(path, "rb").read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length].decode("utf-8"))
    metadata = header.pop("__metadata__", None)
    body, state, end = data[8 + length:], {}, 0
    for name, row in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        begin, stop = row["data_offsets"]
        assert begin == end, f"hole before {name}"
        end = stop
        dtype = {"F32": "<f4", "I64": "<i8"}[row["dtype"]]
        state[name] = torch.from_numpy(np.frombuffer(body[begin:stop], dtype).reshape(row["shape"]).copy())
    assert end == len(body), "bytes at the end"
    return {
        "differing": differing(state, expected),
        "metadata": metadata,
        "aligned": (8 + length) % 8 == 0 and data[8:9] == b"{",
    }


def check_onnx(path, expected):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    weights = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in model.graph.initializer}
    floats = {n: v for n, v in expected.items() if v.is_floating_point()}
    ports = {v.name: [d.dim_param or d.dim_value for d in v.type.tensor_type.shape.dim]
             for v in [*model.graph.input, *model.graph.output]}
    return {
        "differing": differing({n: weights[n] for n in floats if n in weights}, floats),
        "metadata": {p.key: p.value for p in model.metadata_props},
        "opset": [(o.domain, o.version) for o in model.opset_import],
        "ports": ports,
    }


def main():
    main_file, pth, safetensors, onnx_file = sys.argv[1:]
    expected = torch.load(main_file)
    print(json.dumps({
        "pth": check_pth(pth, expected),
        "safetensors": check_safetensors(safetensors, expected),
        "onnx": check_onnx(onnx_file, expected),
    }))


if __name__ == "__main__":
    main()
