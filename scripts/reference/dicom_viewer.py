#!/usr/bin/env python3
"""The values that a viewer shows under its cursor, and the spacing of pixels, by pydicom.

    python3 scripts/reference/dicom_viewer.py      # writes fixtures/dicom/viewer/

`values.json` has the SHA-256 of pydicom's `apply_modality_lut` (float64, little-endian) for those files of
`fixtures/dicom/display/` that pydicom decodes by itself. The files beside it differ in what they say of spacing and units;
`spacing.json` has what pydicom reads in them.
"""

import hashlib
import json
import pathlib

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.pixel_data_handlers.util import apply_modality_lut
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from dicom_display import with_plain_tables

ROOT = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "dicom"
OUT = ROOT / "viewer"
NATIVE = {
    "1.2.840.10008.1.2",
    "1.2.840.10008.1.2.1",
    "1.2.840.10008.1.2.1.99",
    "1.2.840.10008.1.2.2",
    "1.2.840.10008.1.2.5",
}


def value_rows():
    for path in sorted((ROOT / "display").glob("*.dcm")):
        ds = pydicom.dcmread(path)
        is_odd = ds.BitsAllocated == 32 or (ds.BitsStored < ds.BitsAllocated and ds.HighBit + 1 != ds.BitsStored)
        if ds.SamplesPerPixel != 1 or "MONOCHROME" not in ds.PhotometricInterpretation or is_odd:
            continue
        if ds.file_meta.TransferSyntaxUID not in NATIVE or "overlay" in path.name:
            continue
        stored = ds.pixel_array
        stored = (stored[0] if stored.ndim == 3 else stored).astype(np.int32)
        values = apply_modality_lut(stored, with_plain_tables(ds)).astype("<f8")
        yield {
            "file": path.stem,
            "first": [float(value) for value in values.ravel()[:4]],
            "sha256": hashlib.sha256(values.tobytes()).hexdigest(),
        }


SPACINGS = {
    "pixel-spacing": dict(PixelSpacing=[0.171, 0.168]),
    "calibrated": dict(PixelSpacing=[0.13, 0.13], ImagerPixelSpacing=[0.15, 0.15], PixelSpacingCalibrationType="GEOMETRY"),
    "calibrated-to-the-same": dict(
        PixelSpacing=[0.15, 0.15], ImagerPixelSpacing=[0.15, 0.15], PixelSpacingCalibrationType="FIDUCIAL"
    ),
    "repeated": dict(PixelSpacing=[0.15, 0.15], ImagerPixelSpacing=[0.15, 0.15]),
    "imager-only": dict(ImagerPixelSpacing=[0.2, 0.1]),
    "zero": dict(PixelSpacing=[0, 0]),
    "none": {},
    "hounsfield": dict(RescaleSlope=2, RescaleIntercept=-1024, RescaleType="HU"),
    "unspecified-unit": dict(RescaleSlope=1, RescaleIntercept=0, RescaleType="US"),
    "free-text-unit": dict(RescaleSlope=1, RescaleIntercept=0, RescaleType="see note of ward 4"),
}


def spacing_rows():
    for name, attributes in SPACINGS.items():
        for syntax, kind in [(ExplicitVRLittleEndian, "explicit"), (ImplicitVRLittleEndian, "implicit")]:
            ds = Dataset()
            ds.file_meta = FileMetaDataset()
            ds.file_meta.TransferSyntaxUID = syntax
            ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.1"
            ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID = "2.25.1"
            ds.is_little_endian, ds.is_implicit_VR = True, syntax == ImplicitVRLittleEndian
            ds.Rows, ds.Columns, ds.SamplesPerPixel, ds.PhotometricInterpretation = 2, 3, 1, "MONOCHROME2"
            ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 12, 11, 0
            for keyword, value in attributes.items():
                setattr(ds, keyword, value)
            ds.PixelData = np.arange(6, dtype="<u2").tobytes()
            file = f"{name}-{kind}.dcm"
            ds.save_as(OUT / file, write_like_original=False)
            read = pydicom.dcmread(OUT / file)
            pair = lambda keyword: [float(v) for v in read.get(keyword) or []]
            yield {
                "file": file,
                "pixelSpacing": pair("PixelSpacing"),
                "imagerPixelSpacing": pair("ImagerPixelSpacing"),
                "calibration": read.get("PixelSpacingCalibrationType"),
                "rescaleType": read.get("RescaleType"),
                "values": [float(v) for v in apply_modality_lut(read.pixel_array, read).ravel()],
            }


def write(name, rows):
    lines = ",\n".join("  " + json.dumps(row) for row in rows)
    (OUT / name).write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    write("values.json", list(value_rows()))
    write("spacing.json", list(spacing_rows()))
