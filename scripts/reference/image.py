#!/usr/bin/env python3
"""Expected results of decoding, resizing and preparing images, from PIL, torchvision and scikit-image.

Writes fixtures/image/: resize.json (PIL's bilinear), prepare.json (torchvision on PIL), skimage.json
(scikit-image as torchxrayvision uses it), colour.json (PIL's convert). Inputs come from an integer formula that the
tests compute as well. Image files to decode are written by image_files.py.
"""

import json
import pathlib

import numpy as np
import PIL
import skimage
import skimage.transform
import torchvision
from PIL import Image
from torchvision import transforms

from patterns import b64, pattern, picture, sha256

OUT = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "image"
MADE_WITH = {
    "pillow": PIL.__version__,
    "torchvision": torchvision.__version__,
    "scikit-image": skimage.__version__,
}


def write_cases(name, cases):
    lines = ",\n".join("    " + json.dumps(case) for case in cases)
    text = f'{{\n  "made_with": {json.dumps(MADE_WITH)},\n  "cases": [\n{lines}\n  ]\n}}\n'
    (OUT / name).write_text(text)


# ---- PIL's bilinear resize -------------------------------------------------------------------------------

RESIZES = [
    # kind, channels, from, to
    ("noise", 1, (1, 1), (1, 1)),
    ("noise", 1, (1, 1), (5, 3)),
    ("noise", 3, (1, 1), (7, 7)),
    ("noise", 1, (2, 2), (3, 3)),
    ("noise", 1, (2, 3), (7, 5)),
    ("noise", 3, (3, 2), (2, 3)),
    ("noise", 1, (5, 5), (1, 1)),
    ("noise", 3, (7, 3), (1, 1)),
    ("edges", 1, (9, 9), (4, 4)),
    ("noise", 1, (10, 6), (10, 4)),  # height only
    ("noise", 3, (10, 6), (7, 6)),  # width only
    ("noise", 3, (10, 6), (10, 6)),  # nothing changes
    ("noise", 1, (13, 7), (17, 11)),
    ("edges", 3, (17, 11), (13, 7)),
    ("noise", 1, (16, 16), (8, 8)),
    ("noise", 1, (8, 8), (16, 16)),
    ("edges", 1, (33, 1), (5, 4)),
    ("noise", 1, (1, 33), (4, 5)),
    ("noise", 3, (1000, 1), (3, 3)),
    ("noise", 1, (1, 2000), (3, 7)),
    ("edges", 1, (3000, 2), (11, 224)),
    ("white", 1, (997, 13), (224, 224)),
    ("white", 3, (20000, 1), (3, 2)),
    ("noise", 1, (97, 89), (224, 224)),
    ("noise", 3, (223, 225), (224, 224)),
    ("edges", 1, (225, 223), (224, 224)),
    ("noise", 1, (224, 512), (224, 224)),
    ("noise", 3, (512, 224), (224, 224)),
    ("noise", 1, (1024, 1024), (224, 224)),
    ("edges", 1, (1024, 1024), (224, 224)),
    ("noise", 3, (1024, 1024), (224, 224)),
    ("noise", 1, (1024, 1024), (320, 320)),
    ("edges", 3, (301, 457), (224, 224)),
    ("noise", 1, (2021, 1777), (224, 224)),
    ("noise", 1, (640, 480), (256, 192)),
]


def resize_cases():
    for seed, (kind, channels, size, to) in enumerate(RESIZES):
        expected = picture(kind, seed, *size, channels).resize(to, Image.BILINEAR).tobytes()
        name = f"{kind} {size[0]}x{size[1]}x{channels} to {to[0]}x{to[1]}"
        case = {"name": name, "kind": kind, "seed": seed, "channels": channels, "from": size, "to": to}
        small = {"base64": b64(expected)} if len(expected) <= 256 else {}
        yield {**case, **small, "sha256": sha256(expected)}


