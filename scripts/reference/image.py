#!/usr/bin/env python3
"""Expected results of decoding, resizing and preparing images, from PIL, torchvision and scikit-image.

Writes fixtures/image/: resize.json (PIL's bilinear), prepare.json (torchvision on PIL), skimage.json
(scikit-image as torchxrayvision uses it), colour.json (PIL's convert), decode/* (a file and its pixels).
Inputs are either small files or made from an integer formula that the tests compute too.
"""

import base64
import hashlib
import io
import json
import pathlib
import struct
import zlib

import numpy as np
import PIL
import skimage
import skimage.transform
import torchvision
from PIL import Image, ImageCms, ImageOps
from torchvision import transforms

OUT = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "image"
MADE_WITH = {
    "pillow": PIL.__version__,
    "torchvision": torchvision.__version__,
    "scikit-image": skimage.__version__,
}


def pattern(kind, seed, count):
    """`count` bytes from a hash of their index: noise, black and white, mid greys, or one value."""
    if kind == "white":
        return np.full(count, 255, np.uint8)
    x = np.arange(count, dtype=np.uint32) + np.uint32(seed * 7919)
    x = x * np.uint32(2654435761)
    x ^= x >> np.uint32(15)
    x = x * np.uint32(2246822519)
    x ^= x >> np.uint32(13)
    noise = (x & np.uint32(255)).astype(np.uint8)
    return {
        "noise": noise,
        "edges": (noise & 1) * np.uint8(255),
        "dark": noise % 97,  # all below 127.5: after normalising to [-1024, 1024], all below 0
        "bright": 160 + noise % 89,
    }[kind].astype(np.uint8)


def picture(kind, seed, width, height, channels):
    data = pattern(kind, seed, width * height * channels)
    return Image.fromarray(data.reshape(height, width, 3) if channels == 3 else data.reshape(height, width))


def b64(data):
    return base64.b64encode(bytes(data)).decode()


def sha256(data):
    return hashlib.sha256(bytes(data)).hexdigest()


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
    """Indices of some rows or columns: the edges and a spread between."""
    return sorted({0, 1, 2, size - 3, size - 2, size - 1, *range(5, size - 5, 13)})


def skimage_cases():
    resizes = [
        ("noise", (5, 4), (3, 3)),
        ("noise", (4, 5), (9, 7)),
        ("noise", (6, 6), (6, 6)),
        ("noise", (6, 9), (6, 4)),
        ("noise", (9, 6), (12, 4)),  # wider and lower
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
    # Every pair of ink and black, with three other pairs beside it.
    ink, black = np.meshgrid(np.arange(256), np.arange(256), indexing="ij")
    cmyk = np.stack([ink, 255 - ink, ink ^ 0x55, black], axis=-1).astype(np.uint8)
    image = Image.frombytes("CMYK", (256, 256), cmyk.tobytes())
    converted = image.convert("RGB").tobytes()
    yield {"name": "cmyk", "first": list(converted[:9]), "sha256": sha256(converted)}


# ---- files to decode -------------------------------------------------------------------------------------


def chunk(tag, data):
    return struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data))


ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def png(samples, depth, colour_type, interlaced=False, extra=b""):
    """A PNG of H·W or H·W·C samples, unfiltered, as ISO/IEC 15948 lays it out."""
    samples = samples.reshape(samples.shape[0], samples.shape[1], -1)

    def rows(part):
        out = b""
        for row in part:
            flat = row.reshape(-1)
            if depth == 16:
                out += b"\0" + flat.astype(">u2").tobytes()
            else:
                bits = ((flat[:, None] >> np.arange(depth - 1, -1, -1)) & 1).astype(np.uint8)
                out += b"\0" + np.packbits(bits.reshape(-1)).tobytes()
        return out

    if interlaced:
        passes = [samples[y::dy, x::dx] for x, y, dx, dy in ADAM7]
        body = b"".join(rows(part) for part in passes if part.size)
    else:
        body = rows(samples)
    height, width = samples.shape[:2]
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, int(interlaced))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + extra
        + chunk(b"IDAT", zlib.compress(body, 9))
        + chunk(b"IEND", b"")
    )


