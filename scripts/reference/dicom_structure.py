#!/usr/bin/python3
"""Small DICOM files in every form that a data set and its pixels can have, as pydicom reads them.

Writes fixtures/dicom/structure/<name>.dcm, each with <name>.dcm.json: the transfer syntax, all attributes, and the bytes
of each frame. The pixels are numbers, not a picture; what is "compressed" is only framed like it, since nothing is
decoded here. dcmtk makes the files in RLE, in deflated form, in big endian with samples of 8 bits, and the DICOMDIR.

All persons are made up.
"""

import hashlib
import io
import json
import struct
import subprocess
import tempfile
import warnings
import zlib
from pathlib import Path

import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate, encapsulate_extended, generate_pixel_data_frame
from pydicom.filewriter import write_dataset
from pydicom.filebase import DicomBytesIO
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence

warnings.simplefilter("ignore")
OUT = Path(__file__).resolve().parents[2] / "fixtures" / "dicom" / "structure"
IMPLICIT, EXPLICIT, BIG = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"
DEFLATED, JPEG, J2K, RLE = (
    "1.2.840.10008.1.2.1.99",
    "1.2.840.10008.1.2.4.50",
    "1.2.840.10008.1.2.4.90",
    "1.2.840.10008.1.2.5",
)
CR = "1.2.840.10008.5.1.4.1.1.1"
ROWS, COLUMNS = 4, 6
WORDS = struct.pack("<24H", *(i * 37 % 1021 for i in range(24)))


def code(value, scheme, meaning):
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def chest(bits=16, frames=None, private=False):
    ds = Dataset()
    ds.SpecificCharacterSet = "ISO_IR 100"
    ds.ImageType = ["ORIGINAL", "PRIMARY", "", "POST"]
    ds.SOPClassUID, ds.SOPInstanceUID = CR, "1.2.826.0.1.3680043.8.498.1"
    ds.Modality, ds.PresentationIntentType = "DX", "FOR PRESENTATION"
    ds.SeriesDescription = "Thorax längs"
    ds.AnatomicRegionSequence = [code("51185008", "SCT", "Chest")]
    ds.PatientName, ds.PatientID = "Müller^Erfunden", "0000"
    ds.BodyPartExamined, ds.ViewPosition = "CHEST", "PA"
    ds.PatientOrientation = ["L", "F"]
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME1"
    ds.Rows, ds.Columns = ROWS, COLUMNS
    if frames:
        ds.NumberOfFrames = frames
    ds.PixelSpacing = ["0.168", "0.168"]
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = bits, min(bits, 10), min(bits, 10) - 1, 0
    ds.PixelPaddingValue = 0
    ds.BurnedInAnnotation = "NO"
    ds.PixelIntensityRelationshipSign = -1
    ds.WindowCenter, ds.WindowWidth = ["500.5", "60"], ["1000", "1e2"]
    ds.ViewCodeSequence = [code("399348003", "SCT", "AP"), code("R-40888", "SRT", "PA")]
    ds.PresentationLUTShape = "INVERSE"
    if private:
        block = ds.private_block(0x0029, "MEDICAL-X TEST", create=True)
        block.add_new(1, "LO", "secret")
        block.add_new(2, "OB", b"\x01\x02\xff\x00")
        block.add_new(3, "SQ", Sequence([code("1", "99X", "private")]))
    ds.PixelData = WORDS if bits == 16 else bytes(range(24))
    return ds


def three_frames():
    ds = chest(bits=8, frames=3)
    ds.PixelData = bytes(range(72))
    return ds


def dataset_bytes(ds, syntax):
    ds.is_implicit_VR, ds.is_little_endian = syntax == IMPLICIT, syntax != BIG
    if syntax == BIG and ds.BitsAllocated == 16:
        ds.PixelData = struct.pack(">24H", *struct.unpack("<24H", ds.PixelData))
    if not ds["PixelData"].is_undefined_length:
        ds["PixelData"].VR = "OW"
    out = DicomBytesIO()
    out.is_implicit_VR, out.is_little_endian = ds.is_implicit_VR, ds.is_little_endian
    write_dataset(out, ds)
    return out.getvalue()


