"""What pydicom reads in DICOM objects: a JSON list, one entry for each file.

    python3 read_objects.py FILE ...

Needs pydicom (Debian: python3-pydicom).
"""

import json
import sys

from pydicom import config, dcmread

config.settings.reading_validation_mode = config.WARN

CARRIED = [
    "PatientName PatientID IssuerOfPatientID PatientBirthDate PatientSex".split(),
    "StudyDate StudyTime AccessionNumber ReferringPhysicianName StudyDescription StudyID".split(),
]


def numbers(item, found):
    """Numbers by the meaning of their concept, of items of every depth."""
    for below in item.get("ContentSequence", []):
        concept = below.ConceptNameCodeSequence[0]
        if below.ValueType == "NUM":
            measured = below.MeasuredValueSequence[0]
            unit = measured.MeasurementUnitsCodeSequence[0].CodeValue
            found.append([concept.CodeMeaning, float(measured.NumericValue), unit, concept.CodingSchemeDesignator])
        elif below.ValueType == "TEXT" and below.TextValue.endswith(" %") and "\n" not in below.TextValue:
            found.append([concept.CodeMeaning, float(below.TextValue[:-2]), "%", concept.CodingSchemeDesignator])
        numbers(below, found)
    return found


def references(item, found):
    for below in item.get("ContentSequence", []):
        for one in below.get("ReferencedSOPSequence", []):
            found.append([one.ReferencedSOPClassUID, one.ReferencedSOPInstanceUID, one.get("ReferencedFrameNumber")])
        references(below, found)
    return found


def evidence(made):
    return [
        [study.StudyInstanceUID, series.SeriesInstanceUID, one.ReferencedSOPClassUID, one.ReferencedSOPInstanceUID]
        for study in made.get("CurrentRequestedProcedureEvidenceSequence", [])
        for series in study.ReferencedSeriesSequence
        for one in series.ReferencedSOPSequence
    ]


def read(path):
    made = dcmread(path)
    # Every value is read. pydicom counts bytes where DICOM counts characters, so its warnings are not errors.
    str(made)
    return {
        "carried": {name: str(made.get(name, "")) for group in CARRIED for name in group},
        "studyInstanceUid": made.StudyInstanceUID,
        "numbers": numbers(made, []),
        "references": references(made, []),
        "evidence": evidence(made),
        "sourceImages": [
            [one.ReferencedSOPClassUID, one.ReferencedSOPInstanceUID, one.get("ReferencedFrameNumber")]
            for one in made.get("SourceImageSequence", [])
        ],
        "schemes": sorted(item.CodingSchemeDesignator for item in made.get("CodingSchemeIdentificationSequence", [])),
        "flags": [made.get(name, "") for name in ("CompletionFlag", "VerificationFlag", "PreliminaryFlag")],
        "pixels": made.pixel_array.shape if "PixelData" in made else None,
    }


print(json.dumps([read(path) for path in sys.argv[1:]]))
