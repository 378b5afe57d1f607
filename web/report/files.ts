/**
 * Results as files: JSON and CSV as `medical-x predict` prints them.
 *
 * Knows: items and formats. Not how files are saved.
 */

import { CHECKS_COLUMN, csvHeader, csvRow, tableNames } from "../../src/report/prediction/csv.ts";
import type { ImageItem } from "../state/item.ts";
import { type Deciding, resultOf } from "../state/results.ts";

/** JSON of one image: an object; of several: an array in the order of dropping. Images that wait are left out. */
export function jsonText(items: readonly ImageItem[], deciding: Deciding, isSingle: boolean): string {
  const results = items.flatMap((item) => resultOf(item, deciding) ?? []);
  return `${JSON.stringify(isSingle ? results[0] : results, null, 2)}\n`;
}

/** CSV with a row for each image that was read, in the order of dropping. */
export function csvText(items: readonly ImageItem[]): string {
  const read = items.flatMap(({ reading }) => (reading === undefined ? [] : [reading.json]));
  const labels = read[0]?.model.labels ?? [];
  const calibrated = labels.filter((label) => read.some((json) => json.calibrated?.[label] !== undefined));
  const nameOf = tableNames(read.map(({ image }) => image));
  const rows = read.map((json) => csvRow({ ...json, labels, thresholds: {} }, nameOf(json.image)));
  return csvHeader(labels, calibrated, [CHECKS_COLUMN]) + rows.join("");
}

/** A file's name without folders and its ending: `study/a.dcm` → `a`. */
export const stemOf = (name: string): string =>
  name
    .split("/")
    .at(-1)!
    .replace(/\.[^.]{1,5}$/, "") || "image";
