"""Files with everything that a network must not change, and whether files are the same.

    python3 odd_files.py make FOLDER [FILE ...]   copies of fixtures/dicom/damage, with attributes that are easily lost
    python3 odd_files.py compare A B [A B ...]    a JSON list: for each pair, the tags that differ

Private attributes, texts in odd character sets, empty and nested sequences, unknown value representations, and values with the
spaces that others cut off. Compared are the values of all attributes and the bytes of the pixels; lengths may be encoded in
another way.
Needs pydicom (Debian: python3-pydicom).
"""

import json
import sys
from pathlib import Path

from pydicom import config, dcmread
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

config.settings.reading_validation_mode = config.IGNORE
config.settings.writing_validation_mode = config.IGNORE

DAMAGE = Path(__file__).resolve().parents[3] / "fixtures" / "dicom" / "damage"


def item(**values) -> Dataset:
    made = Dataset()
    for name, value in values.items():
        setattr(made, name, value)
    return made


def odd(source: Path, number: int) -> Dataset:
    made = dcmread(source)
    made.SpecificCharacterSet = ["", "ISO 2022 IR 87"]
    made.add_new(0x00100010, "PN", b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=")
    made.add_new(0x00100020, "LO", " left and right ")
    made.PatientBirthDate = ""
    made.SOPInstanceUID = f"1.2.826.0.1.3680043.10.511.19.9.{number}"
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    made.StudyInstanceUID = "1.2.826.0.1.3680043.10.511.19.9"
    made.SeriesInstanceUID = "1.2.826.0.1.3680043.10.511.19.9.0"
    made.add_new(0x00091001, "UN", bytes(range(255)) + b"\0")
    made.add_new(0x00091002, "LO", "a private text")
    made.add_new(0x00090010, "LO", "MEDICAL-X TESTS")
    made.add_new(0x00091003, "FD", 1 / 3)
    made.ViewCodeSequence = Sequence([item(CodeValue="272479007", CodeMeaning="posteroanterior")])
    made.ViewCodeSequence[0].ViewModifierCodeSequence = Sequence([])
    made.RequestAttributesSequence = Sequence([item(), item(RequestedProcedureID="1")])
    made.add_new(0x00324000, "LT", "two lines\r\nand the end  ")
    return made


def make(folder: Path, names: list[str]) -> None:
    for number, name in enumerate(names):
        odd(DAMAGE / name, number + 1).save_as(folder / name, write_like_original=False)


def different(a: Dataset, b: Dataset, path: str = "") -> list[str]:
    tags = sorted({e.tag for e in a} | {e.tag for e in b})
    found: list[str] = []
    for tag in tags:
        name = f"{path}{tag}"
        if tag.element == 0:
            continue
        if tag not in a or tag not in b:
            found.append(f"{name} missing")
        elif a[tag].VR == "SQ" and b[tag].VR == "SQ":
            if len(a[tag].value) != len(b[tag].value):
                found.append(f"{name} items")
            for i, (x, y) in enumerate(zip(a[tag].value, b[tag].value)):
                found += different(x, y, f"{name}[{i}] ")
        elif (a[tag].VR, a[tag].value) != (b[tag].VR, b[tag].value):
            found.append(" ".join([name, a[tag].VR, b[tag].VR]))
    return found


def compare(files: list[str]) -> None:
    pairs = zip(files[::2], files[1::2])
    answers = []
    for one, other in pairs:
        a, b = dcmread(one), dcmread(other)
        answers.append(
            ([] if a.file_meta.TransferSyntaxUID == b.file_meta.TransferSyntaxUID else ["transfer syntax"])
            + ([] if a.file_meta.MediaStorageSOPInstanceUID == b.file_meta.MediaStorageSOPInstanceUID else ["UID"])
            + different(a, b)
        )
    print(json.dumps(answers))


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    if what == "make":
        make(Path(rest[0]), rest[1:])
    else:
        compare(rest)
