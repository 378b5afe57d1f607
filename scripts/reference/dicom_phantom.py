"""DICOM files as a hospital's CD holds them, and the picture that pydicom makes of one. Writes fixtures/dicom-media/.

- `cd/`: a DICOMDIR with the image files and the report that it lists, and a presentation state that it does not list.
- `phantom.dcm`: a made-up picture of two frames, inverted, with a rescale and a window; beside it its 8-bit pictures.

Nobody is in these files: the pictures are a formula, and so are the UIDs.
"""

import base64
import json
import shutil
from pathlib import Path

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.fileset import FileSet
from pydicom.pixel_data_handlers.util import apply_modality_lut, apply_voi_lut
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

OUT = Path(__file__).resolve().parents[2] / "fixtures" / "dicom-media"

ROOT = "1.2.826.0.1.3680043.10.511.15"
CLASS = {
    "DX": "1.2.840.10008.5.1.4.1.1.1.1",
    "CR": "1.2.840.10008.5.1.4.1.1.1",
    "SR": "1.2.840.10008.5.1.4.1.1.88.33",
    "PR": "1.2.840.10008.5.1.4.1.1.11.1",
    "MF": "1.2.840.10008.5.1.4.1.1.7.3",
}


def new(kind, number, syntax=ExplicitVRLittleEndian):
    """A file with the attributes that every kind of object has."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = CLASS[kind]
    meta.MediaStorageSOPInstanceUID = f"{ROOT}.1.{number}"
    meta.TransferSyntaxUID = syntax
    meta.ImplementationClassUID = f"{ROOT}.9"
    file = FileDataset(None, {}, file_meta=meta, preamble=b"\0" * 128)
    file.is_little_endian = True
    file.is_implicit_VR = syntax == ImplicitVRLittleEndian
    file.SOPClassUID = meta.MediaStorageSOPClassUID
    file.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    file.StudyInstanceUID = f"{ROOT}.2"
    file.SeriesInstanceUID = f"{ROOT}.3.{number}"
    file.StudyDate, file.StudyTime, file.StudyID = "20200101", "120000", "1"
    file.AccessionNumber, file.StudyDescription = "", ""
    file.PatientName, file.PatientID = "Phantom^Nobody", "phantom"
    file.SeriesNumber, file.InstanceNumber = number, 1
    file.ContentDate, file.ContentTime = "20200101", "120000"
    return file


def picture(width, height, most):
    """A smooth pattern from 0 to `most` that is not symmetric; the tests' own pictures have the same one."""
    y, x = np.mgrid[0:height, 0:width]
    x, y = x / width, y / height
    return np.rint(most * (0.5 + 0.4 * np.sin(7 * x + 3 * y * y) * np.cos(4 * y - x))).astype(np.uint16)


def image(number, modality, view, pixels, syntax=ExplicitVRLittleEndian, **more):
    file = new(more.pop("kind", modality), number, syntax)
    file.Modality, file.ViewPosition, file.BodyPartExamined = modality, view, "CHEST"
    file.Rows, file.Columns = pixels.shape[-2:]
    file.SamplesPerPixel, file.PhotometricInterpretation = 1, "MONOCHROME2"
    file.BitsAllocated, file.BitsStored, file.HighBit, file.PixelRepresentation = 16, 12, 11, 0
    for name, value in more.items():
        setattr(file, name, value)
    file.PixelData = pixels.tobytes()
    return file


def report(number):
    file = new("SR", number)
    file.Modality, file.ValueType = "SR", "CONTAINER"
    file.CompletionFlag, file.VerificationFlag = "PARTIAL", "UNVERIFIED"
    title = Dataset()
    title.CodeValue, title.CodingSchemeDesignator, title.CodeMeaning = "18748-4", "LN", "Diagnostic Imaging Report"
    file.ConceptNameCodeSequence = [title]
    return file


def state(number):
    file = new("PR", number)
    file.Modality, file.ContentLabel = "PR", "NONE"
    return file


def cd():
    """A CD: two images and a report that the DICOMDIR lists, and a presentation state."""
    folder = OUT / "cd"
    small = picture(40, 48, 4095)
    files = FileSet()
    for number, file in enumerate(
        [
            image(1, "DX", "PA", small, PresentationIntentType="FOR PRESENTATION"),
            report(2),
            image(3, "CR", "LL", small[::-1].copy(), ImplicitVRLittleEndian),
        ]
    ):
        files.add(file)
    files.ID, files.UID = "PHANTOM", f"{ROOT}.4"
    files.write(folder)
    state(4).save_as(folder / "STATE", write_like_original=False)
    # In the order of the records, which FileSet sorts by patient, study and series.
    listed = pydicom.dcmread(folder / "DICOMDIR").DirectoryRecordSequence
    images = ["/".join(one.ReferencedFileID) for one in listed if one.DirectoryRecordType == "IMAGE"]
    uids = {path: str(pydicom.dcmread(folder / path).SOPInstanceUID) for path in images}
    (OUT / "cd.json").write_text(json.dumps({"images": images, "uids": uids}, indent=1) + "\n")


def eight_bits(values, low, high):
    return np.clip(np.rint((values - low) * 255 / (high - low)), 0, 255).astype(np.uint8)


def phantom():
    """The pictures of `phantom.dcm` by frame and by choice of the VOI."""
    pixels = np.stack([picture(60, 50, 4095), 4095 - picture(60, 50, 4095)])
    file = image(
        10,
        "DX",
        "PA",
        pixels,
        kind="MF",
        NumberOfFrames=2,
        PhotometricInterpretation="MONOCHROME1",
        RescaleSlope="0.5",
        RescaleIntercept="-100",
        WindowCenter="900",
        WindowWidth="1400",
    )
    file.save_as(OUT / "phantom.dcm", write_like_original=False)
    file = pydicom.dcmread(OUT / "phantom.dcm")
    expected = {}
    for frame, stored in enumerate(file.pixel_array, 1):
        rescaled = apply_modality_lut(stored, file)
        shown = apply_voi_lut(rescaled, file)
        # pydicom's window yields the range that the rescaled values could have: 12 bits, halved, less 100.
        low, high = -100, 4095 * 0.5 - 100
        grey = {
            "default": eight_bits(shown, low, high),
            "minmax": eight_bits(rescaled, rescaled.min(), rescaled.max()),
            "full-range": eight_bits(stored.astype(float), 0, 4095),
        }
        for voi, values in grey.items():
            inverted = 255 - values
            expected[f"{voi} {frame}"] = base64.b64encode(inverted.tobytes()).decode()
    (OUT / "phantom.dcm.json").write_text(
        json.dumps({"width": 60, "height": 50, "pictures": expected}, indent=1) + "\n"
    )


if __name__ == "__main__":
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    cd()
    phantom()
