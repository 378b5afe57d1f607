/**
 * Probabilities for programs as CSV, one row for each image.
 *
 * Knows: results. Not files. Reference: docs/formats.md.
 */

import { warnings } from "../../checks/check.ts";
import { comparedName, fileNameOf } from "../../dataset/image-name.ts";
import type { Result } from "../../results/prediction.ts";
import { csvRecord } from "../words/csv.ts";
import { nineDigits } from "../words/numbers.ts";

/**
 * `Image Index,prob_Atelectasis,…`, as `evaluate` reads it.
 *
 * @param calibrated  The labels that have a calibrated probability too.
 * @param more        Further columns.
 */
export function csvHeader(
  labels: readonly string[],
  calibrated: readonly string[] = [],
  more: readonly string[] = [],
): string {
  const raw = labels.map((label) => `prob_${label}`);
  return csvRecord(["Image Index", ...raw, ...calibrated.map((label) => `calibrated_${label}`), ...more]);
}

/** An image and its probabilities, in the header's order; of NaN, an empty field. */
export const csvLine = (
  image: string,
  probabilities: readonly number[],
  more: readonly string[] = [],
): string => csvRecord([image, ...probabilities.map((value) => (Number.isNaN(value) ? "" : value)), ...more]);

/**
 * How images are called in a table: by their files' names, or where two of those cannot be told apart, by their paths.
 */
export function tableNames(images: readonly string[]): (image: string) => string {
  const files = new Set(images.map((image) => comparedName(fileNameOf(image))));
  return files.size < images.length ? (image) => image : fileNameOf;
}

/** The last column of a result's row: the checks that warned, separated by `|` as NIH separates labels. */
export const CHECKS_COLUMN = "checks";

/** One image's row, for a header whose last column is `CHECKS_COLUMN`. */
export const csvRow = ({ labels, probabilities, calibrated = {}, checks }: Result, name: string): string =>
  csvLine(
    name,
    [
      ...labels.map((label) => nineDigits(probabilities[label]!)),
      // In the labels' order: an object's own puts names such as "2" first.
      ...labels.flatMap((label) =>
        Object.hasOwn(calibrated, label) ? [nineDigits(calibrated[label]!)] : [],
      ),
    ],
    [
      warnings(checks)
        .map(({ check }) => check)
        .join("|"),
    ],
  );