# ---- torchvision's transforms on PIL images --------------------------------------------------------------

NORMALISE = [
    transforms.ToTensor(),
    transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
]


def straight(size):
    steps = [{"step": "resize", "width": size, "height": size, "resample": "pil"}]
    return steps, [transforms.Resize((size, size))]


def shorter(size):
    return [{"step": "resize-shorter", "size": size}], [transforms.Resize(size)]


def center(size):
    return [{"step": "center-crop", "size": size}], [transforms.CenterCrop(size)]


def ten(size):
    return [{"step": "ten-crop", "size": size}], [transforms.TenCrop(size)]


PREPARATIONS = [
    # channels, size, steps
    (1, (224, 224), [straight(224)]),
    (3, (37, 50), [straight(224)]),
    (1, (640, 480), [straight(224)]),
    (1, (512, 512), [straight(320)]),
    (1, (500, 500), [shorter(256), center(224)]),
    (3, (311, 470), [shorter(256), center(224)]),  # 256x386: an even margin
    (3, (257, 311), [shorter(256), center(224)]),  # longer side rounded down
    (1, (470, 311), [shorter(256), center(224)]),
    (1, (300, 299), [shorter(256), center(224)]),
    (1, (1000, 999), [shorter(256), center(224)]),
    (1, (299, 300), [shorter(224), center(224)]),
    (3, (333, 100), [shorter(224), center(224)]),
    (1, (224, 227), [shorter(224), center(224)]),  # margin 3: round(1.5) is 2
    (1, (224, 225), [shorter(224), center(224)]),  # margin 1: round(0.5) is 0
    (1, (229, 224), [shorter(224), center(224)]),  # margin 5: round(2.5) is 2
    (1, (90, 71), [shorter(64), center(224)]),  # smaller than the crop
    (3, (221, 221), [center(224)]),  # 3 pixels too small
    (1, (223, 300), [center(224)]),  # 1 too narrow, tall enough
    (1, (219, 217), [center(224)]),
    (1, (400, 300), [shorter(256), ten(224)]),
    (3, (257, 311), [shorter(256), ten(224)]),
    (1, (64, 64), [ten(64)]),
    (3, (70, 67), [ten(64)]),
]