def meta_bytes(syntax, implicit=False):
    meta = FileMetaDataset()
    meta.FileMetaInformationVersion = b"\0\1"
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = CR, "1.2.826.0.1.3680043.8.498.1"
    if syntax:
        meta.TransferSyntaxUID = syntax
    meta.ImplementationClassUID = "1.2.826.0.1.3680043.8.498.0"
    out = DicomBytesIO()
    out.is_implicit_VR, out.is_little_endian = implicit, True
    write_dataset(out, meta)
    body = out.getvalue()
    head = struct.pack("<HHLL", 2, 0, 4, len(body)) if implicit else struct.pack("<HH2sHL", 2, 0, b"UL", 4, len(body))
    return head + body


def part10(syntax, body, named=True):
    return bytes(128) + b"DICM" + meta_bytes(syntax if named else None) + body


def plain(syntax, **options):
    return part10(syntax, dataset_bytes(chest(**options), syntax))


def explicit(tag, vr, value):
    head = struct.pack("<HH2s", tag >> 16, tag & 0xFFFF, vr)
    long = vr in (b"OB", b"OW", b"SQ", b"UN", b"UT", b"OV")
    return head + (struct.pack("<HL", 0, len(value)) if long else struct.pack("<H", len(value))) + value


def implicit(tag, value):
    return struct.pack("<HHL", tag >> 16, tag & 0xFFFF, len(value)) + value


def item(value, tag=0xFFFEE000):
    return struct.pack("<HHL", tag >> 16, tag & 0xFFFF, len(value)) + value


ITEM, ITEM_END, SEQUENCE_END = b"\xfe\xff\x00\xe0\xff\xff\xff\xff", b"\xfe\xff\x0d\xe0\0\0\0\0", b"\xfe\xff\xdd\xe0\0\0\0\0"


def undefined(tag, vr, value):
    head = struct.pack("<HH", tag >> 16, tag & 0xFFFF)
    return head + (vr + b"\0\0" if vr else b"") + b"\xff\xff\xff\xff" + value


def spliced(extra, syntax=EXPLICIT):
    """The usual data set with other bytes in place of its Anatomic Region Sequence, where they belong by their tags."""
    ds = chest()
    del ds.AnatomicRegionSequence
    body = dataset_bytes(ds, syntax)
    at = body.index(struct.pack("<HH", 0x0010, 0x0010))
    return part10(syntax, body[:at] + extra + body[at:])


def undefined_sequences():
    inner = undefined(0x00081140, b"SQ", ITEM + explicit(0x00081155, b"UI", b"1.2\0") + ITEM_END + SEQUENCE_END)
    first = explicit(0x00080100, b"SH", b"51185008") + explicit(0x00080102, b"SH", b"SCT ") + inner
    second = explicit(0x00080100, b"SH", b"X1")
    empty = undefined(0x00082229, b"SQ", SEQUENCE_END)
    return spliced(undefined(0x00082218, b"SQ", ITEM + first + ITEM_END + item(second) + SEQUENCE_END) + empty)


def implicit_items():
    content = implicit(0x00080100, b"51185008") + implicit(0x00080102, b"SCT ")
    return spliced(undefined(0x00082218, b"UN", ITEM + content + ITEM_END + item(content) + SEQUENCE_END))


def own_character_set():
    russian = explicit(0x00080005, b"CS", b"ISO_IR 144") + explicit(0x00080104, b"LO", b"\xbb\xee\xda ")
    german = explicit(0x00080104, b"LO", b"R\xf6ntgen ")
    return spliced(explicit(0x00082218, b"SQ", item(russian) + item(german)))


def odd_lengths():
    return spliced(explicit(0x00082111, b"ST", b"odd") + explicit(0x00082112, b"SQ", item(explicit(0x00081155, b"UI", b"1.2.3"))))


