"""Studies as an archive receives them, made from the drawn phantoms of examples/. Nobody is in them.

    python3 make_studies.py FOLDER --studies N [--seed S] [--size PIXELS] [--only KIND,...]

Writes FOLDER/<study>/<number>.dcm and FOLDER/studies.json: for each study its UID and its files, each with its kind, its
SOP Instance UID and what should come of it:

    result    a frontal chest X-ray: it has a result in the end
    refused   it is read, and has no result for a reason that is told (a lateral, a hand, a step wedge, a damaged file)
    ignored   it is not read at all (another modality)

The same arguments give the same files. Studies cycle through COMPOSITIONS, so a dozen of them hold every kind.
Needs pydicom, numpy and PIL, and dcmtk (Debian: python3-pydicom python3-numpy python3-pil dcmtk).
"""

import argparse
import hashlib
import json
import subprocess
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, generate_uid

EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "images"
ROOT = "1.2.826.0.1.3680043.10.511.19."
STORAGE = {
    "DX": "1.2.840.10008.5.1.4.1.1.1.1",
    "CR": "1.2.840.10008.5.1.4.1.1.1",
    "CT": "1.2.840.10008.5.1.4.1.1.2",
    "SR": "1.2.840.10008.5.1.4.1.1.88.33",
}
MOST = 4095

COMPOSITIONS = [
    ["dx", "lateral"],
    ["cr"],
    ["dx", "dx"],
    ["hand"],
    ["dx", "cut"],
    ["inverted", "lateral-unnamed"],
    ["ct", "ct"],
    ["bare"],
    ["garbled"],
    ["cr", "report"],
    ["implicit", "compressed"],
    ["dx", "wedge"],
]

EXPECTED = {
    **dict.fromkeys(["dx", "cr", "inverted", "bare", "implicit", "compressed"], "result"),
    **dict.fromkeys(["lateral", "lateral-unnamed", "hand", "wedge", "cut", "garbled"], "refused"),
    **dict.fromkeys(["ct", "report"], "ignored"),
}

# Character set, name. The last declares none, as careless devices do.
NAMES = [
    ("ISO_IR 100", "Müller^Jürgen"),
    ("ISO_IR 192", "Nguyễn^Thị Hoa"),
    ("ISO_IR 144", "Иванова^Анна"),
    (["", "ISO 2022 IR 87"], "Yamada^Tarou=山田^太郎=やまだ^たろう"),
    ("GB18030", "Wang^XiaoDong=王^小东"),
    ("ISO_IR 100", "O'Neill-" + "Very" * 12 + "^Long"),
    (None, "Phantom^Plain"),
]


def uid(*parts):
    """A UID that follows from its parts."""
    return generate_uid(prefix=ROOT, entropy_srcs=[repr(part) for part in parts])


def picture(number, size, random):
    """A phantom with its own exposure, frame and noise, so that no two images are the same; 0 to MOST."""
    names = sorted(EXAMPLES.glob("*.png"))
    image = Image.open(names[number % len(names)]).convert("L")
    margin = [int(image.width * random.uniform(0, 0.02)) for _ in range(4)]
    box = (margin[0], margin[1], image.width - margin[2], image.height - margin[3])
    grey = np.asarray(image.resize((size, size), Image.LANCZOS, box=box), np.float64) / 255
    grey = grey ** random.uniform(0.95, 1.05) + random.normal(0, 0.004, grey.shape)
    return np.clip(np.rint(grey * MOST), 0, MOST).astype(np.uint16)


