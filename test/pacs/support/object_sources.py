"""Images of every kind of header, of which DICOM objects are made. Nobody is in them.

    python3 object_sources.py FOLDER

Writes FOLDER/<name>.dcm, and FOLDER/expected.json: for each file the patient and study attributes that its objects must carry,
as pydicom reads them in the image, or as the cleaned form where the image's is not valid.
Needs pydicom (Debian: python3-pydicom).
"""

import json
import sys
from pathlib import Path

from pydicom import config
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import (
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
)

config.settings.reading_validation_mode = config.IGNORE
config.settings.writing_validation_mode = config.IGNORE

ROOT = "1.2.826.0.1.3680043.10.511.20."
DX = "1.2.840.10008.5.1.4.1.1.1.1"
CR = "1.2.840.10008.5.1.4.1.1.1"
SC = "1.2.840.10008.5.1.4.1.1.7"
MULTI_FRAME_GREY = "1.2.840.10008.5.1.4.1.1.7.2"


def image(number, **changes):
    """A small picture with all attributes; None removes one."""
    made = Dataset()
    made.SpecificCharacterSet = "ISO_IR 192"
    made.SOPClassUID = DX
    made.SOPInstanceUID = f"{ROOT}{number}.1"
    made.StudyDate = "20261127"
    made.StudyTime = "101530.250"
    made.AccessionNumber = "A-17"
    made.Modality = "DX"
    made.ReferringPhysicianName = "Quill^Ada"
    made.StudyDescription = "Chest PA"
    made.PatientName = "Phantom^Nobody"
    made.PatientID = "P-0001"
    made.IssuerOfPatientID = "TESTS"
    made.PatientBirthDate = "19700101"
    made.PatientSex = "O"
    made.BodyPartExamined = "CHEST"
    made.ViewPosition = "PA"
    made.StudyInstanceUID = f"{ROOT}{number}"
    made.SeriesInstanceUID = f"{ROOT}{number}.0"
    made.StudyID = "S1"
    made.SeriesNumber = 1
    made.InstanceNumber = 1
    made.PatientOrientation = ["L", "F"]
    made.SamplesPerPixel = 1
    made.PhotometricInterpretation = "MONOCHROME2"
    made.Rows = 16
    made.Columns = 12
    made.BitsAllocated = 8
    made.BitsStored = 8
    made.HighBit = 7
    made.PixelRepresentation = 0
    made.BurnedInAnnotation = "NO"
    made.PixelData = bytes(range(192))
    for name, value in changes.items():
        if value is None:
            del made[name]
        else:
            setattr(made, name, value)
    return made


def code(value, scheme, meaning):
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


PATIENT = ["PatientName", "PatientID", "IssuerOfPatientID", "PatientBirthDate", "PatientSex"]
STUDY = ["StudyDate", "StudyTime", "AccessionNumber", "ReferringPhysicianName", "StudyDescription", "StudyID"]
CARRIED = [*PATIENT, *STUDY]
UIDS = ["StudyInstanceUID", "SeriesInstanceUID"]


def nothing(names):
    return dict.fromkeys(names)


def raw(vr, tag, value):
    """An attribute of these very bytes."""
    return ("raw", vr, tag, value)


