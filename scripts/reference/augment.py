#!/usr/bin/env python3
"""Expected views of images for training, from torchvision's transforms on PIL images.

Writes fixtures/image/augment.json: crops (RandomResizedCrop.get_params with the numbers that it drew), rotations,
contrasts, views (resized_crop, hflip, rotate, adjust_contrast in this order), inputs (the same, then normalised).
"""

import json
import math
import warnings

import torch
from PIL import Image
from torchvision import transforms
from torchvision.transforms import functional as F
from torchvision.transforms import InterpolationMode

from image import MADE_WITH, NORMALISE, OUT
from patterns import b64, pattern, picture, sha256

SCALE, RATIO = (0.8, 1.0), (0.9, 1.1)
BILINEAR = InterpolationMode.BILINEAR


# ---- crops: the numbers drawn, and the results -------------------------------------------------------------


def crops():
    sizes = [(1024, 1024), (224, 224), (2500, 2048), (64, 70), (1024, 900), (300, 900), (900, 300), (31, 17), (10, 10)]
    log_ratio = torch.log(torch.tensor(RATIO))
    for seed in range(60):
        width, height = sizes[seed % len(sizes)]
        torch.manual_seed(seed)
        top, left, h, w = transforms.RandomResizedCrop.get_params(Image.new("L", (width, height)), SCALE, RATIO)
        # The same numbers again, in the way get_params draws them.
        torch.manual_seed(seed)
        uniforms, ints = [], []
        for _ in range(10):
            share = torch.empty(1).uniform_(*SCALE).item()
            log_aspect = torch.empty(1).uniform_(log_ratio[0], log_ratio[1]).item()
            uniforms += [share, log_aspect]
            area, aspect = width * height * share, math.exp(log_aspect)
            fw, fh = int(round(math.sqrt(area * aspect))), int(round(math.sqrt(area / aspect)))
            if 0 < fw <= width and 0 < fh <= height:
                ints = [torch.randint(0, height - fh + 1, (1,)).item(), torch.randint(0, width - fw + 1, (1,)).item()]
                assert (fh, fw, *ints) == (h, w, top, left)
                break
        crop = {"x": left, "y": top, "width": w, "height": h}
        yield {"size": (width, height), "uniforms": uniforms, "ints": ints, "crop": crop}


# ---- single steps ------------------------------------------------------------------------------------------


def result(image):
    data = image.tobytes()
    small = {"base64": b64(data)} if len(data) <= 256 else {}
    return {**small, "sha256": sha256(data)}


def rotations():
    cases = [
        ("noise", 1, (9, 9), 5.0),
        ("noise", 3, (5, 4), -7.0),
        ("white", 1, (12, 7), 7.0),
        ("noise", 1, (1, 1), 3.3),
        ("noise", 1, (2, 9), -4.25),
        ("edges", 1, (224, 224), 6.999999),
        ("edges", 1, (224, 224), -6.3),
        ("noise", 1, (224, 224), 0.01),
        ("noise", 3, (224, 224), -0.1),
        ("noise", 3, (225, 191), 2.718281828),
        ("white", 1, (320, 320), -1.5),
        ("noise", 1, (224, 224), 0.0),
        ("noise", 1, (101, 64), 33.0),
        ("noise", 1, (101, 64), 361.5),
        ("noise", 1, (64, 101), -123.4),
    ]
    for seed, (kind, channels, size, angle) in enumerate(cases, 600):
        turned = F.rotate(picture(kind, seed, *size, channels), angle, BILINEAR)
        yield {"kind": kind, "seed": seed, "channels": channels, "size": size, "angle": angle, **result(turned)}


def contrasts():
    cases = [
        (kind, channels, (37, 23), factor)
        for kind, channels in [("noise", 1), ("noise", 3), ("dark", 1), ("bright", 1), ("edges", 3), ("white", 1)]
        for factor in [0.85, 0.9137, 1.0, 1.0000001, 1.0671, 1.15]
    ] + [("noise", 1, (16, 16), 0.0), ("noise", 3, (16, 16), 3.7), ("noise", 1, (1, 1), 1.1)]
    for seed, (kind, channels, size, factor) in enumerate(cases, 700):
        changed = F.adjust_contrast(picture(kind, seed, *size, channels), factor)
        yield {"kind": kind, "seed": seed, "channels": channels, "size": size, "factor": factor, **result(changed)}


# ---- all of them -------------------------------------------------------------------------------------------

VIEWS = [
    # kind, channels, from, crop (x, y, width, height), side, flip, angle, contrast
    ("noise", 1, (1024, 1024), (13, 57, 961, 950), 224, True, 3.25, 1.07),
    ("noise", 3, (1024, 1024), (0, 100, 1000, 924), 224, False, -6.9, 0.86),
    ("edges", 1, (1024, 1024), (24, 0, 1000, 1024), 224, True, -0.5, 1.149),
    ("noise", 1, (1024, 1024), (0, 0, 1024, 1024), 224, True, 0.0, 1.0),
    ("noise", 1, (1024, 1024), (0, 0, 1024, 1024), 224, False, 0.0, 1.0),
    ("bright", 1, (512, 640), (5, 9, 500, 520), 320, False, 5.5, 0.91),
    ("dark", 3, (300, 290), (10, 3, 270, 280), 224, True, 7.0, 1.15),
    ("noise", 1, (200, 180), (7, 1, 190, 175), 224, False, -7.0, 0.85),
    ("noise", 3, (240, 230), (8, 3, 224, 224), 224, True, 1.0, 1.01),  # no resize
]


def views():
    for seed, (kind, channels, size, (x, y, w, h), side, flip, angle, contrast) in enumerate(VIEWS, 800):
        image = picture(kind, seed, *size, channels)
        image = F.resized_crop(image, y, x, h, w, (side, side), BILINEAR)
        image = F.hflip(image) if flip else image
        image = F.adjust_contrast(F.rotate(image, angle, BILINEAR), contrast)
        normalised = transforms.Compose(NORMALISE)(image.convert("RGB")).numpy().astype("<f4")
        yield {
            "name": f"{kind} {size[0]}x{size[1]}x{channels}, {angle} degrees, contrast {contrast}",
            "kind": kind,
            "seed": seed,
            "channels": channels,
            "size": size,
            "side": side,
            "view": {
                "crop": {"x": x, "y": y, "width": w, "height": h},
                "flip": flip,
                "angle": angle,
                "contrast": contrast,
            },
            **result(image),
            "input_sha256": sha256(normalised.tobytes()),
        }


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    parts = {"crops": crops(), "rotations": rotations(), "contrasts": contrasts(), "views": views()}
    lines = [
        f'  "{name}": [\n' + ",\n".join("    " + json.dumps(case) for case in cases) + "\n  ]"
        for name, cases in parts.items()
    ]
    made_with = {**MADE_WITH, "torch": torch.__version__}
    text = f'{{\n  "made_with": {json.dumps(made_with)},\n' + ",\n".join(lines) + "\n}\n"
    (OUT / "augment.json").write_text(text)