def hand(size):
    """A hand and the wrist on black."""
    image = Image.new("L", (size, size), 6)
    draw = ImageDraw.Draw(image)
    for finger in range(4):
        tip = (size * (0.55 + 0.1 * finger), size * (0.05 + 0.02 * abs(finger - 1)))
        draw.line((*tip, size * (0.58 + 0.08 * finger), size * 0.6), fill=200, width=size // 25)
    draw.line((size * 0.2, size * 0.45, size * 0.6, size * 0.7), fill=200, width=size // 20)
    draw.ellipse((size * 0.52, size * 0.45, size * 0.92, size * 0.85), fill=200)
    draw.rectangle((size * 0.6, size * 0.7, size * 0.82, size), fill=180)
    smooth = np.asarray(image.filter(ImageFilter.GaussianBlur(size / 160)), np.float64)
    return np.rint(smooth / 255 * MOST).astype(np.uint16)


def wedge(size):
    """A step wedge over line pairs, as quality control takes them."""
    y, x = np.mgrid[0:size, 0:size] / size
    steps = np.floor(x * 11) / 10 * 0.86 + 0.04
    pairs = np.where(np.floor(x * 60) % 2 == 0, 0.9, 0.08)
    return np.rint(np.clip(np.where(y < 0.5, steps, pairs), 0, 1) * MOST).astype(np.uint16)


def lateral(number, size, random):
    """No lateral, but its header says so: half of a phantom, drawn wide."""
    half = picture(number, size, random)[:, : size // 2]
    return np.repeat(half, 2, axis=1)


class Study:
    def __init__(self, number, seed, size):
        self.number, self.seed, self.size = number, seed, size
        self.uid = uid("study", seed, number)
        self.random = np.random.default_rng([seed, number])
        self.charset, self.name = NAMES[number % len(NAMES)]

    def header(self, modality, index, kind):
        file = FileDataset(None, {}, preamble=b"\0" * 128)
        file.is_little_endian, file.is_implicit_VR = True, kind == "implicit"
        meta = file.file_meta = FileMetaDataset()
        meta.TransferSyntaxUID = ImplicitVRLittleEndian if kind == "implicit" else ExplicitVRLittleEndian
        meta.MediaStorageSOPClassUID = file.SOPClassUID = STORAGE[modality]
        meta.MediaStorageSOPInstanceUID = file.SOPInstanceUID = uid("image", self.seed, self.number, index)
        meta.ImplementationClassUID = ROOT + "1"
        if self.charset is not None:
            file.SpecificCharacterSet = self.charset
        file.Modality = modality
        file.StudyInstanceUID = self.uid
        file.SeriesInstanceUID = uid("series", self.seed, self.number, index)
        file.SeriesNumber, file.InstanceNumber = index + 1, 1
        file.PatientName, file.PatientID = self.name, f"PHANTOM-{self.seed}-{self.number}"
        file.PatientBirthDate, file.PatientSex = "19700101", "FMO"[self.number % 3]
        file.StudyDate, file.StudyTime = "20260102", f"{self.number % 24:02}3000"
        file.ReferringPhysicianName, file.StudyID = "", str(self.number)
        file.AccessionNumber = f"A{self.seed}-{self.number}"
        file.StudyDescription = "Drawn phantom"
        file.Manufacturer, file.ContentDate, file.ContentTime = "Drawn", "20260102", "123000"
        return file

    def image(self, modality, index, kind, pixels):
        file = self.header(modality, index, kind)
        file.SeriesDescription = f"Phantom {kind}"
        file.ImageType = ["ORIGINAL", "PRIMARY", ""]
        file.BodyPartExamined, file.ViewPosition, file.PatientOrientation = "CHEST", "PA", ["L", "F"]
        if modality == "DX":
            file.PresentationIntentType = "FOR PRESENTATION"
            file.PixelIntensityRelationship, file.PixelIntensityRelationshipSign = "LIN", 1
            file.RescaleIntercept, file.RescaleSlope, file.RescaleType = "0", "1", "US"
            file.PresentationLUTShape, file.BurnedInAnnotation = "IDENTITY", "NO"
            file.ImageLaterality, file.LossyImageCompression = "U", "00"
            file.ImagerPixelSpacing = ["0.7", "0.7"]
        file.WindowCenter, file.WindowWidth = "2048", "4096"
        file.SamplesPerPixel, file.PhotometricInterpretation = 1, "MONOCHROME2"
        file.Rows, file.Columns = pixels.shape
        file.BitsAllocated, file.BitsStored, file.HighBit, file.PixelRepresentation = 16, 12, 11, 0
        file.PixelData = pixels.tobytes()
        return file

    def make(self, index, kind):
        picture_number = self.number * 3 + index
        if kind == "report":
            return foreign_report(self.header("SR", index, kind))
        if kind == "hand":
            file = self.image("DX", index, kind, hand(self.size))
            file.BodyPartExamined, file.ViewPosition = "HAND", "PA"
            return file
        if kind == "wedge":
            file = self.image("CR", index, kind, wedge(self.size))
            file.BodyPartExamined, file.ViewPosition, file.PatientOrientation = "", "", ""
            return file
        if kind.startswith("lateral"):
            file = self.image("DX", index, kind, lateral(picture_number, self.size, self.random))
            del file.ImageLaterality
            file.ViewPosition, file.PatientOrientation = "LL", ["A", "F"]
            if kind == "lateral-unnamed":
                file.ViewPosition = ""
                file.ViewCodeSequence = [code("399067008", "SCT", "lateral projection")]
            return file
        if kind == "ct":
            return self.image("CT", index, kind, picture(picture_number, self.size, self.random)[::2, ::2])
        modality = "CR" if kind in ("cr", "bare", "implicit") else "DX"
        file = self.image(modality, index, kind, picture(picture_number, self.size, self.random))
        return CHANGES.get(kind, lambda unchanged: unchanged)(file)


def code(value, scheme, meaning):
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def foreign_report(file):
    """A report of somebody else."""
    file.SeriesDescription = "Report"
    file.ValueType, file.ContinuityOfContent = "CONTAINER", "SEPARATE"
    file.CompletionFlag, file.VerificationFlag = "PARTIAL", "UNVERIFIED"
    file.ConceptNameCodeSequence = [code("18748-4", "LN", "Diagnostic imaging report")]
    file.ReferencedPerformedProcedureStepSequence, file.PerformedProcedureCodeSequence = [], []
    text = Dataset()
    text.RelationshipType, text.ValueType, text.TextValue = "CONTAINS", "TEXT", "A drawn phantom."
    text.ConceptNameCodeSequence = [code("121071", "DCM", "Finding")]
    file.ContentSequence = [text]
    return file


def inverted(file):
    stored = np.frombuffer(file.PixelData, np.uint16)
    file.PhotometricInterpretation, file.PresentationLUTShape = "MONOCHROME1", "INVERSE"
    file.PixelData = (MOST - stored).astype(np.uint16).tobytes()
    return file


def bare(file):
    """What careless devices leave out or empty."""
    for name in ["StudyDate", "StudyTime", "StudyID", "AccessionNumber", "PatientBirthDate", "PatientSex", "PatientID"]:
        setattr(file, name, "")
    for name in ["StudyDescription", "ViewPosition", "BodyPartExamined", "PatientOrientation", "Manufacturer"]:
        delattr(file, name)
    for name in ["ReferringPhysicianName", "WindowCenter", "WindowWidth", "SeriesDescription"]:
        delattr(file, name)
    return file


def cut(file):
    """Half of the pixels are missing."""
    file.PixelData = file.PixelData[: len(file.PixelData) // 4 * 2]
    return file


def garbled(file):
    """More bits than there is room for."""
    file.BitsStored, file.HighBit = 20, 19
    return file


CHANGES = {"inverted": inverted, "bare": bare, "cut": cut, "garbled": garbled}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--studies", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=int, default=320)
    parser.add_argument("--only", help="kinds of every study, separated by commas")
    asked = parser.parse_args()
    studies = []
    for number in range(asked.studies):
        study = Study(number, asked.seed, asked.size)
        kinds = asked.only.split(",") if asked.only else COMPOSITIONS[number % len(COMPOSITIONS)]
        folder = asked.folder / f"study-{number:03}"
        folder.mkdir(parents=True, exist_ok=True)
        files = []
        for index, kind in enumerate(kinds):
            path = folder / f"{index + 1}.dcm"
            file = study.make(index, kind)
            file.save_as(path, write_like_original=False)
            if kind == "compressed":
                subprocess.run(["dcmcjpeg", "--uid-never", str(path), str(path)], check=True)
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            row = {"path": str(path), "kind": kind, "expected": EXPECTED[kind], "sha256": digest}
            files.append({**row, "sopInstanceUid": file.SOPInstanceUID, "seriesInstanceUid": file.SeriesInstanceUID})
        studies.append({"studyInstanceUid": study.uid, "patientId": str(file.get("PatientID", "")), "files": files})
    (asked.folder / "studies.json").write_text(json.dumps(studies, indent=1) + "\n")


if __name__ == "__main__":
    main()