def swapped_profile():
    """An ICC profile under which red and blue change places: a decoder that applies it is found out."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = bytes(12)  # the time it was made
    count = struct.unpack(">I", profile[128:132])[0]
    at = {bytes(profile[132 + 12 * i : 136 + 12 * i]): 136 + 12 * i for i in range(count)}
    red, blue = at[b"rXYZ"], at[b"bXYZ"]
    profile[red : red + 8], profile[blue : blue + 8] = profile[blue : blue + 8], profile[red : red + 8]
    return bytes(profile)


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def orientation(value):
    exif = Image.Exif()
    exif[0x0112] = value
    return exif.tobytes()


def deep(values):
    """16-bit samples at 8 bits, as grey or RGB: value / 257, rounded."""
    eight = np.floor(values.astype(np.float64) / 257 + 0.5).astype(np.uint8)
    return np.repeat(eight[..., None], 3, axis=-1) if eight.ndim == 2 else eight[..., :3]


def tiff(samples, photometric=2):
    """A little-endian baseline TIFF of 16-bit samples in one strip."""
    height, width, channels = samples.shape
    body = samples.astype("<u2").tobytes()
    entries = [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, channels, 8 + len(body)),
        (259, 3, 1, 1),
        (262, 3, 1, photometric),
        (273, 4, 1, 8),
        (277, 3, 1, channels),
        (278, 4, 1, height),
        (279, 4, 1, len(body)),
    ]
    bits = struct.pack(f"<{channels}H", *[16] * channels)
    table = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *e) for e in entries) + b"\0" * 4
    return b"II*\0" + struct.pack("<I", 8 + len(body) + len(bits)) + body + bits + table


def decode_files():
    """Yields name, file, expected pixels or None (then PIL's), the tolerance, and the bits of a sample."""
    width, height = 13, 9
    noise = lambda seed, channels=1: pattern("noise", 400 + seed, width * height * channels).reshape(
        (height, width, channels) if channels > 1 else (height, width)
    )
    grey, rgb, rgba, grey_alpha = noise(1), noise(2, 3), noise(3, 4), noise(4, 2)
    for depth in (1, 2, 4, 8):
        yield f"grey{depth}.png", png(grey >> (8 - depth), depth, 0)
        yield f"grey{depth}-interlaced.png", png(grey >> (8 - depth), depth, 0, True)
    palette = chunk(b"PLTE", pattern("noise", 410, 3 * 256).tobytes())
    transparency = chunk(b"tRNS", pattern("noise", 411, 100).tobytes())
    for depth in (1, 2, 4, 8):
        entries = chunk(b"PLTE", pattern("noise", 410 + depth, 3 * 2**depth).tobytes())
        yield f"palette{depth}.png", png(grey >> (8 - depth), depth, 3, extra=entries)
    yield "palette-trns.png", png(grey, 8, 3, extra=palette + transparency)
    yield "palette-grey-entries.png", png(
        grey, 8, 3, extra=chunk(b"PLTE", bytes(v for i in range(256) for v in [255 - i] * 3))
    )
    yield "grey8-trns.png", png(grey, 8, 0, extra=chunk(b"tRNS", struct.pack(">H", int(grey[0, 0]))))
    yield "rgb8-trns.png", png(rgb, 8, 2, extra=chunk(b"tRNS", struct.pack(">3H", *map(int, rgb[0, 0]))))
    yield "rgb8.png", png(rgb, 8, 2)
    yield "rgb8-interlaced.png", png(rgb, 8, 2, True)
    yield "rgba8.png", png(rgba, 8, 6)
    yield "grey8-alpha.png", png(grey_alpha, 8, 4)
    yield "rgb8-gama.png", png(rgb, 8, 2, extra=chunk(b"gAMA", struct.pack(">I", 100000)))
    yield "grey8-gama.png", png(grey, 8, 0, extra=chunk(b"gAMA", struct.pack(">I", 100000)))
    iccp = chunk(b"iCCP", b"p\0\0" + zlib.compress(swapped_profile(), 9))
    yield "rgb8-iccp.png", png(rgb, 8, 2, extra=iccp)
    yield "rgb8-exif6.png", saved(Image.fromarray(rgb), "PNG", exif=orientation(6))
    yield "one-pixel.png", png(grey[:1, :1], 8, 0)

    grey16 = (noise(5).astype(np.uint16) << 8) | noise(6)
    grey16[0, :6] = [0, 128, 129, 65535, 65406, 65407]
    rgb16 = (noise(7, 3).astype(np.uint16) << 8) | noise(8, 3)
    rgba16 = (noise(9, 4).astype(np.uint16) << 8) | noise(10, 4)
    yield "grey16.png", png(grey16, 16, 0), deep(grey16), 0, 16
    yield "grey16-interlaced.png", png(grey16, 16, 0, True), deep(grey16), 0, 16
    yield "grey16-alpha.png", png(np.dstack([grey16, grey16[::-1]]), 16, 4), deep(grey16), 0, 16
    yield "rgb16.png", png(rgb16, 16, 2), deep(rgb16), 0, 16
    yield "rgba16.png", png(rgba16, 16, 6), deep(rgba16), 0, 16
    gama = chunk(b"gAMA", struct.pack(">I", 100000))
    yield "grey16-gama.png", png(grey16, 16, 0, extra=gama), deep(grey16), 0, 16

    smooth = lambda channels: np.add.outer(
        np.arange(24) * 5, np.multiply.outer(np.arange(20) * 6, np.arange(1, channels + 1) / 2)
    ).astype(np.uint8)
    yield "grey.jpg", saved(Image.fromarray(smooth(1)[..., 0]), "JPEG", quality=85)
    yield "grey-progressive.jpg", saved(Image.fromarray(smooth(1)[..., 0]), "JPEG", progressive=True)
    colour = Image.fromarray(smooth(3))
    yield "rgb-420.jpg", saved(colour, "JPEG", quality=85, subsampling=2), None, 1
    yield "rgb-422.jpg", saved(colour, "JPEG", quality=85, subsampling=1), None, 1
    yield "rgb-444.jpg", saved(colour, "JPEG", quality=95, subsampling=0), None, 1
    yield "rgb-icc.jpg", saved(colour, "JPEG", quality=90, icc_profile=swapped_profile()), None, 1
    yield "cmyk-adobe.jpg", saved(Image.fromarray(smooth(4), "CMYK"), "JPEG", quality=90)
    for value in (1, 2, 3, 4, 5, 6, 7, 8):
        file = saved(colour, "JPEG", quality=90, subsampling=0, exif=orientation(value))
        yield f"exif{value}.jpg", file, None, 1
    yield "exif9.jpg", saved(colour, "JPEG", quality=90, subsampling=0, exif=orientation(9)), None, 1
    yield "exif6-grey.jpg", saved(Image.fromarray(smooth(1)[..., 0]), "JPEG", exif=orientation(6))

    yield "grey8.tif", saved(Image.fromarray(grey), "TIFF")
    yield "rgb8.tif", saved(Image.fromarray(rgb), "TIFF")
    yield "rgb8-lzw.tif", saved(Image.fromarray(rgb), "TIFF", compression="tiff_lzw")
    yield "grey8-deflate.tif", saved(Image.fromarray(grey), "TIFF", compression="tiff_adobe_deflate")
    yield "rgba8.tif", saved(Image.fromarray(rgba), "TIFF")
    yield "cmyk8.tif", saved(Image.fromarray(rgba, "CMYK"), "TIFF")
    yield "bilevel.tif", saved(Image.fromarray(grey).convert("1", dither=0), "TIFF")
    yield "bilevel-white-is-zero.tif", saved(
        Image.fromarray(grey).convert("1", dither=0), "TIFF", compression="group4"
    )
    yield "palette8.tif", saved(Image.fromarray(rgb).quantize(16), "TIFF")
    yield "grey8-exif6.tif", saved(Image.fromarray(grey), "TIFF", tiffinfo={274: 6})
    pages = [Image.fromarray(grey), Image.fromarray(255 - grey)]
    yield "two-pages.tif", saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    yield "grey16.tif", saved(Image.fromarray(grey16), "TIFF"), deep(grey16), 0, 16
    yield "rgb16.tif", tiff(rgb16), deep(rgb16), 0, 16

    yield "rgb-lossless.webp", saved(Image.fromarray(rgb), "WEBP", lossless=True)
    yield "rgba-lossless.webp", saved(Image.fromarray(rgba), "WEBP", lossless=True, exact=True)
    yield "rgb-exif8.webp", saved(Image.fromarray(rgb), "WEBP", lossless=True, exif=orientation(8))
    yield "rgb-lossy.webp", saved(colour, "WEBP", quality=80), None, 1


def write_decode_files():
    folder = OUT / "decode"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, file, *rest in decode_files():
        expected, tolerance, bits = [*rest, *(None, 0, 8)[len(rest) :]]
        opened = Image.open(io.BytesIO(file))
        if opened.format == "TIFF":
            upright = opened.copy()  # loading has turned it; Pillow 9.4's exif_transpose would turn it again
        else:
            upright = ImageOps.exif_transpose(opened)
        if expected is None:
            expected = np.asarray(upright.convert("RGB"))
        assert expected.shape == (upright.height, upright.width, 3), name
        (folder / name).write_bytes(file)
        facts = {
            "width": upright.width,
            "height": upright.height,
            "bits": bits,
            "tolerance": tolerance,
            "rgb": b64(expected.tobytes()),
        }
        (folder / f"{name}.json").write_text(json.dumps(facts) + "\n")
    refused = OUT / "refused"
    refused.mkdir(exist_ok=True)
    grey = picture("noise", 500, 40, 40, 1)
    whole = saved(grey, "PNG")
    huge = chunk(b"IHDR", struct.pack(">IIBBBBB", 60000, 60000, 8, 0, 0, 0, 0))
    broken = bytearray(whole)
    broken[len(whole) // 2] ^= 0xFF
    jpeg = saved(grey, "JPEG")
    files = {
        "float32.tif": ("raster/unsupported", saved(grey.convert("F"), "TIFF")),
        "int32.tif": ("raster/unsupported", saved(grey.convert("I"), "TIFF")),
        "picture.bmp": ("raster/not-an-image", saved(grey.resize((3, 3)), "BMP")),
        "picture.gif": ("raster/not-an-image", saved(grey.resize((3, 3)), "GIF")),
        "empty.png": ("raster/not-an-image", b""),
        "page.png": ("raster/not-an-image", b"<!DOCTYPE html><html><body>Not found</body></html>"),
        "text.png": ("raster/not-an-image", b"no image at all"),
        "cut-short.png": ("raster/damaged", whole[: len(whole) // 2]),
        "cut-short.jpg": ("raster/damaged", jpeg[: len(jpeg) // 2]),
        "flipped-byte.png": ("raster/damaged", bytes(broken)),
        "signature-only.png": ("raster/damaged", whole[:8]),
        "huge.png": ("raster/too-large", whole[:8] + huge + chunk(b"IDAT", b"") + chunk(b"IEND", b"")),
    }
    for name, (code, file) in files.items():
        (refused / name).write_bytes(file)
        (refused / f"{name}.json").write_text(json.dumps({"code": code}) + "\n")


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    write_cases("resize.json", list(resize_cases()))
    write_cases("prepare.json", list(prepare_cases()))
    write_cases("skimage.json", list(skimage_cases()))
    write_cases("colour.json", list(colour_cases()))
    write_decode_files()