def implicit_in_explicit():
    """Some writers leave out the value representation of single attributes."""
    return spliced(implicit(0x00082111, b"implicit"))


def unsorted():
    ds = dataset_bytes(chest(), EXPLICIT)
    return part10(EXPLICIT, ds + explicit(0x0008103F, b"LO", b"late"))


def compressed(syntax, frames, **options):
    ds = chest(bits=8, frames=len(frames) if len(frames) > 1 else None)
    if options.pop("extended", False):
        ds.PixelData, ds.ExtendedOffsetTable, ds.ExtendedOffsetTableLengths = encapsulate_extended(frames)
    else:
        ds.PixelData = encapsulate(frames, **options)
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    return part10(syntax, dataset_bytes(ds, syntax))


def stream(first, size):
    return b"\xff\xd8" + bytes((first + i) % 251 for i in range(size - 4)) + b"\xff\xd9"


def deflated():
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(dataset_bytes(chest(), EXPLICIT)) + packer.flush()
    return part10(DEFLATED, body + b"\0")


def by_dcmtk(tool, options, source):
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder, "before.dcm"), Path(folder, "after.dcm")
        before.write_bytes(source)
        subprocess.run([tool, *options, str(before), str(after)], check=True)
        return after.read_bytes()


def dicomdir():
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for i in range(3):
            ds = pydicom.dcmread(io.BytesIO(plain(EXPLICIT)))
            ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = f"1.2.826.0.1.3680043.8.498.{i + 10}"
            ds.StudyInstanceUID, ds.SeriesInstanceUID = "1.2.826.0.1.3680043.8.498.5", f"1.2.826.0.1.3680043.8.498.6{i}"
            ds.StudyID, ds.StudyDate, ds.StudyTime, ds.SeriesNumber, ds.InstanceNumber = "1", "20000101", "000000", i, i
            path = Path(folder, "IMAGES", f"S{i}", f"CR{i}")
            path.parent.mkdir(parents=True)
            ds.save_as(path)
            names.append(str(path.relative_to(folder)))
        subprocess.run(["dcmmkdir", "+id", folder, "+D", str(Path(folder, "DICOMDIR")), *names], check=True, cwd=folder)
        return Path(folder, "DICOMDIR").read_bytes()


TWO, THREE = [stream(1, 20), stream(7, 30)], [stream(1, 20), stream(7, 30), stream(9, 26)]
FILES = {
    "explicit-le": lambda: plain(EXPLICIT),
    "implicit-le": lambda: plain(IMPLICIT),
    "explicit-be": lambda: plain(BIG),
    "deflated": deflated,
    "deflated-by-dcmtk": lambda: by_dcmtk("dcmconv", ["+td"], plain(EXPLICIT)),
    "private-explicit": lambda: plain(EXPLICIT, private=True),
    "private-implicit": lambda: plain(IMPLICIT, private=True),
    "no-preamble": lambda: plain(EXPLICIT)[132:],
    "no-meta-explicit-le": lambda: dataset_bytes(chest(), EXPLICIT),
    "no-meta-implicit-le": lambda: dataset_bytes(chest(), IMPLICIT),
    "no-meta-explicit-be": lambda: dataset_bytes(chest(), BIG),
    "no-syntax-implicit": lambda: part10(IMPLICIT, dataset_bytes(chest(), IMPLICIT), named=False),
    "no-syntax-explicit": lambda: part10(EXPLICIT, dataset_bytes(chest(), EXPLICIT), named=False),
    "implicit-meta": lambda: bytes(128) + b"DICM" + meta_bytes(EXPLICIT, implicit=True) + dataset_bytes(chest(), EXPLICIT),
    "says-explicit-is-implicit": lambda: part10(EXPLICIT, dataset_bytes(chest(), IMPLICIT)),
    "says-implicit-is-explicit": lambda: part10(IMPLICIT, dataset_bytes(chest(), EXPLICIT)),
    "with-command": lambda: part10(EXPLICIT, implicit(0x00000002, CR.encode() + b"\0") + dataset_bytes(chest(), EXPLICIT)),
    "undefined-sequences": undefined_sequences,
    "implicit-items": implicit_items,
    "own-character-set": own_character_set,
    "odd-lengths": odd_lengths,
    "implicit-in-explicit": implicit_in_explicit,
    "after-pixels": unsorted,
    "trailing-zeros": lambda: plain(EXPLICIT) + bytes(1001),
    "frames-8-bit": lambda: part10(EXPLICIT, dataset_bytes(three_frames(), EXPLICIT)),
    "j2k-fragment": lambda: compressed(J2K, [b"\xff\x4f\xff\x51" + bytes(40)], has_bot=False),
    "j2k-fragments": lambda: compressed(J2K, [stream(3, 90)], fragments_per_frame=3, has_bot=False),
    "jpeg-frames-table": lambda: compressed(JPEG, THREE),
    "jpeg-frames-no-table": lambda: compressed(JPEG, THREE, has_bot=False),
    "jpeg-frames-fragments-table": lambda: compressed(JPEG, THREE, fragments_per_frame=2),
    "jpeg-frames-extended": lambda: compressed(J2K, THREE, extended=True),
    "no-delimiter": lambda: compressed(JPEG, TWO)[:-8],
    "rle-by-dcmtk": lambda: by_dcmtk("dcmcrle", [], plain(EXPLICIT)),
    "big-endian-8-bit-by-dcmtk": lambda: by_dcmtk("dcmconv", ["+tb"], plain(EXPLICIT, bits=8)),
    "dicomdir-by-dcmtk": dicomdir,
}