# Name: attributes that differ, what is expected of the objects if not the image's own values, how it is written.
KINDS = {
    "whole": ({}, {}, {}),
    "bare": (nothing([*CARRIED, "SpecificCharacterSet", "BodyPartExamined", "PatientOrientation", "SeriesNumber"]), {}, {}),
    "empty": (
        {**dict.fromkeys(CARRIED, ""), "BodyPartExamined": "", "PatientOrientation": "", "SeriesNumber": ""},
        {},
        {},
    ),
    "no-study": (nothing(UIDS), {}, {}),
    "bad-study": (dict.fromkeys(UIDS, "none"), {}, {}),
    "no-class": ({"SOPClassUID": None}, {}, {"class": ""}),
    "private-class": ({"SOPClassUID": "1.3.12.2.1107.5.9.1"}, {}, {"class": "1.3.12.2.1107.5.9.1"}),
    "computed": ({"SOPClassUID": CR, "Modality": "CR", "PhotometricInterpretation": "MONOCHROME1"}, {}, {"class": CR}),
    "captured": ({"SOPClassUID": SC, "Modality": "OT", "ConversionType": "DF"}, {}, {"class": SC}),
    "frames": (
        {"SOPClassUID": MULTI_FRAME_GREY, "NumberOfFrames": 3, "PixelData": bytes(576)},
        {},
        {"class": MULTI_FRAME_GREY},
    ),
    "frames-of-dx": ({"NumberOfFrames": 3, "PixelData": bytes(576)}, {}, {"reference": None}),
    "implicit": ({}, {}, {"syntax": ImplicitVRLittleEndian}),
    "implicit-kanji": (
        {"SpecificCharacterSet": ["", "ISO 2022 IR 87"], "PatientName": "Yamada^Tarou=山田^太郎=やまだ^たろう"},
        {},
        {"syntax": ImplicitVRLittleEndian},
    ),
    "big-endian": ({"SpecificCharacterSet": "ISO_IR 100", "PatientName": "Müller^Jürgen"}, {}, {"syntax": ExplicitVRBigEndian}),
    "no-preamble": ({}, {}, {"syntax": ImplicitVRLittleEndian, "bare": True}),
    "jpeg": ({"LossyImageCompression": "01"}, {}, {"syntax": JPEGBaseline8Bit}),
    "jpeg2000": ({}, {}, {"syntax": JPEG2000}),
    "jpeg2000-lossless": ({}, {}, {"syntax": JPEG2000Lossless}),
    # Character sets.
    "latin1": ({"SpecificCharacterSet": "ISO_IR 100", "PatientName": "Åström^Zoë", "StudyDescription": "Thorax p.a. – nüchtern".replace("–", "-")}, {}, {}),
    "latin2": ({"SpecificCharacterSet": "ISO_IR 101", "PatientName": "Wałęsa^Łucja"}, {}, {}),
    "greek": ({"SpecificCharacterSet": "ISO_IR 126", "PatientName": "Διονυσιος"}, {}, {}),
    "cyrillic": ({"SpecificCharacterSet": "ISO_IR 144", "PatientName": "Люкceмбypг", "PatientID": "Ж-17"}, {}, {}),
    "arabic": ({"SpecificCharacterSet": "ISO_IR 127", "PatientName": "قباني^لنزار"}, {}, {}),
    "hebrew": ({"SpecificCharacterSet": "ISO_IR 138", "PatientName": "שרון^דבורה"}, {}, {}),
    "thai": ({"SpecificCharacterSet": "ISO_IR 166", "PatientName": "สมชาย^ใจดี"}, {}, {}),
    "katakana": ({"SpecificCharacterSet": "ISO_IR 13", "PatientName": "ﾔﾏﾀﾞ^ﾀﾛｳ"}, {}, {}),
    "kanji": (
        {"SpecificCharacterSet": ["", "ISO 2022 IR 87"], "PatientName": "Yamada^Tarou=山田^太郎=やまだ^たろう", "StudyDescription": "胸部正面"},
        {},
        {},
    ),
    "hangul": (
        {"SpecificCharacterSet": ["", "ISO 2022 IR 149"], "PatientName": "Hong^Gildong=洪^吉洞=홍^길동"},
        {},
        {},
    ),
    "gb18030": ({"SpecificCharacterSet": "GB18030", "PatientName": "Wang^XiaoDong=王^小东"}, {}, {}),
    "utf8": ({"PatientName": "Nguyễn^Thị Hoa", "PatientID": "Ω-1", "StudyDescription": "胸部 🫁"}, {}, {}),
    "undeclared": (
        {"SpecificCharacterSet": None, "raw": [raw("PN", 0x00100010, "Müller^Jürgen".encode("latin1"))]},
        {"PatientName": "Müller^Jürgen"},
        {},
    ),
    "unknown-set": (
        {"SpecificCharacterSet": "KLINGON", "raw": [raw("PN", 0x00100010, b"Worf^Son of Mogh")]},
        {"PatientName": "Worf^Son of Mogh"},
        {},
    ),
    "broken-utf8": (
        {"raw": [raw("PN", 0x00100010, b"M\xfcller^J\xc3\xbcrgen ")]},
        {"PatientName": "M\ufffdller^Jürgen"},
        {},
    ),
    # Values that break their value representations.
    "long": (
        {
            "PatientName": "Very" * 30 + "^Long^A^B^C^D^E=" + "長" * 70,
            "PatientID": "9" * 80,
            "AccessionNumber": "A" * 40,
            "StudyID": "S" * 17,
            "StudyDescription": "Chest " * 20,
            "ReferringPhysicianName": "Q" * 100,
            "IssuerOfPatientID": "I" * 65,
        },
        {
            "PatientName": "Very" * 16,
            "PatientID": "",
            "AccessionNumber": "",
            "StudyID": "",
            "StudyDescription": ("Chest " * 20)[:64].strip(),
            "ReferringPhysicianName": "Q" * 64,
            "IssuerOfPatientID": "",
        },
        {},
    ),
    "just-fits": ({"PatientID": "7" * 64, "AccessionNumber": "B" * 16, "PatientName": "F" * 32 + "^" + "G" * 31}, {}, {}),
    "astral": ({"PatientName": "🫁" * 70, "PatientID": "🫁" * 16}, {"PatientName": "🫁" * 16}, {}),
    "long-in-bytes": ({"PatientName": "Константинопольский^Александр^Владимирович"}, {}, {}),
    "separators": (
        {
            "raw": [
                raw("LO", 0x00100020, b"12\\34 "),
                raw("PN", 0x00100010, b"A^B\\C^D "),
                raw("SH", 0x00080050, b"A\r\n17 "),
                raw("LO", 0x00081030, b"PA\tand\x1blateral\\AP"),
            ]
        },
        {"PatientID": "", "PatientName": "A^B", "AccessionNumber": "", "StudyDescription": "PA and lateral"},
        {},
    ),
    "spaces": (
        {
            "raw": [
                raw("LO", 0x00100020, b"  17 "),
                raw("PN", 0x00100010, b" Doe^Jane  "),
                raw("SH", 0x00200010, b"    "),
            ]
        },
        {"PatientID": "17", "PatientName": "Doe^Jane", "StudyID": ""},
        {},
    ),
    "carets": ({"PatientName": "^^^^"}, {"PatientName": "^^^^"}, {}),
    "pseudonym": ({"PatientName": "0f3a9c", "ReferringPhysicianName": "ward"}, {}, {}),
    "dates": (
        {
            "raw": [
                raw("DA", 0x00080020, b"2026.11.27"),
                raw("TM", 0x00080030, b"10:15:30"),
                raw("DA", 0x00100030, b"19701301"),
            ]
        },
        {"StudyDate": "20261127", "StudyTime": "101530", "PatientBirthDate": ""},
        {},
    ),
    "no-dates": (
        {
            "raw": [
                raw("DA", 0x00080020, b"27/11/2026"),
                raw("TM", 0x00080030, b"9:15 "),
                raw("DA", 0x00100030, b"19000229"),
            ]
        },
        {"StudyDate": "", "StudyTime": "", "PatientBirthDate": ""},
        {},
    ),
    "hours": ({"StudyTime": "10"}, {}, {}),
    "range": ({"raw": [raw("DA", 0x00080020, b"20260101-20261231")]}, {"StudyDate": ""}, {}),
    "small-letters": ({"raw": [raw("CS", 0x00100040, b"f ")]}, {"PatientSex": "F"}, {}),
    "other-sex": ({"raw": [raw("CS", 0x00100040, b"Weiblich")]}, {"PatientSex": ""}, {}),
    "zone": ({"TimezoneOffsetFromUTC": "+0530"}, {}, {}),
    "bad-zone": ({"TimezoneOffsetFromUTC": "+99"}, {}, {}),
    "deidentified": (
        {
            "PatientIdentityRemoved": "YES",
            "DeidentificationMethod": ["Basic profile", "x" * 80],
            "DeidentificationMethodCodeSequence": Sequence(
                [code("113100", "DCM", "Basic Application Confidentiality Profile"), code("", "DCM", "nothing")]
            ),
        },
        {},
        {},
    ),
    "deidentified-somehow": ({"PatientIdentityRemoved": "YES"}, {}, {}),
    "deidentified-not": ({"PatientIdentityRemoved": "NO"}, {}, {}),
    "thorax": ({"BodyPartExamined": "THORAX"}, {}, {}),
    "hand": ({"BodyPartExamined": "HAND", "ImageLaterality": "R", "Laterality": "R"}, {}, {}),
    "some-hand": ({"BodyPartExamined": "HAND"}, {}, {}),
    "body-part-text": ({"BodyPartExamined": "Brust (p.a.)"}, {}, {}),
    "orientation": ({"PatientOrientation": ["LEFT", "5"]}, {}, {}),
    "burned-in": ({"BurnedInAnnotation": "YES"}, {}, {}),
}


