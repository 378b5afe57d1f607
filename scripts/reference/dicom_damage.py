#!/usr/bin/env python3
"""Small sound DICOM files in every transfer syntax, to be damaged: fixtures/dicom/damage/.

Frames are encoded by dcmtk, gdcm and OpenJPH (Debian: dcmtk libgdcm-tools openjph-tools python3-pydicom). Only the frames
are taken from their files, so that the same bytes come out every time.
"""

import pathlib
import subprocess
import tempfile

import numpy as np
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate, generate_pixel_data_frame

OUT = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "dicom" / "damage"
ROWS, COLUMNS = 17, 22
SYNTAX = "1.2.840.10008.1.2"
EXPLICIT = f"{SYNTAX}.1"
HTJ2K = f"{SYNTAX}.4.201"
# pydicom 2.3 writes no HTJ2K; this UID is as long.
UNKNOWN_AS = f"{SYNTAX}.4.100"


def pixels(bits, samples, frames):
    """A pattern without long runs, so that no decoder can skip anything."""
    f, y, x, s = np.meshgrid(*map(np.arange, (frames, ROWS, COLUMNS, samples)), indexing="ij")
    return (x * 37 + y * 91 + (x * y * (s + f + 1)) % 53 + 11 * (s + f)) % (1 << bits)


def describe(bits=12, samples=1, frames=1):
    ds = Dataset()
    ds.SOPClassUID, ds.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.1.1", "1.2.3.4.5"
    ds.Modality, ds.BodyPartExamined, ds.ViewPosition = "DX", "CHEST", "PA"
    region = Dataset()
    region.CodeValue, region.CodingSchemeDesignator, region.CodeMeaning = "51185008", "SCT", "Chest"
    ds.AnatomicRegionSequence = [region]
    ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.PatientOrientation = "1.2.3.4", "1.2.3.4.1", ["L", "F"]
    ds.SamplesPerPixel, ds.PhotometricInterpretation = samples, "MONOCHROME2" if samples == 1 else "RGB"
    if samples > 1:
        ds.PlanarConfiguration = 0
    if frames > 1:
        ds.NumberOfFrames = frames
    ds.Rows, ds.Columns, ds.PixelRepresentation = ROWS, COLUMNS, 0
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 8 if bits == 8 else 16, bits, bits - 1
    if samples == 1:
        ds.WindowCenter, ds.WindowWidth = 1 << (bits - 1), 1 << bits
        ds.RescaleSlope, ds.RescaleIntercept = 1, 0
    ds.PixelData = pixels(bits, samples, frames).astype("u1" if bits == 8 else "<u2").tobytes()
    return ds


def save(path, ds, syntax=EXPLICIT):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = ds.SOPClassUID, ds.SOPInstanceUID
    meta.TransferSyntaxUID, meta.ImplementationClassUID = syntax, "1.2.3"
    ds.file_meta = meta
    ds.is_implicit_VR, ds.is_little_endian = syntax == SYNTAX, syntax != f"{SYNTAX}.2"
    if syntax == f"{SYNTAX}.2" and ds.BitsAllocated == 16:
        ds.PixelData = np.frombuffer(ds.PixelData, "<u2").astype(">u2").tobytes()
    ds.save_as(path, write_like_original=False)
    if syntax == UNKNOWN_AS:
        path.write_bytes(path.read_bytes().replace(syntax.encode(), HTJ2K.encode()))


def encoded(folder, command, **kind):
    """Frames and photometric interpretation of a picture that was encoded by a command."""
    source, target = folder / "source.dcm", folder / "target.dcm"
    save(source, describe(**kind))
    subprocess.run([*command, source, target], check=True, capture_output=True)
    ds = dcmread(target)
    return list(generate_pixel_data_frame(ds.PixelData, int(ds.get("NumberOfFrames", 1)))), ds.PhotometricInterpretation


def htj2k(folder):
    source, target = folder / "source.pgm", folder / "target.j2c"
    values = pixels(12, 1, 1)[0, :, :, 0]
    source.write_bytes(f"P5 {COLUMNS} {ROWS} 4095\n".encode() + values.astype(">u2").tobytes())
    command = ["ojph_compress", "-i", source, "-o", target, "-reversible", "true", "-num_decomps", "3"]
    subprocess.run(command, check=True, capture_output=True)
    return [target.read_bytes()], "MONOCHROME2"


GREY = {}
BYTES = {"bits": 8}
COLOUR = {"bits": 8, "samples": 3}
FRAMES = {"frames": 3}
NATIVE = [
    *[("explicit", f"{SYNTAX}.1", GREY), ("implicit", SYNTAX, GREY), ("big-endian", f"{SYNTAX}.2", GREY)],
    *[("deflated", f"{SYNTAX}.1.99", GREY), ("bytes", EXPLICIT, BYTES), ("colour", EXPLICIT, COLOUR)],
    ("frames", EXPLICIT, FRAMES),
]
COMPRESSED = [
    *[("rle", ".5", ["dcmcrle"], GREY), ("rle-colour", ".5", ["dcmcrle"], COLOUR)],
    ("rle-frames", ".5", ["dcmcrle"], FRAMES),
    *[("jpeg-baseline", ".4.50", ["dcmcjpeg", "+eb"], BYTES), ("jpeg-colour", ".4.50", ["dcmcjpeg", "+eb"], COLOUR)],
    ("jpeg-extended", ".4.51", ["dcmcjpeg", "+ee"], GREY),
    *[("jpeg-lossless-57", ".4.57", ["dcmcjpeg", "+el"], GREY), ("jpeg-lossless", ".4.70", ["dcmcjpeg", "+e1"], GREY)],
    ("jpeg-lossless-frames", ".4.70", ["dcmcjpeg", "+e1"], FRAMES),
    *[("jpeg-ls", ".4.80", ["dcmcjpls", "+el"], GREY), ("jpeg-ls-near", ".4.81", ["dcmcjpls", "+en"], GREY)],
    ("jpeg-2000", ".4.90", ["gdcmconv", "--j2k"], GREY),
    ("jpeg-2000-lossy", ".4.91", ["gdcmconv", "--j2k", "--lossy", "-q", "40"], GREY),
]


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for name, syntax, kind in NATIVE:
        save(OUT / f"{name}.dcm", describe(**kind), syntax)
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        made = [(name, end, encoded(folder, command, **kind), kind) for name, end, command, kind in COMPRESSED]
        made.append(("htj2k", ".4.100", htj2k(folder), GREY))
    for name, end, (frames, photometric), kind in made:
        for parts in [1, 3] if name == "jpeg-lossless" else [1]:
            ds = describe(**kind)
            ds.PhotometricInterpretation = photometric
            ds.PixelData = encapsulate(frames, fragments_per_frame=parts)
            ds["PixelData"].VR, ds["PixelData"].is_undefined_length = "OB", True
            save(OUT / (f"{name}.dcm" if parts == 1 else f"{name}-fragments.dcm"), ds, SYNTAX + end)


if __name__ == "__main__":
    main()
