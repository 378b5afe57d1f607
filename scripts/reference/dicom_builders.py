"""DICOM files with small pictures, and their encoding by dcmtk, gdcm and OpenJPH."""

import pathlib
import subprocess

import numpy as np
import pydicom
from pydicom._uid_dict import UID_dictionary
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, ExplicitVRLittleEndian, ImplicitVRLittleEndian

ROOT_UID = "1.2.826.0.1.3680043.10.1565"
DX = "1.2.840.10008.5.1.4.1.1.1.1"
WIDTH, HEIGHT = 67, 45

HTJ2K = {
    "htj2k": ("201", ["-reversible", "true"]),
    "htj2k-rpcl": ("202", ["-reversible", "true", "-prog_order", "RPCL"]),
    "htj2k-lossy": ("203", ["-reversible", "false", "-qstep", "0.0005"]),
}

# pydicom 2.3 does not know them.
for uid, _ in HTJ2K.values():
    UID_dictionary[f"1.2.840.10008.1.2.4.{uid}"] = ("HTJ2K", "Transfer Syntax", "", "", f"HTJ2K{uid}")

# How dcmtk and gdcm are called; {from} is a file in explicit little endian.
TOOLS = {
    "explicit-be": ["dcmconv", "+tb", "{from}", "{to}"],
    "deflated": ["dcmconv", "+td", "{from}", "{to}"],
    "rle": ["dcmcrle", "{from}", "{to}"],
    "jpeg-baseline": ["dcmcjpeg", "+eb", "{from}", "{to}"],
    "jpeg-extended": ["dcmcjpeg", "+ee", "{from}", "{to}"],
    "jpeg-lossless-57": ["dcmcjpeg", "+el", "{from}", "{to}"],
    "jpeg-lossless": ["dcmcjpeg", "+e1", "{from}", "{to}"],
    "jpeg-ls": ["dcmcjpls", "{from}", "{to}"],
    "jpeg-ls-near": ["dcmcjpls", "+en", "+md", "2", "{from}", "{to}"],
    "jpeg-2000": ["gdcmconv", "--j2k", "{from}", "{to}"],
    "jpeg-2000-lossy": ["gdcmconv", "--j2k", "--lossy", "-q", "60", "{from}", "{to}"],
}

SYNTAXES = ["implicit-le", "explicit-le", *TOOLS, *HTJ2K]
LOSSY = {"jpeg-baseline", "jpeg-extended", "jpeg-ls-near", "jpeg-2000-lossy", "htj2k-lossy"}


def scene(bits, signed, seed=1):
    """A smooth picture with noise that uses all of its bits, and its lowest and highest value."""
    draw = np.random.RandomState(seed)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    smooth = 0.5 + 0.35 * np.sin(x / 9.0) * np.cos(y / 7.0) + 0.1 * (x / WIDTH)
    values = np.clip(smooth + draw.normal(0, 0.02, smooth.shape), 0, 1) * (2**bits - 1)
    values = np.floor(values).astype(np.int64)
    values[0, 0], values[0, 1] = 0, 2**bits - 1
    return values - 2 ** (bits - 1) if signed else values


def build(stored, bits, signed, photometric="MONOCHROME2", allocated=None, high_bit=None):
    """A dataset in explicit little endian. `stored` is H x W, frames x H x W or H x W x 3."""
    allocated = allocated or (8 if bits <= 8 else 16)
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = DX
    meta.MediaStorageSOPInstanceUID = f"{ROOT_UID}.1"
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    ds.is_little_endian, ds.is_implicit_VR = True, False
    ds.SOPClassUID, ds.SOPInstanceUID = DX, f"{ROOT_UID}.1"
    ds.StudyInstanceUID, ds.SeriesInstanceUID = f"{ROOT_UID}.2", f"{ROOT_UID}.3"
    ds.Modality, ds.PatientName, ds.PatientID = "DX", "Made^Up", "0"
    is_colour = stored.shape[-1] == 3
    ds.SamplesPerPixel = 3 if is_colour else 1
    ds.PhotometricInterpretation = photometric
    if is_colour:
        ds.PlanarConfiguration = 0
    shape = stored.shape[:-1] if is_colour else stored.shape
    ds.Rows, ds.Columns = shape[-2:]
    if len(shape) == 3:
        ds.NumberOfFrames = shape[0]
    ds.BitsAllocated, ds.BitsStored = allocated, bits
    ds.HighBit = bits - 1 if high_bit is None else high_bit
    ds.PixelRepresentation = int(signed)
    shift = ds.HighBit + 1 - bits
    codes = (stored & (2**bits - 1)) << shift if shift or high_bit is not None else stored
    ds.PixelData = padded(codes.astype(f"<i{allocated // 8}" if signed else f"<u{allocated // 8}").tobytes())
    return ds


def padded(data):
    return data + b"\0" * (len(data) % 2)


def run(command, **places):
    filled = [places.get(part.strip("{}"), part) for part in command]
    done = subprocess.run(filled, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(filled)}: {done.stderr}")


def htj2k(ds, stored, syntax, folder):
    """Encode unsigned samples by OpenJPH. Returns the dataset, and the samples as ojph_expand reads them."""
    uid, options = HTJ2K[syntax]
    is_colour = ds.SamplesPerPixel == 3
    source = folder / ("frame.ppm" if is_colour else "frame.pgm")
    head = f"P{6 if is_colour else 5}\n{ds.Columns} {ds.Rows}\n{2**ds.BitsStored - 1}\n"
    source.write_bytes(head.encode() + stored.astype(">u1" if ds.BitsStored <= 8 else ">u2").tobytes())
    code = folder / "frame.j2c"
    run(["ojph_compress", "-i", str(source), "-o", str(code), *options])
    ds.PixelData = encapsulate([code.read_bytes()])
    ds["PixelData"].VR, ds["PixelData"].is_undefined_length = "OB", True
    ds.file_meta.TransferSyntaxUID = UID(f"1.2.840.10008.1.2.4.{uid}")
    if syntax != "htj2k-lossy":
        return ds, stored
    back = folder / "back.pgm"
    run(["ojph_expand", "-i", str(code), "-o", str(back)])
    body = back.read_bytes().split(b"\n", 3)[3]
    return ds, np.frombuffer(body, ">u1" if ds.BitsStored <= 8 else ">u2").reshape(stored.shape).astype(np.int64)


def encode(ds, stored, syntax, folder):
    """The dataset in another transfer syntax, and its stored values: those given, or what gdcm reads of lossy ones."""
    folder = pathlib.Path(folder)
    if syntax in HTJ2K:
        return htj2k(ds, stored, syntax, folder)
    if syntax == "explicit-le":
        return ds, stored
    if syntax == "implicit-le":
        ds.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
        ds.is_implicit_VR = True
        return ds, stored
    before, after = folder / "before.dcm", folder / "after.dcm"
    ds.save_as(before, write_like_original=False)
    run(TOOLS[syntax], **{"from": str(before), "to": str(after)})
    out = pydicom.dcmread(after)
    if syntax not in LOSSY:
        return out, stored
    out.convert_pixel_data("gdcm")
    return pydicom.dcmread(after), out.pixel_array.astype(np.int64)
