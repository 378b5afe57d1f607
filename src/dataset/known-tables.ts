/**
 * Published label tables that need more than the general rules, one row each: how it is recognised, and how it is read.
 *
 * Knows:      headers. CheXpert, BRAX, VinDr-CXR's test labels and NIH's own tables are missing, because the general
 *             rules for columns, `No Finding`, views and values suffice for them. docs/data.md lists all.
 * Reference:  given with each row, and compared with the readers in torchxrayvision (Cohen et al., MIDL 2022),
 *             `datasets.py`.
 */

import { foldColumn } from "./columns.ts";
import { PADCHEST, type Vocabulary } from "./vocabulary.ts";

/** A published table. */
export interface KnownTable {
  /** Its name in messages. */
  readonly name: string;
  /** Columns that it has, in any spelling. */
  readonly has: readonly string[];
  /** Columns that it does not have, but other tables have. */
  readonly lacks?: readonly string[];
  /** Why it cannot be read as it is, and what to do first. */
  readonly needs?: string;
  /** The vocabulary of its column of findings, if it is not NIH's. */
  readonly vocabulary?: Vocabulary;
  /** Whether its label columns are read instead of its column of findings. */
  readonly prefersColumns?: boolean;
  /** How an image's path is made from the row's fields in the columns with these names. */
  readonly path?: {
    readonly columns: readonly string[];
    readonly of: (fields: readonly string[]) => string;
  };
  /** A note on how it was read. */
  readonly note?: string;
}

const TABLES: readonly KnownTable[] = [
  {
    // Bustos et al., PadChest, Medical Image Analysis 2020.
    name: "PadChest's table",
    has: ["ImageID", "Labels", "Projection", "PatientID"],
    vocabulary: PADCHEST,
    note: "the table is PadChest's: its names are read as torchxrayvision reads them (so consolidation counts as Infiltration, too)",
  },
  {
    // Majkowska et al., Radiology 2020: four findings on which radiologists agreed, beside NIH's own labels.
    name: "Google's labels of ChestX-ray14",
    has: ["Image Index", "Airspace opacity", "Nodule or mass", "Pneumothorax"],
    prefersColumns: true,
    note: "the table has the labels of Majkowska et al. (2020): its columns are read, and NIH's Finding Labels beside them are not",
  },
  {
    // Johnson et al., MIMIC-CXR-JPG 2.1.0, PhysioNet: labels belong to studies, whose images the metadata names.
    name: "MIMIC-CXR-JPG's labels",
    has: ["subject_id", "study_id", "dicom_id"],
    lacks: ["Path", "Image Path", "File Path"],
    path: {
      columns: ["subject_id", "study_id", "dicom_id"],
      of: ([subject, study, dicom]) => `files/p${subject!.slice(0, 2)}/p${subject}/s${study}/${dicom}.jpg`,
    },
  },
  {
    name: "MIMIC-CXR-JPG's labels",
    has: ["subject_id", "study_id", "No Finding"],
    lacks: ["dicom_id", "Path"],
    needs:
      "its rows are studies, and no column names their images. Join it with mimic-cxr-2.0.0-metadata.csv by subject_id and study_id, and keep dicom_id and ViewPosition",
  },
  {
    // Chambon et al., CheXpert Plus, 2024: reports are in one table, labels in separate files.
    name: "CheXpert Plus's table of reports",
    has: ["path_to_image", "deid_patient_id"],
    lacks: ["Cardiomegaly", "Pleural Effusion", "Finding Labels"],
    needs:
      "its labels are in files of their own (chexbert_labels). Join one of these with it by path_to_image, so that each finding has a column",
  },
  {
    // Nguyen et al., VinDr-CXR, Scientific Data 2022: three radiologists read each training image independently.
    name: "VinDr-CXR's training labels",
    has: ["image_id", "rad_id", "No finding"],
    needs:
      "each image has a row for each of three radiologists, who may differ. Make one row of them (such as a majority), without rad_id; the test labels (image_labels_test.csv) are read as they are",
  },
  {
    // Nguyen et al., and the version for Kaggle's VinBigData challenge.
    name: "VinDr-CXR's table of boxes",
    has: ["image_id", "class_name", "x_min", "y_min"],
    needs:
      "its rows are boxes. Use the labels of whole images (image_labels_train.csv, image_labels_test.csv), or make a row for each image with a column of 0 and 1 for each finding",
  },
  {
    // Shih et al., Radiology: Artificial Intelligence 2019. Target says whether an opacity is suspicious for pneumonia.
    name: "the labels of RSNA's pneumonia challenge",
    has: ["patientId", "Target"],
    needs:
      "its rows are boxes, and it names neither files nor a finding. Make a row for each patientId, with the columns Image (its file) and Pneumonia (its Target)",
  },
  {
    name: "the classes of RSNA's pneumonia challenge",
    has: ["patientId", "class"],
    lacks: ["Target"],
    needs:
      "it names neither files nor findings. Make a row for each patientId, with the columns Image (its file) and Pneumonia (1 where class is Lung Opacity, else 0)",
  },
  {
    // SIIM-ACR Pneumothorax Segmentation, Kaggle 2019: −1 means that there is no pneumothorax.
    name: "the masks of SIIM-ACR's pneumothorax challenge",
    has: ["ImageId", "EncodedPixels"],
    needs:
      "its rows are masks. Make a row for each ImageId, with the columns Image (its file) and Pneumothorax (0 where EncodedPixels is -1, else 1)",
  },
  {
    // Demner-Fushman et al., JAMIA 2016, as published on Kaggle: one table of reports, another of images.
    name: "Indiana University's table of reports (Open-i)",
    has: ["uid", "MeSH", "Problems"],
    needs:
      "it names no images. Join it with indiana_projections.csv by uid, and give each finding a column with 1 where Problems names it, else 0",
  },
  {
    name: "Indiana University's table of images (Open-i)",
    has: ["uid", "filename", "projection"],
    lacks: ["Cardiomegaly", "Finding Labels", "Labels"],
    needs:
      "it has no labels. Join it with indiana_reports.csv by uid, and give each finding a column with 1 where Problems names it, else 0",
  },
];

/** The published table that has this header; undefined for other tables. */
export function knownTable(header: readonly string[]): KnownTable | undefined {
  const columns = new Set(header.map(foldColumn));
  const isThere = (name: string) => columns.has(foldColumn(name));
  return TABLES.find(({ has, lacks = [] }) => has.every(isThere) && !lacks.some(isThere));
}
