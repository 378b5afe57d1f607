"""Files in colour: RGB, YBR_FULL, YBR_FULL_422 and palettes, by pixels and by planes."""

import copy
import io

import numpy as np
from PIL import Image
from pydicom.encaps import generate_pixel_data_frame
from pydicom.pixel_data_handlers.util import apply_color_lut, convert_color_space

from dicom_builders import build, encode, padded, scene

LOSSLESS = ["explicit-le", "implicit-le", "explicit-be", "deflated", "rle", "jpeg-lossless", "jpeg-ls", "jpeg-2000", "htj2k"]
NATIVE = LOSSLESS[:5]


def painting(bits=8):
    return np.stack([scene(bits, False, seed) for seed in [6, 7, 8]], axis=-1)


def planar(ds, values):
    ds.PlanarConfiguration = 1
    ds.PixelData = padded(np.moveaxis(values, -1, 0).astype("<u1").tobytes())
    return ds


def rgb_cases(folder):
    values = painting()
    for syntax in LOSSLESS:
        ds, _ = encode(build(values, 8, False, "RGB"), values, syntax, folder)
        yield f"colour-{syntax}-rgb", ds, [("default", values)], True, None
        if syntax not in ("htj2k", "jpeg-2000"):
            ds, _ = encode(planar(build(values, 8, False, "RGB"), values), values, syntax, folder)
            yield f"colour-{syntax}-rgb-planar", ds, [("default", values)], True, None
    deep = painting(12)
    ds = build(deep, 12, False, "RGB")
    yield "colour-explicit-le-rgb12", ds, [("default", deep * 255 / 4095)], True, None


def ybr_cases(folder):
    values = painting()
    for syntax in NATIVE:
        ybr = build(values, 8, False, "YBR_FULL")
        shown = convert_color_space(values.astype(np.uint8), "YBR_FULL", "RGB")
        ds, _ = encode(copy.deepcopy(ybr), values, syntax, folder)
        yield f"colour-{syntax}-ybr", ds, [("default", shown)], True, None
        ds, _ = encode(planar(ybr, values), values, syntax, folder)
        yield f"colour-{syntax}-ybr-planar", ds, [("default", shown)], True, None
    # Two pixels share their colours: an even number of columns.
    values = values[:, :66].copy()
    values[:, 1::2, 1:] = values[:, 0::2, 1:]
    ds = build(values, 8, False, "YBR_FULL_422")
    pairs = np.stack([values[:, 0::2, 0], values[:, 1::2, 0], values[:, 0::2, 1], values[:, 0::2, 2]], axis=-1)
    ds.PixelData = pairs.astype(np.uint8).tobytes()
    shown = convert_color_space(values.astype(np.uint8), "YBR_FULL", "RGB")
    yield "colour-explicit-le-ybr-422", ds, [("default", shown)], True, None


def jpeg_cases(folder):
    """dcmtk stores YBR_FULL_422; libjpeg, through Pillow, reads the stream."""
    values = painting()
    ds, _ = encode(build(values, 8, False, "RGB"), values, "jpeg-baseline", folder)
    stream = next(generate_pixel_data_frame(ds.PixelData))
    shown = np.asarray(Image.open(io.BytesIO(stream)).convert("RGB"))
    yield "colour-jpeg-baseline", ds, [("default", shown)], False, None


def add_palette(ds, bits, first, count):
    for i, name in enumerate(["Red", "Green", "Blue"]):
        top = 2**bits - 1
        entries = np.rint(top * (0.5 + 0.5 * np.sin(np.arange(count) / (20.0 + 9 * i)))).astype(np.int64)
        setattr(ds, f"{name}PaletteColorLookupTableDescriptor", [count % 65536, first, bits])
        setattr(ds, f"{name}PaletteColorLookupTableData", entries.astype("<u1" if bits == 8 else "<u2").tobytes())


def add_segments(ds, bits):
    """A discrete segment, two ramps and, in 8 bits, the first ramp once more (pydicom takes its offset for words)."""
    for i, name in enumerate(["Red", "Green", "Blue"]):
        top = 2**bits - 1 - 9 * i
        again = [2, 1, 6, 0, 0, 0] if bits == 8 else []
        segments = [0, 4, 10, 50 * i, 90, 100, 1, 100, top, 1, 45, 30, *again, 0, 2, 7, 200]
        count = 4 + 100 + 45 + (100 if again else 0) + 2
        setattr(ds, f"{name}PaletteColorLookupTableDescriptor", [count, 3, bits])
        data = np.asarray(segments, "<u1" if bits == 8 else "<u2").tobytes()
        setattr(ds, f"Segmented{name}PaletteColorLookupTableData", data)


def palette_cases(folder):
    values = scene(8, False)
    for syntax in LOSSLESS:
        base = build(values, 8, False, "PALETTE COLOR")
        add_palette(base, 16, 0, 256)
        ds, _ = encode(base, values, syntax, folder)
        # gdcm rounds the entries of a palette; a file in big endian has them the other way round.
        shown = apply_color_lut(values, base if syntax == "explicit-be" else ds) * (255 / 65535)
        yield f"colour-{syntax}-palette", ds, [("default", shown)], True, None
    base = build(values, 8, False, "PALETTE COLOR")
    add_palette(base, 8, 20, 200)
    yield "colour-explicit-le-palette8", base, [("default", apply_color_lut(values, base))], True, None
    for bits in [8, 16]:
        base = build(values, 8, False, "PALETTE COLOR")
        add_segments(base, bits)
        shown = apply_color_lut(values, base) * (255 / (2**bits - 1))
        # pydicom cuts off the fractions of a ramp.
        yield f"colour-explicit-le-segments{bits}", base, [("default", shown)], False, None


def colour_cases(folder):
    yield from rgb_cases(folder)
    yield from ybr_cases(folder)
    yield from jpeg_cases(folder)
    yield from palette_cases(folder)
