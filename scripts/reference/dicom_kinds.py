"""What a header may say about how values are displayed, one function for each kind."""

import numpy as np
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

CLEARED = [
    *["WindowCenter", "WindowWidth", "VOILUTFunction", "VOILUTSequence", "ModalityLUTSequence", "RescaleSlope"],
    *["RescaleIntercept", "RescaleType", "PixelPaddingValue", "PixelPaddingRangeLimit", "PresentationLUTShape"],
]


def clear(ds):
    for name in CLEARED:
        if name in ds:
            delattr(ds, name)


def span(ds):
    """The lowest stored value, and how many there may be."""
    count = 2**ds.BitsStored
    return (-(count // 2) if ds.PixelRepresentation else 0), count


def window(ds, function=None, at=0.45, width=0.5, slope=1, intercept=0):
    low, count = span(ds)
    ds.WindowCenter = f"{(low + at * count) * slope + intercept:.2f}"
    ds.WindowWidth = f"{abs(width * count * slope):.2f}"
    if function:
        ds.VOILUTFunction = function


def lut_item(ds, first, entries, bits, packed=False, count=None):
    """A LUT with its descriptor: number of entries (0 for 65,536), first value, bits."""
    item = Dataset()
    item.add_new("LUTDescriptor", "SS" if ds.PixelRepresentation else "US", [0, 0, 0])
    promised = len(entries) if count is None else count
    numbers = [promised % 65536, first, bits]
    if ds.PixelRepresentation:
        numbers = [n - 65536 if n > 32767 else n for n in numbers]
    item.LUTDescriptor = numbers
    item["LUTDescriptor"].VR = "SS" if ds.PixelRepresentation else "US"
    data = np.asarray(entries)
    data = data.astype("<u1" if packed else "<u2").tobytes()
    item.add_new("LUTData", "OW", data + b"\0" * (len(data) % 2))
    return item


def curve(count, top):
    """A curve from 0 to `top` that is no straight line."""
    return np.rint(top * (np.arange(count) / max(1, count - 1)) ** 1.7).astype(np.int64)


def voi_lut(ds):
    low, count = span(ds)
    entries = min(count, 65535) * 3 // 4
    ds.VOILUTSequence = Sequence([lut_item(ds, low + count // 8, curve(entries, 4095), 12)])
    window(ds)  # loses against the LUT


def voi_lut_8(ds):
    low, count = span(ds)
    ds.VOILUTSequence = Sequence([lut_item(ds, low + count // 4, curve(min(count // 2, 65535), 255), 8)])


def modality_lut(ds):
    low, count = span(ds)
    ds.ModalityLUTSequence = Sequence([lut_item(ds, low, curve(count, 65535)[::-1], 16, count=count)])
    ds.ModalityLUTSequence[0].ModalityLUTType = "US"
    ds.WindowCenter, ds.WindowWidth = "30000", "50000"


def rescale(ds):
    ds.RescaleSlope, ds.RescaleIntercept, ds.RescaleType = "2", "-100", "US"
    window(ds, slope=2, intercept=-100)


def rescale_negative(ds):
    ds.RescaleSlope, ds.RescaleIntercept, ds.RescaleType = "-0.5", "17.25", "US"


def padding(ds):
    low, count = span(ds)
    ds.PixelPaddingValue = low
    ds["PixelPaddingValue"].VR = "SS" if ds.PixelRepresentation else "US"


def padding_range(ds):
    low, count = span(ds)
    padding(ds)
    ds.PixelPaddingRangeLimit = low + count // 4
    ds["PixelPaddingRangeLimit"].VR = "SS" if ds.PixelRepresentation else "US"
    window(ds)


def inverse(ds):
    ds.PresentationLUTShape = "INVERSE"
    window(ds)


def windows(ds):
    window(ds)
    ds.WindowCenter, ds.WindowWidth = [ds.WindowCenter, "10"], [ds.WindowWidth, "3"]
    ds.WindowCenterWidthExplanation = ["NORMAL", "OTHER"]


KINDS = {
    "none": lambda ds: None,
    "linear": window,
    "exact": lambda ds: window(ds, "LINEAR_EXACT"),
    "sigmoid": lambda ds: window(ds, "SIGMOID"),
    "voi-lut": voi_lut,
    "voi-lut-8": voi_lut_8,
    "modality-lut": modality_lut,
    "rescale": rescale,
    "rescale-negative": rescale_negative,
    "padding": padding,
    "padding-range": padding_range,
    "inverse": inverse,
    "windows": windows,
}
