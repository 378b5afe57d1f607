"""The demo model on the examples, by torchvision's network in float64, PIL and autograd.

    python3 scripts/reference/demo.py            # writes fixtures/demo/examples.json

Reads models/demo.safetensors with its own code, and examples/images/*.png. Run it again after `npm run train:demo`.
"""
import json
import struct
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torchvision import transforms

from densenet import compact, gradcam, gradients
from seeded import empty_densenet121

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "fixtures" / "demo" / "examples.json"
DTYPES = {"F16": np.float16, "I64": np.int64}

PREPARE = transforms.Compose([
    transforms.Resize((224, 224)),
    transforms.ToTensor(),
    transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
])


def read_safetensors(path):
    raw = path.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + length])
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, row in header.items():
        begin, end = row["data_offsets"]
        values = np.frombuffer(raw[8 + length + begin : 8 + length + end], DTYPES[row["dtype"]])
        tensors[name] = torch.from_numpy(values.reshape(row["shape"]).copy())
    return tensors, metadata


def main():
    tensors, _ = read_safetensors(ROOT / "models" / "demo.safetensors")
    model = empty_densenet121(14, 3)
    model.load_state_dict(tensors, strict=True)
    model = model.double()
    rows = {}
    for path in sorted((ROOT / "examples" / "images").glob("*.png")):
        image = PREPARE(Image.open(path).convert("RGB"))
        logits, A, g = gradients(model, image[None].double())
        maps = np.stack([np.maximum(gradcam(A, gc), 0) for gc in g])
        rows[path.name] = {
            "logits": compact(logits),
            "probabilities": compact(1 / (1 + np.exp(-logits))),
            # Three maps of fourteen, to keep the file small: Effusion, Mass, Pneumothorax.
            "maps": {str(i): compact(maps[i]) for i in (2, 4, 7)},
        }
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(rows, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
