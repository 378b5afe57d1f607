"""Files whose pixels or tables are stored in unusual ways, as real ones are."""

import copy

import numpy as np
from pydicom.sequence import Sequence

from dicom_builders import build, encode, padded, scene
from dicom_display import display
from dicom_kinds import curve, lut_item, window


def with_bits(ds, seed, keep):
    """Random bits wherever `keep` has none."""
    codes = np.frombuffer(ds.PixelData, "<u2")
    noise = np.random.RandomState(seed).randint(0, 65536, codes.shape).astype(np.uint16)
    ds.PixelData = (codes & keep | noise & ~np.uint16(keep)).astype("<u2").tobytes()
    return ds


def result(ds, stored):
    return [("default", display(ds, stored))]


def unused_bits():
    values = scene(12, False)
    ds = with_bits(build(values, 12, False), 1, 0x0FFF)
    window(ds)
    yield "odd-overlay-in-high-bits", ds, result(ds, values), True, None
    values = scene(10, True)
    ds = with_bits(build(values, 10, True, high_bit=13), 2, 0x3FF0)
    yield "odd-high-bit-13", ds, result(ds, values), True, None
    values = scene(12, False)
    ds = build(values, 12, False, allocated=32)
    window(ds)
    yield "odd-32-bits-allocated", ds, result(ds, values), True, None


def several_frames(folder):
    for syntax in ["explicit-le", "rle", "jpeg-lossless", "jpeg-ls"]:
        values = np.stack([scene(12, False, seed) for seed in [3, 4, 5]])
        ds, _ = encode(build(values, 12, False), values, syntax, folder)
        window(ds)
        for frame in [1, 3]:
            yield f"odd-frames-{syntax}#{frame}", ds, result(ds, values[frame - 1]), True, frame


def tables(folder):
    values = scene(12, False)
    long, short = build(values, 12, False), build(values, 12, False)
    entries = curve(4096, 65535)
    long.VOILUTSequence = Sequence([lut_item(long, 0, [*entries[:3000], *([entries[2999]] * 1096)], 16)])
    short.VOILUTSequence = Sequence([lut_item(short, 0, entries[:3000], 16, count=4096)])
    yield "odd-short-voi-lut", short, result(long, values), True, None

    values = scene(8, False)
    plain = build(values, 8, False)
    plain.VOILUTSequence = Sequence([lut_item(plain, 0, curve(256, 255), 8)])
    for syntax in ["explicit-le", "explicit-be"]:
        packed = build(values, 8, False)
        packed.VOILUTSequence = Sequence([lut_item(packed, 0, curve(256, 255), 8, packed=True)])
        packed, _ = encode(packed, values, syntax, folder)
        yield f"odd-packed-voi-lut-{syntax}", packed, result(plain, values), True, None

    values = scene(16, True)
    ds = build(values, 16, True)
    ds.VOILUTSequence = Sequence([lut_item(ds, -32768, curve(65536, 4095), 12, count=65536)])
    yield "odd-voi-lut-of-65536", ds, result(ds, values), True, None

    values = scene(12, False)
    ds = build(values, 12, False)
    ds.RescaleSlope, ds.RescaleIntercept = "1", "-1024"
    item = lut_item(ds, 0, curve(4096, 1023), 10)
    item["LUTDescriptor"].VR, item.LUTDescriptor = "SS", [4096, -1024, 10]
    ds.VOILUTSequence = Sequence([item])
    yield "odd-voi-lut-from-negative", ds, result(ds, values), True, None


def headers():
    values = scene(12, False)
    ds = build(values, 12, False, "MONOCHROME1")
    ds.PresentationLUTShape = "INVERSE"
    window(ds)
    yield "odd-monochrome1-and-inverse", ds, result(ds, values), True, None

    ds = build(values, 12, False)
    without = copy.deepcopy(ds)
    ds.WindowCenter, ds.WindowWidth = "2048", "0"
    yield "odd-window-of-width-0", ds, result(without, values), True, None

    flat = np.full_like(values, 1000)
    ds = build(flat, 12, False)
    yield "odd-one-value", ds, result(ds, flat), True, None

    # Padding at 0 lies beyond the picture, whose values begin at 400.
    values = np.where(np.arange(67) < 20, 0, np.maximum(scene(12, False), 400))
    ds = build(values, 12, False, "MONOCHROME1")
    ds.PixelPaddingValue = 0
    yield "odd-padding-beside-the-picture", ds, [
        (voi, display(ds, values, voi)) for voi in ["default", "minmax", "full-range", "equalize"]
    ], True, None


def odd_cases(folder):
    yield from unused_bits()
    yield from several_frames(folder)
    yield from tables(folder)
    yield from headers()
