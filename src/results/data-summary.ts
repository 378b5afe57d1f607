/**
 * A data folder in numbers.
 *
 * Knows: plain data.
 */

import type { Summary } from "../dataset/summary.ts";
import { about, byName, just, list, maybe, number, type Of, object, orNull, text } from "../schema/schema.ts";
import { DICOM_PART, type DicomSummary } from "./dicom-summary.ts";
import { count, share, texts } from "./figures.ts";

/** A data folder in numbers. */
export interface DataSummary {
  readonly folder: string;
  readonly labelFile: { readonly path: string; readonly sha256: string };
  /** Images in the label file for which there is no image file. */
  readonly missing: number;
  readonly all: Summary;
  readonly splits: readonly { readonly name: "train" | "val" | "test"; readonly summary: Summary }[];
  /** How the split was made, in words. */
  readonly description: string;
  /** The folder's DICOM files, if it has any. */
  readonly dicom?: DicomSummary;
  readonly notes: readonly string[];
}

/** A folder of DICOM files without a label file, in numbers. */
export interface UnlabelledSummary extends Pick<DataSummary, "folder" | "notes"> {
  readonly dicom: DicomSummary;
}

const PART = {
  n_images: count(),
  n_patients: count(),
  images_per_patient: about(
    "`single`: patients with only one image. Null if there are no images.",
    orNull(object({ median: number(), most: count(), single: count() })),
  ),
  findings: about(
    "By label; `share` is the share of positives among images with a known label.",
    byName(object({ n_positive: count(), n_negative: count(), n_unknown: count(), share: orNull(share()) })),
  ),
  n_no_finding: about("Images whose labels are all known and all negative.", count()),
  cooccurrence: about(
    "Images with both findings, in the order of `labels`; on the diagonal, images with the finding.",
    object({ labels: texts(), counts: list(list(count())) }),
  ),
  views: about("Images by view, the most frequent first.", byName(count())),
  sexes: object({ M: count(), F: count() }),
  ages: about(
    "Known ages in years. `n_by_decade`: 0 to 9, …, 80 to 89, 90 to 100.",
    object({
      n_known: count(),
      min: orNull(number()),
      q1: orNull(number()),
      median: orNull(number()),
      q3: orNull(number()),
      max: orNull(number()),
      n_by_decade: list(count()),
    }),
  ),
};

/** One side of the split. */
export const SPLIT_PART = object(PART);

/** What `data summary --format json` prints. */
export const DATA_SUMMARY = object({
  schema: just("medical-x/data-summary@1"),
  folder: text(),
  label_file: object({ path: text(), sha256: text() }),
  n_missing: about("Images in the label file for which there is no image file.", count()),
  ...PART,
  split: object({
    description: about("How the split was made, in words.", text()),
    train: maybe(SPLIT_PART),
    val: maybe(SPLIT_PART),
    test: maybe(SPLIT_PART),
  }),
  dicom: about("The folder's DICOM files, if it has any.", maybe(DICOM_PART)),
  notes: texts(),
});

/** What `medical-x data summary --format json` prints; as JSON Schema in `docs/schemas/data-summary.json`. */
export type DataSummaryJson = Of<typeof DATA_SUMMARY>;

export type SummaryPartJson = Of<typeof SPLIT_PART>;