def prepare_cases():
    for seed, (channels, size, parts) in enumerate(PREPARATIONS):
        image = picture("noise", 100 + seed, *size, channels).convert("RGB")
        steps = [{"step": "rgb"}, *(step for part in parts for step in part[0])]
        crops = transforms.Compose([t for part in parts for t in part[1]])(image)
        views = crops if isinstance(crops, tuple) else (crops,)
        tensors = [transforms.Compose(NORMALISE)(view).numpy() for view in views]
        expected = np.stack(tensors).astype("<f4")
        seen = views[4 if len(views) > 1 else 0].convert("L" if channels == 1 else "RGB")
        flat = expected.reshape(-1)
        yield {
            "name": f"{size[0]}x{size[1]}x{channels}: "
            + ", ".join(f"{s['step']} {s.get('size', s.get('width', ''))}".strip() for s in steps),
            "seed": 100 + seed,
            "channels": channels,
            "from": size,
            "preparation": [*steps, {"step": "normalise", "scheme": "imagenet"}],
            "shape": expected.shape,
            "samples": {str(i): float(flat[i]) for i in (0, len(flat) // 3, len(flat) // 2, len(flat) - 1)},
            "sha256": sha256(expected.tobytes()),
            "seen": sha256(seen.tobytes()),
        }


# ---- scikit-image as torchxrayvision uses it -------------------------------------------------------------


def xrv_normalise(image):
    """torchxrayvision.datasets.normalize with maxval 255."""
    return (2 * (image.astype(np.float32) / 255) - 1.0) * 1024


def xrv_center_crop(image):
    """torchxrayvision.datasets.XRayCenterCrop."""
    height, width = image.shape
    size = min(height, width)
    x, y = width // 2 - size // 2, height // 2 - size // 2
    return image[y : y + size, x : x + size]


def xrv_resize(image, height, width):
    """torchxrayvision.datasets.XRayResizer with its engine skimage."""
    resized = skimage.transform.resize(image, (height, width), mode="constant", preserve_range=True)
    return resized.astype(np.float32)


def grid(size):
    """Indices of some rows or columns: the edges, and some spread in between."""
    return sorted({0, 1, 2, size - 3, size - 2, size - 1, *range(5, size - 5, 13)})


def skimage_cases():
    resizes = [
        ("noise", (5, 4), (3, 3)),
        ("noise", (4, 5), (9, 7)),
        ("noise", (6, 6), (6, 6)),
        ("noise", (6, 9), (6, 4)),
        ("noise", (9, 6), (12, 4)),  # wider and less tall
        ("edges", (16, 16), (5, 5)),
        ("dark", (12, 12), (5, 5)),
        ("bright", (12, 12), (5, 5)),
        ("dark", (5, 5), (8, 8)),
        ("white", (7, 7), (4, 4)),  # blended with the zeros outside, then clipped to the input's range
        ("white", (4, 4), (7, 7)),
        ("edges", (1, 9), (3, 4)),
    ]
    for seed, (kind, (width, height), to) in enumerate(resizes):
        pixels = pattern(kind, 200 + seed, width * height).reshape(height, width)
        expected = xrv_resize(xrv_normalise(pixels), to[1], to[0])
        yield {
            "name": f"resize {kind} {width}x{height} to {to[0]}x{to[1]}",
            "kind": kind,
            "seed": 200 + seed,
            "from": (width, height),
            "to": to,
            "rows": list(range(to[1])),
            "columns": list(range(to[0])),
            "base64": b64(expected.astype("<f4").tobytes()),
        }
    for seed, (kind, (width, height)) in enumerate(
        [
            ("noise", (1024, 1024)),
            ("noise", (300, 257)),
            ("edges", (256, 311)),
            ("noise", (224, 224)),
            ("noise", (101, 140)),
            ("dark", (400, 400)),
            ("bright", (333, 334)),
            ("white", (300, 300)),
        ]
    ):
        pixels = pattern(kind, 250 + seed, width * height).reshape(height, width)
        expected = xrv_resize(xrv_center_crop(xrv_normalise(pixels)), 224, 224)
        rows = grid(224)
        yield {
            "name": f"xrv pipeline {kind} {width}x{height} to 224x224",
            "kind": kind,
            "seed": 250 + seed,
            "from": (width, height),
            "to": (224, 224),
            "rows": rows,
            "columns": rows,
            "crop": True,
            "base64": b64(expected[np.ix_(rows, rows)].astype("<f4").tobytes()),
        }


# ---- colour ----------------------------------------------------------------------------------------------


def colour_cases():
    rgb = pattern("noise", 300, 3 * 4096)
    grey = Image.fromarray(rgb.reshape(64, 64, 3)).convert("L").tobytes()
    yield {"name": "luma", "seed": 300, "count": 3 * 4096, "first": list(grey[:8]), "sha256": sha256(grey)}
    # Every pair of ink and black, each with three other pairs.
    ink, black = np.meshgrid(np.arange(256), np.arange(256), indexing="ij")
    cmyk = np.stack([ink, 255 - ink, ink ^ 0x55, black], axis=-1).astype(np.uint8)
    image = Image.frombytes("CMYK", (256, 256), cmyk.tobytes())
    converted = image.convert("RGB").tobytes()
    yield {"name": "cmyk", "first": list(converted[:9]), "sha256": sha256(converted)}


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    write_cases("resize.json", list(resize_cases()))
    write_cases("prepare.json", list(prepare_cases()))
    write_cases("skimage.json", list(skimage_cases()))
    write_cases("colour.json", list(colour_cases()))
