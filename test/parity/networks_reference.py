"""Classifiers of other architectures as ONNX files, and what PyTorch makes of images with them.

    python3 networks_reference.py FOLDER IMAGES NAMES...   # writes <architecture>.onnx, its card and <architecture>.f32

ResNet50, EfficientNet-B0 and ViT-Tiny with random weights; the files are too large to keep.
"""
import json
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torchvision import transforms

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "reference"))

from networks import FINDINGS, large_network, rgb  # noqa: E402

PLAIN = transforms.Compose([
    transforms.Resize((224, 224)), transforms.ToTensor(),
    transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
])


@torch.no_grad()
def main():
    out, images, names = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]
    batch = torch.stack([PLAIN(Image.open(images / name).convert("RGB")) for name in names])
    for seed, architecture in enumerate(("resnet50", "efficientnet-b0", "vit-tiny")):
        model = large_network(architecture, len(FINDINGS), seed)
        file = out / f"{architecture}.onnx"
        torch.onnx.export(
            model, batch[:1], str(file), opset_version=14, input_names=["input"], output_names=["output"],
            dynamic_axes={"input": {0: "batch"}, "output": {0: "batch"}},
        )
        card = dict(labels=FINDINGS, preparation=rgb(224, 224), activation="sigmoid")
        Path(f"{file}.json").write_text(json.dumps(card))
        probabilities = torch.sigmoid(model(batch)).numpy()
        np.ascontiguousarray(probabilities, dtype="<f4").tofile(out / f"{architecture}.f32")


if __name__ == "__main__":
    main()