def write(path, made, syntax, is_bare):
    meta = FileMetaDataset()
    if "SOPClassUID" in made:
        meta.MediaStorageSOPClassUID = made.SOPClassUID
    meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    meta.TransferSyntaxUID = syntax
    if syntax.is_encapsulated:
        made.PixelData = encapsulate([bytes(range(190))])
        made["PixelData"].is_undefined_length = True
    file = FileDataset(str(path), made, file_meta=FileMetaDataset() if is_bare else meta, preamble=None if is_bare else b"\0" * 128)
    file.is_little_endian = syntax.is_little_endian
    file.is_implicit_VR = syntax.is_implicit_VR
    file.save_as(path, write_like_original=True)


def text(value):
    return "" if value is None else str(value)


def main(folder):
    expected = {}
    for number, (name, (changes, cleaned, how)) in enumerate(KINDS.items()):
        changes = dict(changes)
        raws = changes.pop("raw", [])
        made = image(number, **changes)
        for _, vr, tag, value in raws:
            made.add_new(tag, vr, value)
        wanted = {key: text(made.get(key)).strip() for key in CARRIED}
        wanted.update(cleaned)
        study = made.get("StudyInstanceUID")
        expected[name] = {
            "attributes": wanted,
            "studyInstanceUid": study if study and study[0].isdigit() else None,
            "sopInstanceUid": made.SOPInstanceUID,
            "sopClassUid": how.get("class", DX) or DX,
            "frame": how.get("reference", 2 if int(made.get("NumberOfFrames", 1)) > 1 else None),
        }
        write(folder / f"{name}.dcm", made, how.get("syntax", ExplicitVRLittleEndian), how.get("bare", False))
    (folder / "expected.json").write_text(json.dumps(expected))


main(Path(sys.argv[1]))
