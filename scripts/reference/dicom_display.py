"""The display transform by pydicom: stored values in, grey levels from 0 to 255 out, not rounded.

`apply_modality_lut` and `apply_voi_lut(prefer_lut=True)` are pydicom's. Around them: the range that their values have
(PS3.3 C.11.2.1.2), min-max where the header names no window, one inversion, and padding, which pydicom leaves alone and
which is drawn black. `equalize` is OpenCV's own `equalizeHist`.
"""

import cv2
import numpy as np
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.pixel_data_handlers.util import apply_modality_lut, apply_voi_lut


def modality(ds, stored):
    values = apply_modality_lut(stored.astype(np.int32), ds)
    if values.dtype.kind == "f" and ds.get("VOILUTSequence"):
        values = np.rint(values).astype(np.int32)  # pydicom indexes with them
    return values


def limits(ds):
    """The range of a window's values, as in pydicom's `apply_windowing`."""
    if ds.get("ModalityLUTSequence"):
        return 0, 2 ** ds.ModalityLUTSequence[0].LUTDescriptor[2] - 1
    low, high = stored_limits(ds)
    slope, intercept = float(ds.get("RescaleSlope", 1)), float(ds.get("RescaleIntercept", 0))
    return low * slope + intercept, high * slope + intercept


def stored_limits(ds):
    if ds.PixelRepresentation == 0:
        return 0, 2**ds.BitsStored - 1
    return -(2 ** (ds.BitsStored - 1)), 2 ** (ds.BitsStored - 1) - 1


def padding_of(ds, stored):
    if "PixelPaddingValue" not in ds:
        return np.zeros(stored.shape, bool)
    ends = [ds.PixelPaddingValue, ds.get("PixelPaddingRangeLimit", ds.PixelPaddingValue)]
    return (stored >= min(ends)) & (stored <= max(ends))


def share(values, low, high):
    return np.zeros(values.shape) if low == high else (values - low) / (high - low)


def with_plain_tables(ds):
    """The same header with descriptors of LUTs that pydicom 2.3 looks up rightly.

    The number of entries is unsigned even where a descriptor is signed, which pydicom sees to only when it reads a file.
    For entries of 8 bits it computes indices of 8 bits, so the descriptor says 16.
    """
    copied = Dataset()
    copied.is_little_endian = ds.is_little_endian
    for element in ds:
        if element.keyword != "PixelData":
            copied.add(element)
    for name in ["ModalityLUTSequence", "VOILUTSequence"]:
        if ds.get(name):
            old = ds[name].value[0]
            item = Dataset()
            item.is_little_endian = ds.is_little_endian
            count, first, bits = old.LUTDescriptor
            item.LUTDescriptor = [count % 65536, first, 16 if bits == 8 else bits]
            item.add(old["LUTData"])
            del copied[name]
            setattr(copied, name, Sequence([item]))
    return copied


def display(ds, stored, voi="default"):
    """Grey levels, float64, of stored values, int."""
    plain = with_plain_tables(ds)
    if voi == "full-range":
        shares = share(stored, *stored_limits(ds))
        padded = np.zeros(stored.shape, bool)
    else:
        values = modality(plain, stored)
        padded = padding_of(ds, stored)
        table, window = ds.get("VOILUTSequence"), ds.get("WindowCenter") is not None
        if voi == "default" and (table or window):
            shown = apply_voi_lut(values, plain, prefer_lut=True).astype(np.float64)
            low, high = (0, 2 ** table[0].LUTDescriptor[2] - 1) if table else limits(ds)
            shares = share(shown, low, high)
        else:
            picture = values[~padded]
            shares = np.clip(share(values, picture.min(), picture.max()), 0, 1)
    if ds.PhotometricInterpretation == "MONOCHROME1" or ds.get("PresentationLUTShape") == "INVERSE":
        shares = 1 - shares
    levels = np.where(padded, 0, 255 * shares)
    if voi == "equalize":
        return cv2.equalizeHist(np.floor(levels + 0.5).astype(np.uint8)).astype(np.float64)
    return levels