# pydicom 2.3 leaves samples of 8 bits in the order of big-endian words; DICOM PS3.5, 8.1.1 swaps them.
FRAMES = {"big-endian-8-bit-by-dcmtk": [bytes(range(24))]}


def value_of(element):
    if element.VR == "SQ":
        return [attributes(one) for one in element.value]
    if isinstance(element.value, bytes):
        return element.value.hex()
    if element.value is None or element.value == "":
        return []
    values = list(element.value) if isinstance(element.value, MultiValue) else [element.value]
    if element.VR in ("US", "SS", "UL", "SL", "FL", "FD", "IS", "DS"):
        return [float(one) for one in values]
    return [str(one).strip(" \0") for one in values]


def attributes(ds):
    """All but the pixels and the command set, which pydicom counts among them."""
    kept = [element for element in ds if element.tag != 0x7FE00010 and element.tag.group != 0]
    return {f"x{element.tag:08x}": {"vr": element.VR, "value": value_of(element)} for element in kept}


def frames_of(ds):
    if "PixelData" not in ds:
        return []
    count = int(ds.get("NumberOfFrames", 1))
    if ds["PixelData"].is_undefined_length:
        frames = list(generate_pixel_data_frame(ds.PixelData, count))
    else:
        length = ds.Rows * ds.Columns * ds.BitsAllocated // 8
        frames = [ds.PixelData[i * length : (i + 1) * length] for i in range(count)]
    assert len(frames) == count
    return frames


def expected(name, raw):
    ds = pydicom.dcmread(io.BytesIO(raw), force=True)
    named = ds.file_meta.get("TransferSyntaxUID")
    guessed = IMPLICIT if ds.is_implicit_VR else EXPLICIT if ds.is_little_endian else BIG
    syntax = str(named or guessed)
    return {
        "sha256": hashlib.sha256(raw).hexdigest(),
        "pydicom": pydicom.__version__,
        "syntax": syntax,
        "isNamed": named is not None,
        "attributes": attributes(ds),
        "frames": [frame.hex() for frame in FRAMES.get(name, frames_of(ds))],
    }


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for name, make in FILES.items():
        raw = make()
        (OUT / f"{name}.dcm").write_bytes(raw)
        text = json.dumps(expected(name, raw), indent=1, ensure_ascii=False)
        (OUT / f"{name}.dcm.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
