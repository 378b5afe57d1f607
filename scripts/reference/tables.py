#!/usr/bin/env python3
"""Small made-up label tables in the layout of published ones, and their meaning according to the documentation.

Writes fixtures/labels/published-*.csv and .json. Every value here is made up; headers and codes are those of the tables.
The expected labels come not from the program but from rules that are implemented below, following these sources:

CheXpert    Irvin et al., AAAI 2019: 1 present, 0 absent, -1 uncertain, blank unmentioned. Its labeller
            (github.com/stanfordmlgroup/chexpert-labeler, stages/aggregate.py) sets No Finding if no observation except
            Support Devices is positive or uncertain. torchxrayvision (datasets.py, CheX_Dataset) therefore sets all labels
            except Support Devices to 0 if No Finding is 1, reads -1 as unknown, and takes the view from AP/PA unless
            Frontal/Lateral says Lateral. In the published training table 17 rows are Frontal with LL or RL in AP/PA.
MIMIC-CXR   Johnson et al., MIMIC-CXR-JPG 2.1.0, PhysioNet: the same labels, per study; the metadata has dicom_id and
            ViewPosition. Images lie in files/p<first two digits>/p<subject>/s<study>/<dicom>.jpg.
BRAX        Reis et al., Scientific Data 2022: CheXpert's labels, PngPath, PatientID, PatientSex, PatientAge
            ("85 or more" for the oldest), ViewPosition.
CheXpert Plus  Chambon et al., 2024: path_to_image, frontal_lateral, ap_pa, deid_patient_id, age, sex; labels joined to it.
PadChest    Bustos et al., Medical Image Analysis 2020: Labels is a list as Python prints it; what it does not name is
            absent; Projection is PA, L, AP, AP_horizontal, COSTAL; PatientBirth is a year.
VinDr-CXR   Nguyen et al., Scientific Data 2022: image_labels_test.csv has 0 or 1 for each finding.
Google      Majkowska et al., Radiology 2020: YES and NO for four findings, beside NIH's Finding Labels.
"""

import csv
import json
import math
import pathlib

OUT = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "labels"

# NIH's findings in order, with the names that CheXpert, MIMIC-CXR and BRAX use for those that they have.
NIH = [
    "Atelectasis", "Cardiomegaly", "Effusion", "Infiltration", "Mass", "Nodule", "Pneumonia", "Pneumothorax",
    "Consolidation", "Edema", "Emphysema", "Fibrosis", "Pleural_Thickening", "Hernia",
]
CHEXPERT_NAMES = {"Effusion": "Pleural Effusion"}
CHEXPERT = [
    "No Finding", "Enlarged Cardiomediastinum", "Cardiomegaly", "Lung Opacity", "Lung Lesion", "Edema",
    "Consolidation", "Pneumonia", "Atelectasis", "Pneumothorax", "Pleural Effusion", "Pleural Other", "Fracture",
    "Support Devices",
]


