/**
 * What is in a data folder, for programs.
 *
 * Knows: summaries. Reference: the schema `medical-x/data-summary@1` in docs/data.md.
 */

import type { Summary } from "../../dataset/summary.ts";
import type {
  DataSummary,
  DataSummaryJson,
  SummaryPartJson,
  UnlabelledSummary,
} from "../../results/data-summary.ts";
import type { DicomSummaryJson } from "../../results/dicom-summary.ts";
import { dicomObject } from "./dicom-summary.ts";

function part({ counts, labels, ages, ...rest }: Summary): SummaryPartJson {
  const findings = labels.map((label, i) => {
    const { positive, negative, unknown } = counts[i]!;
    const known = positive + negative;
    return [
      label,
      {
        n_positive: positive,
        n_negative: negative,
        n_unknown: unknown,
        share: known === 0 ? null : positive / known,
      },
    ];
  });
  const [min, q1, median, q3, max] = ages.quantiles ?? [null, null, null, null, null];
  return {
    n_images: rest.images,
    n_patients: rest.patients,
    images_per_patient: rest.imagesPerPatient,
    findings: Object.fromEntries(findings),
    n_no_finding: rest.noFinding,
    cooccurrence: { labels, counts: rest.cooccurrence },
    views: Object.fromEntries(rest.views),
    sexes: rest.sexes,
    ages: { n_known: ages.known, min, q1, median, q3, max, n_by_decade: ages.decades },
  };
}

/** The object that stands for a data folder in JSON. */
export function dataSummaryObject(summary: DataSummary): DataSummaryJson {
  const { folder, labelFile, missing, all, splits, description, dicom, notes } = summary;
  return {
    schema: "medical-x/data-summary@1",
    folder,
    label_file: labelFile,
    n_missing: missing,
    ...part(all),
    split: {
      description,
      ...Object.fromEntries(splits.map(({ name, summary: one }) => [name, part(one)])),
    },
    ...(dicom === undefined ? {} : { dicom: dicomObject(dicom) }),
    notes,
  };
}

/** The object that stands for a folder of DICOM files without a label file. */
export const unlabelledObject = ({ folder, dicom, notes }: UnlabelledSummary): DicomSummaryJson => ({
  schema: "medical-x/dicom-summary@1",
  folder,
  dicom: dicomObject(dicom),
  notes,
});
