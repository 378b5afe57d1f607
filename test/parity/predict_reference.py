"""What plain PyTorch makes of the checkpoints of make_checkpoints.py and of real X-rays.

    python3 predict_reference.py FOLDER IMAGES      # writes reference.json and float32 arrays beside it

Where IMAGES does not exist, it is made, with a few made-up images in it.
Preparation by PIL and torchvision's transforms, probabilities by torchvision's network, gradients by autograd. All of
it is float32 but for fused heatmaps, which are float64 (fused_reference.py).
"""
import copy
import json
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torchvision import transforms

OUT, IMAGES = Path(sys.argv[1]), Path(sys.argv[2])
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "reference"))

from densenet import gradients, maps_of  # noqa: E402
from fused_reference import LAYERS as FUSED_LAYERS, fused_with_slack  # noqa: E402
from seeded import empty_densenet121, seeded_image  # noqa: E402

NORMALISE = transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
PLAIN = transforms.Compose([transforms.Resize((224, 224)), transforms.ToTensor(), NORMALISE])
CENTER_224 = transforms.Compose([transforms.Resize(224), transforms.CenterCrop(224), transforms.ToTensor(), NORMALISE])
CENTER_256 = transforms.Compose([transforms.Resize(256), transforms.CenterCrop(224), transforms.ToTensor(), NORMALISE])
TEN_CROP = transforms.Compose([
    transforms.Resize(256),
    transforms.TenCrop(224),
    transforms.Lambda(lambda crops: torch.stack([NORMALISE(transforms.ToTensor()(crop)) for crop in crops])),
])
NUM_MAPS, NUM_ROUNDED, NUM_LAYERED = 12, 3, 4
LAYER = "denseblock3"
NEAR_ZERO = 5e-6
REFERENCE = {}


def network(file, labels=14, channels=3):
    """torchvision's DenseNet121 with the weights as this file rounds them, in float32."""
    state = torch.load(OUT / file, map_location="cpu")
    state = state.get("state_dict", state)
    model = empty_densenet121(labels, channels)
    model.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in state.items()}, strict=True)
    return model


def opened(name):
    return Image.open(name if Path(name).is_absolute() else IMAGES / name)


def inputs(name, transform=PLAIN):
    x = transform(opened(name).convert("RGB"))
    return x if x.dim() == 4 else x[None]


def store(name, array):
    """One array as raw little-endian float32."""
    np.ascontiguousarray(array, dtype="<f4").tofile(OUT / f"{name}.f32")


@torch.no_grad()
def probabilities(model, names, transform=PLAIN):
    return np.stack([torch.sigmoid(model(inputs(n, transform))).mean(dim=0).numpy() for n in names])


def make_images(count=14, size=1024):
    """Soft random shapes with grain: greys, and two in colour with an alpha channel."""
    IMAGES.mkdir()
    for i in range(count):
        random = np.random.default_rng(i)
        channels = 4 if i in (3, 8) else 1
        soft = random.integers(0, 256, (9, 9, channels), dtype=np.uint8)
        image = Image.fromarray(soft.squeeze(), "RGBA" if channels == 4 else "L")
        pixels = np.asarray(image.resize((size, size), Image.BICUBIC), dtype=np.int16)
        grain = random.integers(-12, 13, pixels.shape)
        Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8)).save(IMAGES / f"made-up-{i:02}.png")


def gradcam_slack(model, A):
    """How far each label's Grad-CAM map may move when float32 rounding takes a feature across 0.

    Grad-CAM weighs a channel by its share of positive positions, which is a step: one feature that rounding
    moves across 0 changes the channel's weight by |W| / P². PyTorch's own float32 and float64 maps differ by
    that. HiResCAM and LayerCAM have no such step, and Grad-CAM++ weighs all channels alike, so that one is lost.
    """
    positions = A[0].size
    near = (np.abs(A) < NEAR_ZERO).sum(axis=(1, 2))
    W = np.abs(model.classifier.weight.detach().numpy())
    return W @ (near * np.abs(A).max(axis=(1, 2))) / positions**2


def oblong():
    """Five images for the croppings, two of them not square and one RGBA."""
    names = REFERENCE["images"][:2]
    cut = [("wide.png", (30, 50, 1013, 783)), ("high.png", (100, 0, 833, 1001))]
    for (file, box), name in zip(cut, REFERENCE["images"][2:]):
        opened(name).convert("L").crop(box).save(OUT / file)
    return [*names, *REFERENCE["rgba"][-1:], *(str(OUT / file) for file, _ in cut)]


def main():
    if not IMAGES.exists():
        make_images()
    model = network("main.pth")
    names = sorted(path.name for path in IMAGES.glob("*.png"))
    rgba = [n for n in names if opened(n).mode == "RGBA"]
    mapped = [*rgba, *[n for n in names if n not in rgba][: NUM_MAPS - len(rgba)]]
    REFERENCE.update(images=names, rgba=rgba, mapped=mapped, rounded=names[:NUM_ROUNDED])
    store("probabilities", probabilities(model, names))

    results = [gradients(model, inputs(n)) for n in mapped]
    maps = [maps_of(A, g) for _, A, g in results]
    for method in maps[0]:
        store(f"maps-{method}", np.stack([m[method] for m in maps]))
    store("slack-gradcam", np.stack([gradcam_slack(model, A) for _, A, _ in results]))

    REFERENCE.update(layer=LAYER, layered=mapped[-NUM_LAYERED:])
    at_layer = [maps_of(*gradients(model, inputs(n), LAYER)[1:]) for n in REFERENCE["layered"]]
    for method in at_layer[0]:
        store(f"layer-maps-{method}", np.stack([m[method] for m in at_layer]))

    REFERENCE.update(fusedLayers=FUSED_LAYERS)
    exact = copy.deepcopy(model).double()
    fused = fused_with_slack(exact, [inputs(n) for n in REFERENCE["layered"]], NEAR_ZERO)
    for method, (maps, slack) in fused.items():
        store(f"fused-{method}", maps)
        store(f"slack-{method}", slack)

    for file in ["float16.pth", "bfloat16.pth"]:
        store(f"probabilities-{file}", probabilities(network(file), REFERENCE["rounded"]))
    store("probabilities-five-labels.pth", probabilities(network("five-labels.pth", 5), REFERENCE["rounded"]))
    with torch.no_grad():
        shares = [torch.softmax(model(inputs(n)), dim=1).numpy()[0] for n in REFERENCE["rounded"]]
        store("probabilities-softmax", np.stack(shares))
        grey = torch.from_numpy(seeded_image(1, 1, 224, 224))[None]
        store("probabilities-xrv", torch.sigmoid(network("xrv-plain.pth", 18, 1)(grey)))

    REFERENCE["cropped"] = oblong()
    for name, transform in [("center-224", CENTER_224), ("center-256", CENTER_256), ("ten-crop", TEN_CROP)]:
        store(f"probabilities-{name}", probabilities(model, REFERENCE["cropped"], transform))
        store(f"input-{name}", np.stack([inputs(n, transform) for n in REFERENCE["cropped"]]))
    (OUT / "reference.json").write_text(json.dumps(REFERENCE))


if __name__ == "__main__":
    main()