def write(name, header, rows, labels, images, notes, options=None):
    with open(OUT / f"published-{name}.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([[row.get(column, "") for column in header] for row in rows])
    expected = {**({} if options is None else {"options": options}), "labels": labels, "images": images, "notes": notes}
    (OUT / f"published-{name}.json").write_text(json.dumps(expected, indent=2, ensure_ascii=False) + "\n")


def chexpert_value(row, column):
    """One value by the rules of torchxrayvision's CheX_Dataset: fill in healthy rows, then read -1 as unknown."""
    healthy = row.get("No Finding") == "1.0"
    text = row.get(column, "")
    value = 0.0 if healthy and column != "Support Devices" and text == "" else float(text or "nan")
    return None if math.isnan(value) or value == -1 else int(value)


def chexpert_labels(row, labels):
    return [chexpert_value(row, CHEXPERT_NAMES.get(label, label)) for label in labels]


def counted(n, word):
    return f"{n} {word}" if n == 1 else f"{n} {word}s"


def chexpert_notes(rows, labels):
    """Number of fields that were filled in, left blank, uncertain."""
    fields = [(row, CHEXPERT_NAMES.get(label, label)) for row in rows for label in labels]
    blank = [(row, column) for row, column in fields if row.get(column, "") == ""]
    filled = [(row, column) for row, column in blank if chexpert_value(row, column) == 0]
    images = len({id(row) for row, _ in filled})
    uncertain = sum(row.get(column) == "-1.0" for row, column in fields)
    unknown = len(blank) - len(filled)
    notes = []
    if filled:
        notes.append(
            f"{counted(len(filled), 'label')} left blank where No Finding is 1 ({counted(images, 'image')}); taken as absent"
        )
    if unknown:
        notes.append(f"{counted(unknown, 'label')} left blank; taken as unknown")
    if uncertain:
        notes.append(f"{counted(uncertain, 'label')} of -1 (uncertain); taken as unknown")
    return notes


CHEXPERT_ROWS = [
    # Like the first row of the published table: a healthy chest with devices, and one negative mention.
    {"No Finding": "1.0", "Pneumothorax": "0.0", "Support Devices": "1.0"},
    {"Cardiomegaly": "-1.0", "Lung Opacity": "1.0", "Edema": "-1.0", "Consolidation": "-1.0", "Atelectasis": "-1.0",
     "Pleural Effusion": "-1.0", "Fracture": "1.0"},
    # The lateral view of a healthy chest; devices are not mentioned.
    {"No Finding": "1.0"},
    # Not healthy, with no reason given: No Finding = 0 says nothing about any particular finding.
    {"No Finding": "0.0"},
    {"Pleural Effusion": "1.0", "Pneumothorax": "0.0", "Edema": "0.0", "Support Devices": "0.0"},
    # Frontal in one column, a left lateral view in the other.
    {"No Finding": "1.0", "Support Devices": "-1.0"},
]
SIDES = [("Frontal", "AP"), ("Frontal", "PA"), ("Lateral", ""), ("Frontal", "AP"), ("Frontal", ""), ("Frontal", "LL")]
VIEWS = ["AP", "PA", "Lateral", "AP", "Frontal", "LL"]
HAS = ["Atelectasis", "Cardiomegaly", "Effusion", "Pneumonia", "Pneumothorax", "Consolidation", "Edema"]
FROM_NAMES = "no column names the patient; taken from the images' names, as CheXpert names folders: patient00013/"


def chexpert():
    rows, images = [], {}
    wanted = {"": HAS, "-devices": ["Support Devices", "Pleural Effusion", "No Finding"]}
    paths = [
        f"CheXpert-v1.0-small/train/patient{100 + i:05d}/study1/view1_{'lateral' if VIEWS[i] == 'Lateral' else 'frontal'}.jpg"
        for i in range(len(CHEXPERT_ROWS))
    ]
    for i, (labels, (side, projection)) in enumerate(zip(CHEXPERT_ROWS, SIDES)):
        person = {"Sex": "Female" if i % 2 else "Male", "Age": str(40 + i)}
        rows.append({"Path": paths[i], **person, "Frontal/Lateral": side, "AP/PA": projection, **labels})
    header = ["Path", "Sex", "Age", "Frontal/Lateral", "AP/PA", *CHEXPERT]
    for name, labels in wanted.items():
        chosen = ["Support Devices", "Effusion", "No Finding"] if name else labels
        images = [
            {"image": paths[i], "patient": str(100 + i), "labels": chexpert_labels(row, chosen), "age": 40 + i,
             "sex": "F" if i % 2 else "M", "view": VIEWS[i]}
            for i, row in enumerate(rows)
        ]
        if name:
            # No Finding itself stays as it is; nothing fills it in.
            for image, row in zip(images, rows):
                text = row.get("No Finding", "")
                image["labels"][2] = None if text == "" else int(float(text))
        notes = [FROM_NAMES, *chexpert_notes(rows, chosen)]
        write(f"chexpert{name}", header, rows, chosen, images, notes, {"labels": labels} if name else None)
    # The same without view columns, as many notebooks leave it: file names tell frontal from lateral views.
    views = ["Lateral" if view == "Lateral" else "Frontal" for view in VIEWS]
    images = [
        {"image": paths[i], "patient": str(100 + i), "labels": chexpert_labels(row, HAS), "view": views[i]}
        for i, row in enumerate(rows)
    ]
    from_names = "no column names the view; taken from the images' names, as CheXpert names files: view1_frontal.jpg"
    write("chexpert-without-views", ["Path", *CHEXPERT], rows, HAS, images,
          [FROM_NAMES, from_names, *chexpert_notes(rows, HAS)])


def chexpert_plus():
    rows, images = [], []
    for i, (labels, (side, projection)) in enumerate(zip(CHEXPERT_ROWS, SIDES)):
        path = f"train/patient{200 + i}/study1/view1_{side.lower()}.jpg"
        rows.append({"": str(i), "path_to_image": path, "frontal_lateral": side, "ap_pa": projection,
                     "deid_patient_id": f"patient{200 + i}", "age": f"{50 + i}.0", "sex": "Male", **labels})
        images.append({"image": path, "patient": f"patient{200 + i}", "labels": chexpert_labels(labels, HAS),
                       "age": 50 + i, "sex": "M", "view": VIEWS[i]})
    header = ["", "path_to_image", "frontal_lateral", "ap_pa", "deid_patient_id", "age", "sex", *CHEXPERT]
    write("chexpert-plus", header, rows, HAS, images, chexpert_notes(CHEXPERT_ROWS, HAS))


def mimic():
    views = ["PA", "LATERAL", "AP", "LL", "", "PA LLD"]
    rows, images = [], []
    for i, (labels, view) in enumerate(zip(CHEXPERT_ROWS, views)):
        ids = {"subject_id": str(10000032 + i), "study_id": str(50414267 + i), "dicom_id": f"02aa804e-bde0afdd-{i:08x}"}
        rows.append({**ids, "ViewPosition": view, **labels})
        path = f"files/p10/p{ids['subject_id']}/s{ids['study_id']}/{ids['dicom_id']}.jpg"
        images.append({"image": path, "patient": ids["subject_id"], "labels": chexpert_labels(labels, HAS),
                       **({"view": view} if view else {})})
    header = ["subject_id", "study_id", "dicom_id", "ViewPosition", *CHEXPERT]
    write("mimic-joined", header, rows, HAS, images, chexpert_notes(CHEXPERT_ROWS, HAS))


def brax():
    views = ["PA", "AP", "L", "RL", "", "AP LLD"]
    rows, images = [], []
    for i, (labels, view) in enumerate(zip(CHEXPERT_ROWS, views)):
        path = f"images/id_{i}/Study_{i}.1/Series_{i}.2/image-{i}.3.png"
        rows.append({"DicomPath": path.replace("images", "Anonymized_DICOMs").replace(".png", ".dcm"), "PngPath": path,
                     "PatientID": f"id_{i}", "PatientSex": "M" if i % 2 else "F", "PatientAge": "85 or more" if i == 3 else str(60 + 5 * i),
                     **labels, "ViewPosition": view})
        images.append({"image": path, "patient": f"id_{i}", "labels": chexpert_labels(labels, HAS),
                       "age": 85 if i == 3 else 60 + 5 * i, "sex": "M" if i % 2 else "F", **({"view": view} if view else {})})
    header = ["DicomPath", "PngPath", "PatientID", "PatientSex", "PatientAge", *CHEXPERT, "ViewPosition"]
    write("brax", header, rows, HAS, images, chexpert_notes(CHEXPERT_ROWS, HAS))


def padchest():
    # Names, projection, and the NIH findings that they stand for; None means unknown.
    cases = [
        (["pleural effusion", "nodule"], "PA", ["Effusion", "Nodule"]),
        (["normal"], "L", []),
        # Neither is in the lung; matching parts of names would turn them into Emphysema and Mass.
        (["subcutaneous emphysema", "breast mass", "pseudonodule"], "AP_horizontal", []),
        # Names below another one in PadChest's tree count as that one, as in torchxrayvision.
        (["consolidation", "laminar atelectasis", "hiatal hernia"], "PA", ["Infiltration", "Consolidation", "Atelectasis", "Hernia"]),
        (["unchanged", "cardiomegaly"], "PA", None),
        (["bronchovascular markings", "aortic elongation"], "PA", []),
    ]
    rows, images = [], []
    for i, (names, projection, findings) in enumerate(cases):
        name = f"21684011136696401281920706111201{i}_04-014-08{i}.png"
        rows.append({"": str(i), "ImageID": name, "StudyDate_DICOM": "20140915", "PatientID": f"84{i}", "PatientBirth": f"{1930 + i}.0",
                     "PatientSex_DICOM": "F", "Projection": projection, "Labels": str(names)})
        if findings is None:
            labels = [1 if label == "Cardiomegaly" else None for label in NIH]
        else:
            labels = [int(label in findings) for label in NIH]
        images.append({"image": name, "patient": f"84{i}", "labels": labels, "age": 2014 - (1930 + i), "sex": "F", "view": projection})
    rows.append({**rows[0], "": "6", "ImageID": "blank.png", "Labels": ""})
    images.append({**images[0], "image": "blank.png", "labels": [None] * len(NIH)})
    others = ["subcutaneous emphysema", "breast mass", "pseudonodule", "bronchovascular markings", "aortic elongation"]
    quoted = ", ".join(f'"{name}"' for name in others)
    write("padchest", ["", "ImageID", "StudyDate_DICOM", "PatientID", "PatientBirth", "PatientSex_DICOM", "Projection", "Labels"],
          rows, NIH, images, [
              "the table is PadChest's: its names are read as torchxrayvision reads them (so consolidation counts as Infiltration, too)",
              '1 image with a blank field of findings; taken as unknown. For an image without findings, write "No Finding"',
              '1 image with a name that leaves the others open (such as "unchanged"); labels not named there taken as unknown',
              f"5 names of the file not among the labels, and left out: {quoted}",
              "7 images with a year of birth and no age; taken as the year of the image less that of birth, at most one year too high",
          ])


def vindr():
    columns = ["Aortic enlargement", "Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Emphysema", "ILD", "Infiltration",
               "Lung Opacity", "Nodule/Mass", "Pleural effusion", "Pleural thickening", "Pneumothorax", "Pulmonary fibrosis",
               "Other lesion", "Pneumonia", "No finding"]
    present = [["Pleural effusion", "Nodule/Mass"], ["No finding"], ["Pleural thickening", "Pulmonary fibrosis"]]
    # Nodule/Mass is neither Nodule nor Mass, and VinDr-CXR's fibrosis keeps its own name: these columns are not NIH's.
    has = ["Atelectasis", "Cardiomegaly", "Effusion", "Infiltration", "Pneumonia", "Pneumothorax", "Consolidation", "Edema",
           "Emphysema", "Pleural_Thickening"]
    own = {"Effusion": "Pleural effusion", "Pleural_Thickening": "Pleural thickening"}
    ids = ["002a34c58c5b758217ed1f584ccbcfe9", "004f33259ee4aef671c2b95d54e4be68", "008bdde2af2462e86fd373a445d0f4cd"]
    rows = [{"image_id": image, **{column: str(int(column in names)) for column in columns}} for image, names in zip(ids, present)]
    images = [{"image": image, "patient": image, "labels": [int(own.get(label, label) in names) for label in has]}
              for image, names in zip(ids, present)]
    write("vindr-test", ["image_id", *columns], rows, has, images, [
        "no column names the patient (Patient ID): each image counts as a patient of its own, so images of one person may fall into both training and validation"
    ])


def google():
    header = ["Image Index", "Finding Labels", "Patient ID", "Patient Age", "Patient Gender", "View Position", "Fracture",
              "Pneumothorax", "Airspace opacity", "Nodule or mass", "Set Id"]
    # NIH's own labels say the opposite, and must not be read.
    cases = [("No Finding", "YES"), ("Pneumothorax", "NO"), ("Cardiomegaly|Emphysema", "NO")]
    rows, images = [], []
    for i, (nih, pneumothorax) in enumerate(cases):
        rows.append({"Image Index": f"00000013_00{i}.png", "Finding Labels": nih, "Patient ID": "13", "Patient Age": "60", "Patient Gender": "M",
                     "View Position": "AP", "Fracture": "NO", "Pneumothorax": pneumothorax, "Airspace opacity": "YES", "Nodule or mass": "NO", "Set Id": "test"})
        images.append({"image": f"00000013_00{i}.png", "patient": "13", "labels": [int(pneumothorax == "YES")], "age": 60, "sex": "M", "view": "AP"})
    write("google-nih", header, rows, ["Pneumothorax"], images, [
        "the table has the labels of Majkowska et al. (2020): its columns are read, and NIH's Finding Labels beside them are not"
    ])


def spellings():
    """Every accepted spelling of a value, one per row, with its meaning according to pandas and the papers above."""
    unknown = ["", " ", "NA", "N/A", "n/a", "<NA>", "null", "NULL", "None", "nan", "NaN", "-nan", "#N/A", "#NA", "1.#IND"]
    uncertain = ["-1", "-1.0", "-1.00", "-1.", "u", "U", "uncertain", "unknown", "-1e0", "-1,0"]
    present = ["1", "1.0", "1.00", "1.", "+1", "1e0", "1,0", "01", "True", "TRUE", "true", "yes", "YES", "present", "Positive"]
    absent = ["0", "0.0", "0.00", "0.", "+0", "-0", "0e0", ".0", "0,0", "False", "FALSE", "false", "no", "NO", "absent", "negative"]
    values = [(text, None) for text in unknown + uncertain] + [(text, 1) for text in present] + [(text, 0) for text in absent]
    rows = [{"image": f"{i}.png", "patient": "1", "Mass": text} for i, (text, _) in enumerate(values)]
    images = [{"image": f"{i}.png", "patient": "1", "labels": [value]} for i, (_, value) in enumerate(values)]
    write("values", ["image", "patient", "Mass"], rows, ["Mass"], images, [
        f"{len(unknown)} labels left blank; taken as unknown",
        f"{len(uncertain)} labels of -1 (uncertain); taken as unknown",
    ])


for make in (chexpert, chexpert_plus, mimic, brax, padchest, vindr, google, spellings):
    make()
